using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops;

/// <summary>What releases after 1.15 added to operations, and operations that they write in the place of older ones.</summary>
public sealed class LaterReleaseTests : IDisposable
{
    private readonly OpRuns _runs = new();

    [Theory]
    [InlineData("StatelessRandomUniform")]
    [InlineData("StatelessRandomNormal")]
    [InlineData("StatelessTruncatedNormal")]
    public void Keys_and_counters_of_two_seeds_choose_the_stream_of_the_seeds(string type)
    {
        Operand seed = Constant(OpRuns.Longs(17, -4));
        float[] old = _runs.Run(type, null, new[] { 37 }, seed)[0].ToArray<float>();
        Operation made = _runs.Add("StatelessRandomGetKeyCounterAlg", null, seed);
        Assert.Equal(old, _runs.Run(type + "V2", null, new[] { 37 }, made[0], made[1], made[2])[0].ToArray<float>());
        Operation pair = _runs.Add("StatelessRandomGetKeyCounter", null, seed);
        Assert.Equal(old, _runs.Run(type + "V2", null, new[] { 37 }, pair[0], pair[1], 3)[0].ToArray<float>());
    }

    [Fact]
    public void Whole_numbers_of_any_type_come_of_the_same_stream()
    {
        Operand seed = Constant(OpRuns.Longs(5, 6));
        Operation made = _runs.Add("StatelessRandomGetKeyCounterAlg", null, seed);
        int[] old = _runs.Run("StatelessRandomUniformInt", null, new[] { 50 }, seed, 10, 1000)[0].ToArray<int>();
        Assert.Equal(old, _runs.Run("StatelessRandomUniformIntV2", null, new[] { 50 }, made[0], made[1], made[2], 10, 1000)[0].ToArray<int>());
        Operand low = Constant(Tensor.Scalar(10u)), high = Constant(Tensor.Scalar(1000u));
        Assert.Equal(old.Select(static n => (uint)n), _runs.Run("StatelessRandomUniformIntV2", null, new[] { 50 }, made[0], made[1], made[2], low, high)[0].ToArray<uint>());
        ulong[] bits = _runs.Run("StatelessRandomUniformFullIntV2", null, new[] { 8 }, made[0], made[1], made[2])[0].ToArray<ulong>();
        Assert.Equal(bits, _runs.Run("StatelessRandomUniformFullInt", null, new[] { 8 }, seed)[0].ToArray<ulong>());
        Assert.Equal(8, bits.Distinct().Count());
        int[] shuffled = _runs.Run("StatelessShuffle", null, Enumerable.Range(0, 20).ToArray(), made[0], made[1], made[2])[0].ToArray<int>();
        Assert.Equal(Enumerable.Range(0, 20), shuffled.Order());
        Assert.NotEqual(Enumerable.Range(0, 20), shuffled);
        Assert.Throws<RunException>(() => _runs.Run("StatelessRandomUniformV2", null, new[] { 3 }, made[0], made[1], 2));
    }

    [Fact]
    public void A_part_of_the_moving_averages_gives_way()
    {
        var attributes = new AttributeList { { "epsilon", 0.001f }, { "exponential_avg_factor", 0.25f }, { "is_training", true } };
        Tensor[] found = _runs.Run(
            "FusedBatchNormV3", attributes, Constant(Tensor.Of<float>([4, 1, 1, 1], [1, 2, 3, 6])), new[] { 1f }, new[] { 0f }, new[] { 11f }, new[] { 2f });
        // Mean 3; unbiased variance 14 / 3.
        Assert.Equal((0.75f * 11) + (0.25f * 3), found[1].ToArray<float>()[0], 5);
        Assert.Equal((0.75f * 2) + (0.25f * 14 / 3), found[2].ToArray<float>()[0], 5);
    }

    [Fact]
    public void Paddings_are_told_one_by_one()
    {
        AttributeList Attributes(bool pool, params IEnumerable<int> paddings)
        {
            var list = new AttributeList { { "strides", OpRuns.Ints(1, 1, 1, 1) }, { "padding", "EXPLICIT" }, { "explicit_paddings", paddings } };
            if (pool)
                list.Add("ksize", OpRuns.Ints(1, 1, 2, 1));
            return list;
        }

        Operand image = Constant(Tensor.Of<float>([1, 1, 3, 1], [-1, -2, -3]));
        Assert.Equal([-1f, -1, -2, -3, float.MinValue], _runs.Run("MaxPool", Attributes(true, 0, 0, 0, 0, 1, 2, 0, 0), image)[0].ToArray<float>());
        Operand filter = Constant(Tensor.Of<float>([1, 2, 1, 2], [1, 10, 2, 20]));
        Assert.Equal([-2f, -20, -5, -50, -8, -80, -3, -30, 0, 0], _runs.Run("DepthwiseConv2dNative", Attributes(false, 0, 0, 0, 0, 1, 2, 0, 0), image, filter)[0].ToArray<float>());
    }

