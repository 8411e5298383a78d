using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

/// <summary>A Fourier transform over the innermost dimensions.</summary>
internal abstract class FourierOp(string signature, int rank) : Op(signature)
{
    /// <summary>Number of dimensions that are transformed.</summary>
    protected int Axes => rank;

    /// <summary>Transforms some of the innermost dimensions in place.</summary>
    protected static void Transform(KernelContext c, Complex[] data, ReadOnlySpan<long> shape, int firstAxis, int lastAxis, bool inverse)
    {
        for (int axis = firstAxis; axis <= lastAxis; axis++)
        {
            int length = (int)shape[axis];
            int stride = IntVectors.Product(shape[(axis + 1)..]);
            if (data.Length == 0 || length == 1)
                continue;
            var fourier = new Fourier(length);
            int count = data.Length / length;
            c.Workers.For(count, Math.Max(1, 4096 / length), (start, end) =>
            {
                Complex[] line = new Complex[length];
                for (int i = start; i < end; i++)
                {
                    int at = (i / stride * stride * length) + (i % stride);
                    for (int k = 0; k < length; k++)
                        line[k] = data[at + (k * stride)];
                    fourier.Transform(line, inverse);
                    for (int k = 0; k < length; k++)
                        data[at + (k * stride)] = line[k];
                }
            });
        }
    }

    protected static Complex[] Widened(Tensor tensor)
    {
        if (tensor.DType == DType.Complex128)
            return tensor.ToArray<Complex>();
        Complex[] wide = new Complex[tensor.Count];
        if (tensor.DType == DType.Complex64)
        {
            ReadOnlySpan<Complex64> narrow = tensor.Data<Complex64>();
            for (int i = 0; i < wide.Length; i++)
                wide[i] = narrow[i];
            return wide;
        }

        for (int i = 0; i < wide.Length; i++)
            wide[i] = tensor.DType == DType.Float64 ? tensor.Data<double>()[i] : tensor.Data<float>()[i];
        return wide;
    }

    protected static void Store(Complex[] values, Tensor to)
    {
        if (to.DType == DType.Complex128)
        {
            values.CopyTo(to.MutableData<Complex>());
        }
        else if (to.DType == DType.Complex64)
        {
            Span<Complex64> narrow = to.MutableData<Complex64>();
            for (int i = 0; i < narrow.Length; i++)
                narrow[i] = (Complex64)values[i];
        }
        else if (to.DType == DType.Float64)
        {
            Span<double> real = to.MutableData<double>();
            for (int i = 0; i < real.Length; i++)
                real[i] = values[i].Real;
        }
        else
        {
            Span<float> real = to.MutableData<float>();
            for (int i = 0; i < real.Length; i++)
                real[i] = (float)values[i].Real;
        }
    }

    /// <summary>Number of elements that a transform covers, as a complex or real number.</summary>
    protected static Output SizeOf(Graph graph, Output x, int axes, DType type) =>
        graph.Cast(graph.ReduceProd(graph.PartOf(graph.Shape(x), ^axes..)), type);

    protected void RequireRank(KernelContext c, Shape shape)
    {
        if (shape.Rank < rank)
            throw c.InvalidArgument($"Input must have rank of at least {rank} but got: {shape}");
    }
}

/// <summary>From complex numbers to as many complex numbers.</summary>
internal abstract class ComplexFourierOp(string signature, int rank, bool inverse, string opposite) : FourierOp(signature, rank)
{
    public override GradientRule Gradient => GradientRule.Via(g =>
    {
        Output back = g.Graph.AddOperation(opposite, null, null, g.Dy(0))[0];
        DType type = g.Dy(0).DType;
        Output size = SizeOf(g.Graph, g.Dy(0), Axes, type);
        return [inverse ? back * g.Graph.Reciprocal(size) : back * size];
    });

    public override void InferShapes(ShapeContext c) => c.Output(0, c.WithRankAtLeast(0, Axes));

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        RequireRank(c, input.Shape);
        Complex[] data = Widened(input);
        Transform(c, data, input.Shape.Dimensions, input.Rank - Axes, input.Rank - 1, inverse);
        Store(data, c.AllocateOutput(0, input.Shape));
    }
}

