using NotebookPersist.Formats;
using NotebookPersist.Formats.Bundles;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Formats.Slices;
using NotebookPersist.Protos;
using Xunit;
using Xunit.Abstractions;

namespace NotebookPersist.Tests.Formats;

/// <summary>What is written here is read by code that shares nothing with ours, which reads what TensorFlow wrote as TensorFlow does.</summary>
public sealed class IndependentReaderTests(ITestOutputHelper output) : IDisposable
{
    private static readonly DType[] _stored = [.. Enum.GetValues<DType>().Where(static t => t.HasFixedSize() && t != DType.Invalid)];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [PythonFact]
    public void The_independent_reader_itself_agrees_with_tensorflow()
    {
        int checkpoints = 0, compared = 0;
        foreach (GoldenCheckpoint golden in GoldenCheckpoint.All("v?"))
        {
            // It computes checksums one byte at a time, and knows nothing of merges that went wrong.
            if (golden.Name is "v2_large" or "v2_many" or "v1_many" or "v1_many_snappy" or "v1_slices_large_offsets" or "v2_sharded_empty_part")
                continue;
            Dictionary<string, IndependentCheckpoint.Seen> seen = IndependentCheckpoint.Read(golden.Prefix);
            foreach (GoldenCheckpoint.Row row in golden.Rows())
            {
                // Bytes that are no text appear as lone surrogates, here as there.
                IndependentCheckpoint.Seen tensor = seen[row.Name];
                Assert.Equal((row.Type, row.Shape), (tensor.DType.SignatureName(), $"[{string.Join(',', tensor.Shape.ToArray())}]"));
                Assert.True(!row.IsReadable || row.Crc == tensor.Crc, $"{golden.Name}: {row.Name}");
                compared++;
            }

            Assert.Equal(golden.Rows().Count(), seen.Count);
            checkpoints++;
        }

        output.WriteLine($"{checkpoints} checkpoints of TensorFlow, {compared} tensors equal.");
        Assert.True(checkpoints >= 13 && compared > 150);
    }

    [PythonTheory]
    [InlineData(1, 1)]
    [InlineData(1, 64)]
    [InlineData(3, 1)]
    public void Bundles_of_all_types_strings_and_slices_are_read_by_others(int shards, int alignment)
    {
        Dictionary<string, Tensor> tensors = All();
        using (BundleWriter writer = shards == 1 ? BundleWriter.Create(_folder["m"], 0, alignment) : BundleWriter.CreateSharded(_folder["m"], shards))
        {
            for (int shard = 0; shard < shards && shards > 1; shard++)
                writer.StartShard(shard, 0);
            int at = 0;
            foreach ((string name, Tensor tensor) in tensors)
                writer.Add(at++ % shards, name, tensor);
            foreach ((string name, Shape full, TensorSlice slice, Tensor part) in Parts())
                writer.Add(at++ % shards, name, full, slice, part);
            writer.Finish();
        }

        RequireSeen(tensors, _folder["m"]);
    }

    [PythonFact]
    public void Bundles_that_share_a_data_file_are_read_by_others()
    {
        Dictionary<string, Tensor> tensors = new(StringComparer.Ordinal) { ["kept"] = SampleTensors.OfType(DType.Float32, 5, 3), ["texts"] = SampleTensors.Strings("a", "", "ü") };
        using (BundleWriter writer = BundleWriter.Create(_folder["first"]))
        {
            foreach ((string name, Tensor tensor) in tensors)
                writer.Add(name, tensor);
            writer.Finish();
        }

        using (BundleReader first = BundleReader.Open(_folder["first"]))
        using (BundleWriter writer = BundleWriter.CreateSharded(_folder["second"], 2))
        {
            writer.LinkShard(0, _folder["first.data-00000-of-00001"]);
            foreach (string name in tensors.Keys)
                writer.AddLinked(0, name, null, first.Stored(name));
            tensors.Add("new", SampleTensors.OfType(DType.Int64, 4));
            writer.StartShard(1, 0);
            writer.Add(1, "new", tensors["new"]);
            writer.Finish();
        }

        Dictionary<string, IndependentCheckpoint.Seen> seen = IndependentCheckpoint.Read(_folder["second"]);
        Assert.Equal(tensors.Keys.Order(), seen.Keys.Order());
        foreach ((string name, Tensor tensor) in tensors)
            Assert.Equal(IndependentCheckpoint.Digest(tensor), seen[name].Digest);
    }

