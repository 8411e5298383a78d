using NotebookPersist.Formats.Slices;
using Xunit;

namespace NotebookPersist.Tests.Persistence.Restoring;

/// <summary>The layout of the published <c>vgg_16.ckpt</c>: one V1 file, names and ranks as there, sizes small.</summary>
/// <remarks>Source: the names are those of TF-slim's VGG-16; V1 files written here are TensorFlow's byte for byte, which other tests show.</remarks>
public sealed class SlimVggCheckpointTests : IDisposable
{
    private static readonly (int Depth, int Channels)[] _blocks = [(2, 2), (2, 3), (3, 4), (3, 5), (3, 6)];
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, Tensor> _stored = new(StringComparer.Ordinal);
    private readonly string _path;

    public SlimVggCheckpointTests()
    {
        foreach ((string name, long[] shape) in Layers())
            _stored.Add("vgg_16/" + name, Filled(shape));
        _stored.Add("vgg_16/mean_rgb", Filled([3]));
        _stored.Add("global_step", Tensor.Scalar(1234L));
        _path = _folder["vgg_16.ckpt"];
        var writer = new SliceFileWriter(_path);
        foreach ((string name, Tensor value) in _stored.OrderBy(static t => t.Key, StringComparer.Ordinal))
            writer.Add(name, value);
        writer.Finish();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_is_one_file_without_an_index_and_lists_its_tensors()
    {
        Assert.Equal([_path], Directory.EnumerateFiles(_folder.Path));
        ModelInspection inspection = ModelInspection.Of(_path, verify: true);
        Assert.Equal(ModelKind.CheckpointV1, inspection.Kind);
        Assert.True(inspection.IsSound);
        Assert.Equal(34, inspection.Tensors!.Count);
        Assert.Equal(Shape.Create([7, 7, 6, 8]), inspection.Tensors.Single(static t => t.Name == "vgg_16/fc6/weights").Shape);
    }

    [Fact]
    public void It_restores_into_slims_own_graph()
    {
        using Session session = Network("vgg_16/");
        RestorePlan plan = new Saver(graph: session.Graph).Restore(session, _path);
        Assert.True(plan.Fits);
        Assert.Equal(["global_step", "vgg_16/mean_rgb"], plan.Of(RestoreOutcome.Extra).Select(static i => i.Name).Order(StringComparer.Ordinal));
        RequireValues(session, "vgg_16/", static _ => true);
    }

    [Fact]
    public void It_restores_into_a_graph_of_another_scope_by_the_map_that_the_plan_shows()
    {
        using Session session = Network("vgg/");
        var saver = new Saver(graph: session.Graph);
        RestorePlan plan = saver.PlanRestore(_path);
        Assert.False(plan.CanRestore);
        Assert.Contains("--rename \"^vgg/=>vgg_16/\"", plan.Explain(), StringComparison.Ordinal);
        Assert.Equal(32, plan.Suggestion!.FoundCount);

        // What is shown is what is pasted.
        Assert.True(RestoreOptions.TryParse(null, "^vgg/=>vgg_16/", null, out RestoreOptions? pasted, out _));
        plan = saver.Restore(session, _path, pasted);
        Assert.Equal(32, plan.Of(RestoreOutcome.Renamed).Count());
        Assert.Contains(plan.Items, static i => i is { Name: "vgg/fc6/weights", Source: "vgg_16/fc6/weights" });
        RequireValues(session, "vgg/", static _ => true);
    }

    [Fact]
    public void Fine_tuning_leaves_a_new_head_as_it_is()
    {
        using Session session = Network("vgg_16/", classes: 2);
        var saver = new Saver(graph: session.Graph);
        RestoreException refused = Assert.Throws<RestoreException>(() => saver.Restore(session, _path));
        Assert.Contains("--skip \"vgg_16/fc8/*\"", refused.Message, StringComparison.Ordinal);
        saver.Restore(session, _path, refused.Plan!.Suggestion!.Options);
        RequireValues(session, "vgg_16/", static n => !n.StartsWith("fc8", StringComparison.Ordinal));
        Assert.Equal(new float[2], session.Run("vgg_16/fc8/biases:0")!.ToArray<float>());
    }

    [Fact]
    public void The_7x7_convolution_restores_into_a_matrix_where_shapes_may_differ()
    {
        var graph = new Graph();
        Variable matrix = graph.Variable(Tensor.Zeros(DType.Float32, [7 * 7 * 6, 8]), name: "fc6/kernel");
        using var session = new Session(graph);
        new Saver(new Dictionary<string, Variable> { ["vgg_16/fc6/weights"] = matrix }, reshape: true).Restore(session, _path);
        Assert.Equal(_stored["vgg_16/fc6/weights"].ToArray<float>(), session.Run("fc6/kernel:0")!.ToArray<float>());
    }

    [Fact]
    public void A_v1_saver_writes_the_very_file_again()
    {
        using Session session = Network("vgg_16/", withAll: true);
        var saver = new Saver(graph: session.Graph, writeVersion: Protos.SaverDef.Types.CheckpointFormatVersion.V1);
        saver.Restore(session, _path);
        saver.Save(session, _folder["again.ckpt"], writeMetaGraph: false);
        Assert.Equal(File.ReadAllBytes(_path), File.ReadAllBytes(_folder["again.ckpt"]));
    }

    private void RequireValues(Session session, string scope, Predicate<string> isRestored)
    {
        foreach ((string name, _) in Layers().Where(l => isRestored(l.Name)))
            Assert.Equal(_stored["vgg_16/" + name].ToArray<float>(), session.Run($"{scope}{name}:0")!.ToArray<float>());
    }

    private static Session Network(string scope, int classes = 7, bool withAll = false)
    {
        var graph = new Graph();
        foreach ((string name, long[] shape) in Layers(classes))
            graph.Variable(Tensor.Zeros(DType.Float32, shape), name: scope + name);
        if (withAll)
        {
            graph.Variable(Tensor.Zeros(DType.Float32, [3]), name: scope + "mean_rgb");
            graph.Variable(Tensor.Scalar(0L), name: "global_step");
        }

        var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        return session;
    }

    private static IEnumerable<(string Name, long[] Shape)> Layers(int classes = 7)
    {
        int inputs = 3;
        for (int block = 1; block <= _blocks.Length; block++)
        {
            (int depth, int channels) = _blocks[block - 1];
            for (int i = 1; i <= depth; i++, inputs = channels)
            {
                yield return ($"conv{block}/conv{block}_{i}/weights", [3, 3, inputs, channels]);
                yield return ($"conv{block}/conv{block}_{i}/biases", [channels]);
            }
        }

        foreach ((string name, int size, int channels) in new[] { ("fc6", 7, 8), ("fc7", 1, 8), ("fc8", 1, classes) })
        {
            yield return ($"{name}/weights", [size, size, inputs, channels]);
            yield return ($"{name}/biases", [channels]);
            inputs = channels;
        }
    }

    private Tensor Filled(long[] shape)
    {
        Tensor tensor = Tensor.Zeros(DType.Float32, shape);
        Span<float> values = tensor.MutableData<float>();
        for (int i = 0; i < values.Length; i++)
            values[i] = (_stored.Count * 1000) + i;
        return tensor;
    }
}
