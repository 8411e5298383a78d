using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Splits each string at delimiter characters, as the parts of a sparse matrix.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="source">A vector of strings.</param>
    /// <param name="delimiter">Each of its bytes delimits; empty splits into bytes.</param>
    /// <param name="skipEmpty">Whether empty pieces are left out.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Positions, pieces and shape of the sparse matrix with a row for each string.</returns>
    /// <remarks>Source: TensorFlow op "StringSplit".</remarks>
    public static (Output Indices, Output Values, Output DenseShape) StringSplit(
        this Graph graph, Operand source, Operand delimiter = default, bool skipEmpty = true, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Operation split = graph.AddOperation<StringSplitOp>(
            name, new AttributeList { { "skip_empty", skipEmpty } }, source, delimiter.IsMissing ? " " : delimiter);
        return (split[0], split[1], split[2]);
    }
}

internal abstract class StringSplittingOp(string signature) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("strings are no continuous values");

    public override void InferShapes(ShapeContext c)
    {
        c.WithRank(0, 1);
        c.WithRank(1, 0);
        c.Output(0, [-1, 2]);
        c.Output(1, [-1]);
        c.Output(2, [2]);
    }

    public override void Compute(KernelContext c)
    {
        if (c.Input(0).Rank != 1)
            throw c.InvalidArgument($"input must be a vector, got shape: {c.Input(0).Shape}");
        byte[] delimiter = StringBytes.One(c, 1);
        var pieces = new List<byte[]>();
        var places = new List<long>();
        ReadOnlySpan<byte[]> strings = c.Input(0).Strings;
        long widest = 0;
        for (int i = 0; i < strings.Length; i++)
        {
            Interruption.Check();
            int column = 0;
            foreach (byte[] piece in Split(c, strings[i], delimiter))
            {
                pieces.Add(piece);
                places.AddRange([i, column++]);
            }

            widest = Math.Max(widest, column);
        }

        places.CopyTo(c.AllocateOutput(0, [pieces.Count, 2]).MutableData<long>());
        c.Output(1, Tensor.OfStrings([pieces.Count], [.. pieces]));
        IntVectors.Write([strings.Length, widest], c.AllocateOutput(2, [2]));
    }

    /// <summary>The pieces of one string.</summary>
    protected abstract IEnumerable<byte[]> Split(KernelContext c, byte[] text, byte[] delimiter);
}

internal sealed class StringSplitOp() : StringSplittingOp(
    "StringSplit(input: string, delimiter: string) -> (indices: int64, values: string, shape: int64) where skip_empty: bool = true")
{
    protected override IEnumerable<byte[]> Split(KernelContext c, byte[] text, byte[] delimiter)
    {
        bool skipEmpty = c.Attributes.Bool("skip_empty");
        if (text.Length == 0)
            yield break;
        if (delimiter.Length == 0)
        {
            foreach (byte b in text)
                yield return [b];
            yield break;
        }

        int start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && !delimiter.Contains(text[i]))
                continue;
            if (i > start || !skipEmpty)
                yield return text[start..i];
            start = i + 1;
        }
    }
}

internal sealed class StringSplitV2Op() : StringSplittingOp(
    "StringSplitV2(input: string, sep: string) -> (indices: int64, values: string, shape: int64) where maxsplit: int = -1")
{
    protected override IEnumerable<byte[]> Split(KernelContext c, byte[] text, byte[] delimiter)
    {
        long left = c.Attributes.Int("maxsplit");
        if (left == 0)
            return [text];
        return delimiter.Length == 0 ? AtSpace(text, left) : AtText(text, delimiter, left);
    }

    private static List<byte[]> AtText(byte[] text, byte[] delimiter, long left)
    {
        var pieces = new List<byte[]>();
        int start = 0;
        while (left != 0 && text.AsSpan(start).IndexOf(delimiter) is >= 0 and int found)
        {
            pieces.Add(text[start..(start + found)]);
            start += found + delimiter.Length;
            left--;
        }

        pieces.Add(text[start..]);
        return pieces;
    }

    private static List<byte[]> AtSpace(byte[] text, long left)
    {
        var pieces = new List<byte[]>();
        int at = SkipSpace(text, 0);
        while (at < text.Length)
        {
            int start = at;
            while (at < text.Length && !StringBytes.IsSpace(text[at]))
                at++;
            pieces.Add(text[start..at]);
            at = SkipSpace(text, at);
            if (--left == 0)
            {
                pieces.Add(text[at..]);
                break;
            }
        }

        return pieces;
    }

    private static int SkipSpace(byte[] text, int at)
    {
        while (at < text.Length && StringBytes.IsSpace(text[at]))
            at++;
        return at;
    }
}
