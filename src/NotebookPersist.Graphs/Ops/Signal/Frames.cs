namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Cuts the innermost dimension into pieces of one length, which may overlap.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="signal">Shape: [..., samples].</param>
    /// <param name="frameLength">Samples in a piece.</param>
    /// <param name="frameStep">Samples from the beginning of one piece to that of the next.</param>
    /// <param name="padEnd">Whether pieces that reach beyond the end are kept, filled up with <paramref name="padValue"/>.</param>
    /// <param name="padValue">Stands beyond the end.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>Shape: [..., frames, frameLength].</returns>
    /// <exception cref="ArgumentException">The rank is not known, or a size is not positive.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.signal.frame</c>, along the last axis.</remarks>
    public static Output Frame(this Graph graph, Operand signal, int frameLength, int frameStep, bool padEnd = false, Operand padValue = default, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(frameLength);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(frameStep);
        using NameScope scope = graph.NameScope(name ?? "frame");
        Output x = graph.Convert(signal, name: "signal");
        int rank = KnownRankOf(x, nameof(signal));
        if (x.Shape[rank - 1] is >= 0 and <= int.MaxValue and var known)
            return KnownFrames(graph, x, (int)known, frameLength, frameStep, padEnd, padValue);
        Output samples = graph.Shape(x)[rank - 1];
        Output frames = padEnd
            ? graph.FloorDivide(graph.Add(samples, frameStep - 1), frameStep)
            : graph.Maximum(0, graph.Add(1, graph.FloorDivide(graph.Subtract(samples, frameLength), frameStep)));
        if (padEnd)
        {
            Output missing = graph.Maximum(0, graph.Subtract(graph.Add(frameLength, graph.Multiply(frameStep, graph.Subtract(frames, 1))), samples));
            Output none = graph.Zeros([rank - 1, 2], DType.Int32);
            Output paddings = graph.Concat([none, graph.Reshape(graph.Stack([0, missing]), new[] { 1, 2 })], 0);
            x = graph.Pad(x, paddings, constantValues: padValue.IsMissing ? graph.Cast(0, x.DType) : graph.Convert(padValue, x.DType));
        }

        return graph.Gather(x, FramePlaces(graph, frames, frameLength, frameStep), rank - 1);
    }

    /// <summary>Adds pieces up to a signal, each a step behind the one before.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="signal">Shape: [..., frames, frameLength].</param>
    /// <param name="frameStep">Samples from the beginning of one piece to that of the next.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>Shape: [..., (frames - 1) * frameStep + frameLength].</returns>
    /// <exception cref="ArgumentException">The rank is not known or less than 2, or the step is not positive.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.signal.overlap_and_add</c>.</remarks>
    public static Output OverlapAndAdd(this Graph graph, Operand signal, int frameStep, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(frameStep);
        using NameScope scope = graph.NameScope(name ?? "overlap_and_add");
        Output x = graph.Convert(signal, name: "signal");
        int rank = KnownRankOf(x, nameof(signal));
        if (rank < 2)
            throw new ArgumentException($"Frames need a rank of at least 2, got shape {x.Shape}.", nameof(signal));
        (Output frames, Output length) = (SizeAlong(graph, x, rank - 2), SizeAlong(graph, x, rank - 1));
        Output places = FramePlaces(graph, frames, length, frameStep);
        Output samples = graph.Add(graph.Multiply(graph.Subtract(frames, 1), frameStep), length);
        // Segments are along the first axes, so that those of the frames go there.
        int[] turn = [rank - 2, rank - 1, .. Enumerable.Range(0, rank - 2)];
        Output sums = graph.UnsortedSegmentSum(rank == 2 ? x : graph.Transpose(x, turn), places, samples);
        return rank == 2 ? sums : graph.Transpose(sums, (int[])[.. Enumerable.Range(1, rank - 2), 0]);
    }

    /// <summary>A window of one cosine wave that reaches 0 at its ends.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="windowLength">Number of elements.</param>
    /// <param name="periodic">Whether windows of even length are the first part of one that is a sample longer, as spectra want it.</param>
    /// <param name="dtype">Floats.</param>
    /// <param name="name">Node name.</param>
    /// <returns>A constant. Shape: [windowLength].</returns>
    /// <remarks>Source: TensorFlow's <c>tf.signal.hann_window</c>.</remarks>
    public static Output HannWindow(this Graph graph, int windowLength, bool periodic = true, DType dtype = DType.Float32, string? name = null) =>
        RaisedCosine(graph, windowLength, 0.5, periodic, dtype, name ?? "hann_window");

    /// <summary>A window of one cosine wave that stays above 0 at its ends.</summary>
    /// <inheritdoc cref="HannWindow"/>
    /// <remarks>Source: TensorFlow's <c>tf.signal.hamming_window</c>.</remarks>
    public static Output HammingWindow(this Graph graph, int windowLength, bool periodic = true, DType dtype = DType.Float32, string? name = null) =>
        RaisedCosine(graph, windowLength, 0.54, periodic, dtype, name ?? "hamming_window");

    /// <summary>The window by which frames are multiplied before they are added up again, so that what a window did to them is undone.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="frameStep">Samples from one frame to the next.</param>
    /// <param name="forwardWindow">The window that was used, of a length and element type; that of Hann by default.</param>
    /// <returns>A window function for <see cref="InverseStft"/>.</returns>
    /// <remarks>Source: TensorFlow's <c>tf.signal.inverse_stft_window_fn</c>.</remarks>
    public static Func<int, DType, Output> InverseStftWindow(this Graph graph, int frameStep, Func<int, DType, Output>? forwardWindow = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(frameStep);
        return (length, dtype) =>
        {
            using NameScope scope = graph.NameScope("inverse_stft_window_fn");
            Output window = forwardWindow?.Invoke(length, dtype) ?? graph.HannWindow(length, dtype: dtype);
            int overlaps = (length + frameStep - 1) / frameStep;
            Output squares = graph.Pad(graph.Square(window), new[,] { { 0, (overlaps * frameStep) - length } });
            Output sums = graph.ReduceSum(graph.Reshape(squares, new[] { overlaps, frameStep }), 0, keepDims: true);
            Output all = graph.Reshape(graph.Tile(sums, new[] { overlaps, 1 }), new[] { overlaps * frameStep });
            return graph.Divide(window, graph.Slice(all, new[] { 0 }, new[] { length }));
        };
    }

    private static Output RaisedCosine(Graph graph, int length, double mean, bool periodic, DType dtype, string name)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        if (!dtype.IsFloating())
            throw new ArgumentException($"A window has floats, not {dtype.Name()}.", nameof(dtype));
        double[] window = new double[length];
        // Odd lengths have their middle in a sample either way.
        int waves = length + (periodic && length % 2 == 0 ? 1 : 0) - 1;
        for (int i = 0; i < length; i++)
            window[i] = length == 1 ? 1 : mean - ((1 - mean) * Math.Cos(2 * Math.PI * i / waves));
        return graph.Constant(window, dtype, name: name);
    }

    private static Output KnownFrames(Graph graph, Output x, int samples, int frameLength, int frameStep, bool padEnd, Operand padValue)
    {
        int rank = x.Shape.Rank;
        int frames = padEnd ? (samples + frameStep - 1) / frameStep : samples < frameLength ? 0 : 1 + ((samples - frameLength) / frameStep);
        int missing = padEnd ? Math.Max(0, frameLength + (frameStep * (frames - 1)) - samples) : 0;
        if (missing > 0)
        {
            int[,] paddings = new int[rank, 2];
            paddings[rank - 1, 1] = missing;
            x = graph.Pad(x, paddings, constantValues: padValue.IsMissing ? graph.Cast(0, x.DType) : graph.Convert(padValue, x.DType));
        }

        Output pieces = graph.Gather(x, FramePlaces(graph, frames, frameLength, frameStep), rank - 1);
        pieces.SetShape([.. x.Shape.Dimensions[..^1], frames, frameLength]);
        return pieces;
    }

    // Made in the run also where they are known: a graph that keeps them would hold more than a long signal itself.
    private static Output FramePlaces(Graph graph, Operand frames, Operand length, int frameStep) =>
        graph.Add(graph.ExpandDims(graph.Multiply(graph.Range(0, frames, 1), frameStep), 1), graph.Range(0, length, 1));

    private static int KnownRankOf(Output x, string parameter) => x.Shape is { HasRank: true, Rank: > 0 and var rank }
        ? rank
        : throw new ArgumentException($"The rank must be known and not 0, got shape {x.Shape}.", parameter);

    // A constant where it is known, so that shapes behind it are too.
    private static Output SizeAlong(Graph graph, Output x, int axis) => x.Shape[axis] is >= 0 and <= int.MaxValue and var known
        ? graph.Constant((int)known)
        : graph.Shape(x)[axis];
}
