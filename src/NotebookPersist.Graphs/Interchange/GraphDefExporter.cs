using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.Interchange;

/// <summary>Writes a graph as TensorFlow's C++ graph writes itself.</summary>
internal static class GraphDefExporter
{
    public static GraphDef Export(Graph graph, bool addShapes)
    {
        var graphDef = new GraphDef { Versions = graph.Versions.Clone() };
        if (graph.Library.Function.Count + graph.Library.Gradient.Count > 0)
        {
            graphDef.Library = graph.Library.Clone();
            // Consumers older than this do not know functions.
            graphDef.Versions.MinConsumer = Math.Max(graphDef.Versions.MinConsumer, 12);
        }

        graphDef.Node.AddRange(graph.Operations.Select(o => ToNodeDef(o, addShapes)));
        return graphDef;
    }

    public static NodeDef ToNodeDef(Operation operation, bool addShapes = false)
    {
        var node = new NodeDef { Name = operation.Name, Op = operation.Type, Device = operation.Device };
        node.Input.AddRange(operation.Inputs.Select(static i => i.InputName));
        node.Input.AddRange(operation.ControlInputs.Select(static c => "^" + c.Name).Order(StringComparer.Ordinal));
        foreach ((string name, AttrValue value) in operation.Attributes)
            node.Attr.Add(name, value);
        if (addShapes)
        {
            var shapes = new AttrValue.Types.ListValue();
            shapes.Shape.AddRange(operation.Outputs.Select(static o => o.Shape.ToProto()));
            node.Attr["_output_shapes"] = new AttrValue { List = shapes };
        }

        return node;
    }
}
