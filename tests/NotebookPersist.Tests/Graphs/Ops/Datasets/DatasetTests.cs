using System.IO.Compression;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Formats.Records;
using NotebookPersist.Graphs.Functions;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Datasets;

/// <summary>Datasets and iterators as imported training graphs have them.</summary>
public sealed class DatasetTests : IDisposable
{
    private readonly Graph _graph = new();
    private readonly Session _session;

    public DatasetTests() => _session = new Session(_graph);

    [Fact]
    public void Slices_are_given_one_by_one_until_the_end()
    {
        Output slices = Dataset("TensorSliceDataset", [[2]], new() { { "Toutput_types", One(DType.Float32) } }, new[,] { { 1f, 2 }, { 3, 4 }, { 5, 6 } });
        (Operation make, Output[] next) = Iterator(slices, [DType.Float32], [[2]]);
        Assert.Equal(RunErrorCode.FailedPrecondition, Assert.Throws<RunException>(() => _session.Run(next[0])).Code);
        for (int epoch = 0; epoch < 2; epoch++)
        {
            _session.Run(make);
            for (int i = 0; i < 3; i++)
                Assert.Equal([(2 * i) + 1f, (2 * i) + 2], _session.Run(next[0]).ToArray<float>());
            RunException end = Assert.Throws<RunException>(() => _session.Run(next[0]));
            Assert.Equal((RunErrorCode.OutOfRange, true), (end.Code, end.Message.StartsWith("End of sequence", StringComparison.Ordinal)));
        }

        Assert.Equal([2L], next[0].Shape.ToArray());
    }

    [Fact]
    public void Elements_are_mapped_filtered_batched_and_repeated()
    {
        Output numbers = Range(10);
        NameAttrList square = Function("square", DType.Int64, static (g, x) => x * x);
        NameAttrList even = Function("even", DType.Int64, static (g, x) => g.Equal(g.AddOperation("FloorMod", null, null, x, 2L)[0], 0L));
        Output mapped = Dataset("MapDataset", [Shape.Scalar], new() { { "f", square }, { "Targuments", Array.Empty<DType>() }, { "output_types", Types(DType.Int64) } }, numbers);
        Output filtered = Dataset("FilterDataset", [Shape.Scalar], new() { { "predicate", even }, { "Targuments", Array.Empty<DType>() }, { "output_types", Types(DType.Int64) } }, mapped);
        Output repeated = Dataset("RepeatDataset", [Shape.Scalar], new() { { "output_types", Types(DType.Int64) } }, filtered, 2L);
        Output batched = Dataset("BatchDatasetV2", [[-1]], new() { { "output_types", Types(DType.Int64) } }, repeated, 4L, false);
        Assert.Equal(["0,4,16,36", "64,0,4,16", "36,64"], All(batched));
        Output dropped = Dataset("BatchDatasetV2", [[-1]], new() { { "output_types", Types(DType.Int64) } }, repeated, 4L, true);
        Assert.Equal(["0,4,16,36", "64,0,4,16"], All(dropped));
        Output forever = Dataset("RepeatDataset", [Shape.Scalar], new() { { "output_types", Types(DType.Int64) } }, Dataset("TakeDataset", [Shape.Scalar], new() { { "output_types", Types(DType.Int64) } }, numbers, 0L), -1L);
        Assert.Equal([], All(forever));
    }

