using System.Text;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

/// <summary>An operation that turns each string of input 0 into another.</summary>
internal abstract class StringMapOp(string signature) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("strings are no continuous values");

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(0));

    public override void Compute(KernelContext c)
    {
        ReadOnlySpan<byte[]> strings = c.Input(0).Strings;
        byte[][] mapped = new byte[strings.Length][];
        Func<byte[], byte[]> map = Map(c);
        for (int i = 0; i < mapped.Length; i++)
        {
            Interruption.Check();
            mapped[i] = map(strings[i]);
        }

        c.Output(0, Tensor.OfStrings(c.Input(0).Shape, mapped));
    }

    /// <summary>What becomes of each string.</summary>
    protected abstract Func<byte[], byte[]> Map(KernelContext c);
}

/// <summary>An operation that turns each string of input 0 into a number or a bool.</summary>
internal abstract class StringReadOp<T>(string signature) : Op(signature)
    where T : unmanaged
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("strings are no continuous values");

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(0));

    public override void Compute(KernelContext c)
    {
        ReadOnlySpan<byte[]> strings = c.Input(0).Strings;
        Span<T> read = c.AllocateOutput(0, c.Input(0).Shape).MutableData<T>();
        Func<byte[], T> map = Map(c);
        for (int i = 0; i < read.Length; i++)
        {
            Interruption.Check();
            read[i] = map(strings[i]);
        }
    }

    /// <summary>What each string reads as.</summary>
    protected abstract Func<byte[], T> Map(KernelContext c);
}

/// <summary>What string operations have in common.</summary>
internal static class StringBytes
{
    /// <summary>Number of characters of UTF-8: bytes that continue none.</summary>
    public static int Utf8Length(ReadOnlySpan<byte> text)
    {
        int length = 0;
        foreach (byte b in text)
            length += (b & 0xC0) != 0x80 ? 1 : 0;
        return length;
    }

    /// <summary>Upper or lower case; without an encoding only of ASCII letters.</summary>
    public static Func<byte[], byte[]> Case(string encoding, bool upper)
    {
        if (encoding.Length > 0)
            return text => Encoding.UTF8.GetBytes(upper ? Encoding.UTF8.GetString(text).ToUpperInvariant() : Encoding.UTF8.GetString(text).ToLowerInvariant());
        return text => Array.ConvertAll(text, b => upper
            ? b is >= (byte)'a' and <= (byte)'z' ? (byte)(b - 32) : b
            : b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b + 32) : b);
    }

    /// <summary>Space, tab, newline, vertical tab, form feed or carriage return.</summary>
    public static bool IsSpace(byte b) => b is (byte)' ' or >= 9 and <= 13;

    /// <summary>A single string of an input.</summary>
    /// <exception cref="KernelException">There is not exactly one.</exception>
    public static byte[] One(KernelContext c, int input) => c.Input(input).Count == 1
        ? c.Input(input).Strings[0]
        : throw c.InvalidArgument($"{c.Operation.Signature.Inputs[input].Name} must be a scalar, got shape: {c.Input(input).Shape}");
}
