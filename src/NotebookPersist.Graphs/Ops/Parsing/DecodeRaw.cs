using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The numbers whose bytes strings hold; a new last dimension lists them.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="inputBytes">Strings of one length.</param>
    /// <param name="outType">Element type.</param>
    /// <param name="littleEndian">Byte order of the strings.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "DecodeRaw".</remarks>
    public static Output DecodeRaw(this Graph graph, Operand inputBytes, DType outType, bool littleEndian = true, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<DecodeRawOp>(name, new AttributeList { { "out_type", outType }, { "little_endian", littleEndian } }, inputBytes);
    }
}

/// <summary>Reads numbers from the bytes of strings.</summary>
internal abstract class RawDecodingOp(string signature) : UndifferentiatedOp(signature, "bytes are no continuous values")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(0).Concatenate([-1]));

    protected static void Decode(KernelContext c, int length)
    {
        DType type = c.Attributes.Type("out_type");
        ReadOnlySpan<byte[]> texts = c.Input(0).Strings;
        Tensor output = c.AllocateOutput(0, c.Input(0).Shape.Concatenate([length / type.Size()]));
        Span<byte> bytes = output.MutableBytes;
        bytes.Clear();
        for (int i = 0; i < texts.Length; i++)
            texts[i].AsSpan(0, Math.Min(length, texts[i].Length)).CopyTo(bytes[(i * length)..]);
        if (c.Attributes.Bool("little_endian") == BitConverter.IsLittleEndian)
            return;
        // Both parts of complex numbers turn around on their own.
        int size = type.IsComplex() ? type.Size() / 2 : type.Size();
        for (int at = 0; at < bytes.Length; at += size)
            bytes.Slice(at, size).Reverse();
    }
}

internal sealed class DecodeRawOp() : RawDecodingOp("DecodeRaw(bytes: string) -> (output: out_type) where out_type: half | float | double | int32 | uint16 | uint8 | int16 | int8 | int64 | complex64 | complex128 | bool, little_endian: bool = true")
{
    public override void Compute(KernelContext c)
    {
        ReadOnlySpan<byte[]> texts = c.Input(0).Strings;
        int length = texts.Length == 0 ? 0 : texts[0].Length;
        for (int i = 1; i < texts.Length; i++)
        {
            if (texts[i].Length != length)
                throw c.InvalidArgument($"DecodeRaw requires input strings to all be the same size, but element {i} has size {length} != {texts[i].Length}");
        }

        int size = c.Attributes.Type("out_type").Size();
        if (length % size != 0)
            throw c.InvalidArgument($"Input to DecodeRaw has length {length} that is not a multiple of {size}, the size of {c.Attributes.Type("out_type").SignatureName()}");
        Decode(c, length);
    }
}

internal sealed class DecodePaddedRawOp() : RawDecodingOp("DecodePaddedRaw(input_bytes: string, fixed_length: int32) -> (output: out_type) where out_type: half | float | double | int32 | uint16 | uint8 | int16 | int8 | int64, little_endian: bool = true")
{
    public override void Compute(KernelContext c)
    {
        int length = c.Input(1).Rank == 0 ? c.Input<int>(1)[0] : throw c.InvalidArgument($"k must be scalar, got shape {c.Input(1).Shape}");
        int size = c.Attributes.Type("out_type").Size();
        if (length % size != 0)
            throw c.InvalidArgument($"fixed_length ({length}) must be a multiple of the size of out_type ({size})");
        if (length <= 0)
            throw c.InvalidArgument($"fixed_length ({length}) must be greater than zero.");
        Decode(c, length);
    }
}
