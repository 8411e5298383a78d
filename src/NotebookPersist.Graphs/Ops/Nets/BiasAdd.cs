using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Adds one number to each channel.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="value">Shape: [batch, ..., channels], or with channels second. DType: numbers.</param>
    /// <param name="bias">Shape: [channels]. DType: that of <paramref name="value"/>.</param>
    /// <param name="dataFormat">NHWC or NCHW; both run here.</param>
    /// <param name="name">Node name.</param>
    /// <exception cref="GraphException">The numbers of channels differ.</exception>
    /// <remarks>Source: TensorFlow op "BiasAdd".</remarks>
    public static Output BiasAdd(this Graph graph, Operand value, Operand bias, string dataFormat = "NHWC", string? name = null) =>
        graph.Add<BiasAddOp>(name, new AttributeList { { "data_format", dataFormat.StartsWith("NC", StringComparison.Ordinal) ? "NCHW" : "NHWC" } }, value, bias);

    /// <summary>Adds one number to each channel, which comes last.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="value">Shape: [batch, ..., channels]. DType: numbers.</param>
    /// <param name="bias">Shape: [channels]. DType: that of <paramref name="value"/>.</param>
    /// <param name="name">Node name.</param>
    /// <exception cref="GraphException">The numbers of channels differ.</exception>
    /// <remarks>Source: TensorFlow op "BiasAddV1".</remarks>
    public static Output BiasAddV1(this Graph graph, Operand value, Operand bias, string? name = null) => graph.Add<BiasAddV1Op>(name, value, bias);
}

internal abstract class BiasOp(string signature) : NumberOp(signature)
{
    public static int ChannelAxis(Attributes attributes, int rank) =>
        attributes.Contains("data_format") && attributes.String("data_format") == "NCHW" ? 1 : rank - 1;

    public override void InferShapes(ShapeContext c)
    {
        Shape value = c.WithRankAtLeast(0, 2);
        Shape bias = c.WithRank(1, 1);
        if (!value.HasRank)
        {
            c.Output(0, Shape.Unknown);
            return;
        }

        long[] sizes = value.ToArray();
        int axis = ChannelAxis(c.Attributes, sizes.Length);
        sizes[axis] = c.Merge(sizes[axis], bias[0]);
        c.Output(0, sizes);
    }

    protected override void Compute<T>(KernelContext c)
    {
        Tensor value = c.Input(0);
        Tensor bias = c.Input(1);
        if (value.Rank < 2)
            throw c.InvalidArgument($"Input tensor must be at least 2D: {value.Shape}");
        if (bias.Rank != 1)
            throw c.InvalidArgument($"Biases must be 1D: {bias.Shape}");
        int axis = ChannelAxis(c.Attributes, value.Rank);
        if (value.Shape[axis] != bias.Count)
            throw c.InvalidArgument($"Must provide as many biases as the last dimension of the input tensor: {bias.Shape} vs. {value.Shape}");
        Tensor result = c.ForwardOrAllocateOutput(0, 0, value.Shape);
        Bias.Add(value.Data<T>(), bias.Data<T>(), result.MutableData<T>(), Inner(value.Shape, axis), c.Workers);
    }

    protected override void ComputeOther(KernelContext c, DType dtype)
    {
        if (!dtype.IsComplex())
            throw c.Unsupported(dtype);
        (Tensor value, Tensor bias) = (WideElements.Widened(c.Input(0)), WideElements.Widened(c.Input(1)));
        int axis = ChannelAxis(c.Attributes, value.Rank);
        if (value.Rank < 2 || bias.Rank != 1 || value.Shape[axis] != bias.Count)
            throw c.InvalidArgument($"Must provide as many biases as the last dimension of the input tensor: {bias.Shape} vs. {value.Shape}");
        int inner = Inner(value.Shape, axis);
        Tensor result = Tensor.Uninitialized(DType.Complex128, value.Shape);
        for (int i = 0; i < value.Count; i++)
            result.MutableData<Complex>()[i] = value.Data<Complex>()[i] + bias.Data<Complex>()[i / inner % bias.Count];
        ComplexResults.Set(c, result);
    }

