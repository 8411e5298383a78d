using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Whether x is neither infinite nor not a number, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: floats.</param>
    /// <param name="name">Node name.</param>
    /// <returns>DType: bool. Shape of <paramref name="x"/>.</returns>
    /// <remarks>Source: TensorFlow op "IsFinite".</remarks>
    public static Output IsFinite(this Graph graph, Operand x, string? name = null) => graph.Add<IsFiniteOp>(name, x);
}

internal sealed class IsFiniteOp() : FloatPredicateOp("IsFinite(x: T) -> (y: bool) where T: bfloat16 | half | float | double")
{
    protected override bool Tell<T>(T x) => T.IsFinite(x);
}
