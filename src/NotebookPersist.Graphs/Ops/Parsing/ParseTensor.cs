using System.IO.Compression;
using Google.Protobuf;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The value that a serialised TensorProto holds.</summary>
    /// <remarks>Source: TensorFlow op "ParseTensor".</remarks>
    public static Output ParseTensor(this Graph graph, Operand serialized, DType outType, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<ParseTensorOp>(name, new AttributeList { { "out_type", outType } }, serialized);
    }

    /// <summary>A value as a serialised TensorProto.</summary>
    /// <remarks>Source: TensorFlow op "SerializeTensor".</remarks>
    public static Output SerializeTensor(this Graph graph, Operand tensor, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<SerializeTensorOp>(name, tensor);
    }

    /// <summary>The bytes of compressed strings.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="bytes">Strings.</param>
    /// <param name="compressionType">Empty, "ZLIB" or "GZIP".</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "DecodeCompressed".</remarks>
    public static Output DecodeCompressed(this Graph graph, Operand bytes, string compressionType = "", string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<DecodeCompressedOp>(name, new AttributeList { { "compression_type", compressionType } }, bytes);
    }
}

internal sealed class ParseTensorOp() : UndifferentiatedOp("ParseTensor(serialized: string) -> (output: out_type) where out_type: type", "bytes are no continuous values")
{
    public override void Compute(KernelContext c)
    {
        if (c.Input(0).Rank != 0)
            throw c.InvalidArgument($"Expected `serialized` to be a scalar, got shape: {c.Input(0).Shape}");
        DType wanted = c.Attributes.Type("out_type");
        TensorProto proto;
        try
        {
            proto = TensorProto.Parser.ParseFrom(c.Input(0).Strings[0]);
        }
        catch (InvalidProtocolBufferException fault)
        {
            throw new KernelException(RunErrorCode.InvalidArgument, $"Could not parse `serialized` as TensorProto: {fault.Message}", fault);
        }

        if ((DType)proto.Dtype != wanted)
            throw c.InvalidArgument($"Type mismatch between parsed tensor ({((DType)proto.Dtype).SignatureName()}) and dtype ({wanted.SignatureName()})");
        c.Output(0, TensorProtos.Decode(proto, $"the input of node '{c.Operation.Name}'"));
    }
}

internal sealed class SerializeTensorOp() : UndifferentiatedOp("SerializeTensor(tensor: T) -> (serialized: string) where T: type", "bytes are no continuous values")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Scalar);

    public override void Compute(KernelContext c) => c.Output(0, Tensor.OfStrings(Shape.Scalar, [TensorProtos.Encode(c.Input(0)).ToByteArray()]));
}

internal sealed class DecodeCompressedOp() : StringMapOp("DecodeCompressed(bytes: string) -> (output: string) where compression_type: string = ''")
{
    // No string may unpack to more than a tensor holds.
    private const int Largest = 1 << 30;

    protected override Func<byte[], byte[]> Map(KernelContext c) => c.Attributes.String("compression_type") switch
    {
        "" => static bytes => bytes,
        "ZLIB" => bytes => Unpack(c, new ZLibStream(new MemoryStream(bytes), CompressionMode.Decompress)),
        "GZIP" => bytes => Unpack(c, new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress)),
        var other => throw c.InvalidArgument($"Only ZLIB, GZIP or NONE are supported compressions, not {other}"),
    };

    private static byte[] Unpack(KernelContext c, Stream stream)
    {
        using (stream)
        {
            var unpacked = new MemoryStream();
            byte[] block = new byte[1 << 16];
            try
            {
                for (int read = stream.Read(block); read > 0; read = stream.Read(block))
                {
                    unpacked.Write(block, 0, read);
                    if (unpacked.Length > Largest)
                        throw c.InvalidArgument($"A compressed string unpacks to more than {Largest} bytes");
                }
            }
            catch (InvalidDataException fault)
            {
                throw new KernelException(RunErrorCode.DataLoss, $"inflate() failed: {fault.Message}", fault);
            }

            return unpacked.ToArray();
        }
    }
}
