using NotebookPersist.Formats;
using NotebookPersist.Formats.Files;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Persistence;
using NotebookPersist.Protos;
using Xunit;
using Xunit.Abstractions;

namespace NotebookPersist.Tests.Persistence.Restoring;

public sealed class DirectRestoreTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_gives_every_variable_of_every_fixture_what_running_the_nodes_gives()
    {
        int compared = 0, values = 0;
        foreach (string path in SharedFiles.Enumerate("fixtures", "*.meta").Concat(SharedFiles.Enumerate("golden-tf115", "*.meta")))
        {
            var graph = new Graph();
            string prefix = path[..^".meta".Length];
            if (Imported(path, graph) is not { } saver || CheckpointPath.TryResolve(prefix) is null || DirectRestore.Of(graph, saver.Definition) is not { } direct)
                continue;
            using var byNodes = new Session(graph);
            using var directly = new Session(graph);
            using CheckpointReader reader = CheckpointReader.Open(prefix);
            if (!direct.TryRun(directly, reader, static n => n, CancellationToken.None))
                continue;
            saver.AssignByNodes(byNodes, saver.PlanRestore(prefix), CancellationToken.None);
            values += RequireEqual(byNodes, directly);
            compared++;
        }

        output.WriteLine($"{compared} checkpoints, {values} variables.");
        Assert.True(compared >= 17, $"Only {compared} savers were recognised.");
    }

    [Theory]
    [InlineData(false, false, SaverDef.Types.CheckpointFormatVersion.V2)]
    [InlineData(true, false, SaverDef.Types.CheckpointFormatVersion.V2)]
    [InlineData(false, true, SaverDef.Types.CheckpointFormatVersion.V2)]
    [InlineData(true, true, SaverDef.Types.CheckpointFormatVersion.V1)]
    public void It_knows_the_nodes_of_our_own_savers(bool reshape, bool sharded, SaverDef.Types.CheckpointFormatVersion version)
    {
        Graph graph = Model();
        var saver = new Saver(reshape: reshape, sharded: sharded, writeVersion: version, graph: graph);
        using Session session = Initialized(graph);
        string prefix = saver.Save(session, _folder["m"], writeMetaGraph: false);
        Assert.NotNull(DirectRestore.Of(graph, saver.Definition));
        using var fresh = new Session(graph);
        saver.Restore(fresh, prefix);
        RequireEqual(session, fresh);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Resource_variables_get_what_running_the_nodes_gives(bool reshape, bool sharded)
    {
        var graph = new Graph();
        Variable w = graph.Variable(graph.Fill(new[] { 30, 4 }, 0.25f), name: "dense/kernel", useResource: true);
        graph.Variable(new[] { 1L, 2L, 3L }, name: "dense/steps", useResource: true);
        graph.Variable(new[] { "a", "" }, name: "words", useResource: true);
        graph.Variable(graph.Fill(new[] { 5 }, 2f), name: "plain", useResource: false);
        var saver = new Saver(reshape: reshape, sharded: sharded, graph: graph);
        using Session session = Initialized(graph);
        string prefix = saver.Save(session, _folder["r"], writeMetaGraph: false);
        using var byNodes = new Session(graph);
        saver.AssignByNodes(byNodes, saver.PlanRestore(prefix), CancellationToken.None);

        using var directly = new Session(graph);
        using (CheckpointReader reader = CheckpointReader.Open(prefix))
            Assert.True(DirectRestore.Of(graph, saver.Definition)!.TryRun(directly, reader, static n => n, CancellationToken.None));

        Assert.Equal(4, RequireEqual(byNodes, directly));
        RequireEqual(session, directly);
        Assert.Equal(0.25f, directly.Run(w)!.ToArray<float>()[119]);
    }

    [Fact]
    public void A_resource_variable_of_another_shape_is_not_restored_directly()
    {
        var stored = new Graph();
        stored.Variable(stored.Fill(new[] { 6 }, 1f), name: "w", useResource: true);
        using (Session session = Initialized(stored))
            new Saver(graph: stored).Save(session, _folder["r"], writeMetaGraph: false);
        var graph = new Graph();
        graph.Variable(graph.Fill(new[] { 2, 3 }, 0f), name: "w", useResource: true);
        using Session other = Initialized(graph);
        using CheckpointReader reader = CheckpointReader.Open(_folder["r"]);

        Assert.False(DirectRestore.Of(graph, new Saver(graph: graph).Definition)!.TryRun(other, reader, static n => n, CancellationToken.None));
        Assert.Throws<RestoreException>(() => new Saver(graph: graph).Restore(other, _folder["r"]));

        var reshaping = new Saver(reshape: true, graph: graph);
        Assert.True(DirectRestore.Of(graph, reshaping.Definition)!.TryRun(other, reader, static n => n, CancellationToken.None));
        Assert.Equal([2L, 3L], other.Variables.Find("w")!.Shape!.ToArray());
    }

    [Fact]
    public void Nodes_that_do_more_than_a_savers_are_run()
    {
        var graph = new Graph();
        Variable w = graph.Variable(new float[] { 1, 2 }, name: "w");
        Output prefix = graph.PlaceholderWithDefault("model", Shape.Scalar, "prefix");
        Operation read = graph.RestoreV2(prefix, ["w"], [""], [DType.Float32]);
        Operation assign = graph.Assign(w.Reference, graph.Multiply(read[0], 2f)).Operation;
        Operation save = graph.SaveV2(prefix, ["w"], [""], [w.Reference]);
        Output saved;
        using (graph.ControlDependencies(save))
            saved = graph.Identity(prefix);
        SaverDef definition = new()
        {
            FilenameTensorName = prefix.Name,
            SaveTensorName = saved.Name,
            RestoreOpName = graph.Group([assign], "all").Name,
            Version = SaverDef.Types.CheckpointFormatVersion.V2,
        };
        using Session session = Initialized(graph);
        var saver = new Saver(definition, graph);
        saver.Save(session, _folder["m"], writeMetaGraph: false);
        Assert.Null(DirectRestore.Of(graph, definition));
        saver.Restore(session, _folder["m"]);
        Assert.Equal([2f, 4f], session.Run("w:0")!.ToArray<float>());
    }

    [Fact]
    public void Damage_in_the_last_tensor_leaves_all_variables_as_they_were()
    {
        Graph graph = Model();
        var saver = new Saver(graph: graph);
        using Session session = Initialized(graph);
        saver.Save(session, _folder["m"], writeMetaGraph: false);
        CheckpointFiles.FlipLastByte(_folder["m"]);
        Tensor[] before = [.. session.Variables.All.Select(static v => v.Value!)];
        byte[][] bytes = [.. before.Select(Bytes)];

        CheckpointFormatException damage = Assert.Throws<CheckpointFormatException>(() => saver.Restore(session, _folder["m"]));

        Assert.Equal(CheckpointFault.ChecksumMismatch, damage.Fault);
        Assert.Contains("'w2'", damage.Message, StringComparison.Ordinal);
        Tensor[] after = [.. session.Variables.All.Select(static v => v.Value!)];
        Assert.True(before.SequenceEqual(after));
        Assert.Equal(bytes, after.Select(Bytes));
        using var fresh = new Session(graph);
        Assert.Throws<CheckpointFormatException>(() => saver.Restore(fresh, _folder["m"]));
        Assert.DoesNotContain(fresh.Variables.All, static v => v.IsInitialized);
    }

    [Fact]
    public void Values_that_a_snapshot_holds_are_not_overwritten()
    {
        Graph graph = Model();
        var saver = new Saver(graph: graph);
        using Session session = Initialized(graph);
        saver.Save(session, _folder["m"], writeMetaGraph: false);
        session.Run("more");
        using NotebookPersist.Execution.VariableSnapshot snapshot = session.Snapshot([graph.GetTensorByName("w0:0")]);
        float held = snapshot.Values[0].ToArray<float>()[0];
        saver.Restore(session, _folder["m"]);
        Assert.Equal(held, snapshot.Values[0].ToArray<float>()[0]);
        Assert.Equal(held - 1, session.Run("w0:0")!.ToArray<float>()[0]);
        session.Run("more");
        Assert.Equal(held, session.Run("w0:0")!.ToArray<float>()[0]);
    }

    [Fact]
    public void Restoring_and_saving_take_no_second_model_of_memory()
    {
        const int count = 4 << 20;
        var graph = new Graph();
        for (int i = 0; i < 4; i++)
            graph.Variable(graph.Fill(new[] { count / 2 }, (float)i), name: $"w{i}");
        const long model = 4L * (count / 2) * sizeof(float);
        var saver = new Saver(graph: graph);
        using Session session = Initialized(graph);
        long saving = Allocated(() => saver.Save(session, _folder["m"], writeMetaGraph: false));
        Assert.InRange(saving, 0, 4 << 20);
        using var fresh = new Session(graph);
        long restoring = Allocated(() => saver.Restore(fresh, _folder["m"]));

        // Alignment to huge pages is reserved, not touched.
        Assert.InRange(restoring, model, model + (4 * (4 << 20)) + (2 << 20));
        RequireEqual(session, fresh);
    }

    internal static int RequireEqual(Session expected, Session actual)
    {
        VariableCell[] cells = [.. expected.Variables.All];
        Assert.Equal(cells.Select(static c => c.Name), actual.Variables.All.Select(static c => c.Name));
        foreach ((VariableCell one, VariableCell other) in cells.Zip(actual.Variables.All))
        {
            Assert.Equal((one.DType, one.Value!.Shape), (other.DType, other.Value!.Shape));
            if (one.DType == DType.String)
                Assert.Equal(one.Value.Strings.ToArray(), other.Value.Strings.ToArray());
            else
                Assert.Equal(Bytes(one.Value), Bytes(other.Value));
        }

        return cells.Length;
    }

    private static byte[] Bytes(Tensor value) => value.Bytes.ToArray();

    private static long Allocated(Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static Saver? Imported(string path, Graph graph)
    {
        try
        {
            return MetaGraphFiles.Import(path, clearDevices: true, graph: graph) is { IsEmpty: false } saver ? saver : null;
        }
        catch (Exception fault) when (fault is IOException or InvalidOperationException or ArgumentException)
        {
            return null; // What cannot be imported is other tests' business.
        }
    }

    private static Graph Model()
    {
        var graph = new Graph();
        for (int i = 0; i < 3; i++)
            graph.Variable(graph.Fill(new[] { 300, 40 }, i + 0.5f), name: $"w{i}");
        graph.Variable(7L, name: "step");
        graph.Variable(new[] { true, false, true }, name: "flags");
        graph.AssignAdd(graph.GetTensorByName("w0:0"), graph.Fill(new[] { 300, 40 }, 1f), name: "more");
        return graph;
    }

    private static Session Initialized(Graph graph)
    {
        var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        return session;
    }
}
