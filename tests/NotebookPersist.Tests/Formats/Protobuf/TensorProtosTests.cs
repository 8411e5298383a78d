using System.Numerics;
using Google.Protobuf;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Protos;
using Xunit;

namespace NotebookPersist.Tests.Formats.Protobuf;

public sealed class TensorProtosTests
{
    public static TheoryData<DType> Encodable => [.. DTypes.All.Where(static t => t is not (DType.Resource or DType.Variant))];

    [Theory]
    [MemberData(nameof(Encodable))]
    public void Tensors_of_every_type_and_size_survive(DType dtype)
    {
        foreach (long[] shape in new long[][] { [], [0], [1], [5], [2, 3] })
        {
            Tensor tensor = Tensor.Zeros(dtype, shape);
            if (dtype == DType.String)
                tensor = Tensor.OfStrings(shape, [.. Enumerable.Range(0, tensor.Count).Select(static i => new byte[i])]);
            else
                for (int i = 0; i < tensor.Bytes.Length; i++)
                    tensor.MutableBytes[i] = dtype == DType.Bool ? (byte)(i & 1) : (byte)(i + 1);
            TensorProto proto = TensorProtos.Encode(tensor);
            Tensor read = TensorProtos.Decode(TensorProto.Parser.ParseFrom(proto.ToByteArray()), "a test");
            Assert.Equal((tensor.DType, tensor.Shape), (read.DType, read.Shape));
            if (dtype == DType.String)
                Assert.Equal(tensor.Strings.ToArray(), read.Strings.ToArray());
            else
                Assert.True(tensor.Bytes.SequenceEqual(read.Bytes));
        }
    }

    [Fact]
    public void Values_are_stored_where_tensorflows_python_client_stores_them()
    {
        Assert.Single(TensorProtos.Encode(1.5f).FloatVal);
        Assert.Equal(8, TensorProtos.Encode(Tensor.Of<float>(new long[] { 2 }, [1, 2])).TensorContent.Length);
        Assert.Equal(2, TensorProtos.Encode(Tensor.Of<bool>(new long[] { 2 }, [true, false])).BoolVal.Count);
        Assert.Equal(2, TensorProtos.Encode(Tensor.Of<ushort>(new long[] { 2 }, [1, 2])).IntVal.Count);
        Assert.Equal([0x3C00], TensorProtos.Encode(Tensor.Scalar((Half)1)).HalfVal);
        Assert.Equal([1d, 2d], TensorProtos.Encode(Tensor.Scalar(new Complex(1, 2))).DcomplexVal);
        Assert.True(TensorProtos.Encode(Tensor.Zeros(DType.Float32, new long[] { 0 })).TensorContent.IsEmpty);
        TensorProto filled = TensorProtos.Encode(7, new long[] { 3, 2 });
        Assert.Equal([7], filled.IntVal);
        Assert.Equal([7, 7, 7, 7, 7, 7], TensorProtos.Decode(filled, "a test").ToArray<int>());
    }

    [Fact]
    public void The_last_of_too_few_values_is_repeated_and_none_are_zeros()
    {
        TensorProto proto = new() { Dtype = DataType.DtFloat, TensorShape = ((Shape)new long[] { 4 }).ToProto(), FloatVal = { 1, 2 } };
        Assert.Equal([1f, 2f, 2f, 2f], TensorProtos.Decode(proto, "a test").ToArray<float>());
        proto.FloatVal.Clear();
        Assert.Equal([0f, 0f, 0f, 0f], TensorProtos.Decode(proto, "a test").ToArray<float>());
        TensorProto pairs = new() { Dtype = DataType.DtComplex64, TensorShape = ((Shape)new long[] { 2 }).ToProto(), ScomplexVal = { 1, 2 } };
        Assert.Equal([new Complex64(1, 2), new Complex64(1, 2)], TensorProtos.Decode(pairs, "a test").ToArray<Complex64>());
        TensorProto texts = new() { Dtype = DataType.DtString, TensorShape = ((Shape)new long[] { 2 }).ToProto(), StringVal = { ByteString.CopyFromUtf8("x") } };
        Assert.Equal(["x"u8.ToArray(), "x"u8.ToArray()], TensorProtos.Decode(texts, "a test").Strings.ToArray());
    }

    [Fact]
    public void Content_is_shared_not_copied()
    {
        byte[] image = new byte[8];
        TensorProto proto = new() { Dtype = DataType.DtInt64, TensorShape = new TensorShapeProto(), TensorContent = UnsafeByteOperations.UnsafeWrap(image) };
        Tensor tensor = TensorProtos.Decode(proto, "a test");
        image[0] = 5;
        Assert.Equal(5, tensor.Item<long>());
    }

    [Fact]
    public void Strings_can_lie_in_the_content()
    {
        TensorProto proto = new() { Dtype = DataType.DtString, TensorShape = ((Shape)new long[] { 2 }).ToProto(), TensorContent = ByteString.CopyFrom(1, 2, (byte)'a', (byte)'b', (byte)'c') };
        Assert.Equal(["a"u8.ToArray(), "bc"u8.ToArray()], TensorProtos.Decode(proto, "a test").Strings.ToArray());
    }

    [Fact]
    public void Contradictions_and_giants_are_refused_before_memory_is_taken()
    {
        TensorProto[] all =
        [
            new() { Dtype = DataType.DtFloat, TensorShape = ((Shape)new long[] { 1_000_000_000_000 }).ToProto() },
            new() { Dtype = DataType.DtString, TensorShape = ((Shape)new long[] { 2_000_000_000 }).ToProto() },
            new() { Dtype = DataType.DtInt8, TensorShape = ((Shape)new long[] { long.MaxValue, long.MaxValue, 4 }).ToProto() },
            new() { Dtype = DataType.DtFloat, TensorShape = ((Shape)new long[] { -1 }).ToProto() },
            new() { Dtype = DataType.DtFloat, TensorShape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dim { Size = -5 } } } },
            new() { Dtype = DataType.DtFloat, TensorShape = new TensorShapeProto { UnknownRank = true } },
            new() { Dtype = DataType.DtFloat, TensorShape = ((Shape)new long[] { 2 }).ToProto(), TensorContent = ByteString.CopyFrom(1, 2, 3) },
            new() { Dtype = DataType.DtString, TensorShape = ((Shape)new long[] { 2 }).ToProto(), TensorContent = ByteString.CopyFrom(1, 9, 3) },
            new() { Dtype = DataType.DtComplex64, TensorShape = ((Shape)new long[] { 2 }).ToProto(), ScomplexVal = { 1 } },
            new() { Dtype = (DataType)99, TensorShape = new TensorShapeProto() },
            new() { Dtype = DataType.DtInvalid },
        ];
        foreach (TensorProto proto in all)
            Assert.Contains("a test", Assert.Throws<CheckpointFormatException>(() => TensorProtos.Decode(proto, "a test")).Message, StringComparison.Ordinal);
    }
}
