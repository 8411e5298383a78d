namespace NotebookPersist;

/// <summary>An initialiser whose numbers for a part depend on the whole that is cut.</summary>
internal interface IPartInitializer
{
    /// <summary>Builds the initial value of a part in the current name scope.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="whole">Shape of the whole.</param>
    /// <param name="offset">Where the part begins in it.</param>
    /// <param name="shape">Shape of the part.</param>
    /// <param name="dtype">Element type.</param>
    Output BuildPart(Graph graph, Shape whole, IReadOnlyList<long> offset, Shape shape, DType dtype);
}
