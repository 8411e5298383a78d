using NotebookPersist.Formats;
using NotebookPersist.Formats.Bundles;
using NotebookPersist.Graphs.Interchange;
using NotebookPersist.Protos;
using Xunit;

namespace NotebookPersist.Tests.Persistence;

public sealed class SaverTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_bytes_are_those_of_TensorFlow()
    {
        // The first tutorial's variables: B1 = [1], W1 = [5].
        (Graph graph, Session session) = Model(("W1", new[] { 5f }), ("B1", new[] { 1f }));
        new Saver(graph: graph).Save(session, _folder["m"]);

        Assert.Equal(Convert.FromHexString("0000803F0000A040"), File.ReadAllBytes(_folder["m.data-00000-of-00001"]));
        Assert.Equal(ReferenceIndex(), File.ReadAllBytes(_folder["m.index"]));
        using BundleReader reader = BundleReader.Open(_folder["m"]);
        Assert.Equal(1, reader.ShardCount);
        Assert.Equal(["B1", "W1"], reader.Entries.Select(static e => e.Name));
        Assert.Equal(5f, reader.Read("W1").ToArray<float>().Single());
    }

    [Fact]
    public void What_does_not_fit_is_told_at_once_and_nothing_changes()
    {
        (Graph old, Session oldSession) = Model(("dense/kernel", new[,] { { 1f, 2f } }), ("dense/bias", new[] { 1f }), ("steps", 3), ("gone", 1f), ("same", 9f));
        new Saver(graph: old).Save(oldSession, _folder["m"]);
        (Graph graph, Session session) = Model(("dense/kernel", new[,] { { 0f }, { 0f } }), ("dense/biases", new[] { 7f }), ("steps", 4L), ("same", 8f));
        var saver = new Saver(graph: graph);

        RestoreException refused = Assert.Throws<RestoreException>(() => saver.Restore(session, _folder["m"]));

        Assert.Equal(["dense/biases"], refused.Plan!.Of(RestoreOutcome.Missing).Select(static i => i.Name));
        Assert.Equal(["dense/kernel"], refused.Plan.Of(RestoreOutcome.ShapeDiffers).Select(static i => i.Name));
        Assert.Equal(["steps"], refused.Plan.Of(RestoreOutcome.DTypeDiffers).Select(static i => i.Name));
        Assert.Equal(["dense/bias", "gone"], refused.Plan.Of(RestoreOutcome.Extra).Select(static i => i.Name));
        Assert.Equal("dense/bias", refused.Plan.Of(RestoreOutcome.Missing).Single().Near[0]);
        Assert.Contains("No variable was changed", refused.Message, StringComparison.Ordinal);
        Assert.Contains("'dense/kernel': the graph expects float32 [2,1], the checkpoint holds float32 [1,2]", refused.Message, StringComparison.Ordinal);
        Assert.Equal(8f, (float)session.Run("same:0")!);
        Assert.Null(saver.LastRestore);
    }

    [Fact]
    public void Damaged_data_names_file_and_tensor_and_changes_no_variable()
    {
        (Graph graph, Session session) = Model(("a", 1f), ("b", 2f), ("c", 3f));
        var saver = new Saver(graph: graph);
        saver.Save(session, _folder["m"]);
        byte[] data = File.ReadAllBytes(_folder["m.data-00000-of-00001"]);
        data[^1] ^= 1;
        File.WriteAllBytes(_folder["m.data-00000-of-00001"], data);
        foreach (Variable variable in graph.GlobalVariables())
            session.Run(variable.Assign(10f));

        CheckpointFormatException damage = Assert.Throws<CheckpointFormatException>(() => saver.Restore(session, _folder["m"]));

        Assert.Equal(_folder["m.data-00000-of-00001"], damage.Path);
        Assert.Contains("'c'", damage.Message, StringComparison.Ordinal);
        Assert.All(graph.GlobalVariables(), v => Assert.Equal(10f, (float)session.Run(v)));
    }

    [Fact]
    public void Damage_behind_many_restoring_nodes_of_an_old_graph_changes_no_variable()
    {
        // TensorFlow 0.12 made one RestoreV2 a variable, so that assignments and reads alternate.
        string fixture = SharedFiles.Path("fixtures/v2ckpt/serving-half-plus-two-2017/00000123/export.index");
        foreach (string file in Directory.EnumerateFiles(Path.GetDirectoryName(fixture)!))
            File.Copy(file, _folder[Path.GetFileName(file)]);
        byte[] data = File.ReadAllBytes(_folder["export.data-00000-of-00001"]);
        data[^1] ^= 1;
        File.WriteAllBytes(_folder["export.data-00000-of-00001"], data);
        var graph = new Graph();
        Saver saver = MetaGraphFiles.Import(_folder["export.meta"], graph: graph)!;
        using var session = new Session(graph);

        Assert.Throws<CheckpointFormatException>(() => saver.Restore(session, _folder["export"]));
        Assert.All(session.Variables.All, static c => Assert.False(c.IsInitialized));
    }

    [Fact]
    public void A_stopped_restore_changes_no_variable()
    {
        (Graph graph, Session session) = Model(("a", 1f), ("b", 2f));
        var saver = new Saver(graph: graph);
        saver.Save(session, _folder["m"]);
        session.Run(graph.GlobalVariables()[0].Assign(10f));
        Assert.ThrowsAny<OperationCanceledException>(() => saver.Restore(session, _folder["m"], new CancellationToken(canceled: true)));
        Assert.Equal(10f, (float)session.Run("a:0")!);
    }

    [Fact]
    public void A_stopped_save_leaves_the_earlier_checkpoint_and_no_traces()
    {
        (Graph graph, Session session) = Model(("a", 1f));
        var saver = new Saver(graph: graph);
        saver.Save(session, _folder["m"]);
        session.Run(graph.GlobalVariables()[0].Assign(2f));
        string[] before = Files();
        Assert.ThrowsAny<OperationCanceledException>(() => saver.Save(session, _folder["m"], cancellation: new CancellationToken(canceled: true)));
        Assert.Equal(before, Files());
        saver.Restore(session, _folder["m"]);
        Assert.Equal(1f, (float)session.Run("a:0")!);
    }

    [Fact]
    public void A_variable_without_value_leaves_no_files()
    {
        var graph = new Graph();
        graph.Variable(1f, name: "ready");
        graph.Variable(1f, name: "unset");
        using var session = new Session(graph);
        session.Run(graph.GlobalVariables()[0].Initializer);
        RunException failed = Assert.Throws<RunException>(() => new Saver(graph: graph).Save(session, _folder["ckpt/m"]));
        Assert.Contains("Attempting to use uninitialized value unset", failed.Message, StringComparison.Ordinal);
        Assert.Empty(Files());
    }

    [Fact]
    public void Paths_that_cannot_be_written_are_told()
    {
        (Graph graph, Session session) = Model(("a", 1f));
        var saver = new Saver(graph: graph);
        File.WriteAllText(_folder["file"], "");
        Assert.Contains("'" + _folder["file"] + "' is a file", Assert.Throws<IOException>(() => saver.Save(session, _folder["file/m"])).Message, StringComparison.Ordinal);
        Assert.Contains(_folder["file/deep/m"], Assert.ThrowsAny<IOException>(() => saver.Save(session, _folder["file/deep/m"])).Message, StringComparison.Ordinal);
        Assert.Contains("names a folder", Assert.Throws<ArgumentException>(() => saver.Save(session, _folder.Path + "/")).Message, StringComparison.Ordinal);
        Assert.Contains("path components", Assert.Throws<ArgumentException>(() => saver.Save(session, _folder["m"], latestFilename: "a/b")).Message, StringComparison.Ordinal);
        Assert.Contains("collides", Assert.Throws<ArgumentException>(() => saver.Save(session, _folder["checkpoint"])).Message, StringComparison.Ordinal);
        Assert.Equal(["file"], Files());
    }

    [Fact]
    public void A_failure_between_the_two_renames_leaves_the_earlier_checkpoint()
    {
        (Graph graph, Session session) = Model(("a", 1f));
        var saver = new Saver(graph: graph);
        saver.Save(session, _folder["m"], globalStep: 1);
        Directory.CreateDirectory(_folder["m-2.index"]);
        session.Run(graph.GlobalVariables()[0].Assign(2f));

        Assert.Contains(_folder["m-2"], Assert.ThrowsAny<IOException>(() => saver.Save(session, _folder["m"], globalStep: 2)).Message, StringComparison.Ordinal);

        Assert.DoesNotContain(Files(), static f => f.Contains("tempstate", StringComparison.Ordinal));
        Assert.Equal(_folder["m-1"], CheckpointStates.Latest(_folder.Path));
        saver.Restore(session, _folder.Path);
        Assert.Equal(1f, (float)session.Run("a:0")!);
    }

    [Fact]
    public void Saving_over_the_same_path_keeps_one_checkpoint_with_the_last_values()
    {
        (Graph graph, Session session) = Model(("a", 1f));
        var saver = new Saver(graph: graph, maxToKeep: 1);
        for (int i = 0; i < 3; i++)
        {
            session.Run(graph.GlobalVariables()[0].Assign((float)i));
            saver.Save(session, _folder["m"]);
        }

        Assert.Equal([_folder["m"]], saver.LastCheckpoints);
        Assert.Equal(["checkpoint", "m.data-00000-of-00001", "m.index", "m.meta"], Files());
        using Checkpoint checkpoint = Checkpoint.Open(_folder.Path);
        Assert.Equal(2f, (float)checkpoint["a"]);
    }

    [Fact]
    public void A_step_is_a_number_a_variable_a_value_or_a_name()
    {
        (Graph graph, Session session) = Model(("a", 1f), ("global_step", 7L), ("small_step", 8));
        var saver = new Saver(graph: graph);
        Variable step = graph.GlobalVariables()[1];
        Assert.Equal(_folder["m-0"], saver.Save(session, _folder["m"], globalStep: 0));
        Assert.Equal(_folder["m-7"], saver.Save(session, _folder["m"], globalStep: step));
        Assert.Equal(_folder["m-7"], saver.Save(session, _folder["m"], globalStep: step.Value));
        Assert.Equal(_folder["m-7"], saver.Save(session, _folder["m"], globalStep: "global_step:0"));
        Assert.Equal(_folder["m-8"], saver.Save(session, _folder["m"], globalStep: "small_step:0"));
        Assert.Contains("'init'", Assert.Throws<ArgumentException>(() => saver.Save(session, _folder["m"], globalStep: "init")).Message, StringComparison.Ordinal);
        Assert.Equal(["m-0", "m-7", "m-8"], saver.LastCheckpoints.Select(Path.GetFileName));
    }

    [Fact]
    public void Keeping_all_lists_only_the_newest()
    {
        (Graph graph, Session session) = Model(("a", 1f));
        var saver = new Saver(graph: graph, maxToKeep: 0);
        for (int step = 0; step < 7; step++)
            saver.Save(session, _folder["m"], globalStep: step, writeMetaGraph: false);
        Assert.Equal(7, Files().Count(static f => f.EndsWith(".index", StringComparison.Ordinal)));
        Assert.Empty(saver.LastCheckpoints);
        Assert.Equal("model_checkpoint_path: \"m-6\"\nall_model_checkpoint_paths: \"m-6\"\n", File.ReadAllText(_folder["checkpoint"]));
    }

    [Fact]
    public void Another_process_goes_on_with_the_checkpoints_that_are_left()
    {
        (Graph graph, Session session) = Model(("a", 1f));
        var first = new Saver(graph: graph, maxToKeep: 3);
        for (int step = 1; step <= 3; step++)
            first.Save(session, _folder["m"], globalStep: step);
        File.Delete(_folder["m-2.index"]);

        var second = new Saver(graph: graph, maxToKeep: 2);
        second.RecoverLastCheckpoints(CheckpointStates.Get(_folder.Path)!.AllModelCheckpointPaths);
        Assert.Equal(["m-1", "m-3"], second.LastCheckpoints.Select(Path.GetFileName));
        second.Save(session, _folder["m"], globalStep: 4);
        Assert.Equal(["m-3", "m-4"], second.LastCheckpoints.Select(Path.GetFileName));
        Assert.False(File.Exists(_folder["m-1.index"]));
        Assert.False(File.Exists(_folder["m-1.meta"]));
        Assert.True(File.Exists(_folder["m-3.index"]));
    }

    [Fact]
    public void A_folder_that_somebody_deleted_does_not_stop_later_saves()
    {
        (Graph graph, Session session) = Model(("a", 1f));
        var saver = new Saver(graph: graph, maxToKeep: 1);
        saver.Save(session, _folder["old/m"], globalStep: 1);
        Directory.Delete(_folder["old"], recursive: true);
        saver.Save(session, _folder["new/m"], globalStep: 2);
        Assert.Equal(_folder["new/m-2"], CheckpointStates.Latest(_folder["new"]));
    }

    [Fact]
    public void Without_state_nothing_is_listed_or_deleted()
    {
        (Graph graph, Session session) = Model(("a", 1f));
        var saver = new Saver(graph: graph, maxToKeep: 1);
        saver.Save(session, _folder["m"], globalStep: 1, writeState: false, metaGraphSuffix: "graph");
        saver.Save(session, _folder["m"], globalStep: 2, writeState: false, writeMetaGraph: false);
        Assert.Equal(["m-1.data-00000-of-00001", "m-1.graph", "m-1.index", "m-2.data-00000-of-00001", "m-2.index"], Files());
        Assert.Empty(saver.LastCheckpoints);
    }

    [Fact]
    public void The_state_goes_to_the_file_that_is_named()
    {
        (Graph graph, Session session) = Model(("a", 1f));
        new Saver(graph: graph).Save(session, _folder["m"], latestFilename: "best");
        Assert.False(File.Exists(_folder["checkpoint"]));
        Assert.Null(CheckpointStates.Latest(_folder.Path));
        Assert.Equal(_folder["m"], CheckpointStates.Latest(_folder.Path, "best"));
    }

    [Fact]
    public void Two_sessions_of_one_graph_save_their_own_values()
    {
        (Graph graph, Session one) = Model(("a", 1f));
        using var other = new Session(graph);
        var saver = new Saver(graph: graph);
        other.Run(graph.GlobalVariables()[0].Assign(2f));
        saver.Save(one, _folder["one"]);
        saver.Save(other, _folder["other"]);
        using Checkpoint first = Checkpoint.Open(_folder["one"]);
        using Checkpoint second = Checkpoint.Open(_folder["other"]);
        Assert.Equal((1f, 2f), ((float)first["a"], (float)second["a"]));
        saver.Restore(one, _folder["other"]);
        Assert.Equal(2f, (float)one.Run("a:0")!);
    }

    [Fact]
    public void Sessions_of_one_graph_save_at_the_same_time()
    {
        (Graph graph, _) = Model(("a", 0f));
        Operation[] assigns = [.. Enumerable.Range(0, 8).Select(i => graph.GlobalVariables()[0].Assign((float)i).Operation)];
        Saver[] savers = [.. assigns.Select(_ => new Saver(graph: graph))];
        Parallel.For(0, assigns.Length, i =>
        {
            using var session = new Session(graph);
            session.Run(assigns[i]);
            savers[i].Save(session, _folder[$"{i}/m"], writeMetaGraph: false);
        });
        for (int i = 0; i < assigns.Length; i++)
        {
            using Checkpoint checkpoint = Checkpoint.Open(_folder[$"{i}"]);
            Assert.Equal(i, (float)checkpoint["a"]);
        }
    }

    [Fact]
    public void A_saver_of_2016_writes_the_file_that_it_wrote_in_2016()
    {
        var graph = new Graph();
        string old = SharedFiles.Path("fixtures/v1ckpt/tf-session-bundle-half-plus-two/00000123/export.meta");
        Saver saver = MetaGraphFiles.Import(old, graph: graph)!;
        using var session = new Session(graph);
        saver.Restore(session, old[..^".meta".Length]);
        Assert.Equal(_folder["m-?????-of-00001"], saver.Save(session, _folder["m"]));
        Assert.Equal(File.ReadAllBytes(old[..^".meta".Length] + "-00000-of-00001"), File.ReadAllBytes(_folder["m-00000-of-00001"]));

        saver.Restore(session, CheckpointStates.Latest(_folder.Path)!);
        Assert.Equal(["checkpoint", "m-00000-of-00001", "m.meta"], Files());
    }

    [Fact]
    public void A_session_of_another_graph_is_refused()
    {
        (Graph graph, _) = Model(("a", 1f));
        using var stranger = new Session(new Graph());
        var saver = new Saver(graph: graph);
        Assert.Contains("another graph", Assert.Throws<ArgumentException>(() => saver.Save(stranger, _folder["m"])).Message, StringComparison.Ordinal);
        Assert.Contains("another graph", Assert.Throws<ArgumentException>(() => saver.Restore(stranger, _folder["m"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_without_variables_and_a_variable_under_two_names_are_refused()
    {
        var graph = new Graph();
        Assert.Contains("No variables to save", Assert.Throws<ArgumentException>(() => new Saver(graph: graph)).Message, StringComparison.Ordinal);
        Variable variable = graph.Variable(1f, name: "a");
        Assert.Contains(
            "'x', 'y'",
            Assert.Throws<ArgumentException>(() => new Saver(new Dictionary<string, Variable> { ["x"] = variable, ["y"] = variable })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_of_a_variable_are_stored_as_one_tensor_and_restored()
    {
        (Graph graph, Session session) = Model(("w/part_0", new[,] { { 1f, 2f } }), ("w/part_1", new[,] { { 3f, 4f }, { 5f, 6f } }));
        MetaGraphDef stored = MetaGraphs.Export(graph);
        Partition(stored, "variables");
        Partition(stored, "trainable_variables");
        var partitioned = new Graph();
        MetaGraphs.Import(partitioned, stored);
        using var other = new Session(partitioned);
        other.Run("w/part_0/Assign");
        other.Run("w/part_1/Assign");
        var saver = new Saver(graph: partitioned);
        saver.Save(other, _folder["m"]);

        using (Checkpoint checkpoint = Checkpoint.Open(_folder["m"]))
        {
            CheckpointEntry whole = Assert.Single(checkpoint.Tensors);
            Assert.Equal(("w", 2), (whole.Name, whole.Slices.Count));
            Assert.Equal([1f, 2f, 3f, 4f, 5f, 6f], checkpoint["w"].ToArray<float>());
        }

        using var fresh = new Session(partitioned);
        RestorePlan plan = saver.Restore(fresh, _folder["m"]);
        Assert.True(plan.Fits);
        Assert.Equal([3f, 4f, 5f, 6f], fresh.Run("w/part_1:0")!.ToArray<float>());
    }

    [Fact]
    public void A_sharded_saver_of_an_imported_graph_saves_and_restores()
    {
        (Graph graph, Session session) = Model(("a", 1f), ("b", new[] { 2f, 3f }));
        SaverDef definition = ShardedNodes(graph);
        var saver = new Saver(definition, graph);
        Assert.Equal(_folder["m"], saver.Save(session, _folder["m"], writeMetaGraph: false));
        Assert.Equal(["checkpoint", "m.data-00000-of-00002", "m.data-00001-of-00002", "m.index"], Files());
        Assert.Empty(Directory.GetDirectories(_folder.Path));

        using var fresh = new Session(graph);
        Assert.Equal(12, saver.Restore(fresh, _folder["m"]).ByteCount);
        Assert.Equal([2f, 3f], fresh.Run("b:0")!.ToArray<float>());
    }

    private static (Graph Graph, Session Session) Model(params (string Name, Operand Value)[] variables)
    {
        var graph = new Graph();
        foreach ((string name, Operand value) in variables)
            graph.Variable(value, name: name);
        var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        return (graph, session);
    }

    // What TensorFlow's importer finds in files of partitioned variables.
    private static void Partition(MetaGraphDef stored, string collection)
    {
        CollectionDef variables = stored.CollectionDef[collection];
        VariableDef[] parts = [.. variables.BytesList.Value.Select(static v => VariableDef.Parser.ParseFrom(v))];
        variables.BytesList.Value.Clear();
        foreach (VariableDef part in parts)
        {
            bool first = part.VariableName == "w/part_0:0";
            part.SaveSliceInfoDef = new SaveSliceInfoDef { FullName = "w", FullShape = { 3, 2 }, VarOffset = { first ? 0 : 1, 0 }, VarShape = { first ? 1 : 2, 2 } };
            variables.BytesList.Value.Add(Google.Protobuf.MessageExtensions.ToByteString(part));
        }
    }

    // The nodes of section E.4: every device writes a part, which are then merged.
    private static SaverDef ShardedNodes(Graph graph)
    {
        using NameScope scope = graph.NameScope("save");
        Output path = graph.PlaceholderWithDefault(graph.Constant("model"), Shape.Scalar, "Const");
        Output parts = graph.AddOperation("StringJoin", "StringJoin", null, path, graph.Constant("_temp_0123/part"))[0];
        var done = new List<Output>();
        var assigned = new List<Operation>();
        int shard = 0;
        foreach (Variable variable in graph.GlobalVariables())
        {
            Output file = graph.ShardedFilename(parts, shard++, 2);
            using (graph.ControlDependencies(graph.SaveV2(file, [variable.OperationName], [""], [variable.Reference])))
                done.Add(graph.Identity(file));
            Operation restore = graph.RestoreV2(path, [variable.OperationName], [""], [variable.DType]);
            assigned.Add(graph.Assign(variable.Reference, restore.Outputs[0]).Operation);
        }

        Output packed = graph.AddOperation("Pack", "MergeV2Checkpoints/checkpoint_prefixes", null, [.. done.Select(static d => (Operand)d)])[0];
        Operation merge = graph.AddOperation("MergeV2Checkpoints", "MergeV2Checkpoints", null, packed, path);
        Output saved;
        using (graph.ControlDependencies(merge))
            saved = graph.Identity(path, "Identity");
        return new SaverDef
        {
            FilenameTensorName = path.Name,
            SaveTensorName = saved.Name,
            RestoreOpName = graph.Group([.. assigned], "restore_all").Name,
            MaxToKeep = 5,
            Sharded = true,
            Version = SaverDef.Types.CheckpointFormatVersion.V2,
        };
    }

    // Put together from section D of the format, by other code than ours.
    private static byte[] ReferenceIndex() => Convert.FromHexString(
        "00000608011A02080100020F4231080112041202080128043581A5DA2B00021157310801120412020801200428043580058441000000000100000000"
        + "8681F337000000000100000000C0F2A1B000010258003B000000000100000000352C397C40084D0E0000000000000000000000000000000000000000"
        + "0000000000000000000000000000000057FB808B247547DB");

    private string[] Files() =>
        [.. Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(_folder.Path, f)).Order(StringComparer.Ordinal)];
}
