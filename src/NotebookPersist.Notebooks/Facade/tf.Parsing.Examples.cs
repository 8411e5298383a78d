namespace NotebookPersist;

public static partial class tf
{
    /// <inheritdoc cref="GraphOps.ParseExample(Graph, Operand, IReadOnlyDictionary{string, ExampleFeature}, Operand, string)"/>
    public static (IReadOnlyDictionary<string, Output> Dense, IReadOnlyDictionary<string, (Output Indices, Output Values, Output Shape)> Sparse) ParseExample(Operand serialized, IReadOnlyDictionary<string, ExampleFeature> features, Operand exampleNames = default, string? name = null) =>
        Graph.ParseExample(serialized, features, exampleNames, name);

    /// <inheritdoc cref="GraphOps.ParseSingleExample(Graph, Operand, IReadOnlyDictionary{string, ExampleFeature}, string)"/>
    public static (IReadOnlyDictionary<string, Output> Dense, IReadOnlyDictionary<string, (Output Indices, Output Values, Output Shape)> Sparse) ParseSingleExample(Operand serialized, IReadOnlyDictionary<string, ExampleFeature> features, string? name = null) =>
        Graph.ParseSingleExample(serialized, features, name);
}
