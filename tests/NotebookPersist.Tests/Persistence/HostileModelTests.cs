using System.IO.Compression;
using System.Text;
using Google.Protobuf;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Bundles;
using NotebookPersist.Formats.Npy;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Formats.Records;
using NotebookPersist.Formats.SafeTensors;
using NotebookPersist.Formats.Slices;
using NotebookPersist.Persistence;
using NotebookPersist.Protos;
using NotebookPersist.Tests.Execution;
using NotebookPersist.Tests.Notebooks.Display;
using NotebookPersist.Tool.Json;
using Xunit;
using static NotebookPersist.Protos.TrackableObjectGraph.Types;

namespace NotebookPersist.Tests.Persistence;

/// <summary>Files made by somebody who means harm, as no chance makes them: each ends in one clear error, or does no harm.</summary>
[Collection(nameof(Undisturbed))]
public sealed class HostileModelTests : IDisposable
{
    // Generous beside what is read, and far below what the attacks are after.
    private const long MostAllocated = 200L << 20;

    // Names of this size are shown whole.
    private const int MostShown = 20_000_000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sizes_whose_sum_overflows_are_listed()
    {
        // A V1 file tells shapes before anybody can see that their values are missing.
        var writer = new SliceFileWriter(_folder["m"]);
        foreach (string name in new[] { "a", "b", "c" })
            writer.Add(name, Shape.Create([1L << 40, 1L << 22]), TensorSlice.Parse("0,1:0,1"), Tensor.Of<float>([1, 1], [1f]));
        writer.Finish();
        ModelInspection inspection = ModelInspection.Of(_folder["m"]);
        Assert.Equal(3, inspection.Tensors!.Count);
        Assert.Equal(long.MaxValue, Totals.Of(inspection.Tensors.Select(static t => Totals.ElementsOf(t.Shape))));
        Assert.Contains("m", Fragments.Render(inspection).Text, StringComparison.Ordinal);
        using Checkpoint checkpoint = Checkpoint.Open(_folder["m"]);
        Assert.Equal(long.MaxValue, checkpoint.ByteCount);
        Assert.ThrowsAny<IOException>(() => checkpoint.Read("a"));
        Assert.ThrowsAny<IOException>(() => ModelConverter.Convert(_folder["m"], _folder["m.npz"]));
        Assert.ThrowsAny<IOException>(() => ModelConverter.Convert(_folder["m"], _folder["v2.ckpt"]));
        Assert.NotEmpty(CheckpointDoctor.Examine(_folder["m"]).Findings);
    }

    [Theory]
    [InlineData("[4294967296,4294967296,4]", 4)]
    [InlineData("[9223372036854775807]", 4)]
    [InlineData("[-1]", 4)]
    [InlineData("[-1,-4]", 16)]
    [InlineData("[1e0]", 4)]
    [InlineData("[1.0]", 4)]
    [InlineData("[18446744073709551617]", 4)]
    public void Safetensors_shapes_that_overflow_are_refused(string shape, int size) =>
        RefuseSafeTensors($"{{\"a\":{{\"dtype\":\"F32\",\"shape\":{shape},\"data_offsets\":[0,{size}]}}}}", size);

