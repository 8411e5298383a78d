using System.Text;
using Google.Protobuf;
using NotebookPersist.Protos;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Parsing;

public sealed class ExampleFeatureTests : IDisposable
{
    private static readonly Dictionary<string, ExampleFeature> Wanted = new()
    {
        ["words"] = new VarLenFeature(DType.String),
        ["size"] = new FixedLenFeature([2], DType.Float32),
        ["label"] = new FixedLenFeature(Shape.Scalar, DType.Int64, -1L),
    };

    private readonly OpRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Features_of_a_batch_are_found_by_their_names()
    {
        byte[][] examples = [Written([1, 2], 7, "a", "b"), Written([3, 4], null), Written([5, 6], 9, "c")];
        (IReadOnlyDictionary<string, Output> dense, IReadOnlyDictionary<string, (Output Indices, Output Values, Output Shape)> sparse) = _runs.Graph.ParseExample(Tensor.OfStrings([3], examples), Wanted);
        Assert.Equal("ParseExample/ParseExample", dense["size"].Operation.Name);
        Assert.Equal([3L, 2], dense["size"].Shape.ToArray());
        _runs.Expect([1, 2, 3, 4, 5, 6], dense["size"]);
        Assert.Equal([7L, -1, 9], _runs.Session.Run(dense["label"]).ToArray<long>());
        Assert.Equal(["a", "b", "c"], OpRuns.Texts(_runs.Session.Run(sparse["words"].Values)));
        Assert.Equal([0L, 0, 0, 1, 2, 0], _runs.Session.Run(sparse["words"].Indices).ToArray<long>());
        Assert.Equal([3L, 2], _runs.Session.Run(sparse["words"].Shape).ToArray<long>());
    }

    [Fact]
    public void Features_of_one_example_have_no_batch()
    {
        (IReadOnlyDictionary<string, Output> dense, IReadOnlyDictionary<string, (Output Indices, Output Values, Output Shape)> sparse) = _runs.Graph.ParseSingleExample(Tensor.OfStrings(Shape.Scalar, [Written([1, 2], null, "x")]), Wanted);
        _runs.Expect([1, 2], dense["size"]);
        Assert.Equal(-1, _runs.Session.Run(dense["label"]).Item<long>());
        Assert.Equal(["x"], OpRuns.Texts(_runs.Session.Run(sparse["words"].Values)));
        Assert.Equal([0L], _runs.Session.Run(sparse["words"].Indices).ToArray<long>());
    }

    [Fact]
    public void What_cannot_be_is_told_at_once()
    {
        Assert.Throws<ArgumentException>(() => new FixedLenFeature([-1], DType.Float32));
        Assert.Throws<ArgumentException>(() => _runs.Graph.ParseExample(new[] { "" }, new Dictionary<string, ExampleFeature>()));
        Assert.Throws<ArgumentException>(() => _runs.Graph.ParseExample(new[] { "" }, new Dictionary<string, ExampleFeature> { ["x"] = new VarLenFeature(DType.Int32) }));
        Assert.Throws<ArgumentException>(() => _runs.Graph.ParseExample(new[] { "" }, new Dictionary<string, ExampleFeature> { ["x"] = new FixedLenFeature([2], DType.Float32, 3f) }));
        (IReadOnlyDictionary<string, Output> dense, _) = _runs.Graph.ParseExample(Tensor.OfStrings([1], [Written([1], 3)]), Wanted);
        Assert.Throws<RunException>(() => _runs.Session.Run(dense["size"]));
    }

    private static byte[] Written(float[] size, long? label, params string[] words)
    {
        var example = new Example { Features = new Features() };
        example.Features.Feature["size"] = new Feature { FloatList = new FloatList { Value = { size } } };
        if (label is { } number)
            example.Features.Feature["label"] = new Feature { Int64List = new Int64List { Value = { number } } };
        if (words.Length > 0)
            example.Features.Feature["words"] = new Feature { BytesList = new BytesList { Value = { words.Select(static w => ByteString.CopyFrom(Encoding.UTF8.GetBytes(w))) } } };
        return example.ToByteArray();
    }
}
