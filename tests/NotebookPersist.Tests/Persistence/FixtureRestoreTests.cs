using NotebookPersist.Formats;
using NotebookPersist.Formats.Files;
using Xunit;
using Xunit.Abstractions;

namespace NotebookPersist.Tests.Persistence;

/// <summary>Checkpoints with their meta graphs, as Savers of TensorFlow 0.7 to 2.9 wrote them.</summary>
public sealed class FixtureRestoreTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_meta_graph_imports_and_its_checkpoint_restores()
    {
        var faults = new List<string>();
        int count = 0, restored = 0;
        foreach (string path in MetaGraphs())
        {
            count++;
            try
            {
                restored += Restore(path) ? 1 : 0;
            }
            catch (Exception fault) when (fault is IOException or InvalidOperationException or ArgumentException)
            {
                faults.Add($"{SharedFiles.Relative(path)}: {fault.GetType().Name}: {fault.Message}");
            }
        }

        output.WriteLine($"{count - faults.Count} of {count} meta graphs import; {restored} checkpoints restore.");
        faults.ForEach(output.WriteLine);
        Assert.Empty(faults);
        Assert.Equal((28, 17), (count, restored));
    }

    [Theory]
    [InlineData("v1ckpt/serving-half-plus-two-2016/00000123/export")]
    [InlineData("v1ckpt/tf-session-bundle-half-plus-two/00000123/export")]
    [InlineData("v1ckpt/tf-session-bundle-half-plus-two/00000123/export-00000-of-00001")]
    [InlineData("v2ckpt/tf-session-bundle-half-plus-two-v2/00000123/export")]
    [InlineData("v2ckpt/tf-session-bundle-half-plus-two-v2/00000123/export.data-00000-of-00001")]
    [InlineData("v2ckpt/serving-half-plus-two-2017/00000123/export.index")]
    public void An_exported_model_of_2016_still_halves_and_adds_two(string checkpoint)
    {
        using LoadedModel model = LoadedModel.Load(Path.Combine(SharedFiles.Fixtures, checkpoint));
        Operation sum = model.Graph.Operations.Last(static o => o.Type is "Add" or "AddV2" && !o.Name.StartsWith("save", StringComparison.Ordinal));
        Output product = sum.Inputs.Single(static i => i.Operation.Type == "Mul");
        Output x = product.Operation.Inputs.Single(static i => i.Operation.Inputs is not [{ Operation.Type: "Variable" }]);
        float[] given = [0f, 1f, 6f];
        Assert.Equal([2f, 2.5f, 5f], given.Select(v => model.Session.Run(sum[0], new() { [x] = Filled(x, v) }).ToArray<float>()[0]));
    }

    [Fact]
    public void A_deliberately_bad_export_restores_what_it_has()
    {
        using LoadedModel model = LoadedModel.Load(SharedFiles.Path("fixtures/v1ckpt/serving-bad-half-plus-two/00000123/export"));
        using CheckpointReader reader = CheckpointReader.Open(SharedFiles.Path("fixtures/v1ckpt/serving-bad-half-plus-two/00000123/export"));
        Assert.Equal(ModelKind.CheckpointV1, model.Kind);
        Assert.All(reader.Entries, e => Assert.Equal(reader.Read(e.Name).ToArray<float>(), model.Session.Run($"{e.Name}:0")!.ToArray<float>()));
    }

    [Fact]
    public void The_frozen_graph_of_a_checkpoint_computes_what_TensorFlows_own_does()
    {
        string folder = SharedFiles.Path("fixtures/v2ckpt/mlnet-cifar");
        using LoadedModel theirs = LoadedModel.Load(Path.Combine(folder, "frozen_model.pb"));
        string last = theirs.Graph.Operations[^1].Name;
        FrozenGraph frozen = GraphFreezer.FreezeCheckpoint(folder, [last]);
        var graph = new Graph();
        graph.ImportGraphDef(frozen.GraphDef, name: "");
        using var session = new Session(graph);
        Tensor picture = Tensor.Of<float>(new long[] { 1, 32, 32, 3 }, Enumerable.Range(0, 32 * 32 * 3).Select(static i => MathF.Sin(i)).ToArray());

        Assert.Equal(theirs.Graph.Operations.Select(static o => o.Name).Order(StringComparer.Ordinal), graph.Operations.Select(static o => o.Name).Order(StringComparer.Ordinal));
        Assert.Equal(
            theirs.Session.Run(last + ":0", new() { ["Input:0"] = picture })!.ToArray<float>(),
            session.Run(last + ":0", new() { ["Input:0"] = picture })!.ToArray<float>());
    }

    private static IEnumerable<string> MetaGraphs() => SharedFiles.Enumerate("fixtures", "*.meta");

    private static bool Restore(string path)
    {
        var graph = new Graph();
        Saver? saver = MetaGraphFiles.Import(path, clearDevices: true, graph: graph);
        string prefix = path[..^".meta".Length];
        if (saver is null || CheckpointPath.TryResolve(prefix) is null)
            return false;
        using var session = new Session(graph);
        RestorePlan plan = saver.Restore(session, prefix);
        Assert.True(plan.Fits);
        using CheckpointReader reader = CheckpointReader.Open(prefix);
        foreach (Variable variable in graph.GlobalVariables().Where(v => !v.IsResource && reader.TryFind(v.OperationName, out _)))
            Assert.Equal(reader.Read(variable.OperationName).Bytes.ToArray(), session.Run(variable.Reference).Bytes.ToArray());
        return true;
    }

    private static Tensor Filled(Output like, float value)
    {
        long[] shape = like.Shape.HasRank ? [.. like.Shape.ToArray().Select(static d => d < 0 ? 1 : d)] : [];
        return Tensor.Of<float>(shape, Enumerable.Repeat(value, (int)shape.Aggregate(1L, static (a, b) => a * b)).ToArray());
    }
}
