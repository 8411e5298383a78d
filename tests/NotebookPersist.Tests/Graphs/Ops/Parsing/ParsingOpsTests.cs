using System.IO.Compression;
using System.Text;
using Google.Protobuf;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Parsing;

public sealed class ParsingOpsTests : IDisposable
{
    private readonly OpRuns _ops = new();

    public void Dispose() => _ops.Dispose();

    [Fact]
    public void Bytes_are_read_as_numbers_in_either_order()
    {
        Tensor bytes = Tensor.OfStrings([2], [[1, 0, 2, 0], [3, 0, 0, 1]]);
        Assert.Equal([1, 2, 3, 256], _ops.Session.Run(_ops.Graph.DecodeRaw(bytes, DType.Int16)).ToArray<short>());
        Assert.Equal([256, 512, 768, 1], _ops.Session.Run(_ops.Graph.DecodeRaw(bytes, DType.Int16, littleEndian: false)).ToArray<short>());
        Output uneven = _ops.Graph.DecodeRaw(Tensor.OfStrings([2], [[1, 0], [1]]), DType.UInt8);
        Assert.Contains("same size", Assert.Throws<RunException>(() => _ops.Session.Run(uneven)).Message, StringComparison.Ordinal);
        Tensor padded = _ops.Run("DecodePaddedRaw", new() { { "out_type", DType.UInt8 } }, Tensor.OfStrings([2], [[1, 2, 3], [4]]), 2)[0];
        Assert.Equal([1, 2, 4, 0], padded.ToArray<byte>());
    }

    [Fact]
    public void Records_are_split_at_commas_outside_quotes()
    {
        IReadOnlyList<Output> columns = _ops.Graph.DecodeCsv(
            new[] { "1,\"a,\"\"b\"\"\",2.5", ",x,", "3,,7" }, [new[] { -1 }, new[] { "none" }, new[] { 0.5f }]);
        Assert.Equal([1, -1, 3], _ops.Session.Run(columns[0]).ToArray<int>());
        Assert.Equal(["a,\"b\"", "x", "none"], OpRuns.Texts(_ops.Session.Run(columns[1])));
        Assert.Equal([2.5f, 0.5f, 7], _ops.Session.Run(columns[2]).ToArray<float>());
        Output missing = _ops.Graph.DecodeCsv(new[] { "1," }, [new[] { 1 }, Array.Empty<int>()])[1];
        Assert.Contains("Field 1 is required but missing in record 0", Assert.Throws<RunException>(() => _ops.Session.Run(missing)).Message, StringComparison.Ordinal);
        Assert.Equal(["c"], OpRuns.Texts(_ops.Session.Run(_ops.Graph.DecodeCsv(new[] { "a,b,c" }, [new[] { "" }], selectCols: [2])[0])));
    }

