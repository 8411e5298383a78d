using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;
using NotebookPersist.Kernels.Randoms;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The largest element of windows whose sizes vary at random, so that an image shrinks by a ratio that is no integer.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="value">Shape: [batch, height, width, channels]. DType: float32, float64, int32, int64.</param>
    /// <param name="poolingRatio">How much smaller each axis becomes, as <c>[1, 1.44f, 1.73f, 1]</c>; first and last are 1.</param>
    /// <param name="pseudoRandom">Window sizes follow a pattern that begins at random; else they are shuffled.</param>
    /// <param name="overlapping">Windows share the row and column where they meet.</param>
    /// <param name="seed">Makes the windows the same in every run; 0 for others in each.</param>
    /// <param name="name">Node name.</param>
    /// <returns>The pooled image, and where rows and columns of windows begin.</returns>
    /// <remarks>Source: TensorFlow op "FractionalMaxPool"; Graham, "Fractional Max-Pooling" (2015).</remarks>
    public static (Output Output, Output Rows, Output Columns) FractionalMaxPool(
        this Graph graph, Operand value, IReadOnlyList<float> poolingRatio, bool pseudoRandom = false, bool overlapping = false, int seed = 0, string? name = null) =>
        Fractional<FractionalMaxPoolOp>(graph, value, poolingRatio, pseudoRandom, overlapping, seed, name);

    /// <summary>The mean of windows whose sizes vary at random.</summary>
    /// <inheritdoc cref="FractionalMaxPool"/>
    /// <remarks>Source: TensorFlow op "FractionalAvgPool".</remarks>
    public static (Output Output, Output Rows, Output Columns) FractionalAvgPool(
        this Graph graph, Operand value, IReadOnlyList<float> poolingRatio, bool pseudoRandom = false, bool overlapping = false, int seed = 0, string? name = null) =>
        Fractional<FractionalAvgPoolOp>(graph, value, poolingRatio, pseudoRandom, overlapping, seed, name);

    private static (Output Output, Output Rows, Output Columns) Fractional<TOp>(
        Graph graph, Operand value, IReadOnlyList<float> poolingRatio, bool pseudoRandom, bool overlapping, int seed, string? name)
        where TOp : Op
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(poolingRatio);
        (long first, long second) = seed == 0 ? (0, 0) : graph.SeedsFor(seed);
        Operation node = graph.AddOperation<TOp>(
            name,
            new AttributeList
            {
                { "pooling_ratio", poolingRatio }, { "pseudo_random", pseudoRandom }, { "overlapping", overlapping },
                { "deterministic", seed != 0 }, { "seed", first }, { "seed2", second },
            },
            value);
        return (node[0], node[1], node[2]);
    }
}

/// <summary>Pools windows whose sizes vary at random, so that an image shrinks by a ratio that is no integer.</summary>
internal abstract class FractionalPoolOp(string signature) : NumberOp(signature)
{
    // Windows are drawn anew in every run.
    public override bool IsPure => false;

    public override void InferShapes(ShapeContext c)
    {
        Shape value = c.WithRank(0, 4);
        IReadOnlyList<float> ratios = c.Attributes.Floats("pooling_ratio");
        if (ratios.Count != 4)
            throw c.Fault($"pooling_ratio field must specify 4 dimensions, but has {ratios.Count}.");
        long[] sizes = [.. Enumerable.Range(0, 4).Select(i => value[i] < 0 ? -1 : (long)Math.Floor(value[i] / ratios[i]))];
        c.Output(0, sizes);
        c.Output(1, [sizes[1] < 0 ? -1 : sizes[1] + 1]);
        c.Output(2, [sizes[2] < 0 ? -1 : sizes[2] + 1]);
    }