    [Theory]
    [InlineData("[0,8]", "[4,12]", 12)]
    [InlineData("[0,8]", "[0,8]", 8)]
    [InlineData("[4,12]", "[0,8]", 12)]
    [InlineData("[0,8]", "[8,8]", 8)]
    [InlineData("[0,8]", "[18446744073709551608,18446744073709551616]", 8)]
    [InlineData("[0,8]", "[-8,0]", 8)]
    [InlineData("[0,8]", "[16,8]", 16)]
    public void Safetensors_ranges_that_overlap_or_run_backwards_are_refused(string first, string second, int size) => RefuseSafeTensors(
        $"{{\"a\":{{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":{first}}},\"b\":{{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":{second}}}}}", size);

    [Theory]
    [InlineData("../../evil", "lead out")]
    [InlineData("/etc/evil", "lead out")]
    [InlineData("a\\..\\evil", "lead out")]
    [InlineData("C:evil", "lead out")]
    [InlineData("a\0b", "holds a zero")]
    public void A_name_that_leads_out_of_an_archive_is_not_written(string name, string reason) => RefuseName(name, reason);

    [Fact]
    public void A_name_that_is_no_text_is_not_written_to_an_archive() => RefuseName("a\udc80", "not valid UTF-8");

    private void RefuseName(string name, string reason)
    {
        using (BundleWriter writer = BundleWriter.Create(_folder["m"]))
        {
            writer.Add(name, 1f);
            writer.Finish();
        }

        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => ModelConverter.Convert(_folder["m"], _folder["m.npz"])).Message, StringComparison.Ordinal);
        ModelConverter.Convert(_folder["m"], _folder["m.npz"], new ConversionOptions { Map = new Dictionary<string, string> { [name] = "tame..name/x" } });
        var map = new Dictionary<string, string> { ["tame..name/x"] = name };
        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => ModelConverter.Convert(_folder["m.npz"], _folder["n.npz"], new ConversionOptions { Map = map })).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["n.npz"]));
    }

    [Fact]
    public void A_member_that_leads_out_is_only_a_name_here()
    {
        using (ZipArchive archive = ZipFile.Open(_folder["m.npz"], ZipArchiveMode.Create))
        {
            using Stream stream = archive.CreateEntry("../../evil.npy").Open();
            NpyFile.Write(stream, 1f, CancellationToken.None);
        }

        ModelConverter.Convert(_folder["m.npz"], _folder["out.ckpt"]);
        using Checkpoint checkpoint = Checkpoint.Open(_folder["out.ckpt"]);
        Assert.Equal("../../evil", Assert.Single(checkpoint.Tensors).Name);
        Assert.Equal(["m.npz", "out.ckpt.data-00000-of-00001", "out.ckpt.index"], Directory.EnumerateFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Archive_entries_that_share_their_bytes_are_refused()
    {
        using (ZipArchive archive = ZipFile.Open(_folder["m.npz"], ZipArchiveMode.Create))
        {
            foreach (string name in new[] { "a0.npy", "a1.npy", "a2.npy" })
            {
                using Stream stream = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
                NpyFile.Write(stream, Tensor.Zeros(DType.UInt8, [name == "a0.npy" ? 100_000 : 1]), CancellationToken.None);
            }
        }

        // All three directory records tell of the first entry's bytes.
        byte[] file = File.ReadAllBytes(_folder["m.npz"]);
        int[] records = [.. Enumerable.Range(0, file.Length - 4).Where(i => file.AsSpan(i, 4).SequenceEqual("PK\u0001\u0002"u8))];
        foreach (int record in records[1..])
        {
            file.AsSpan(records[0] + 16, 12).CopyTo(file.AsSpan(record + 16));
            file.AsSpan(records[0] + 42, 4).CopyTo(file.AsSpan(record + 42));
        }

        File.WriteAllBytes(_folder["m.npz"], file);
        Assert.Contains("overlap", Assert.Throws<CheckpointFormatException>(() => NpzReader.Open(_folder["m.npz"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'<f8'", "(2147483647, 2147483647)")]
    [InlineData("'<U2147483647'", "(1,)")]
    [InlineData("'<U99999999999'", "(1,)")]
    [InlineData("'|S2147483647'", "(2147483647,)")]
    [InlineData("'|O'", "(1,)")]
    [InlineData("'|V8'", "(1,)")]
    [InlineData("'<f4'", "(-1,)")]
    [InlineData("'<f4'", "(18446744073709551617,)")]
    [InlineData("[('a', '<f4')]", "(1,)")]
    [InlineData("'<f4'", "(0, 18446744073709551617)")]
    public void Arrays_of_impossible_size_or_of_programs_are_refused(string type, string shape)
    {
        string text = $"{{'descr': {type}, 'fortran_order': False, 'shape': {shape}, }}\n";
        File.WriteAllBytes(_folder["a.npy"], [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, 0, .. Encoding.ASCII.GetBytes(text), .. new byte[16]]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("a.npy", Assert.Throws<CheckpointFormatException>(() => NpyFile.Read(_folder["a.npy"])).Message, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 16 << 20);
    }

    [Fact]
    public void Objects_that_hold_each_other_are_told_once_each()
    {
        var graph = new TrackableObjectGraph();
        const int depth = 200;
        for (int i = 0; i <= depth; i++)
        {
            // Twice the next, and back to the first: ways without end, and 2^200 without turning back.
            var node = new TrackableObject();
            foreach (string name in new[] { "left", "right" })
                node.Children.Add(new TrackableObject.Types.ObjectReference { LocalName = name, NodeId = Math.Min(i + 1, depth) });
            node.Children.Add(new TrackableObject.Types.ObjectReference { LocalName = "back", NodeId = 0 });
            node.SlotVariables.Add(new TrackableObject.Types.SlotVariableReference { OriginalVariableNodeId = i, SlotVariableNodeId = i, SlotName = "m" });
            graph.Nodes.Add(node);
        }

        graph.Nodes[depth].Attributes.Add(new TrackableObject.Types.SerializedTensor { Name = "VARIABLE_VALUE", FullName = "v", CheckpointKey = "v" });
        using (BundleWriter writer = BundleWriter.Create(_folder["m"]))
        {
            writer.Add(ObjectGraph.Key, Tensor.OfStrings([], [graph.ToByteArray()]));
            writer.Add("v", 1f);
            writer.Finish();
        }

        using Checkpoint checkpoint = Checkpoint.Open(_folder["m"]);
        Assert.Equal(depth + 1, checkpoint.ObjectGraph!.Nodes.Count);
        Assert.InRange(checkpoint.ObjectGraph.ToString().Length, 100, 1 << 20);
        Assert.InRange(Fragments.Render(ModelInspection.Of(_folder["m"])).Text.Length, 100, 1 << 20);
    }

    [Fact]
    public void Functions_that_call_each_other_in_a_long_chain_and_twice_are_read()
    {
        const int count = 5000;
        var definition = new GraphDef { Library = new FunctionDefLibrary(), Versions = new VersionDef { Producer = 134 } };
        definition.Node.Add(new NodeDef { Name = "call", Op = "f0" });
        for (int i = 0; i < count; i++)
        {
            var function = new FunctionDef { Signature = new OpDef { Name = $"f{i}" } };
            if (i + 1 < count)
                function.NodeDef.Add([new NodeDef { Name = "a", Op = $"f{i + 1}" }, new NodeDef { Name = "b", Op = $"f{i + 1}" }]);
            definition.Library.Function.Add(function);
        }

        File.WriteAllBytes(_folder["g.pb"], definition.ToByteArray());
        ModelInspection inspection = ModelInspection.Of(_folder["g.pb"]);
        Assert.Single(inspection.Operations!);
        Assert.NotEmpty(Fragments.Render(inspection).Text);
        Assert.Equal(inspection.GraphDef, MessageFile.Read<GraphDef>(_folder["g.pb"]));
        ModelConverter.Convert(_folder["g.pb"], _folder["g.pbtxt"]);
        Assert.True(ModelDiff.Of(_folder["g.pb"], _folder["g.pbtxt"]).IsIdentical);
    }

    [Fact]
    public void Attributes_that_nest_without_end_are_refused_in_text_too()
    {
        foreach (string open in new[] { "attr { key: \"f\" value { func { name: \"x\" ", "attr { key: \"f\" value { list { func { name: \"x\" " })
        {
            var text = new StringBuilder("node { name: \"a\" op: \"NoOp\" ");
            for (int i = 0; i < 100_000; i++)
                text.Append(open);
            File.WriteAllText(_folder["g.pbtxt"], text.ToString());
            Assert.Contains("g.pbtxt", Assert.ThrowsAny<IOException>(() => ModelInspection.Of(_folder["g.pbtxt"])).Message, StringComparison.Ordinal);
        }

        // Also in what is passed over.
        File.WriteAllText(_folder["g.pbtxt"], "later " + new string('{', 100_000) + new string('[', 100_000));
        Assert.ThrowsAny<IOException>(() => MessageFile.Read<GraphDef>(_folder["g.pbtxt"]));
        File.WriteAllText(_folder["g.pbtxt"], string.Concat(Enumerable.Repeat("later { ", 100_000)));
        Assert.ThrowsAny<IOException>(() => MessageFile.Read<GraphDef>(_folder["g.pbtxt"]));
        File.WriteAllText(_folder["g.pbtxt"], string.Concat(Enumerable.Repeat("later < 1: [", 100_000)));
        Assert.ThrowsAny<IOException>(() => MessageFile.Read<GraphDef>(_folder["g.pbtxt"]));
    }

    [Fact]
    public void A_name_of_twenty_thousand_scopes_takes_no_more_than_others()
    {
        string deep = string.Concat(Enumerable.Repeat("a/", 20_000)) + "w";
        string other = string.Concat(Enumerable.Repeat("b/", 20_000)) + "w";
        using (BundleWriter writer = BundleWriter.Create(_folder["m"]))
        {
            foreach (string name in new[] { deep + "0", deep + "1", deep + "2" })
                writer.Add(name, (Tensor)new[] { 1f, 2f });
            writer.Finish();
        }

        var definition = new GraphDef();
        for (int i = 0; i < 3; i++)
        {
            definition.Node.Add(JsonParser.Default.Parse<NodeDef>("""{ "op": "VariableV2", "attr": { "shape": { "shape": { "dim": [ { "size": 2 } ] } }, "dtype": { "type": 1 } } }"""));
            definition.Node[^1].Name = $"{other}{i}";
        }

        File.WriteAllBytes(_folder["g.pb"], definition.ToByteArray());
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.NotEmpty(Fragments.Render(ModelInspection.Of(_folder["g.pb"]), MostShown).Text);
        Assert.NotNull(Fragments.Render(ModelInspection.Of(_folder["g.pb"]), MostShown).Html);
        Assert.NotEmpty(Fragments.Render(ModelInspection.Of(_folder["m"]), MostShown).Text);
        Assert.False(ModelDiff.Of(_folder["m"], _folder["g.pb"]).IsIdentical);
        Assert.Throws<KeyNotFoundException>(() => ModelInspection.ReadTensor(_folder["m"], other + "0"));
        var graph = new Graph();
        graph.ImportGraphDef(definition, "");
        Variable[] variables = [.. Enumerable.Range(0, 3).Select(i => graph.Variable(new[] { 0f, 0f }, name: $"{other}{i}x"))];
        using var session = new Session(graph);
        Assert.Contains("missing from the checkpoint", Assert.Throws<RestoreException>(() => new Saver(variables).Restore(session, _folder["m"])).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostAllocated);
    }

    [Fact]
    public void A_saver_whose_nodes_run_in_a_loop_or_restore_other_shards_ends()
    {
        var graph = new Graph();
        Variable v = graph.Variable(1f, name: "v");
        Output outside = graph.Constant(0f, name: "outside");
        Output[] loop = [graph.WhileLoop(x => graph.Less(x, 3f), x => graph.Add(x, 1f), outside)];
        var saver = new Saver([v]);
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        saver.Save(session, _folder["m"]);
        foreach (string restore in new[] { loop[0].Operation.Name, "v", "save/RestoreV2/tensor_names" })
        {
            SaverDef definition = saver.AsSaverDef()!;
            definition.RestoreOpName = restore;
            var other = new Saver(definition, graph);
            Assert.Empty(other.Names);
            other.Restore(session, _folder["m"]);
        }

        SaverDef sharded = saver.AsSaverDef()!;
        sharded.Sharded = true;
        var wrong = new Saver(sharded, graph);
        wrong.Restore(session, _folder["m"]);
        wrong.Save(session, _folder["n"]);
        using Checkpoint checkpoint = Checkpoint.Open(_folder["n"]);
        Assert.Empty(checkpoint.Verify());
    }

    [Theory]
    [InlineData(int.MaxValue, 0)]
    [InlineData(int.MaxValue, int.MaxValue - 1)]
    [InlineData(int.MaxValue, int.MaxValue)]
    [InlineData(1, -1)]
    [InlineData(0, 0)]
    [InlineData(-1, 0)]
    public void An_index_that_tells_of_two_thousand_million_files_is_refused_at_once(int shards, int shard)
    {
        using (BundleWriter writer = BundleWriter.Create(_folder["m"]))
        {
            writer.Add("a", 1f);
            writer.Finish();
        }

        var header = new BundleHeaderProto { NumShards = shards, Version = new VersionDef { Producer = 1 } };
        var entry = new BundleEntryProto { Dtype = DataType.DtFloat, Shape = new TensorShapeProto(), ShardId = shard, Size = 4 };
        using (FileStream file = File.Create(_folder["m.index"]))
        {
            var table = new NotebookPersist.Formats.Tables.TableWriter(file);
            table.Add([], header.ToByteArray());
            table.Add("a"u8, entry.ToByteArray());
            table.Finish();
        }

        Assert.NotEmpty(CheckpointDoctor.Examine(_folder["m"]).Findings);
        Assert.NotEmpty(CheckpointDoctor.Repair(_folder["m"]).Findings);
        Assert.ThrowsAny<IOException>(() =>
        {
            using Checkpoint checkpoint = Checkpoint.Open(_folder["m"]);
            checkpoint.Read("a");
        });
        var graph = new Graph();
        Variable a = graph.Variable(2f, name: "a");
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        new Saver([a]).Save(session, _folder["m"]);
        using Checkpoint saved = Checkpoint.Open(_folder["m"]);
        Assert.Equal(2f, (float)saved["a"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_state_file_makes_nobody_delete_files_elsewhere(bool withZero)
    {
        File.WriteAllText(_folder["precious"], "mine");
        string inner = Directory.CreateDirectory(_folder["run"]).FullName;
        File.WriteAllText(Path.Combine(inner, "ckpt-notes"), "mine");
        File.WriteAllText(Path.Combine(inner, "other"), "mine");
        string[] listed = ["../precious", "other", _folder["precious"], "ckpt-notes", withZero ? "ckpt-1\\000" : "ckpt-1x", "ckpt-\\n", "."];
        File.WriteAllText(
            Path.Combine(inner, "checkpoint"),
            $"model_checkpoint_path: \"../precious\"\n{string.Concat(listed.Select(static l => $"all_model_checkpoint_paths: \"{l}\"\n"))}{string.Concat(listed.Select(static _ => "all_model_checkpoint_timestamps: 1e9\n"))}last_preserved_timestamp: 1\n");
        var graph = new Graph();
        Variable v = graph.Variable(2f, name: "v");
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        try
        {
            var series = new CheckpointSeries(new Saver([v]), inner, maxToKeep: 1);
            for (int i = 0; i < 4; i++)
                series.Save(session);
        }
        catch (CheckpointFormatException)
        {
            // A path with a zero is refused as a whole.
        }

        using var saver = new Saver([v], maxToKeep: 1);
        for (int i = 0; i < 4; i++)
            saver.Save(session, Path.Combine(inner, "ckpt"), i);
        CheckpointDoctor.Repair(inner);
        Assert.All(new[] { _folder["precious"], Path.Combine(inner, "ckpt-notes"), Path.Combine(inner, "other") }, static f => Assert.Equal("mine", File.ReadAllText(f)));
    }

    [Fact]
    public void Names_with_zeros_and_line_ends_are_told_apart_in_messages_and_files()
    {
        string[] names = ["a", "a\0", "a\0b", "a\n", "a\r\n", "..", "../a", ".", "a:0", "a,b=c", "--map"];
        using (BundleWriter writer = BundleWriter.Create(_folder["m"]))
        {
            foreach ((string name, int i) in names.Order(StringComparer.Ordinal).Select(static (n, i) => (n, i)))
                writer.Add(name, (float)i);
            writer.Finish();
        }

        foreach (string target in new[] { "m.safetensors", "v1.ckpt" })
        {
            var options = new ConversionOptions { To = target == "v1.ckpt" ? ModelKind.CheckpointV1 : null };
            ModelConverter.Convert(_folder["m"], _folder[target], options);
            Assert.True(ModelDiff.Of(_folder["m"], _folder[target]).IsIdentical);
        }

        Assert.Equal(names.Length, ModelInspection.Of(_folder["m"], verify: true).Tensors!.Count);
        Assert.All(names, n => Assert.Equal(n, n.Length == 0 ? "" : ModelInspection.Of(_folder["m"]).Tensors!.Single(t => t.Name == n).Name));
        Assert.DoesNotContain("\0", Fragments.Render(ModelInspection.Of(_folder["m"])).Html!, StringComparison.Ordinal); // Inspections have HTML.
        Assert.DoesNotContain("\n..", InspectionJson.Of(ModelInspection.Of(_folder["m"])).ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_index_of_many_entries_takes_memory_in_proportion()
    {
        const int count = 50_000;
        using (BundleWriter writer = BundleWriter.Create(_folder["m"]))
        {
            Tensor empty = Tensor.Zeros(DType.UInt8, [0]);
            for (int i = 0; i < count; i++)
                writer.Add($"{i:d6}", empty);
            writer.Finish();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        using Checkpoint checkpoint = Checkpoint.Open(_folder["m"]);
        Assert.Equal(count, checkpoint.Tensors.Count);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostAllocated);
        Assert.InRange(Fragments.Render(ModelInspection.Of(_folder["m"])).Text.Length, 100, 4 << 20);
    }

    [Fact]
    public void Records_whose_length_overflows_are_refused()
    {
        byte[] length = BitConverter.GetBytes(ulong.MaxValue - 3);
        byte[] file = [.. length, .. BitConverter.GetBytes(NotebookPersist.Formats.Coding.Crc32C.Mask(NotebookPersist.Formats.Coding.Crc32C.Compute(length))), .. new byte[16]];
        File.WriteAllBytes(_folder["events"], file);
        Assert.ThrowsAny<IOException>(() => RecordReader.Read(_folder["events"]).Count());

        // An event file may be cut short where it is being written.
        Assert.Empty(EventFile.Read(_folder["events"]));
    }

    private void RefuseSafeTensors(string header, int size)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        File.WriteAllBytes(_folder["a.safetensors"], [.. BitConverter.GetBytes((ulong)json.Length), .. json, .. new byte[size]]);
        Assert.Contains("a.safetensors", Assert.Throws<CheckpointFormatException>(() => SafeTensorsReader.Open(_folder["a.safetensors"])).Message, StringComparison.Ordinal);
    }
}