    [PythonTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void V1_files_of_all_types_strings_and_slices_are_read_by_others(int shards)
    {
        Dictionary<string, Tensor> tensors = All().Where(static t => SliceFileWriter.CanStore(t.Value.DType)).ToDictionary(StringComparer.Ordinal);
        SliceFileWriter[] writers = [.. Enumerable.Range(0, shards).Select(i => new SliceFileWriter(shards == 1 ? _folder["m"] : SliceFileWriter.ShardPath(_folder["m"], i, shards)))];
        int at = 0;
        foreach ((string name, Tensor tensor) in tensors)
            writers[at++ % shards].Add(name, tensor);
        foreach ((string name, Shape full, TensorSlice slice, Tensor part) in Parts())
            writers[at++ % shards].Add(name, full, slice, part);
        foreach (SliceFileWriter writer in writers)
            writer.Finish();
        RequireSeen(tensors, _folder["m"]);
    }

    [PythonFact]
    public void Saved_models_and_meta_graphs_are_read_by_others()
    {
        var graph = new Graph();
        Output input = graph.Placeholder(DType.Float32, new long[] { 2 }, "x");
        Variable weight = graph.Variable(new[] { 0.5f, -3f }, name: "w");
        Output result = graph.Multiply(input, weight.Value, "y");
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        SavedModel.SimpleSave(session, _folder["model"], new Dictionary<string, Output> { ["x"] = input }, new Dictionary<string, Output> { ["y"] = result });
        Dictionary<string, IndependentCheckpoint.Seen> seen = IndependentCheckpoint.Read(_folder["model/variables/variables"]);
        Assert.Equal(IndependentCheckpoint.Digest(Tensor.Of<float>(new long[] { 2 }, [0.5f, -3])), Assert.Single(seen, static s => s.Key == "w").Value.Digest);
        Assert.Equal(Expected(SavedModel.Load(_folder["model"]).MetaGraph.GraphDef), IndependentCheckpoint.Nodes(_folder["model/saved_model.pb"], 2, 2));

        MetaGraphFiles.Export(_folder["m.meta"], graph);
        Assert.Equal(graph.Operations.Select(static o => (o.Name, o.Type)), IndependentCheckpoint.Nodes(_folder["m.meta"], 2));
        MessageFile.Write(_folder["m.pb"], graph.ToGraphDef());
        Assert.Equal(graph.Operations.Select(static o => (o.Name, o.Type)), IndependentCheckpoint.Nodes(_folder["m.pb"]));
    }

    [PythonFact]
    public void Graphs_of_other_tools_have_the_nodes_that_others_see()
    {
        int graphs = 0;
        foreach (string path in SharedFiles.Enumerate("fixtures/frozen", "*.pb").Where(static p => new FileInfo(p).Length < 200_000).Take(7))
        {
            Assert.Equal(Expected(MessageFile.Read<GraphDef>(path)), IndependentCheckpoint.Nodes(path));
            graphs++;
        }

        foreach (string path in SharedFiles.Enumerate("fixtures/savedmodel", "saved_model.pb").Where(static p => new FileInfo(p).Length < 100_000).Take(7))
        {
            Assert.Equal(Expected(MessageFile.Read<NotebookPersist.Protos.SavedModel>(path).MetaGraphs[^1].GraphDef), IndependentCheckpoint.Nodes(path, 2, 2));
            graphs++;
        }

        output.WriteLine($"{graphs} graphs of other tools have the same nodes.");
        Assert.True(graphs >= 12);
    }

    private static (string Name, string Op)[] Expected(GraphDef graph) => [.. graph.Node.Select(static n => (n.Name, n.Op))];

    private static Dictionary<string, Tensor> All()
    {
        Dictionary<string, Tensor> tensors = SampleTensors.Named(_stored);
        tensors.Add("strings", SampleTensors.Strings("", "one", new string('x', 300), "größe\0\n"));
        tensors.Add("no strings", Tensor.OfStrings(new long[] { 0 }, []));
        return tensors;
    }

    // Whole tensors, cut in one and in two dimensions.
    private static readonly Dictionary<string, Tensor> _partitioned = new()
    {
        ["parts/rows"] = Tensor.Of<float>(new long[] { 4, 2 }, [1, 2, 3, 4, 5, 6, 7, 8]),
        ["parts/grid"] = Tensor.Of<long>(new long[] { 2, 3 }, [10, 20, 30, 40, 50, 60]),
        ["parts/texts"] = SampleTensors.Strings("a", "bc", "", "d"),
    };

    private static IEnumerable<(string Name, Shape Full, TensorSlice Slice, Tensor Part)> Parts()
    {
        yield return ("parts/rows", new long[] { 4, 2 }, TensorSlice.Parse("0,3:-"), Tensor.Of<float>(new long[] { 3, 2 }, [1, 2, 3, 4, 5, 6]));
        yield return ("parts/rows", new long[] { 4, 2 }, TensorSlice.Parse("3,1:-"), Tensor.Of<float>(new long[] { 1, 2 }, [7, 8]));
        yield return ("parts/grid", new long[] { 2, 3 }, TensorSlice.Parse("0,1:0,2"), Tensor.Of<long>(new long[] { 1, 2 }, [10, 20]));
        yield return ("parts/grid", new long[] { 2, 3 }, TensorSlice.Parse("0,1:2,1"), Tensor.Of<long>(new long[] { 1, 1 }, [30]));
        yield return ("parts/grid", new long[] { 2, 3 }, TensorSlice.Parse("1,1:-"), Tensor.Of<long>(new long[] { 1, 3 }, [40, 50, 60]));
        yield return ("parts/texts", new long[] { 4 }, TensorSlice.Parse("0,1"), SampleTensors.Strings("a"));
        yield return ("parts/texts", new long[] { 4 }, TensorSlice.Parse("1,3"), SampleTensors.Strings("bc", "", "d"));
    }

    private void RequireSeen(Dictionary<string, Tensor> tensors, string prefix)
    {
        Dictionary<string, IndependentCheckpoint.Seen> seen = IndependentCheckpoint.Read(prefix);
        Assert.Equal(tensors.Keys.Concat(_partitioned.Keys).Order(StringComparer.Ordinal), seen.Keys.Order(StringComparer.Ordinal));
        foreach ((string name, Tensor tensor) in tensors.Concat(_partitioned))
        {
            Assert.Equal((tensor.DType, tensor.Shape), (seen[name].DType, seen[name].Shape));
            Assert.True(IndependentCheckpoint.Digest(tensor) == seen[name].Digest, name);
        }

        Assert.Equal([2, 3, 2], _partitioned.Keys.Select(n => seen[n].SliceCount));
        output.WriteLine($"{seen.Count} tensors read equal.");
    }
}
