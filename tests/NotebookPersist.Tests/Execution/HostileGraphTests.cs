using Google.Protobuf;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Formats.Text;
using NotebookPersist.Protos;
using Xunit;

namespace NotebookPersist.Tests.Execution;

/// <summary>Graphs that nobody should have written end in one of the documented exceptions: never in a crash, a hang or a giant allocation.</summary>
public sealed class HostileGraphTests
{
    private const int Rounds = 1000;
    private const int Seconds = 5;

    public static TheoryData<string, string> Absurdities => new()
    {
        { "slice past the end", Nodes(Ints("x", 1, 2, 3), Longs("b", 1), Longs("n", long.MaxValue), "node { name: 'y' op: 'Slice' input: 'x' input: 'b' input: 'n' attr { key: 'T' value { type: DT_INT32 } } attr { key: 'Index' value { type: DT_INT64 } } }") },
        { "slice of a placeholder with as many positions as memory", Nodes(Placeholder("x", "unknown_rank: true"), Placeholder("b", "dim { size: 2147483647 }", "DT_INT64"), "node { name: 'y' op: 'Slice' input: 'x' input: 'b' input: 'b' attr { key: 'T' value { type: DT_FLOAT } } attr { key: 'Index' value { type: DT_INT64 } } }") },
        { "strided slice of a placeholder with as many positions as memory", Nodes(Placeholder("x", "dim { size: 2 }"), Placeholder("b", "dim { size: 2147483647 }", "DT_INT64"), "node { name: 'y' op: 'StridedSlice' input: 'x' input: 'b' input: 'b' input: 'b' attr { key: 'T' value { type: DT_FLOAT } } attr { key: 'Index' value { type: DT_INT64 } } attr { key: 'new_axis_mask' value { i: -1 } } }") },
        { "fill of 2^62", Nodes(Longs("d", 1L << 31, 1L << 31), Ints("v"), "node { name: 'y' op: 'Fill' input: 'd' input: 'v' attr { key: 'T' value { type: DT_INT32 } } attr { key: 'index_type' value { type: DT_INT64 } } }") },
        { "fill of 2^93", Nodes(Longs("d", 1L << 31, 1L << 31, 1L << 31), Ints("v"), "node { name: 'y' op: 'Fill' input: 'd' input: 'v' attr { key: 'T' value { type: DT_INT32 } } attr { key: 'index_type' value { type: DT_INT64 } } }") },
        { "tile of 2^62", Nodes(Ints("x", 1, 2), Longs("m", long.MaxValue), "node { name: 'y' op: 'Tile' input: 'x' input: 'm' attr { key: 'T' value { type: DT_INT32 } } attr { key: 'Tmultiples' value { type: DT_INT64 } } }") },
        { "pad by 2^62", Nodes(Ints("x", 1, 2), Matrix("p", long.MaxValue, long.MaxValue), "node { name: 'y' op: 'Pad' input: 'x' input: 'p' attr { key: 'T' value { type: DT_INT32 } } attr { key: 'Tpaddings' value { type: DT_INT64 } } }") },
        { "pad by less than nothing", Nodes(Ints("x", 1, 2), Matrix("p", -5, 3), "node { name: 'y' op: 'Pad' input: 'x' input: 'p' attr { key: 'T' value { type: DT_INT32 } } attr { key: 'Tpaddings' value { type: DT_INT64 } } }") },
        { "reshape to 2^64", Nodes(Ints("x", 1, 2), Longs("s", 1L << 32, 1L << 32), "node { name: 'y' op: 'Reshape' input: 'x' input: 's' attr { key: 'T' value { type: DT_INT32 } } attr { key: 'Tshape' value { type: DT_INT64 } } }") },
        { "reshape to a negative size", Nodes(Ints("x", 1, 2), Longs("s", long.MinValue), "node { name: 'y' op: 'Reshape' input: 'x' input: 's' attr { key: 'T' value { type: DT_INT32 } } attr { key: 'Tshape' value { type: DT_INT64 } } }") },
        { "range to 2^63", Nodes(Long("a", 0), Long("b", long.MaxValue), Long("c", 1), "node { name: 'y' op: 'Range' input: 'a' input: 'b' input: 'c' attr { key: 'Tidx' value { type: DT_INT64 } } }") },
        { "a pack of 2^31", Nodes(Ints("x", 1, 2), "node { name: 'y' op: 'Pack' input: 'x' attr { key: 'T' value { type: DT_INT32 } } attr { key: 'N' value { i: 2147483648 } } }") },
        { "an unpack to 2^31", Nodes(Ints("x", 1, 2), "node { name: 'y' op: 'Unpack' input: 'x' attr { key: 'T' value { type: DT_INT32 } } attr { key: 'num' value { i: 2147483648 } } }") },
        { "a split in a million million", Nodes(Ints("a"), Ints("x", 1, 2), "node { name: 'y' op: 'Split' input: 'a' input: 'x' attr { key: 'T' value { type: DT_INT32 } } attr { key: 'num_split' value { i: 1000000000000 } } }") },
        { "a constant of 2^62 zeros", "node { name: 'y' op: 'Const' attr { key: 'dtype' value { type: DT_INT32 } } attr { key: 'value' value { tensor { dtype: DT_INT32 tensor_shape { dim { size: 2147483648 } dim { size: 2147483648 } } int_val: 0 } } } }" },
        { "a constant with too few bytes", "node { name: 'y' op: 'Const' attr { key: 'dtype' value { type: DT_INT32 } } attr { key: 'value' value { tensor { dtype: DT_INT32 tensor_shape { dim { size: 7 } } tensor_content: 'abc' } } } }" },
        { "a constant of another type than it says", "node { name: 'x' op: 'Const' attr { key: 'dtype' value { type: DT_FLOAT } } attr { key: 'value' value { tensor { dtype: DT_STRING tensor_shape { } string_val: 'a' } } } } node { name: 'y' op: 'Exp' input: 'x' attr { key: 'T' value { type: DT_FLOAT } } }" },
        { "a constant of a size below nothing", "node { name: 'y' op: 'Const' attr { key: 'dtype' value { type: DT_INT32 } } attr { key: 'value' value { tensor { dtype: DT_INT32 tensor_shape { dim { size: -7 } } } } } }" },
        { "a node that feeds itself", "node { name: 'y' op: 'Identity' input: 'y' attr { key: 'T' value { type: DT_INT32 } } }" },
        { "a node that waits for itself", "node { name: 'y' op: 'NoOp' input: '^y' }" },
        { "two nodes in a circle", "node { name: 'x' op: 'Identity' input: 'y' attr { key: 'T' value { type: DT_INT32 } } } node { name: 'y' op: 'Identity' input: 'x' attr { key: 'T' value { type: DT_INT32 } } }" },
        { "two nodes of one name", Nodes(Ints("y", 1), Ints("y", 1)) },
        { "an input number beyond all", Nodes(Ints("x", 1), "node { name: 'y' op: 'Identity' input: 'x:2147483647' attr { key: 'T' value { type: DT_INT32 } } }") },
        { "an attribute of another kind", Nodes(Ints("x", 1), "node { name: 'y' op: 'Identity' input: 'x' attr { key: 'T' value { i: 3 } } }") },
        { "a list of types that is none", Nodes(Ints("x", 1), "node { name: 'y' op: 'IdentityN' input: 'x' attr { key: 'T' value { s: 'x' } } }") },
        { "an element type that is none", Nodes(Ints("x", 1), "node { name: 'y' op: 'Cast' input: 'x' attr { key: 'SrcT' value { type: DT_INT32 } } attr { key: 'DstT' value { type: 99 } } }") },
        { "a one-hot of 2^31", Nodes(Ints("x", 1, 2), Int("d", int.MaxValue), Int("on", 1), Int("off", 0), "node { name: 'y' op: 'OneHot' input: 'x' input: 'd' input: 'on' input: 'off' attr { key: 'T' value { type: DT_INT32 } } attr { key: 'TI' value { type: DT_INT32 } } }") },
        { "a one-hot of less than nothing", Nodes(Ints("x", 1, 2), Int("d", -3), Int("on", 1), Int("off", 0), "node { name: 'y' op: 'OneHot' input: 'x' input: 'd' input: 'on' input: 'off' attr { key: 'T' value { type: DT_INT32 } } attr { key: 'TI' value { type: DT_INT32 } } }") },
        { "a line of 2^31", Nodes(Float("a", 0), Float("b", 1), Int("n", int.MaxValue), "node { name: 'y' op: 'LinSpace' input: 'a' input: 'b' input: 'n' attr { key: 'T' value { type: DT_FLOAT } } attr { key: 'Tidx' value { type: DT_INT32 } } }") },
        { "an image resized to 2^31", Nodes(Image("x"), Ints("s", int.MaxValue, int.MaxValue), "node { name: 'y' op: 'ResizeBilinear' input: 'x' input: 's' attr { key: 'T' value { type: DT_FLOAT } } }") },
        { "an image resized to less than nothing", Nodes(Image("x"), Ints("s", -1, 3), "node { name: 'y' op: 'ResizeBilinear' input: 'x' input: 's' attr { key: 'T' value { type: DT_FLOAT } } }") },
        { "a gather below the beginning", Nodes(Ints("x", 1, 2), Ints("i", -1), "node { name: 'y' op: 'Gather' input: 'x' input: 'i' attr { key: 'Tparams' value { type: DT_INT32 } } attr { key: 'Tindices' value { type: DT_INT32 } } }") },
        { "a transposition that is none", Nodes(Ints("x", 1, 2), Ints("p", 7), "node { name: 'y' op: 'Transpose' input: 'x' input: 'p' attr { key: 'T' value { type: DT_INT32 } } attr { key: 'Tperm' value { type: DT_INT32 } } }") },
        { "an axis beyond all", Nodes(Ints("x", 1, 2), Ints("a", int.MinValue), "node { name: 'y' op: 'Sum' input: 'x' input: 'a' attr { key: 'T' value { type: DT_INT32 } } attr { key: 'Tidx' value { type: DT_INT32 } } }") },
        { "a dimension put in beyond all", Nodes(Ints("x", 1, 2), Int("a", int.MinValue), "node { name: 'y' op: 'ExpandDims' input: 'x' input: 'a' attr { key: 'T' value { type: DT_INT32 } } attr { key: 'Tdim' value { type: DT_INT32 } } }") },
        { "a roll without end", Nodes(Ints("x", 1, 2), Longs("s", long.MinValue), Longs("a", 9), "node { name: 'y' op: 'Roll' input: 'x' input: 's' input: 'a' attr { key: 'T' value { type: DT_INT32 } } attr { key: 'Tshift' value { type: DT_INT64 } } attr { key: 'Taxis' value { type: DT_INT64 } } }") },
        { "random numbers of 2^62", Nodes(Longs("s", 1L << 31, 1L << 31), "node { name: 'y' op: 'RandomUniform' input: 's' attr { key: 'dtype' value { type: DT_FLOAT } } attr { key: 'T' value { type: DT_INT64 } } }") },
        { "scattered into 2^62", Nodes(Matrix("i", 0, 0), Ints("v", 1), Longs("s", 1L << 31, 1L << 31), "node { name: 'y' op: 'ScatterNd' input: 'i' input: 'v' input: 's' attr { key: 'T' value { type: DT_INT32 } } attr { key: 'Tindices' value { type: DT_INT64 } } }") },
        { "counts of 2^31 bins", Nodes(Ints("x", 1), Int("n", int.MaxValue), Ints("w"), "node { name: 'y' op: 'Bincount' input: 'x' input: 'n' input: 'w' attr { key: 'T' value { type: DT_INT32 } } }") },
        { "blocks of 2^31", Nodes(Image("x"), "node { name: 'y' op: 'SpaceToDepth' input: 'x' attr { key: 'T' value { type: DT_FLOAT } } attr { key: 'block_size' value { i: 2147483648 } } }") },
        { "depth in blocks of 2^32", Nodes(Image("x"), "node { name: 'y' op: 'DepthToSpace' input: 'x' attr { key: 'T' value { type: DT_FLOAT } } attr { key: 'block_size' value { i: 4294967296 } } }") },
        { "segments up to 2^31", Nodes(Ints("x", 1), Ints("i", int.MaxValue), "node { name: 'y' op: 'SegmentSum' input: 'x' input: 'i' attr { key: 'T' value { type: DT_INT32 } } attr { key: 'Tindices' value { type: DT_INT32 } } }") },
        { "a histogram of 2^31 bins", Nodes(Float("x", 1), "node { name: 'r' op: 'Const' attr { key: 'dtype' value { type: DT_FLOAT } } attr { key: 'value' value { tensor { dtype: DT_FLOAT tensor_shape { dim { size: 2 } } float_val: 0 float_val: 1 } } } }", Int("n", int.MaxValue), "node { name: 'y' op: 'HistogramFixedWidth' input: 'x' input: 'r' input: 'n' attr { key: 'T' value { type: DT_FLOAT } } attr { key: 'dtype' value { type: DT_INT32 } } }") },
        { "a convolution with a stride of nothing", Nodes(Image("x"), Image("f"), Convolution("list { i: 1 i: 0 i: 0 i: 1 }")) },
        { "a convolution with a stride of 2^62", Nodes(Image("x"), Image("f"), Convolution("list { i: 1 i: 4611686018427387904 i: 4611686018427387904 i: 1 }")) },
        { "a convolution without strides", Nodes(Image("x"), Image("f"), Convolution("list { }")) },
        { "a convolution stretched by 2^62", Nodes(Image("x"), Image("f"), Convolution("list { i: 1 i: 1 i: 1 i: 1 }", "list { i: 1 i: 4611686018427387904 i: 2 i: 1 }")) },
        { "a convolution stretched by less than nothing", Nodes(Image("x"), Image("f"), Convolution("list { i: 1 i: 1 i: 1 i: 1 }", "list { i: 1 i: -4 i: 0 i: 1 }")) },
        { "a pool of nothing", Nodes(Image("x"), Pool("list { i: 1 i: 0 i: 0 i: 1 }", "list { i: 1 i: 1 i: 1 i: 1 }")) },
        { "a pool of 2^62", Nodes(Image("x"), Pool("list { i: 1 i: 4611686018427387904 i: 4611686018427387904 i: 1 }", "list { i: 1 i: 1 i: 1 i: 1 }")) },
        { "a pool without steps", Nodes(Image("x"), Pool("list { i: 1 i: 2 i: 2 i: 1 }", "list { i: 1 i: 0 i: 0 i: 1 }")) },
        { "a pool of lists that are none", Nodes(Image("x"), Pool("list { }", "list { }")) },
    };

