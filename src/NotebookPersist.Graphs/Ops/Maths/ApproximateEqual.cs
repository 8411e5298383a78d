using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Whether x and y are less than a tolerance apart, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: numbers.</param>
    /// <param name="y">DType and shape: those of <paramref name="x"/>.</param>
    /// <param name="tolerance">How far apart they may be.</param>
    /// <param name="name">Node name.</param>
    /// <returns>DType: bool.</returns>
    /// <remarks>Source: TensorFlow op "ApproximateEqual".</remarks>
    public static Output ApproximateEqual(this Graph graph, Operand x, Operand y, float tolerance = 1e-5f, string? name = null) =>
        graph.Add<ApproximateEqualOp>(name, new AttributeList { { "tolerance", tolerance } }, x, y);
}

internal sealed class ApproximateEqualOp() : ComparisonOp(
    "ApproximateEqual(x: T, y: T) -> (z: bool) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, tolerance: float = 1e-05; commutative")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, c.Merge(c.Input(0), c.Input(1)));

    public override void Compute(KernelContext c)
    {
        float tolerance = c.Attributes.Float("tolerance");
        switch (c.Input(0).DType)
        {
            case DType.Float32:
                RunInto<float, bool>(c, (x, y, z) =>
                {
                    for (int i = 0; i < z.Length; i++)
                        z[i] = Math.Abs(x[i] - y[i]) < tolerance;
                });
                break;
            case DType.Float64:
                RunInto<double, bool>(c, (x, y, z) =>
                {
                    for (int i = 0; i < z.Length; i++)
                        z[i] = Math.Abs(x[i] - y[i]) < tolerance;
                });
                break;
            default:
                base.Compute(c);
                break;
        }
    }

    // A tolerance below 1 leaves integers no way but to be equal; TensorFlow casts it to their type.
    protected override void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<bool> z)
    {
        for (int i = 0; i < z.Length; i++)
            z[i] = x[i] == y[i];
    }
}