    protected override void Compute<T>(KernelContext c)
    {
        Tensor value = c.Input(0);
        if (value.Rank != 4)
            throw c.InvalidArgument("tensor_in must be 4-dimensional");
        IReadOnlyList<float> ratios = c.Attributes.Floats("pooling_ratio");
        int[] sizes = new int[4];
        for (int i = 0; i < 4; i++)
        {
            if (value.Shape[i] < ratios[i])
                throw c.InvalidArgument($"Pooling ratio is higher than input dimension size for dimension {i}. Input dim size: {value.Shape[i]} pooling ratio: {ratios[i]}");
            sizes[i] = (int)Math.Floor(value.Shape[i] / ratios[i]);
        }

        Philox generator = Generator(c);
        long[] rows = Sequence(c, (int)value.Shape[1], sizes[1], ref generator);
        long[] columns = Sequence(c, (int)value.Shape[2], sizes[2], ref generator);
        rows.CopyTo(c.AllocateOutput(1, [rows.Length]).MutableData<long>());
        columns.CopyTo(c.AllocateOutput(2, [columns.Length]).MutableData<long>());
        Tensor output = c.AllocateOutput(0, [sizes[0], sizes[1], sizes[2], sizes[3]]);
        var windows = new FractionalWindows(value.Shape, rows, columns, c.Attributes.Bool("overlapping"));
        Pool<T>(value.Data<T>(), output.MutableData<T>(), windows);
    }

    /// <summary>Pools all windows.</summary>
    protected abstract void Pool<T>(ReadOnlySpan<T> image, Span<T> pooled, FractionalWindows windows)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>;

    // A deterministic node begins each run with the same stream.
    private static Philox Generator(KernelContext c)
    {
        (long seed, long seed2) = (c.Attributes.Int("seed"), c.Attributes.Int("seed2"));
        bool unset = seed == 0 && seed2 == 0;
        if (!c.Attributes.Bool("deterministic"))
        {
            return unset
                ? new Philox((ulong)Random.Shared.NextInt64(), (ulong)Random.Shared.NextInt64())
                : throw c.InvalidArgument("Both seed and seed2 should be 0 if deterministic is false.");
        }

        long[] seeds = c.State(() => unset ? new[] { Random.Shared.NextInt64(), Random.Shared.NextInt64() } : new[] { seed, seed2 });
        return new Philox((ulong)seeds[0], (ulong)seeds[1]);
    }

    // Where windows begin, and at last the whole size.
    private static long[] Sequence(KernelContext c, int size, int count, ref Philox generator)
    {
        long[] widths = new long[count];
        if (c.Attributes.Bool("pseudo_random"))
        {
            double alpha = (double)size / count;
            int least = size / count;
            double most = Math.Min(((least + 2) / alpha) - 1, ((size + 1 - least) / alpha) - (count - 1));
            double u = new PhiloxNumbers(generator).NextDouble() * most;
            generator.Skip(1);
            long from = 1;
            for (int i = 0; i < count; i++)
            {
                long to = i + 1 == count ? size + 1 : (int)Math.Ceiling(alpha * (i + 1 + u));
                (widths[i], from) = (to - from, to);
            }
        }
        else
        {
            int[] order = RandomFill.Permutation(count, generator);
            generator.Skip((ulong)((count + 3) / 4));
            for (int i = 0; i < count; i++)
                widths[i] = (size / count) + (order[i] < size % count ? 1 : 0);
        }

        long[] sequence = new long[count + 1];
        for (int i = 0; i < count; i++)
            sequence[i + 1] = sequence[i] + widths[i];
        return sequence;
    }
}

