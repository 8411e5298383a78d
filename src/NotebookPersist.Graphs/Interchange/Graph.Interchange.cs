using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Graphs.Interchange;
using NotebookPersist.Protos;

namespace NotebookPersist;

public sealed partial class Graph
{
    /// <summary>Adds the nodes of a stored graph to this one.</summary>
    /// <param name="graphDef">Nodes in any order. Types that are not known here are carried along: exported again as they came, but not run.</param>
    /// <param name="name">Name scope of the nodes, made unique; null for "import", empty for none. A single name already taken is numbered.</param>
    /// <param name="inputMap">Values of this graph to use in place of stored ones, by <c>node</c>, <c>node:k</c> or, for control inputs, <c>^node</c>.</param>
    /// <param name="returnElements">What to give back, by stored name: <c>node</c> for an operation, <c>node:k</c> for an output.</param>
    /// <param name="producerOpList">Definitions of the operation types as the writer of the graph knew them.</param>
    /// <returns>One element for each of <paramref name="returnElements"/>.</returns>
    /// <exception cref="GraphException">The stored graph is invalid: nothing was added.</exception>
    /// <exception cref="ArgumentException"><paramref name="inputMap"/> names what the stored graph does not have.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.import_graph_def</c>. Missing attributes get their defaults.</remarks>
    public IReadOnlyList<GraphElement> ImportGraphDef(
        GraphDef graphDef,
        string? name = null,
        IReadOnlyDictionary<string, Output>? inputMap = null,
        IReadOnlyList<string>? returnElements = null,
        OpList? producerOpList = null) => ImportGraphDef(graphDef, null, name, inputMap, returnElements ?? [], producerOpList, clearDevices: false, takesOver: false);

    /// <summary>The same, and the nodes may come apart from the rest of the stored graph.</summary>
    /// <inheritdoc cref="ImportGraphDef(GraphDef, string?, IReadOnlyDictionary{string, Output}?, IReadOnlyList{string}?, OpList?)"/>
    internal IReadOnlyList<GraphElement> ImportGraphDef(
        GraphDef graphDef,
        StoredNode[]? nodes,
        string? name,
        IReadOnlyDictionary<string, Output>? inputMap,
        IReadOnlyList<string> returnElements,
        OpList? producerOpList,
        bool clearDevices,
        bool takesOver)
    {
        ArgumentNullException.ThrowIfNull(graphDef);
        if (IsFinalized)
            throw new GraphException("Graph is finalized and cannot be modified.");
        string prefix;
        using (NameScope scope = NameScope(name ?? "import"))
            prefix = scope.Name;
        return Import(new GraphDefImporter(this, graphDef, nodes ?? StoredNode.Of(graphDef), prefix, inputMap, producerOpList, clearDevices, takesOver), returnElements);
    }

    /// <summary>The stored form of this graph.</summary>
    /// <param name="addShapes">Whether each node tells what is known of its outputs' shapes, as meta graphs do.</param>
    /// <remarks>Source: TensorFlow's <c>graph.as_graph_def</c>. Attributes and versions are those of an imported graph, where it was one.</remarks>
    public GraphDef ToGraphDef(bool addShapes = false) => GraphDefExporter.Export(this, addShapes);

    /// <summary>The stored form of this graph, as TensorFlow's Python calls it.</summary>
    /// <inheritdoc cref="ToGraphDef"/>
    public GraphDef AsGraphDef(bool addShapes = false) => ToGraphDef(addShapes);

    private IReadOnlyList<GraphElement> Import(GraphDefImporter importer, IReadOnlyList<string> returnElements)
    {
        int before = _operations.Count;
        (int functions, int gradients, VersionDef versions) = (Library.Function.Count, Library.Gradient.Count, Versions);
        try
        {
            importer.Run();
            return [.. returnElements.Select(importer.Find)];
        }
        catch
        {
            // A graph half imported would be of no use to anyone, and its names would be taken.
            Forget([.. _operations.Skip(before)]);
            while (Library.Function.Count > functions)
                Library.Function.RemoveAt(Library.Function.Count - 1);
            while (Library.Gradient.Count > gradients)
                Library.Gradient.RemoveAt(Library.Gradient.Count - 1);
            Versions = versions;
            throw;
        }
    }
}