    [Fact]
    public void Datasets_are_joined_and_taken_apart()
    {
        Output five = Range(5), three = Range(3);
        Assert.Equal(["0", "1", "2", "0", "1", "2", "3", "4"], All(Dataset("ConcatenateDataset", [Shape.Scalar], new() { { "output_types", Types(DType.Int64) } }, three, five)));
        Assert.Equal(["3", "4"], All(Dataset("SkipDataset", [Shape.Scalar], new() { { "output_types", Types(DType.Int64) } }, five, 3L)));
        Assert.Equal(["1", "4"], All(Dataset("ShardDataset", [Shape.Scalar], new() { { "output_types", Types(DType.Int64) } }, five, 3L, 1L)));
        Output zipped = _graph.AddOperation("ZipDataset", null, new() { { "output_types", Types(DType.Int64, DType.Int64) }, { "output_shapes", Shapes(Shape.Scalar, Shape.Scalar) } }, five, three)[0];
        (Operation make, Output[] next) = Iterator(zipped, [DType.Int64, DType.Int64], [Shape.Scalar, Shape.Scalar]);
        _session.Run(make);
        for (long i = 0; i < 3; i++)
            Assert.Equal([i, i], _session.Run([next[0], next[1]]).Select(static t => t!.Item<long>()));
        Assert.Throws<RunException>(() => _session.Run(next[0]));
        Output batched = Dataset("BatchDataset", [[-1]], new() { { "output_types", Types(DType.Int64) } }, five, 2L);
        Assert.Equal(["0", "1", "2", "3", "4"], All(Dataset("UnbatchDataset", [Shape.Scalar], new() { { "output_types", Types(DType.Int64) } }, batched)));
        Assert.Equal("The only one: 7", $"The only one: {_session.Run(_graph.AddOperation("DatasetToSingleElement", null, new() { { "output_types", Types(DType.Int64) }, { "output_shapes", Shapes(Shape.Scalar) } }, Dataset("TensorDataset", [Shape.Scalar], new() { { "Toutput_types", One(DType.Int64) } }, 7L))[0]).Item<long>()}");
    }

    [Fact]
    public void Nested_datasets_take_turns()
    {
        NameAttrList inner = Function("inner", DType.Int64, (g, x) =>
            g.AddOperation("RangeDataset", null, new() { { "output_types", Types(DType.Int64) }, { "output_shapes", Shapes(Shape.Scalar) } }, x * 10L, (x * 10L) + x, 1L)[0]);
        AttributeList Attributes() => new() { { "f", inner }, { "Targuments", Array.Empty<DType>() }, { "output_types", Types(DType.Int64) } };
        Assert.Equal(["10", "20", "21", "30", "31", "32"], All(Dataset("FlatMapDataset", [Shape.Scalar], Attributes(), Range(4))));
        Assert.Equal(["10", "20", "30", "21", "31", "32"], All(Dataset("InterleaveDataset", [Shape.Scalar], Attributes(), Range(4), 4L, 1L)));
    }

    [Fact]
    public void Padded_batches_take_the_largest_size()
    {
        NameAttrList repeat = Function("repeat", DType.Int64, static (g, x) => g.Fill(g.Reshape(x, new[] { 1 }), x));
        Output mapped = Dataset("MapDataset", [[-1]], new() { { "f", repeat }, { "Targuments", Array.Empty<DType>() }, { "output_types", Types(DType.Int64) } }, Range(4));
        Output padded = _graph.AddOperation(
            "PaddedBatchDatasetV2", null, new() { { "Toutput_types", One(DType.Int64) }, { "output_shapes", Shapes([-1, -1]) } }, mapped, 4L, Tensor.Of<long>([1], [-1]), -1L, false)[0];
        Assert.Equal(["-1,-1,-1,1,-1,-1,2,2,-1,3,3,3"], All(padded));
    }

    [Fact]
    public void A_shuffled_dataset_has_all_elements_and_the_same_order_for_the_same_seeds()
    {
        Output Shuffled(bool again) => Dataset("ShuffleDataset", [Shape.Scalar], new() { { "reshuffle_each_iteration", again }, { "output_types", Types(DType.Int64) } }, Range(20), 7L, 3L, 5L);
        string[] fixedOrder = All(Dataset("RepeatDataset", [Shape.Scalar], new() { { "output_types", Types(DType.Int64) } }, Shuffled(false), 2L));
        string[] order = All(Dataset("RepeatDataset", [Shape.Scalar], new() { { "output_types", Types(DType.Int64) } }, Shuffled(true), 2L));
        Assert.Equal(fixedOrder[..20], fixedOrder[20..]);
        Assert.NotEqual(order[..20], order[20..]);
        Assert.Equal(order, All(Dataset("RepeatDataset", [Shape.Scalar], new() { { "output_types", Types(DType.Int64) } }, Shuffled(true), 2L)));
        Assert.All(new[] { fixedOrder[..20], order[..20], order[20..] }, static o => Assert.Equal(Enumerable.Range(0, 20), o.Select(int.Parse).Order()));
        // An element is at most so much early as the buffer is long.
        Assert.All(fixedOrder[..20].Select(static (e, i) => int.Parse(e) - i), static early => Assert.True(early < 7));
    }

