namespace NotebookPersist;

/// <summary>What a variable starts with.</summary>
/// <remarks>Thread safety: implementations are immutable.</remarks>
public interface IInitializer
{
    /// <summary>Builds the initial value in the current name scope.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="shape">Shape; fully known.</param>
    /// <param name="dtype">Element type.</param>
    Output Build(Graph graph, Shape shape, DType dtype);
}