    [Fact]
    public void Sorted_segments_have_a_number_that_is_given()
    {
        Operand rows = Constant(Tensor.Of<int>([4, 1], [5, 7, 2, 3])), ids = Constant(OpRuns.Longs(0, 0, 2, 2));
        int[] Run(string type) => _runs.Run(type, null, rows, ids, 4)[0].ToArray<int>();
        Assert.Equal([12, 0, 5, 0], Run("SegmentSumV2"));
        Assert.Equal([35, 1, 6, 1], Run("SegmentProdV2"));
        Assert.Equal([7, int.MinValue, 3, int.MinValue], Run("SegmentMaxV2"));
        Assert.Equal([5, int.MaxValue, 2, int.MaxValue], Run("SegmentMinV2"));
    }

    [Fact]
    public void Sparse_and_ragged_rows_are_counted()
    {
        Operand none = Constant(Tensor.Of<float>([0], [])), weights = Constant(Tensor.Of<float>([4], [0.5f, 1, 2, 4]));
        Operand values = Constant(Tensor.Of<int>([4], [1, 1, 0, 7]));
        Operand indices = Constant(OpRuns.Matrix(2, 0, 0, 0, 5, 2, 1, 2, 3));
        Assert.Equal([0f, 2, 0, 0, 0, 0, 1, 0, 0], _runs.Run("SparseBincount", null, indices, values, OpRuns.Longs(3, 9), 3, none)[0].ToArray<float>());
        Assert.Equal([0f, 1.5f, 0, 0, 0, 0, 2, 0, 0], _runs.Run("SparseBincount", null, indices, values, OpRuns.Longs(3, 9), 3, weights)[0].ToArray<float>());
        var once = new AttributeList { { "binary_output", true } };
        Assert.Equal([0f, 1, 1, 0], _runs.Run("RaggedBincount", once, OpRuns.Longs(0, 2, 4), values, 2, none)[0].ToArray<float>());
        Assert.Throws<RunException>(() => _runs.Run("RaggedBincount", null, OpRuns.Longs(0, 5, 4), values, 2, none));
        Assert.Throws<RunException>(() => _runs.Run("SparseBincount", null, indices, values, OpRuns.Longs(2, 9), 3, none));
    }

    [Fact]
    public void Bands_are_solved_as_the_matrices_they_stand_for()
    {
        // The example of TensorFlow's documentation: what lies outside of the matrix does not count.
        Operand ones = Constant(Tensor.Of<double>([3, 1], [1, 1, 1]));
        double[] lower = _runs.Run("BandedTriangularSolve", null, Constant(Tensor.Of<double>([2, 3], [2, 3, 4, 10000, 2, 3])), ones)[0].ToArray<double>();
        Assert.Equal([0.5, 0, 0.25], lower);
        double[] upper = _runs.Run("BandedTriangularSolve", new AttributeList { { "lower", false } }, Constant(Tensor.Of<double>([2, 3], [9, 2, 3, 2, 4, 5])), ones)[0].ToArray<double>();
        // x3 = 1/5; 4 x2 = 1 - 3/5; 2 x1 = 1 - 2 x2.
        Assert.Equal([0.4, 0.1, 0.2], upper.Select(static v => Math.Round(v, 14)));
    }

    [Fact]
    public void Products_have_the_type_of_both_factors()
    {
        Operand x = Constant(Tensor.Of<int>([1, 2, 2], [1, 2, 3, 4]));
        var whole = new AttributeList { { "Tout", DType.Int32 } };
        Assert.Equal([7, 10, 15, 22], _runs.Run("BatchMatMulV3", whole, x, x)[0].ToArray<int>());
        Assert.Equal(RunErrorCode.Unimplemented, Assert.Throws<RunException>(() => _runs.Run("BatchMatMulV3", new AttributeList { { "Tout", DType.Int64 } }, x, x)).Code);
    }

