using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Notebooks.Tensors;
using NotebookPersist.Protos;

namespace NotebookPersist.Notebooks.Graphs;

/// <summary>A graph as pictures and tables need it, whether built here or only read from a file.</summary>
internal sealed class GraphModel
{
    private GraphModel(List<GraphNode> nodes, int functionCount, int missingInputs) =>
        (Nodes, FunctionCount, MissingInputs) = (nodes, functionCount, missingInputs);

    /// <summary>All operations.</summary>
    public IReadOnlyList<GraphNode> Nodes { get; }

    /// <summary>Functions in the graph's library.</summary>
    public int FunctionCount { get; }

    /// <summary>Inputs that name nodes which are not there.</summary>
    public int MissingInputs { get; }

    /// <summary>The picture's view of a graph.</summary>
    public static GraphModel Of(Graph graph)
    {
        var nodes = new List<GraphNode>(graph.Operations.Count);
        var numbers = new Dictionary<Operation, int>();
        foreach (Operation operation in graph.Operations)
        {
            numbers.Add(operation, nodes.Count);
            nodes.Add(Node(operation));
        }

        foreach (Operation operation in graph.Operations)
        {
            GraphNode node = nodes[numbers[operation]];
            node.Inputs.AddRange(operation.Inputs.Select(i => numbers[i.Operation]));
            node.ControlInputs.AddRange(operation.ControlInputs.Select(c => numbers[c]));
        }

        return new GraphModel(nodes, graph.Library.Function.Count, 0);
    }

    /// <summary>The picture's view of a stored graph. Faults of the graph are no obstacle: what cannot be joined is counted.</summary>
    public static GraphModel Of(GraphDef graph)
    {
        var nodes = new List<GraphNode>(graph.Node.Count);
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (NodeDef stored in graph.Node)
        {
            numbers.TryAdd(stored.Name, nodes.Count);
            nodes.Add(Node(stored));
        }

        int missing = 0;
        for (int n = 0; n < nodes.Count; n++)
        {
            foreach (string input in graph.Node[n].Input)
            {
                bool isControl = input.StartsWith('^');
                int colon = input.LastIndexOf(':');
                string name = isControl ? input[1..] : colon > 0 ? input[..colon] : input;
                if (!numbers.TryGetValue(name, out int source))
                    missing++;
                else if (isControl)
                    nodes[n].ControlInputs.Add(source);
                else
                    nodes[n].Inputs.Add(source);
            }
        }

        return new GraphModel(nodes, graph.Library?.Function.Count ?? 0, missing);
    }

    private static GraphNode Node(Operation operation)
    {
        NodeKind kind = NodeKinds.Of(operation.Type);
        if (kind == NodeKind.Constant && operation.Attributes.TryGet("value", out AttrValue? value))
            return Constant(operation.Name, operation.Type, value);
        if (operation.Outputs.Count == 0)
            return new GraphNode(operation.Name, operation.Type, kind, "", Shape.Unknown, DType.Invalid);
        Output first = operation.Outputs[0];
        bool isHandle = operation.Type == "VarHandleOp";
        DType dtype = isHandle ? operation.Attributes.Type("dtype") : first.DType;
        Shape shape = isHandle ? operation.Attributes.Shape("shape") : first.Shape;
        return new GraphNode(operation.Name, operation.Type, kind, Describe(dtype, shape), shape, dtype);
    }

    private static GraphNode Node(NodeDef stored)
    {
        NodeKind kind = NodeKinds.Of(stored.Op);
        if (kind == NodeKind.Constant && stored.Attr.TryGetValue("value", out AttrValue? value))
            return Constant(stored.Name, stored.Op, value);
        DType dtype = FirstOutput(stored);
        TensorShapeProto? shapeProto = stored.Attr.GetValueOrDefault("shape")?.Shape
            ?? (stored.Attr.GetValueOrDefault("_output_shapes")?.List?.Shape is { Count: > 0 } known ? known[0] : null);
        Shape shape = shapeProto.ToShape();
        return new GraphNode(stored.Name, stored.Op, kind, Describe(dtype, shape), shape, dtype);
    }

    // A stored node does not say what it yields; the signature of its operation does, where that is known: a comparison of floats is no float.
    private static DType FirstOutput(NodeDef stored)
    {
        if (stored.Op == "VarHandleOp" || !OpRegistry.BuiltIn.TryGet(stored.Op, out Op? op))
            return TypeOf(stored, "dtype") is var dtype and not DType.Invalid ? dtype : TypeOf(stored, "T");
        if (op.Signature.Outputs is not [{ IsList: false } first, ..])
            return DType.Invalid;
        if (first.TypeAttr is not { } attribute)
            return first.Type;
        AttrValue? preset = op.Signature.FindAttr(attribute)?.Default;
        return TypeOf(stored, attribute) is var type and not DType.Invalid ? type : (DType)(preset?.Type ?? DataType.DtInvalid);
    }

    private static DType TypeOf(NodeDef stored, string attribute) => (DType)(stored.Attr.GetValueOrDefault(attribute)?.Type ?? DataType.DtInvalid);

    private static GraphNode Constant(string name, string type, AttrValue value)
    {
        TensorProto? proto = value.Tensor;
        Shape shape = proto?.TensorShape.ToShape() ?? Shape.Unknown;
        DType dtype = (DType)(proto?.Dtype ?? DataType.DtInvalid);
        // Only single values are decoded: a picture must not unpack the weights of a frozen network.
        string text = proto is not null && shape.IsFullyKnown && shape.ElementCount == 1
            ? new TensorSummary(TensorProtos.Decode(proto, $"constant '{name}'")).Content
            : Describe(dtype, shape);
        return new GraphNode(name, type, NodeKind.Constant, text, shape, dtype);
    }

    private static string Describe(DType dtype, Shape shape) => dtype switch
    {
        DType.Invalid => shape.HasRank ? shape.ToString() : "",
        _ => shape.HasRank ? $"{dtype.Name()} {shape}" : dtype.Name(),
    };
}