    protected static int Inner(Shape shape, int axis)
    {
        long inner = 1;
        for (int i = axis + 1; i < shape.Rank; i++)
            inner *= shape[i];
        return (int)inner;
    }
}

internal sealed class BiasAddOp() : BiasOp(
    "BiasAdd(value: T, bias: T) -> (output: T) "
    + "where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 |"
    + " half | uint32 | uint64, data_format: 'NHWC' | 'NCHW' = 'NHWC'")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Dy(0), g.Graph.Add<BiasAddGradOp>(null, g.Copy("data_format"), g.Dy(0))]);
}

internal sealed class BiasAddV1Op() : BiasOp(
    "BiasAddV1(value: T, bias: T) -> (output: T) "
    + "where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 |"
    + " half | uint32 | uint64")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Output axes = g.Graph.Range(0, g.Graph.Rank(g.Dy(0)) - 1);
        return [g.Dy(0), g.Graph.AddOperation("Sum", null, null, g.Dy(0), axes)[0]];
    });
}

internal sealed class BiasAddGradOp() : BiasOp(
    "BiasAddGrad(out_backprop: T) -> (output: T) "
    + "where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 |"
    + " half | uint32 | uint64, data_format: 'NHWC' | 'NCHW' = 'NHWC'")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Output shape = g.Graph.Shape(g.X(0));
        Output biasShape = g.Graph.Shape(g.Dy(0));
        Output expanded;
        Output multiples;
        if (g.Attributes.String("data_format") == "NCHW")
        {
            expanded = g.Graph.Concat([g.Graph.OnesLike(g.Graph.PartOf(shape, ..1)), biasShape, g.Graph.OnesLike(g.Graph.PartOf(shape, 2..))], 0);
            multiples = g.Graph.Concat([g.Graph.PartOf(shape, ..1), new[] { 1 }, g.Graph.PartOf(shape, 2..)], 0);
        }
        else
        {
            expanded = g.Graph.Concat([g.Graph.OnesLike(g.Graph.PartOf(shape, ..^1)), biasShape], 0);
            multiples = g.Graph.Concat([g.Graph.PartOf(shape, ..^1), new[] { 1 }], 0);
        }

        return [g.Graph.Tile(g.Graph.Reshape(g.Dy(0), expanded), multiples)];
    });

    public override void InferShapes(ShapeContext c)
    {
        Shape gradient = c.WithRankAtLeast(0, 2);
        c.Output(0, gradient.HasRank ? [gradient[ChannelAxis(c.Attributes, gradient.Rank)]] : Shape.OfRank(1));
    }

    protected override void Compute<T>(KernelContext c)
    {
        Tensor gradient = c.Input(0);
        if (gradient.Rank < 2)
            throw c.InvalidArgument($"Input tensor must be at least 2D: {gradient.Shape}");
        int axis = ChannelAxis(c.Attributes, gradient.Rank);
        Tensor result = c.AllocateOutput(0, [gradient.Shape[axis]]);
        Bias.Sum(gradient.Data<T>(), result.MutableData<T>(), Inner(gradient.Shape, axis), c.Workers);
    }

    protected override void ComputeOther(KernelContext c, DType dtype)
    {
        if (!dtype.IsComplex())
            throw c.Unsupported(dtype);
        Tensor gradient = WideElements.Widened(c.Input(0));
        if (gradient.Rank < 2)
            throw c.InvalidArgument($"Input tensor must be at least 2D: {gradient.Shape}");
        int axis = ChannelAxis(c.Attributes, gradient.Rank);
        Tensor result = Tensor.Of<Complex>([gradient.Shape[axis]], new Complex[gradient.Shape[axis]]);
        int inner = Inner(gradient.Shape, axis);
        for (int i = 0; i < gradient.Count; i++)
            result.MutableData<Complex>()[i / inner % result.Count] += gradient.Data<Complex>()[i];
        ComplexResults.Set(c, result);
    }
}