    [Fact]
    public void Frozen_graphs_may_use_types_that_later_releases_allow()
    {
        // Such a graph tells no definitions of its own.
        var node = new NodeDef { Name = "least", Op = "Minimum" };
        node.Input.AddRange(["x", "y"]);
        node.Attr["T"] = new AttrValue { Type = DataType.DtUint8 };
        var graph = new Graph();
        graph.Placeholder(DType.UInt8, [2], "x");
        graph.Placeholder(DType.UInt8, [2], "y");
        GraphDef frozen = graph.ToGraphDef();
        frozen.Node.Add(node);
        var imported = new Graph();
        imported.ImportGraphDef(frozen, "");
        using var session = new Session(imported);
        Tensor least = session.Run(imported.GetTensorByName("least:0"), new() { { "x:0", new byte[] { 3, 200 } }, { "y:0", new byte[] { 7, 100 } } });
        Assert.Equal([3, 100], least.ToArray<byte>());
        node.Attr["T"].Type = DataType.DtBool;
        Assert.Throws<GraphException>(() => new Graph().ImportGraphDef(frozen, ""));
        Assert.DoesNotContain(DataType.DtUint8, OpRegistry.BuiltIn.TryGet("Minimum", out Op? op) ? op.Signature.ToOpDef().Attr[0].AllowedValues.List.Type : []);
    }

    [Fact]
    public void Frozen_graphs_may_number_segments_in_64_bits()
    {
        var node = new NodeDef { Name = "sums", Op = "SparseSegmentSum" };
        node.Input.AddRange(["x", "rows", "segments"]);
        node.Attr["T"] = new AttrValue { Type = DataType.DtFloat };
        node.Attr["Tidx"] = new AttrValue { Type = DataType.DtInt32 };
        node.Attr["Tsegmentids"] = new AttrValue { Type = DataType.DtInt64 };
        var graph = new Graph();
        graph.Constant(Tensor.Of<float>([3, 1], [1, 2, 4]), name: "x");
        graph.Constant(Tensor.Of<int>([3], [2, 0, 2]), name: "rows");
        graph.Constant(OpRuns.Longs(0, 0, 2), name: "segments");
        GraphDef frozen = graph.ToGraphDef();
        frozen.Node.Add(node);
        var imported = new Graph();
        imported.ImportGraphDef(frozen, "");
        using var session = new Session(imported);
        Assert.Equal([5f, 0, 4], session.Run(imported.GetTensorByName("sums:0")).ToArray<float>());
    }

    [Fact]
    public void Boxes_without_an_area_are_chosen_once()
    {
        Operand boxes = Constant(Tensor.Of<float>([2, 4], [0.5f, 0.5f, 0.5f, 0.5f, 0, 0, 1, 1]));
        Assert.Equal([0, 1], _runs.Run("NonMaxSuppressionV3", null, boxes, new[] { 0.9f, 0.8f }, 5, 0.5f, 0f)[0].ToArray<int>());
        Operand overlaps = Constant(Tensor.Of<float>([2, 2], [0.1f, 0.7f, 0.7f, 0.2f]));
        Assert.Equal([1], _runs.Run("NonMaxSuppressionWithOverlaps", null, overlaps, new[] { 0.3f, 0.8f }, 5, 0.5f, 0f)[0].ToArray<int>());
    }

    [Fact]
    public void The_branch_for_this_device_is_the_processors()
    {
        int Index(params IEnumerable<string> names) => _runs.Run("DeviceIndex", new AttributeList { { "device_names", names } })[0].Item<int>();
        Assert.Equal([1, 0, 2], new[] { Index("GPU", "CPU"), Index("CPU"), Index("GPU", "TPU") });
    }

    [Fact]
    public void Pictures_of_any_kind_are_decoded_to_any_type()
    {
        byte[] png = _runs.Session.Run(_runs.Graph.EncodePng(_runs.Graph.Constant(Tensor.Of<byte>([1, 2, 1], [51, 255])))).Strings[0];
        byte[] bmp = [.. "BM"u8, .. new byte[8], 54, 0, 0, 0, 40, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0, .. new byte[24], 10, 20, 30, 0];
        Tensor Decode(byte[] file, DType type, int channels = 0) => _runs.Run(
            "DecodeImage", new AttributeList { { "dtype", type }, { "channels", (long)channels } }, Constant(Tensor.OfStrings(Shape.Scalar, [file])))[0];
        Assert.Equal([51, 51, 51, 255, 255, 255], Decode(png, DType.UInt8, 3).ToArray<byte>());
        Assert.Equal([0.2f, 1f], Decode(png, DType.Float32).ToArray<float>());
        Assert.Equal([13107, 65535], Decode(png, DType.UInt16).ToArray<ushort>());
        Assert.Equal([30, 20, 10], Decode(bmp, DType.UInt8).ToArray<byte>());
        Assert.Equal([7680, 5120, 2560], Decode(bmp, DType.UInt16).ToArray<ushort>());
        Assert.Throws<RunException>(() => Decode([1, 2, 3, 4], DType.UInt8));
    }

    public void Dispose() => _runs.Dispose();

    private Output Constant(Tensor value) => _runs.Graph.Constant(value);
}
