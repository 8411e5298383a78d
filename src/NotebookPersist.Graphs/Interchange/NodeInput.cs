using System.Globalization;

namespace NotebookPersist.Graphs.Interchange;

/// <summary>One input of a node as graph files write it: <c>node</c>, <c>node:2</c> or <c>^node</c>.</summary>
/// <param name="Node">Name of the node that the input comes from.</param>
/// <param name="Index">Which of its outputs; <see cref="Control"/> where it only has to run first.</param>
internal readonly record struct NodeInput(string Node, int Index)
{
    public const int Control = -1;

    public bool IsControl => Index == Control;

    public static NodeInput Parse(string text)
    {
        if (text.StartsWith('^'))
            return new NodeInput(text[1..], Control);
        int colon = text.LastIndexOf(':');
        return colon > 0 && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            ? new NodeInput(text[..colon], index)
            : new NodeInput(text, 0);
    }

    public override string ToString() => Index switch
    {
        Control => "^" + Node,
        0 => Node,
        _ => $"{Node}:{Index.ToString(CultureInfo.InvariantCulture)}",
    };
}
