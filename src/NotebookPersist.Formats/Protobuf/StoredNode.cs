using NotebookPersist.Protos;

namespace NotebookPersist.Formats.Protobuf;

/// <summary>A node of a stored graph in little memory: what an import needs of a NodeDef.</summary>
/// <remarks>
/// A NodeDef holds its attributes in a map with lists beside it, which takes some 2 KB a node. Thread safety: immutable.
/// Values and texts that are equal may be one instance: nobody may change them, but for those of <c>_class</c>, which are the node's own.
/// </remarks>
internal sealed class StoredNode(string name, string op, string device, string[] inputs, KeyValuePair<string, AttrValue>[] attrs)
{
    /// <summary>Name of the node.</summary>
    public string Name => name;

    /// <summary>Operation type.</summary>
    public string Op => op;

    /// <summary>The device asked for; empty where none was.</summary>
    public string Device => device;

    /// <summary>Inputs as they are written: <c>node</c>, <c>node:k</c> or <c>^node</c>.</summary>
    public string[] Inputs => inputs;

    /// <summary>Attributes, each name once.</summary>
    public KeyValuePair<string, AttrValue>[] Attrs => attrs;

    /// <summary>The nodes of a parsed graph, whose values they share.</summary>
    public static StoredNode[] Of(GraphDef graph)
    {
        var nodes = new StoredNode[graph.Node.Count];
        for (int i = 0; i < nodes.Length; i++)
        {
            NodeDef node = graph.Node[i];
            nodes[i] = new StoredNode(node.Name, node.Op, node.Device, [.. node.Input], [.. node.Attr]);
        }

        return nodes;
    }
}
