using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Strings in lower case.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Strings.</param>
    /// <param name="encoding">"utf-8" for all letters; by default only ASCII ones change.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "StringLower".</remarks>
    public static Output StringLower(this Graph graph, Operand input, string encoding = "", string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<StringLowerOp>(name, new AttributeList { { "encoding", encoding } }, input);
    }

    /// <summary>Strings in upper case.</summary>
    /// <inheritdoc cref="StringLower"/>
    /// <remarks>Source: TensorFlow op "StringUpper".</remarks>
    public static Output StringUpper(this Graph graph, Operand input, string encoding = "", string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<StringUpperOp>(name, new AttributeList { { "encoding", encoding } }, input);
    }

    /// <summary>Strings without white space at either end.</summary>
    /// <remarks>Source: TensorFlow op "StringStrip".</remarks>
    public static Output StringStrip(this Graph graph, Operand input, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<StringStripOp>(name, input);
    }
}

internal sealed class StringLowerOp() : StringMapOp("StringLower(input: string) -> (output: string) where encoding: string = ''")
{
    protected override Func<byte[], byte[]> Map(KernelContext c) => StringBytes.Case(c.Attributes.String("encoding"), upper: false);
}

internal sealed class StringUpperOp() : StringMapOp("StringUpper(input: string) -> (output: string) where encoding: string = ''")
{
    protected override Func<byte[], byte[]> Map(KernelContext c) => StringBytes.Case(c.Attributes.String("encoding"), upper: true);
}

internal sealed class StringStripOp() : StringMapOp("StringStrip(input: string) -> (output: string)")
{
    protected override Func<byte[], byte[]> Map(KernelContext c) => static text =>
    {
        int start = 0;
        int end = text.Length;
        while (start < end && StringBytes.IsSpace(text[start]))
            start++;
        while (end > start && StringBytes.IsSpace(text[end - 1]))
            end--;
        return text[start..end];
    };
}