/// <summary>Between real numbers and the half of their spectrum that says all.</summary>
internal abstract class RealFourierOp(string signature, int rank, bool inverse) : FourierOp(signature, rank)
{
    public override void InferShapes(ShapeContext c)
    {
        Shape shape = c.WithRankAtLeast(0, Axes);
        Shape lengths = c.Merge(c.InputAsShape(1), Shape.OfRank(Axes));
        if (!shape.HasRank)
        {
            c.Output(0, Shape.Unknown);
            return;
        }

        long[] sizes = lengths.ToArray();
        if (!inverse && sizes[^1] > 0)
            sizes[^1] = (sizes[^1] / 2) + 1;
        c.Output(0, [.. shape.Dimensions[..^Axes], .. sizes]);
    }

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        RequireRank(c, input.Shape);
        DType output0 = c.Operation.Outputs[0].DType;
        if (inverse ? output0 is not (DType.Float32 or DType.Float64) : output0 is not (DType.Complex64 or DType.Complex128))
            throw c.Unsupported(output0);
        if (c.Input(1).Rank != 1 || c.Input(1).Count != Axes)
            throw c.InvalidArgument($"fft_length must have shape [{Axes}]");
        long[] lengths = IntVectors.Read(c.Input(1));
        long[] half = [.. lengths];
        half[^1] = lengths[^1] == 0 ? 0 : (lengths[^1] / 2) + 1;
        int outer = input.Rank - Axes;
        for (int i = 0; i < Axes; i++)
        {
            long least = inverse && i == Axes - 1 ? (lengths[i] / 2) + 1 : lengths[i];
            long found = input.Shape[outer + i];
            if (found != 0 && found < least)
                throw c.InvalidArgument($"Input dimension {outer + i} must have length of at least {least} but got: {found}");
        }

        ReadOnlySpan<long> batch = input.Shape.Dimensions[..outer];
        Tensor output = c.AllocateOutput(0, inverse ? [.. batch, .. lengths] : [.. batch, .. half]);
        if (output.Count == 0)
            return;
        if (input.Count == 0)
        {
            output.MutableBytes.Clear();
            return;
        }

        long[] whole = [.. batch, .. lengths];
        long[] part = [.. batch, .. half];
        if (inverse)
        {
            Complex[] spectrum = Copied(Widened(input), input.Shape.Dimensions, part, part);
            Transform(c, spectrum, part, outer, input.Rank - 2, inverse: true);
            Complex[] full = Copied(spectrum, part, whole, part);
            Mirror(full, (int)lengths[^1]);
            Transform(c, full, whole, input.Rank - 1, input.Rank - 1, inverse: true);
            Store(full, output);
        }
        else
        {
            Complex[] full = Copied(Widened(input), input.Shape.Dimensions, whole, whole);
            Transform(c, full, whole, outer, input.Rank - 1, inverse: false);
            Store(Copied(full, whole, part, part), output);
        }
    }

    // Real numbers have a spectrum whose second half mirrors the first.
    private static void Mirror(Complex[] data, int length)
    {
        for (int row = 0; row < data.Length; row += length)
        {
            for (int i = (length / 2) + 1; i < length; i++)
                data[row + i] = Complex.Conjugate(data[row + length - i]);
        }
    }

    // The corner of one array in another of the same rank.
    private static Complex[] Copied(Complex[] from, ReadOnlySpan<long> fromShape, long[] toShape, long[] corner)
    {
        Complex[] to = new Complex[IntVectors.Product(toShape)];
        int width = (int)corner[^1];
        int rows = IntVectors.Product(corner) / Math.Max(1, width);
        for (int row = 0; row < rows; row++)
        {
            (int rest, int fromAt, int toAt, int fromStep, int toStep) = (row, 0, 0, (int)fromShape[^1], (int)toShape[^1]);
            for (int axis = corner.Length - 2; axis >= 0; axis--)
            {
                (rest, int position) = Math.DivRem(rest, (int)corner[axis]);
                fromAt += position * fromStep;
                toAt += position * toStep;
                fromStep *= (int)fromShape[axis];
                toStep *= (int)toShape[axis];
            }

            from.AsSpan(fromAt, width).CopyTo(to.AsSpan(toAt));
        }

        return to;
    }
}
