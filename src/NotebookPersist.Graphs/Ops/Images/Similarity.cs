namespace NotebookPersist;

public static partial class GraphOps
{
    private static readonly float[] ScaleWeights = [0.0448f, 0.2856f, 0.3001f, 0.2363f, 0.1333f];

    /// <summary>The peak signal-to-noise ratio of two images. Unit: decibels.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="a">Shape: [..., height, width, channels]. DType: integers, floats.</param>
    /// <param name="b">Shape: that of <paramref name="a"/>.</param>
    /// <param name="maxVal">The brightest number. Shape: [].</param>
    /// <param name="name">Name scope.</param>
    /// <returns>Shape: [...]. DType: float32.</returns>
    /// <exception cref="ArgumentException">The images do not go together.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.image.psnr</c>.</remarks>
    public static Output Psnr(this Graph graph, Operand a, Operand b, Operand maxVal, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "PSNR");
        Output first = graph.Convert(a, name: "a"), second = graph.Convert(b, name: "b");
        Output peak = Peak(graph, maxVal, first.DType);
        first = graph.ConvertImageDtype(first, DType.Float32);
        second = graph.ConvertImageDtype(second, DType.Float32);
        Output error = graph.ReduceMean(graph.SquaredDifference(first, second), new[] { -3, -2, -1 });
        Output ratio = graph.Subtract(20.0 * graph.Log(peak) / graph.Log(10.0), (float)(10 / Math.Log(10)) * graph.Log(error), "psnr");
        using (graph.ControlDependencies([.. ImageChecks.SameSize(first, second).Checks]))
            return graph.Identity(ratio);
    }

    /// <summary>How alike the structure of two images is, 1 for equal ones.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="img1">Shape: [..., height, width, channels]; at least as large as the filter. DType: integers, floats.</param>
    /// <param name="img2">Shape: that of <paramref name="img1"/>.</param>
    /// <param name="maxVal">The brightest number. Shape: [].</param>
    /// <param name="filterSize">Size of the Gaussian window. Unit: pixels.</param>
    /// <param name="filterSigma">Its width. Unit: pixels.</param>
    /// <param name="k1">Keeps luminance stable where it is near 0.</param>
    /// <param name="k2">Keeps contrast stable where it is near 0.</param>
    /// <returns>Shape: [...]. DType: float32.</returns>
    /// <exception cref="ArgumentException">The images do not go together.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.image.ssim</c>, after Wang, Bovik, Sheikh and Simoncelli, 2004.</remarks>
    public static Output Ssim(this Graph graph, Operand img1, Operand img2, Operand maxVal, int filterSize = 11, double filterSigma = 1.5, double k1 = 0.01, double k2 = 0.03)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Output first = graph.Convert(img1, name: "img1"), second = graph.Convert(img2, name: "img2");
        using (graph.ControlDependencies([.. ImageChecks.SameSize(first, second).Checks]))
            first = graph.Identity(first);
        Output peak = Peak(graph, maxVal, first.DType);
        first = graph.ConvertImageDtype(first, DType.Float32);
        second = graph.ConvertImageDtype(second, DType.Float32);
        (Output similarity, _) = SsimOfChannels(first, second, peak, filterSize, filterSigma, k1, k2);
        return graph.ReduceMean(similarity, new[] { -1 });
    }

    /// <summary>How alike the structure of two images is at several scales, each half as large as the one before.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="img1">Shape: [..., height, width, channels]; at the last scale at least as large as the filter. DType: integers, floats.</param>
    /// <param name="img2">Shape: that of <paramref name="img1"/>.</param>
    /// <param name="maxVal">The brightest number. Shape: [].</param>
    /// <param name="powerFactors">What each scale counts, the largest image first; five by default.</param>
    /// <param name="filterSize">Size of the Gaussian window. Unit: pixels.</param>
    /// <param name="filterSigma">Its width. Unit: pixels.</param>
    /// <param name="k1">Keeps luminance stable where it is near 0.</param>
    /// <param name="k2">Keeps contrast stable where it is near 0.</param>
    /// <returns>Shape: [...]. DType: float32.</returns>
    /// <exception cref="ArgumentException">The images do not go together.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.image.ssim_multiscale</c>, after Wang, Simoncelli and Bovik, 2003.</remarks>
    public static Output SsimMultiscale(
        this Graph graph,
        Operand img1,
        Operand img2,
        Operand maxVal,
        IReadOnlyList<float>? powerFactors = null,
        int filterSize = 11,
        double filterSigma = 1.5,
        double k1 = 0.01,
        double k2 = 0.03)
    {
        ArgumentNullException.ThrowIfNull(graph);
        float[] weights = [.. powerFactors ?? ScaleWeights];
        ArgumentOutOfRangeException.ThrowIfZero(weights.Length, nameof(powerFactors));
        using NameScope scope = graph.NameScope("MS-SSIM");
        Output first = graph.Convert(img1, name: "img1"), second = graph.Convert(img2, name: "img2");
        (Output shape1, Output shape2, List<Operation> checks) = ImageChecks.SameSize(first, second);
        using (graph.ControlDependencies([.. checks]))
            first = graph.Identity(first);
        Output peak = Peak(graph, maxVal, first.DType);
        Output[] images = [graph.ConvertImageDtype(first, DType.Float32), graph.ConvertImageDtype(second, DType.Float32)];
        Output[] heads = [shape1[..^3], shape2[..^3]];
        Output[] tails = [shape1[^3..], shape2[^3..]];
        Output halves = graph.Constant(new[] { 2, 2, 1 });
        var parts = new List<Operand>();
        for (int k = 0; k < weights.Length; k++)
        {
            using NameScope scale = graph.NameScope($"Scale{k}");
            if (k > 0)
                (images, tails) = Halved(images, heads, tails, halves);
            (Output similarity, Output contrast) = SsimOfChannels(images[0], images[1], peak, filterSize, filterSigma, k1, k2);
            parts.Add(graph.Relu(k == weights.Length - 1 ? similarity : contrast));
        }

        Output product = graph.ReduceProd(graph.Power(graph.Stack([.. parts], axis: -1), weights), new[] { -1 });
        return graph.ReduceMean(product, new[] { -1 });
    }

    // Images of half the size; a row or column without a partner is doubled first.
    private static (Output[] Images, Output[] Tails) Halved(Output[] images, Output[] heads, Output[] tails, Output halves)
    {
        Graph graph = images[0].Graph;
        Output[] flat = [.. images.Zip(tails, (x, t) => graph.Reshape(x, graph.Concat([new[] { -1 }, t], 0)))];
        Output rest = tails[0] % halves;
        Output uneven = graph.ReduceAny(graph.NotEqual(rest, 0));
        IReadOnlyList<Output> padded = graph.Cond(uneven, Padded, () => flat);
        int[] window = [1, 2, 2, 1];
        Output[] smaller = [.. padded.Select(x => graph.AvgPool(x, window, window, "VALID"))];
        Output[] sizes = [.. graph.ShapeN([.. smaller.Select(static s => (Operand)s)]).Select(static s => s[1..])];
        return ([.. smaller.Select((x, i) => graph.Reshape(x, graph.Concat([heads[i], sizes[i]], 0)))], sizes);

        IReadOnlyList<Output> Padded()
        {
            Output padding = graph.Pad(graph.ExpandDims(rest, -1), Tensor.Of<int>([2, 2], [1, 0, 1, 0]));
            return [.. flat.Select(x => graph.Pad(x, padding, "SYMMETRIC"))];
        }
    }

    private static (Output Similarity, Output Contrast) SsimOfChannels(Output first, Output second, Output peak, int filterSize, double filterSigma, double k1, double k2)
    {
        Graph graph = first.Graph;
        Output size = graph.Constant(filterSize), sigma = graph.Constant(filterSigma, first.DType);
        IReadOnlyList<Output> shapes = graph.ShapeN([first, second]);
        Operation[] checks = [.. shapes.Select(s => graph.Assert(graph.ReduceAll(graph.GreaterEqual(s[^3..^1], size)), [s, size], 8))];
        using (graph.ControlDependencies(checks))
            first = graph.Identity(first);
        Output kernel = graph.Tile(Gaussian(size, sigma), graph.Stack([1, 1, shapes[0][^1], 1], name: "Tile/multiples"));
        Output c1 = graph.Power(k1 * peak, 2, "pow"), c2 = graph.Power(k2 * peak, 2, "pow");

        // Luminance from means, then contrast and structure from variances.
        Output mean1 = Smooth(first), mean2 = Smooth(second);
        Output means = mean1 * mean2 * 2.0, squares = graph.Square(mean1) + graph.Square(mean2);
        Output luminance = (means + c1) / (squares + c1);
        Output products = Smooth(first * second) * 2.0, sums = Smooth(graph.Square(first) + graph.Square(second));
        Output contrast = (products - means + c2) / (sums - squares + c2);
        Output axes = graph.Constant(new[] { -3, -2 });
        return (graph.ReduceMean(luminance * contrast, axes), graph.ReduceMean(contrast, axes));

        Output Smooth(Output x)
        {
            Output shape = graph.Shape(x);
            Output flat = graph.Reshape(x, graph.Concat([new[] { -1 }, shape[^3..]], 0));
            Output smooth = graph.DepthwiseConv2D(flat, kernel, [1, 1, 1, 1], "VALID");
            return graph.Reshape(smooth, graph.Concat([shape[..^3], graph.Shape(smooth)[1..]], 0));
        }
    }

    // A square window of weights that add up to 1.
    private static Output Gaussian(Output size, Output sigma)
    {
        Graph graph = size.Graph;
        Output places = graph.Cast(graph.Range(size), sigma.DType) - (graph.Cast(size - 1, sigma.DType) / 2.0);
        Output logs = graph.Square(places) * (-0.5 / graph.Square(sigma));
        Output sums = graph.Reshape(logs, new[] { 1, -1 }) + graph.Reshape(logs, new[] { -1, 1 });
        Output weights = graph.Softmax(graph.Reshape(sums, new[] { 1, -1 }));
        return graph.Reshape(weights, graph.Stack([size, size, 1, 1], name: "Reshape/shape"));
    }

    // The brightest number, scaled as the images are.
    private static Output Peak(Graph graph, Operand maxVal, DType type) =>
        graph.ConvertImageDtype(maxVal.Output is null ? graph.Constant(maxVal, type) : graph.Cast(maxVal, type), DType.Float32);
}