/// <summary>The windows of one fractional pooling.</summary>
/// <param name="Image">Shape: [batch, height, width, channels].</param>
/// <param name="Rows">Where windows begin, and where the last one ends.</param>
/// <param name="Columns">The same for columns.</param>
/// <param name="Overlapping">Windows share the row and column where they meet.</param>
internal readonly record struct FractionalWindows(Shape Image, long[] Rows, long[] Columns, bool Overlapping)
{
    /// <summary>Calls for each window and channel: the pooled element, and the first position, rows and columns of the window.</summary>
    public void Visit(Action<int, int, int, int> visit)
    {
        (int batch, int height, int width, int channels) = ((int)Image[0], (int)Image[1], (int)Image[2], (int)Image[3]);
        int at = 0;
        for (int b = 0; b < batch; b++)
        {
            for (int row = 0; row + 1 < Rows.Length; row++)
            {
                for (int column = 0; column + 1 < Columns.Length; column++)
                {
                    int rows = (int)(Math.Min(Rows[row + 1] - (Overlapping ? 0 : 1), height - 1) - Rows[row] + 1);
                    int columns = (int)(Math.Min(Columns[column + 1] - (Overlapping ? 0 : 1), width - 1) - Columns[column] + 1);
                    int start = (int)(((((b * (long)height) + Rows[row]) * width) + Columns[column]) * channels);
                    for (int channel = 0; channel < channels; channel++)
                        visit(at++, start + channel, rows, columns);
                }
            }
        }
    }

    /// <summary>True where the sequences describe windows inside of the image.</summary>
    public bool IsValid => AreOrdered(Rows, Image[1]) && AreOrdered(Columns, Image[2]);

    private static bool AreOrdered(long[] sequence, long size)
    {
        for (int i = 0; i < sequence.Length; i++)
        {
            if (sequence[i] < 0 || sequence[i] > size || (i > 0 && sequence[i] <= sequence[i - 1]))
                return false;
        }

        return true;
    }
}

internal sealed class FractionalMaxPoolOp() : FractionalPoolOp(
    "FractionalMaxPool(value: T) "
    + "-> (output: T, row_pooling_sequence: int64, col_pooling_sequence: int64) "
    + "where pooling_ratio: list(float) >= 4, pseudo_random: bool = false, overlapping: bool = false, deterministic: bool = false, seed: int = 0, "
    + "seed2: int = 0, T: float | double | int32 | int64")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
        [g.Graph.AddOperation("FractionalMaxPoolGrad", null, g.Copy("overlapping"), g.X(0), g.Y(0), g.Dy(0), g.Y(1), g.Y(2))[0]]);

    protected override void Pool<T>(ReadOnlySpan<T> image, Span<T> pooled, FractionalWindows windows)
    {
        int[] largest = new int[pooled.Length];
        Largest(image, windows, largest);
        for (int i = 0; i < largest.Length; i++)
            pooled[i] = image[largest[i]];
    }

    /// <summary>Where the largest element of each window is; of equal ones the first.</summary>
    internal static void Largest<T>(ReadOnlySpan<T> image, FractionalWindows windows, int[] largest)
        where T : unmanaged, INumber<T>
    {
        T[] elements = image.ToArray();
        (int width, int channels) = ((int)windows.Image[2], (int)windows.Image[3]);
        windows.Visit((at, start, rows, columns) =>
        {
            int best = start;
            for (int y = 0; y < rows; y++)
            {
                for (int x = 0; x < columns; x++)
                {
                    int position = start + (((y * width) + x) * channels);
                    if (elements[position] > elements[best])
                        best = position;
                }
            }

            largest[at] = best;
        });
    }
}

internal sealed class FractionalAvgPoolOp() : FractionalPoolOp(
    "FractionalAvgPool(value: T) "
    + "-> (output: T, row_pooling_sequence: int64, col_pooling_sequence: int64) "
    + "where pooling_ratio: list(float) >= 4, pseudo_random: bool = false, overlapping: bool = false, deterministic: bool = false, seed: int = 0, "
    + "seed2: int = 0, T: float | double | int32 | int64")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
        [g.Graph.AddOperation("FractionalAvgPoolGrad", null, g.Copy("overlapping"), g.Graph.Shape(g.X(0), DType.Int64), g.Dy(0), g.Y(1), g.Y(2))[0]]);

    protected override void Pool<T>(ReadOnlySpan<T> image, Span<T> pooled, FractionalWindows windows)
    {
        T[] elements = image.ToArray();
        T[] means = new T[pooled.Length];
        (int width, int channels) = ((int)windows.Image[2], (int)windows.Image[3]);
        windows.Visit((at, start, rows, columns) =>
        {
            T sum = T.Zero;
            for (int y = 0; y < rows; y++)
            {
                for (int x = 0; x < columns; x++)
                    sum += elements[start + (((y * width) + x) * channels)];
            }

            means[at] = sum / T.CreateTruncating(rows * columns);
        });
        means.CopyTo(pooled);
    }
}

