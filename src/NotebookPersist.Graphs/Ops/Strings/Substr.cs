using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Parts of strings.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Strings.</param>
    /// <param name="pos">Where each part begins, from the end where negative; int32 or int64, one for all or broadcast.</param>
    /// <param name="len">How long each part is at most; shape and type of <paramref name="pos"/>.</param>
    /// <param name="unit">BYTE or UTF8_CHAR.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "Substr".</remarks>
    public static Output Substr(this Graph graph, Operand input, Operand pos, Operand len, string unit = "BYTE", string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<SubstrOp>(name, new AttributeList { { "unit", unit } }, input, pos, len);
    }
}

internal sealed class SubstrOp() : Op(
    "Substr(input: string, pos: T, len: T) -> (output: string) where T: int32 | int64, unit: 'BYTE' | 'UTF8_CHAR' = 'BYTE'")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("strings are no continuous values");

    public override void InferShapes(ShapeContext c)
    {
        c.Merge(c.Input(1), c.Input(2));
        c.Output(0, c.Broadcast(c.Input(0), c.Input(1)));
    }

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        bool inBytes = c.Attributes.String("unit") == "BYTE";
        long[] starts = IntVectors.Read(c.Input(1));
        long[] lengths = IntVectors.Read(c.Input(2));
        if (c.Input(1).Shape != c.Input(2).Shape)
            throw c.InvalidArgument($"pos and len should have the same shape, got: {c.Input(1).Shape} vs. {c.Input(2).Shape}");
        Shape shape = Broadcast(c, input.Shape, c.Input(1).Shape);
        byte[][] parts = new byte[shape.ElementCount][];
        for (int i = 0; i < parts.Length; i++)
        {
            byte[] text = input.Strings[Position(shape, input.Shape, i)];
            int at = Position(shape, c.Input(1).Shape, i);
            parts[i] = (inBytes ? Bytes(text, starts[at], lengths[at]) : Characters(text, starts[at], lengths[at]))
                ?? throw c.InvalidArgument(inBytes
                    ? $"pos {starts[at]} out of range for string b'{System.Text.Encoding.UTF8.GetString(text)}' at index {i}"
                    : $"pos {starts[at]} out of range for string at index {i}");
        }

        c.Output(0, Tensor.OfStrings(shape, parts));
    }

    private static byte[]? Bytes(byte[] text, long start, long length)
    {
        if (start < 0)
            start += text.Length;
        if (start < 0 || start > text.Length)
            return null;
        // As in C++, a negative length is all that remains.
        long end = length < 0 ? text.Length : Math.Min(text.Length, start + length);
        return text[(int)start..(int)end];
    }

    private static byte[]? Characters(byte[] text, long start, long length)
    {
        int count = StringBytes.Utf8Length(text);
        if (start < 0)
            start += count;
        if (start < 0 || start > count)
            return null;
        int from = ByteOf(text, start);
        return text[from..Math.Max(from, ByteOf(text, Math.Min(count, start + Math.Max(0, length))))];
    }

    private static int ByteOf(byte[] text, long character)
    {
        int at = 0;
        while (at < text.Length && character >= 0)
        {
            if ((text[at] & 0xC0) != 0x80 && character-- == 0)
                return at;
            at++;
        }

        return text.Length;
    }

    private static Shape Broadcast(KernelContext c, Shape left, Shape right)
    {
        long[] sizes = new long[Math.Max(left.Rank, right.Rank)];
        for (int i = 1; i <= sizes.Length; i++)
        {
            long l = i <= left.Rank ? left[^i] : 1;
            long r = i <= right.Rank ? right[^i] : 1;
            sizes[^i] = l == r || r == 1 ? l : l == 1 ? r : throw c.InvalidArgument($"Incompatible shapes: {left} vs. {right}");
        }

        return sizes;
    }

    private static int Position(Shape whole, Shape part, int position)
    {
        int at = 0;
        int step = 1;
        for (int i = 1; i <= part.Rank; i++)
        {
            (position, int index) = Math.DivRem(position, (int)whole[^i]);
            at += part[^i] == 1 ? 0 : index * step;
            step *= (int)part[^i];
        }

        return at;
    }
}