    [Fact]
    public void A_one_shot_iterator_begins_by_itself()
    {
        var inner = new Graph { Library = _graph.Library };
        Output made = inner.AddOperation("RangeDataset", null, new() { { "output_types", Types(DType.Int64) }, { "output_shapes", Shapes(Shape.Scalar) } }, 3L, 6L, 1L)[0];
        NameAttrList factory = FunctionDefs.AddTo(_graph, "factory", [], [made]);
        Output handle = _graph.AddOperation("OneShotIterator", null, new() { { "dataset_factory", factory }, { "output_types", Types(DType.Int64) }, { "output_shapes", Shapes(Shape.Scalar) } })[0];
        Output next = _graph.AddOperation("IteratorGetNext", null, new() { { "output_types", Types(DType.Int64) }, { "output_shapes", Shapes(Shape.Scalar) } }, handle)[0];
        Assert.Equal([3L, 4, 5], Enumerable.Range(0, 3).Select(_ => _session.Run(next).Item<long>()));
        Assert.Equal(RunErrorCode.OutOfRange, Assert.Throws<RunException>(() => _session.Run(next)).Code);
        using var another = new Session(_graph);
        Assert.Equal(3, another.Run(next).Item<long>());
    }

    [Fact]
    public void Lines_of_files_are_elements_also_of_compressed_ones()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["a.txt"], "one\r\ntwo\n");
        File.WriteAllText(folder["b.txt"], "three");
        using (var zip = new System.IO.Compression.GZipStream(File.Create(folder["c.gz"]), System.IO.Compression.CompressionMode.Compress))
            zip.Write("four\nfive\n"u8);
        Output plain = _graph.AddOperation("TextLineDataset", null, null, new[] { folder["a.txt"], folder["b.txt"] }, "", 0L)[0];
        Output zipped = _graph.AddOperation("TextLineDataset", null, null, folder["c.gz"], "GZIP", 0L)[0];
        Output missing = _graph.AddOperation("TextLineDataset", null, null, folder["none.txt"], "", 0L)[0];
        Assert.Equal(["one", "two", "three"], All(plain, DType.String));
        Assert.Equal(["four", "five"], All(zipped, DType.String));
        Assert.Equal(RunErrorCode.NotFound, Assert.Throws<RunException>(() => All(missing, DType.String)).Code);
    }

    [Fact]
    public void The_end_can_be_asked_for()
    {
        (Operation make, Output[] next) = Iterator(Range(1), [DType.Int64], [Shape.Scalar]);
        AttributeList Element() => new() { { "output_types", Types(DType.Int64) }, { "output_shapes", Shapes(Shape.Scalar) } };
        Output optional = _graph.AddOperation("IteratorGetNextAsOptional", null, Element(), next[0].Operation.Inputs[0])[0];
        Output has = _graph.AddOperation("OptionalHasValue", null, null, optional)[0], value = _graph.AddOperation("OptionalGetValue", null, Element(), optional)[0];
        _session.Run(make);
        Tensor?[] found = _session.Run([has, value]);
        Assert.True(found[0]!.Data<bool>()[0]);
        Assert.Equal(0, found[1]!.Item<long>());
        Assert.False(_session.Run(has).Data<bool>()[0]);
        Assert.Throws<RunException>(() => _session.Run(value));
    }

    [Fact]
    public void A_dataset_is_reduced_to_a_state()
    {
        var inner = new Graph { Library = _graph.Library };
        Output state = inner.Placeholder(DType.Int64, Shape.Unknown), element = inner.Placeholder(DType.Int64, Shape.Unknown);
        NameAttrList add = FunctionDefs.AddTo(_graph, "add", [state, element], [state + element]);
        Output sum = _graph.AddOperation("ReduceDataset", null, new() { { "f", add }, { "Tstate", One(DType.Int64) }, { "Targuments", Array.Empty<DType>() }, { "output_types", Types(DType.Int64) }, { "output_shapes", Shapes(Shape.Scalar) } }, Range(5), 100L)[0];
        Assert.Equal(110, _session.Run(sum).Item<long>());
    }

    [Theory]
    [InlineData("ScanDataset")]
    [InlineData("ExperimentalScanDataset")]
    public void A_state_goes_from_element_to_element(string type)
    {
        var inner = new Graph { Library = _graph.Library };
        Output state = inner.Placeholder(DType.Int64, Shape.Scalar), element = inner.Placeholder(DType.Int64, Shape.Scalar);
        NameAttrList running = FunctionDefs.AddTo(_graph, "running", [state, element], [state + element, (state + element) * 10L]);
        Output sums = Dataset(
            type, [Shape.Scalar], new() { { "f", running }, { "Tstate", One(DType.Int64) }, { "Targuments", Array.Empty<DType>() }, { "output_types", Types(DType.Int64) } }, Range(5), 1L);
        Assert.Equal(["10", "20", "40", "70", "110"], All(sums));
        Assert.Equal(["10", "20", "40", "70", "110"], All(sums));
    }

    [Theory]
    [InlineData("TakeWhileDataset")]
    [InlineData("ExperimentalTakeWhileDataset")]
    public void Elements_are_taken_while_they_fit(string type)
    {
        NameAttrList small = Function("small", DType.Int64, static (g, x) => g.Less(g.AddOperation("FloorMod", null, null, x, 5L)[0], 3L));
        Output taken = Dataset(type, [Shape.Scalar], new() { { "predicate", small }, { "Targuments", Array.Empty<DType>() }, { "output_types", Types(DType.Int64) } }, Range(9));
        Assert.Equal(["0", "1", "2"], All(taken));
    }

    [Fact]
    public void Kept_elements_are_not_computed_again()
    {
        NameAttrList draw = Function("draw", DType.Int64, static (g, x) => x + g.Cast(g.RandomUniform(Shape.Scalar, 0, 1 << 30, DType.Int32), DType.Int64));
        Output drawn = Dataset("MapDataset", [Shape.Scalar], new() { { "f", draw }, { "Targuments", Array.Empty<DType>() }, { "output_types", Types(DType.Int64) } }, Range(4));
        Output kept = Dataset("CacheDataset", [Shape.Scalar], new() { { "output_types", Types(DType.Int64) } }, drawn, "");
        Output twice = Dataset("RepeatDataset", [Shape.Scalar], new() { { "output_types", Types(DType.Int64) } }, kept, 2L);
        string[] all = All(twice);
        Assert.Equal(8, all.Length);
        Assert.Equal(all[..4], all[4..]);
    }

    [Fact]
    public void Shuffled_elements_come_as_often_as_asked()
    {
        AttributeList Attributes() => new() { { "output_types", Types(DType.Int64) } };
        string[] first = All(Dataset("ShuffleAndRepeatDataset", [Shape.Scalar], Attributes(), Range(6), 4L, 3L, 5L, 3L));
        Assert.Equal(Enumerable.Range(0, 6).SelectMany(static i => Enumerable.Repeat($"{i}", 3)), first.Order());
        Assert.NotEqual(first.Order(), first);
        Assert.Equal(first, All(Dataset("ShuffleAndRepeatDataset", [Shape.Scalar], Attributes(), Range(6), 4L, 3L, 5L, 3L)));
    }

    [Fact]
    public void Records_of_files_are_elements()
    {
        using var folder = new TemporaryFolder();
        string records = folder["a.tfrecord"], lengths = folder["b.bin"], packed = folder["b.gz"];
        using (FileStream file = File.Create(records))
        {
            var writer = new RecordWriter(file);
            writer.Write("one"u8);
            writer.Write("three"u8);
        }

        File.WriteAllBytes(lengths, "HEADabcdefFOOT"u8.ToArray());
        using (var pack = new GZipStream(File.Create(packed), CompressionMode.Compress))
            pack.Write("HEADabcdefFOOT"u8);
        string[] Read(string type, params ReadOnlySpan<Operand> inputs) => All(_graph.AddOperation(type, null, null, inputs)[0], DType.String);
        Assert.Equal(["one", "three", "one", "three"], Read("TFRecordDataset", new[] { records, records }, "", 0L));
        Assert.Equal(["ab", "cd", "ef"], Read("FixedLengthRecordDataset", lengths, 4L, 2L, 4L, 0L));
        Assert.Equal(["abc", "def"], Read("FixedLengthRecordDatasetV2", packed, 4L, 3L, 4L, 0L, "GZIP"));
        Assert.Equal(RunErrorCode.NotFound, Assert.Throws<RunException>(() => Read("FixedLengthRecordDataset", lengths, 4L, 4L, 4L, 0L)).Code);
        Assert.Equal(RunErrorCode.NotFound, Assert.Throws<RunException>(() => Read("TFRecordDataset", folder["none"], "", 0L)).Code);
    }

    [Fact]
    public void Calls_to_other_devices_run_here()
    {
        NameAttrList square = Function("square_of", DType.Int64, static (g, x) => x * x);
        Operation call = _graph.AddOperation("RemoteCall", null, new() { { "f", square }, { "Tin", One(DType.Int64) }, { "Tout", One(DType.Int64) } }, "/job:localhost/replica:0/task:0/device:CPU:0", 7L);
        Assert.Equal(49, _session.Run(call[0]).Item<long>());
    }

    public void Dispose() => _session.Dispose();

    private static DType[] One(DType type) => [type];

    private static AttrValue Types(params DType[] types) => new() { List = new AttrValue.Types.ListValue { Type = { types.Select(static t => (DataType)t) } } };

    private static AttrValue Shapes(params Shape[] shapes) => new() { List = new AttrValue.Types.ListValue { Shape = { shapes.Select(static s => s.ToProto()) } } };

    private Output Range(long count) => _graph.AddOperation("RangeDataset", null, new() { { "output_types", Types(DType.Int64) }, { "output_shapes", Shapes(Shape.Scalar) } }, 0L, count, 1L)[0];

    private Output Dataset(string type, Shape[] shapes, AttributeList attributes, params ReadOnlySpan<Operand> inputs)
    {
        attributes.Add("output_shapes", Shapes(shapes));
        return _graph.AddOperation(type, null, attributes, inputs)[0];
    }

    private NameAttrList Function(string name, DType type, Func<Graph, Output, Output> build)
    {
        var inner = new Graph { Library = _graph.Library };
        Output argument = inner.Placeholder(type, Shape.Scalar);
        return FunctionDefs.AddTo(_graph, name, [argument], [build(inner, argument)]);
    }

    private (Operation Make, Output[] Next) Iterator(Output dataset, DType[] types, Shape[] shapes)
    {
        Output handle = _graph.AddOperation("IteratorV2", null, new() { { "shared_name", "" }, { "container", "" }, { "output_types", Types(types) }, { "output_shapes", Shapes(shapes) } })[0];
        Operation make = _graph.AddOperation("MakeIterator", null, null, dataset, handle);
        return (make, [.. _graph.AddOperation("IteratorGetNext", null, new() { { "output_types", Types(types) }, { "output_shapes", Shapes(shapes) } }, handle).Outputs]);
    }

    private string[] All(Output dataset, DType type = DType.Int64)
    {
        (Operation make, Output[] next) = Iterator(dataset, [type], [Shape.Unknown]);
        _session.Run(make);
        var all = new List<string>();
        while (true)
        {
            try
            {
                Tensor element = _session.Run(next[0]);
                all.Add(type == DType.String ? OpRuns.Texts(element)[0] : string.Join(',', element.ToArray<long>()));
            }
            catch (RunException end) when (end.Code == RunErrorCode.OutOfRange)
            {
                return [.. all];
            }
        }
    }
}
