using System.Buffers.Text;
using System.Text;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Strings as web-safe base64.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Strings.</param>
    /// <param name="pad">Whether '=' fills up the last four characters.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "EncodeBase64".</remarks>
    public static Output EncodeBase64(this Graph graph, Operand input, bool pad = false, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<EncodeBase64Op>(name, new AttributeList { { "pad", pad } }, input);
    }

    /// <summary>The strings that web-safe base64 spells, with or without '=' at the end.</summary>
    /// <remarks>Source: TensorFlow op "DecodeBase64".</remarks>
    public static Output DecodeBase64(this Graph graph, Operand input, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<DecodeBase64Op>(name, input);
    }
}

internal sealed class EncodeBase64Op() : StringMapOp("EncodeBase64(input: string) -> (output: string) where pad: bool = false")
{
    protected override Func<byte[], byte[]> Map(KernelContext c)
    {
        bool pad = c.Attributes.Bool("pad");
        return text =>
        {
            string encoded = Base64Url.EncodeToString(text);
            return Encoding.ASCII.GetBytes(pad ? encoded.PadRight((encoded.Length + 3) / 4 * 4, '=') : encoded);
        };
    }
}

internal sealed class DecodeBase64Op() : StringMapOp("DecodeBase64(input: string) -> (output: string)")
{
    protected override Func<byte[], byte[]> Map(KernelContext c) => text =>
    {
        try
        {
            return Base64Url.DecodeFromUtf8(text);
        }
        catch (FormatException)
        {
            throw c.InvalidArgument("Invalid character found in base64.");
        }
    };
}
