using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Whether x is infinite, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: floats.</param>
    /// <param name="name">Node name.</param>
    /// <returns>DType: bool. Shape of <paramref name="x"/>.</returns>
    /// <remarks>Source: TensorFlow op "IsInf".</remarks>
    public static Output IsInf(this Graph graph, Operand x, string? name = null) => graph.Add<IsInfOp>(name, x);
}

internal sealed class IsInfOp() : FloatPredicateOp("IsInf(x: T) -> (y: bool) where T: bfloat16 | half | float | double")
{
    protected override bool Tell<T>(T x) => T.IsInfinity(x);
}
