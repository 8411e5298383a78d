using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The cross products of vectors of three.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="a">Shape: [..., 3]. DType: real numbers.</param>
    /// <param name="b">Shape and dtype: those of <paramref name="a"/>.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "Cross".</remarks>
    public static Output Cross(this Graph graph, Operand a, Operand b, string? name = null) => graph.Add<CrossOp>(name, a, b);
}

internal sealed class CrossOp() : Op("Cross(a: T, b: T) -> (product: T) where T: float | double | int32 | uint8 | int16 | int8 | int64 | bfloat16 | uint16 | half | uint32 | uint64"), INumberAction
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Output toA = g.Graph.Cross(g.X(1), g.Dy(0));
        return [toA, g.Graph.Cross(g.Dy(0), g.X(0))];
    });

    public override void InferShapes(ShapeContext c)
    {
        Shape shape = c.Merge(c.WithRankAtLeast(0, 1), c.WithRankAtLeast(1, 1));
        if (shape.HasRank)
            c.Merge(shape[^1], 3);
        c.Output(0, shape);
    }

    public override void Compute(KernelContext c) => this.RunFor(c.Input(0).DType, c);

    void INumberAction.Run<T>(KernelContext c)
    {
        Shape shape = c.Input(0).Shape;
        if (shape != c.Input(1).Shape || shape.Rank == 0 || shape[^1] != 3)
            throw c.InvalidArgument($"Both inputs must be of one shape that ends in 3: {shape} vs. {c.Input(1).Shape}");
        ReadOnlySpan<T> a = c.Input<T>(0);
        ReadOnlySpan<T> b = c.Input<T>(1);
        Span<T> product = c.AllocateOutput(0, shape).MutableData<T>();
        for (int i = 0; i < product.Length; i += 3)
        {
            product[i] = (a[i + 1] * b[i + 2]) - (a[i + 2] * b[i + 1]);
            product[i + 1] = (a[i + 2] * b[i]) - (a[i] * b[i + 2]);
            product[i + 2] = (a[i] * b[i + 1]) - (a[i + 1] * b[i]);
        }
    }
}