internal sealed class FractionalMaxPoolGradOp() : NumberOp(
    "FractionalMaxPoolGrad(orig_input: T, orig_output: T, out_backprop: T, row_pooling_sequence: int64, col_pooling_sequence: int64) "
    + "-> (output: T) "
    + "where overlapping: bool = false, T: float | double | int32 | int64")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no second derivative of fractional pooling");

    public override void InferShapes(ShapeContext c) => c.Output(0, c.WithRank(0, 4));

    protected override void Compute<T>(KernelContext c)
    {
        Tensor image = c.Input(0);
        FractionalWindows windows = FractionalGradients.Windows(c, image.Shape, 2, 3, 4);
        int[] largest = new int[c.Input(2).Count];
        FractionalMaxPoolOp.Largest(image.Data<T>(), windows, largest);
        Span<T> gradient = c.AllocateOutput(0, image.Shape).MutableData<T>();
        gradient.Clear();
        ReadOnlySpan<T> arriving = c.Input(2).Data<T>();
        for (int i = 0; i < largest.Length; i++)
            gradient[largest[i]] += arriving[i];
    }
}

internal sealed class FractionalAvgPoolGradOp() : Op(
    "FractionalAvgPoolGrad(orig_input_tensor_shape: int64, out_backprop: T, row_pooling_sequence: int64, col_pooling_sequence: int64) "
    + "-> (output: T) "
    + "where overlapping: bool = false, T: float | double | int32 | int64"), INumberAction
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no second derivative of fractional pooling");

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Merge(c.InputAsShape(0), Shape.OfRank(4)));

    public override void Compute(KernelContext c) => this.RunFor(c.Input(1).DType, c);

    void INumberAction.Run<T>(KernelContext c)
    {
        if (c.Input(0).Rank != 1 || c.Input(0).Count != 4)
            throw c.InvalidArgument("original input tensor shape must be1-dimensional and 4 elements");
        Shape shape = IntVectors.Read(c.Input(0));
        FractionalWindows windows = FractionalGradients.Windows(c, shape, 1, 2, 3);
        T[] arriving = c.Input(1).ToArray<T>();
        double[] gradient = new double[shape.ElementCount];
        (int width, int channels) = ((int)shape[2], (int)shape[3]);
        windows.Visit((at, start, rows, columns) =>
        {
            double share = double.CreateChecked(arriving[at]) / (rows * columns);
            for (int y = 0; y < rows; y++)
            {
                for (int x = 0; x < columns; x++)
                    gradient[start + (((y * width) + x) * channels)] += share;
            }
        });
        Span<T> result = c.AllocateOutput(0, shape).MutableData<T>();
        for (int i = 0; i < result.Length; i++)
            result[i] = T.CreateTruncating(gradient[i]);
    }
}

/// <summary>What the gradients of fractional pooling have in common.</summary>
internal static class FractionalGradients
{
    /// <summary>The windows that the inputs describe, checked.</summary>
    public static FractionalWindows Windows(KernelContext c, Shape image, int arriving, int rows, int columns)
    {
        if (image.Rank != 4 || image.Any(static d => d <= 0))
            throw c.InvalidArgument($"The input image must have four dimensions that are not 0, got {image}");
        var windows = new FractionalWindows(image, IntVectors.Read(c.Input(rows)), IntVectors.Read(c.Input(columns)), c.Attributes.Bool("overlapping"));
        Shape pooled = [image[0], windows.Rows.Length - 1, windows.Columns.Length - 1, image[3]];
        if (!windows.IsValid || c.Input(arriving).Shape != pooled)
            throw c.InvalidArgument($"Row and column sequences do not describe windows of an image {image} for a gradient {c.Input(arriving).Shape}");
        return windows;
    }
}