    [Theory]
    [MemberData(nameof(Absurdities))]
    public void Absurd_nodes_are_refused_with_a_message(string what, string text)
    {
        var graphDef = TextFormat.Parse<GraphDef>(System.Text.Encoding.UTF8.GetBytes(text), what);

        Exception? fault = Record.Exception(() => Run(graphDef, "y"));

        Assert.True(fault is not null, $"{what} ran.");
        Assert.True(IsClear(fault), $"{what}: {fault}");
    }

    [Fact]
    public void A_chain_of_a_hundred_thousand_nodes_runs()
    {
        var graph = new Graph();
        Output value = graph.Constant(new[] { 1, 1 });
        for (int i = 0; i < 100_000; i++)
            value = graph.Identity(value);
        Output reshaped = graph.Reshape(graph.Constant(new[] { 5f }), value);
        using var session = new Session(graph);

        Assert.Equal(new Shape[] { [1, 1] }, new[] { session.Run(reshaped).Shape });

        var copy = new Graph();
        copy.ImportGraphDef(graph.ToGraphDef(), "");
        Assert.Equal(graph.Operations.Count, copy.Operations.Count);
    }

    [Fact]
    public void Sizes_that_double_in_each_of_a_hundred_steps_are_told_at_once()
    {
        var graph = new Graph();
        Output size = graph.Constant(new[] { 1 });
        for (int i = 0; i < 100; i++)
            size = graph.AddOperation("Maximum", null, null, size, size)[0];
        Output joined = graph.Placeholder(DType.Int32, [2]);
        for (int i = 0; i < 100; i++)
            joined = graph.Concat([joined[..1], joined[1..]], 0);

        Assert.Equal(1, graph.Reshape(graph.Constant(new[] { 5f }), size).Shape.Rank);
        Assert.Equal(2, graph.Reshape(graph.Placeholder(DType.Float32), joined).Shape.Rank);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Damaged_copies_of_frozen_graphs_fail_with_a_message_or_run(int first)
    {
        string[] paths = [.. SharedFiles.Enumerate("fixtures/expected/dl4j-tf-graphs", "frozen_model.pb")
            .Where(static p => new FileInfo(p).Length < 20_000)];
        Assert.NotEmpty(paths);
        var random = new Random(first);
        var faults = new List<string>();
        DateTime end = DateTime.UtcNow.AddSeconds(Seconds);
        for (int round = 0; round < Rounds && DateTime.UtcNow < end; round++)
        {
            byte[] bytes = File.ReadAllBytes(paths[round % paths.Length]);
            int seed = random.Next();
            Exception? fault = Record.Exception(() => RunDamaged(bytes, seed, asAttributes: round % 2 == 0));
            // What is large but possible is stopped here.
            if (fault is not (null or OperationCanceledException) && !IsClear(fault))
                faults.Add($"{SharedFiles.Relative(paths[round % paths.Length])}, seed {seed}, round {round}: {fault}");
        }

        Assert.True(faults.Count == 0, string.Join("\n\n", faults.Take(10)));
    }

    private static void RunDamaged(byte[] bytes, int seed, bool asAttributes)
    {
        var random = new Random(seed);
        GraphDef graphDef;
        if (asAttributes)
        {
            graphDef = MessageFile.Parse<GraphDef>(bytes, "frozen_model.pb");
            for (int i = 0; i < 2; i++)
                Damage(graphDef.Node[random.Next(graphDef.Node.Count)], random);
        }
        else
        {
            for (int i = 0; i < 3; i++)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            graphDef = MessageFile.Parse<GraphDef>(bytes, "damaged.pb");
        }

        foreach (string last in graphDef.Node.Select(static n => n.Name).TakeLast(3).ToArray())
            Run(graphDef, last);
    }

    private static void Damage(NodeDef node, Random random)
    {
        long[] sizes = [0, -1, 1, 2, 3, 7, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue, 1L << 31, 1L << 62];
        long Size() => sizes[random.Next(sizes.Length)];
        if (random.Next(4) == 0 && node.Input.Count > 0)
        {
            int at = random.Next(node.Input.Count);
            if (random.Next(2) == 0)
                node.Input.RemoveAt(at);
            else
                node.Input.Add(node.Input[at]);
            return;
        }

        string[] keys = [.. node.Attr.Keys];
        if (keys.Length == 0)
            return;
        AttrValue attr = node.Attr[keys[random.Next(keys.Length)]];
        switch (attr.ValueCase)
        {
            case AttrValue.ValueOneofCase.I:
                attr.I = Size();
                break;
            case AttrValue.ValueOneofCase.Type:
                attr.Type = (DataType)random.Next(25);
                break;
            case AttrValue.ValueOneofCase.S:
                attr.S = ByteString.CopyFromUtf8(random.Next(2) == 0 ? "NCHW" : "");
                break;
            case AttrValue.ValueOneofCase.Shape:
                attr.Shape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dim { Size = Size() }, new TensorShapeProto.Types.Dim { Size = Size() } } };
                break;
            case AttrValue.ValueOneofCase.List when attr.List.I.Count > 0:
                attr.List.I[random.Next(attr.List.I.Count)] = Size();
                break;
            case AttrValue.ValueOneofCase.Tensor when attr.Tensor.Dtype == DataType.DtInt32:
                DamageInts(attr.Tensor, unchecked((int)Size()), random);
                break;
            default:
                attr.ClearValue();
                break;
        }
    }

    private static void DamageInts(TensorProto tensor, int value, Random random)
    {
        if (tensor.TensorContent.Length >= 4 && random.Next(4) > 0)
        {
            byte[] content = tensor.TensorContent.ToByteArray();
            BitConverter.TryWriteBytes(content.AsSpan(random.Next(content.Length / 4) * 4), value);
            tensor.TensorContent = ByteString.CopyFrom(content);
        }
        else if (tensor.TensorShape.Dim.Count > 0 && random.Next(2) == 0)
        {
            tensor.TensorShape.Dim.RemoveAt(0);
        }
        else
        {
            tensor.IntVal.Clear();
            tensor.IntVal.Add(value);
        }
    }

    private static void Run(GraphDef graphDef, string name)
    {
        var graph = new Graph();
        graph.ImportGraphDef(graphDef, "");
        var feeds = new FeedDict();
        foreach (Operation placeholder in graph.Operations.Where(static o => o.Type == "Placeholder" && o.Outputs.Count > 0))
        {
            long[] sizes = placeholder[0].Shape is { HasRank: true } shape ? [.. shape.Select(static s => s < 0 ? 2 : s)] : [2];
            if (sizes.Aggregate(1.0, static (p, s) => p * s) < 1e6 && placeholder[0].DType is not (DType.Invalid or DType.Resource or DType.Variant))
                feeds.Add(placeholder[0], Tensor.Zeros(placeholder[0].DType, sizes));
        }

        using var session = new Session(graph);
        Operation fetch = graph.GetOperationByName(name);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        if (fetch.Outputs.Count == 0)
            session.Run(fetch, feeds, patience.Token);
        else
            session.Run([.. fetch.Outputs.Select(static o => (Fetch)o)], feeds, patience.Token);
    }

    // Of a documented type, and not just the wrapping of a fault that a check should have prevented.
    private static bool IsClear(Exception fault)
    {
        if (fault is not (GraphException or RunException or CheckpointFormatException or ArgumentException or KeyNotFoundException))
            return false;
        for (Exception? inner = fault; inner is not null; inner = inner.InnerException)
        {
            if (inner is IndexOutOfRangeException or NullReferenceException or OutOfMemoryException or InvalidCastException or DivideByZeroException)
                return false;
        }

        return true;
    }

    private static string Nodes(params string[] nodes) => string.Join('\n', nodes);

    private static string Placeholder(string name, string shape, string type = "DT_FLOAT") =>
        $"node {{ name: '{name}' op: 'Placeholder' attr {{ key: 'dtype' value {{ type: {type} }} }} attr {{ key: 'shape' value {{ shape {{ {shape} }} }} }} }}";

    private static string Ints(string name, params int[] values) => Const(name, "DT_INT32", $"dim {{ size: {values.Length} }}", values.Select(static v => $"int_val: {v}"));

    private static string Int(string name, int value) => Const(name, "DT_INT32", "", [$"int_val: {value}"]);

    private static string Longs(string name, params long[] values) => Const(name, "DT_INT64", $"dim {{ size: {values.Length} }}", values.Select(static v => $"int64_val: {v}"));

    private static string Long(string name, long value) => Const(name, "DT_INT64", "", [$"int64_val: {value}"]);

    private static string Float(string name, int value) => Const(name, "DT_FLOAT", "", [$"float_val: {value}"]);

    private static string Matrix(string name, long a, long b) => Const(name, "DT_INT64", "dim { size: 1 } dim { size: 2 }", [$"int64_val: {a}", $"int64_val: {b}"]);

    private static string Image(string name) => Const(name, "DT_FLOAT", "dim { size: 1 } dim { size: 3 } dim { size: 3 } dim { size: 3 }", ["float_val: 1"]);

    private static string Const(string name, string type, string shape, IEnumerable<string> values) =>
        $"node {{ name: '{name}' op: 'Const' attr {{ key: 'dtype' value {{ type: {type} }} }} attr {{ key: 'value' value {{ tensor {{ dtype: {type} tensor_shape {{ {shape} }} {string.Join(' ', values)} }} }} }} }}";

    private static string Convolution(string strides, string dilations = "list { i: 1 i: 1 i: 1 i: 1 }") =>
        "node { name: 'y' op: 'Conv2D' input: 'x' input: 'f' attr { key: 'T' value { type: DT_FLOAT } } attr { key: 'padding' value { s: 'SAME' } } "
        + $"attr {{ key: 'strides' value {{ {strides} }} }} attr {{ key: 'dilations' value {{ {dilations} }} }} }}";

    private static string Pool(string size, string strides) =>
        "node { name: 'y' op: 'MaxPool' input: 'x' attr { key: 'T' value { type: DT_FLOAT } } attr { key: 'padding' value { s: 'VALID' } } "
        + $"attr {{ key: 'ksize' value {{ {size} }} }} attr {{ key: 'strides' value {{ {strides} }} }} }}";
}
