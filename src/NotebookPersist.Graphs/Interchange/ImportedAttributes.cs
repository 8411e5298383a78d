using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.Interchange;

/// <summary>Attributes of stored nodes, copied where the stored graph may change afterwards.</summary>
internal static class ImportedAttributes
{
    // The values that nodes have most are made once.
    private static readonly AttrValue True = new() { B = true };
    private static readonly AttrValue False = new() { B = false };
    private static readonly AttrValue[] Types = [.. Enumerable.Range(0, 32).Select(static t => new AttrValue { Type = (DataType)t })];

    /// <summary>The attributes of a node, but for its outputs' shapes.</summary>
    /// <param name="node">The stored node.</param>
    /// <param name="name">Name that it gets.</param>
    /// <param name="signature">The type's; null where nobody tells.</param>
    /// <param name="shares">Whether the node's values can be the graph's as they are.</param>
    /// <param name="shapes">What the file says of the outputs' shapes; null where nothing. They are written again from the outputs where that is asked for.</param>
    public static Attributes Of(StoredNode node, string name, OpSignature? signature, bool shares, out AttrValue? shapes)
    {
        shapes = null;
        var attrs = new Attributes(name, Math.Max(node.Attrs.Length, signature?.AttrSpan.Length ?? 0));
        foreach ((string key, AttrValue value) in node.Attrs)
        {
            if (key == "_output_shapes")
                shapes = value;
            else if (signature is null || Find(signature, key) is not { } attr)
                attrs.Add(key, shares ? value : Copy(value));
            else
                attrs.Add(attr.Name, attr.Default is { } standard && standard.Equals(value) ? standard : shares ? value : Copy(value));
        }

        return attrs;
    }

    private static AttrSignature? Find(OpSignature signature, string name)
    {
        foreach (AttrSignature attr in signature.AttrSpan)
        {
            if (attr.Name == name)
                return attr;
        }

        return null;
    }

    private static AttrValue Copy(AttrValue value) => value.ValueCase switch
    {
        AttrValue.ValueOneofCase.B => value.B ? True : False,
        AttrValue.ValueOneofCase.Type when (uint)value.Type < (uint)Types.Length => Types[(int)value.Type],
        _ => value.Clone(),
    };
}
