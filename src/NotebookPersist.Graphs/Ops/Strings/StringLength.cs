using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Lengths of strings.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Strings.</param>
    /// <param name="unit">BYTE or UTF8_CHAR.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "StringLength".</remarks>
    public static Output StringLength(this Graph graph, Operand input, string unit = "BYTE", string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<StringLengthOp>(name, new AttributeList { { "unit", unit } }, input);
    }
}

internal sealed class StringLengthOp() : StringReadOp<int>("StringLength(input: string) -> (output: int32) where unit: 'BYTE' | 'UTF8_CHAR' = 'BYTE'")
{
    protected override Func<byte[], int> Map(KernelContext c) =>
        c.Attributes.String("unit") == "BYTE" ? static text => text.Length : static text => StringBytes.Utf8Length(text);
}