    [Fact]
    public void Tensors_survive_their_messages()
    {
        Output there = _ops.Graph.SerializeTensor(new[,] { { 1.5f, 2f }, { 3f, -4f } });
        Tensor back = _ops.Session.Run(_ops.Graph.ParseTensor(there, DType.Float32));
        Assert.Equal([1.5f, 2, 3, -4], back.ToArray<float>());
        Assert.Equal(OpRuns.Sizes(2, 2), back.Shape);
        Output wrong = _ops.Graph.ParseTensor(there, DType.Int32);
        Assert.Contains("Type mismatch between parsed tensor (float) and dtype (int32)", Assert.Throws<RunException>(() => _ops.Session.Run(wrong)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compressed_strings_are_unpacked()
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
            gzip.Write("some text"u8);
        Assert.Equal(["some text"], OpRuns.Texts(_ops.Session.Run(_ops.Graph.DecodeCompressed(Tensor.OfStrings([1], [packed.ToArray()]), "GZIP"))));
        Output damaged = _ops.Graph.DecodeCompressed(Tensor.OfStrings([1], [[1, 2, 3]]), "ZLIB");
        Assert.Throws<RunException>(() => _ops.Session.Run(damaged));
    }

    [Fact]
    public void Examples_give_dense_and_sparse_columns()
    {
        Example first = Sample([1f, 2f], ["x", "y"]);
        Example second = Sample([3f, 4f], ["z"]);
        var attributes = new AttributeList { { "sparse_types", (DType[])[DType.String] }, { "dense_shapes", (Shape[])[[2], [1]] }, { "Nsparse", 1 }, { "Ndense", 2 }, { "Tdense", (DType[])[DType.Float32, DType.Int64] } };
        Tensor[] parsed = _ops.Run(
            "ParseExample", attributes, Serialized(first, second), Tensor.OfStrings([0], []), "words", "numbers", "absent", Tensor.Of<float>([0], []), new[] { 9L });
        Assert.Equal([0, 0, 0, 1, 1, 0], parsed[0].ToArray<long>());
        Assert.Equal(["x", "y", "z"], OpRuns.Texts(parsed[1]));
        Assert.Equal([2, 2], parsed[2].ToArray<long>());
        Assert.Equal([1, 2, 3, 4], parsed[3].ToArray<float>());
        Assert.Equal([9, 9], parsed[4].ToArray<long>());

        var single = new AttributeList
        {
            { "num_sparse", 1 }, { "sparse_keys", (string[])["words"] }, { "sparse_types", (DType[])[DType.String] },
            { "dense_keys", (string[])["numbers"] }, { "dense_shapes", (Shape[])[[-1]] }, { "Tdense", (DType[])[DType.Float32] },
        };
        Tensor[] one = _ops.Run("ParseSingleExample", single, Serialized(first).Reshaped(Shape.Scalar), Tensor.Of<float>([0], []));
        Assert.Equal([0, 1], one[0].ToArray<long>());
        Assert.Equal([1, 2], one[3].ToArray<float>());
    }

    [Fact]
    public void Sequence_examples_give_steps()
    {
        var example = new SequenceExample { Context = Sample([5f], []).Features, FeatureLists = new FeatureLists() };
        var steps = new FeatureList();
        steps.Feature.Add(Sample([1f, 2f], []).Features.Feature["numbers"]);
        steps.Feature.Add(Sample([3f, 4f], []).Features.Feature["numbers"]);
        example.FeatureLists.FeatureList.Add("steps", steps);
        var attributes = new AttributeList
        {
            { "Ncontext_dense", 1 }, { "Tcontext_dense", (DType[])[DType.Float32] }, { "context_dense_shapes", (Shape[])[[1]] }, { "Nfeature_list_dense", 1 },
            { "feature_list_dense_types", (DType[])[DType.Float32] }, { "feature_list_dense_shapes", (Shape[])[[2]] },
        };
        Tensor serialized = Tensor.OfStrings(Shape.Scalar, [example.ToByteArray()]);
        Tensor[] parsed = _ops.Run("ParseSingleSequenceExample", attributes, serialized, Tensor.OfStrings([0], []), "numbers", "steps", Tensor.Of<float>([0], []), "");
        Assert.Equal([5f], parsed[0].ToArray<float>());
        Assert.Equal([1, 2, 3, 4], parsed[1].ToArray<float>());
        Assert.Equal(OpRuns.Sizes(2, 2), parsed[1].Shape);
    }

    [Fact]
    public void Files_are_written_found_and_read()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "deep", "a1.txt");
        _ops.Session.Run(_ops.Graph.WriteFile(path, "content"));
        _ops.Session.Run(_ops.Graph.WriteFile(Path.Combine(folder.Path, "deep", "b1.txt"), "other"));
        Assert.Equal([path], OpRuns.Texts(_ops.Session.Run(_ops.Graph.MatchingFiles(Path.Combine(folder.Path, "d*", "a?.txt")))));
        Assert.Equal(["content"], OpRuns.Texts(_ops.Session.Run(_ops.Graph.ReadFile(path))));
        Output missing = _ops.Graph.ReadFile(Path.Combine(folder.Path, "none"));
        Assert.Contains("No such file", Assert.Throws<RunException>(() => _ops.Session.Run(missing)).Message, StringComparison.Ordinal);
    }

    private static Example Sample(float[] numbers, string[] words)
    {
        var floats = new FloatList();
        floats.Value.AddRange(numbers);
        var bytes = new BytesList();
        bytes.Value.AddRange(words.Select(static w => ByteString.CopyFrom(Encoding.UTF8.GetBytes(w))));
        var features = new Features();
        features.Feature.Add("numbers", new Feature { FloatList = floats });
        features.Feature.Add("words", new Feature { BytesList = bytes });
        return new Example { Features = features };
    }

    private static Tensor Serialized(params Example[] examples) => Tensor.OfStrings([examples.Length], [.. examples.Select(static e => e.ToByteArray())]);
}
