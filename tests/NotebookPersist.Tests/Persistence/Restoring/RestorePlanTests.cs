using Xunit;

namespace NotebookPersist.Tests.Persistence.Restoring;

public sealed class RestorePlanTests : IDisposable
{
    private const string Vgg = "golden-tf115/checkpoints/v2_optimizer_like/model.ckpt-1000.index";
    private static readonly string[] Layers = ["conv1/conv1_1", "conv1/conv1_2", "conv2/conv2_1", "conv2/conv2_2"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_slim_checkpoint_goes_to_another_scope_by_the_rename_that_the_refusal_proposes()
    {
        (Graph graph, Session session) = Model([.. VggVariables("model/"), ("model/fc8/weights", Tensor.Zeros(DType.Float32, [8, 10]))]);
        var saver = new Saver(graph: graph);
        string path = SharedFiles.Path(Vgg);
        RestoreException refused = Assert.Throws<RestoreException>(() => saver.Restore(session, path));

        Assert.Contains("--rename \"^model/=>vgg_16/\" --skip \"model/fc8/weights\"", refused.Message, StringComparison.Ordinal);
        Assert.Contains("new RestoreOptions { Renames = [new(\"^model/\", \"vgg_16/\")], Skip = [\"model/fc8/weights\"] }", refused.Message, StringComparison.Ordinal);
        RestoreSuggestion suggestion = refused.Plan!.Suggestion!;
        Assert.Equal((8, 1), (suggestion.FoundCount, suggestion.SkippedCount));
        Assert.Equal("vgg_16/conv1/conv1_1/weights", refused.Plan.Of(RestoreOutcome.Missing).Single(static i => i.Name == "model/conv1/conv1_1/weights").Near[0]);

        RestorePlan plan = saver.Restore(session, path, suggestion.Options);
        Assert.True(plan.Fits);
        Assert.Equal(8, plan.Of(RestoreOutcome.Renamed).Count());
        Assert.Equal(4 * 4 * (216 + 8), plan.ByteCount);
        using Checkpoint checkpoint = Checkpoint.Open(path);
        Assert.All(VggVariables("").Select(static v => v.Name), n => Assert.Equal(checkpoint["vgg_16/" + n].ToArray<float>(), session.Run($"model/{n}:0")!.ToArray<float>()));
        Assert.Equal(new float[80], session.Run("model/fc8/weights:0")!.ToArray<float>());
    }

    [Fact]
    public void A_rename_leaves_what_was_found_already()
    {
        // The global step has its name in both; putting a scope before everything would lose it.
        (Graph graph, Session session) = Model([.. VggVariables(""), ("global_step", Tensor.Scalar(0L))]);
        var saver = new Saver(graph: graph);
        RestorePlan plan = saver.PlanRestore(SharedFiles.Path(Vgg));
        Assert.Equal([new RestoreRename("^(conv1|conv2)/", "vgg_16/$1/")], plan.Suggestion!.Options.Renames);
        Assert.Contains("--rename '^(conv1|conv2)/=>vgg_16/$1/'", plan.Explain(), StringComparison.Ordinal);

        Assert.True(saver.Restore(session, SharedFiles.Path(Vgg), plan.Suggestion.Options).Fits);
        Assert.Equal(1000L, (long)session.Run("global_step:0")!);
    }

    [Fact]
    public void Moving_averages_are_proposed_where_the_plain_names_are_gone()
    {
        string path = Stored(("a/w/ExponentialMovingAverage", new[] { 1f, 2f }), ("a/b/ExponentialMovingAverage", new[] { 3f }), ("c/w/ExponentialMovingAverage", new[] { 4f, 5f }));
        (Graph graph, Session session) = Model(("a/w", new float[2]), ("a/b", new float[1]), ("c/w", new float[2]));
        var saver = new Saver(graph: graph);
        RestoreSuggestion suggestion = saver.PlanRestore(path).Suggestion!;
        Assert.Equal([new RestoreRename("$", "/ExponentialMovingAverage")], suggestion.Options.Renames);
        Assert.Empty(suggestion.Options.Map);
        saver.Restore(session, path, suggestion.Options);
        Assert.Equal([4f, 5f], session.Run("c/w:0")!.ToArray<float>());
    }

    [Fact]
    public void Another_scope_and_other_ends_take_several_renames()
    {
        string path = Stored(
            ("old/a/weights", new float[2]), ("old/a/biases", new float[3]), ("old/b/weights", new float[2]), ("old/b/biases", new float[3]), ("old/c/weights", new float[4]));
        (Graph graph, _) = Model(("new/a/kernel", new float[2]), ("new/a/biases", new float[3]), ("new/b/kernel", new float[2]), ("new/b/biases", new float[3]), ("new/c/kernel", new float[4]));
        var saver = new Saver(graph: graph);
        RestoreSuggestion suggestion = saver.PlanRestore(path).Suggestion!;
        Assert.Equal(5, suggestion.FoundCount);
        Assert.InRange(suggestion.Options.Renames.Count, 1, 2);
        Assert.True(saver.PlanRestore(path, suggestion.Options).Fits);
    }

    [Fact]
    public void A_few_unlike_names_are_mapped_one_by_one()
    {
        string path = Stored(("dense/bias", new float[3]), ("hidden/kernel", new float[7]), ("same", 1f));
        (Graph graph, _) = Model(("dense/biases", new float[3]), ("hiden/kernels", new float[7]), ("same", 0f));
        var saver = new Saver(graph: graph);
        RestorePlan plan = saver.PlanRestore(path);
        Assert.Contains("--map \"dense/biases=dense/bias,hiden/kernels=hidden/kernel\"", plan.Explain(), StringComparison.Ordinal);
        Assert.True(saver.PlanRestore(path, plan.Suggestion!.Options).Fits);
    }

    [Fact]
    public void Names_of_the_same_shape_are_nearer()
    {
        string path = Stored(("layer/w1", new float[5]), ("layer/weight", new float[2]), ("layer/w_old", new double[2]));
        (Graph graph, _) = Model(("layer/w", new float[2]));
        RestoreItem missing = new Saver(graph: graph).PlanRestore(path).Of(RestoreOutcome.Missing).Single();
        Assert.Equal("layer/weight", missing.Near[0]);
        Assert.Equal("layer/w1", missing.Near[1]);
    }

    [Fact]
    public void Plans_of_published_checkpoints_need_only_the_index()
    {
        string path = SharedFiles.Enumerate("fixtures/v2ckpt/kinetics-i3d-index-only", "*.index").First();
        using Checkpoint checkpoint = Checkpoint.Open(path);
        Dictionary<string, TensorSpec> wanted = checkpoint.Tensors.ToDictionary(static t => "net/" + t.Name[(t.Name.IndexOf('/', StringComparison.Ordinal) + 1)..], static t => new TensorSpec(t.DType, t.Shape));
        RestorePlan plan = checkpoint.Plan(wanted);
        Assert.False(plan.CanRestore);
        string scope = checkpoint.Tensors[0].Name[..(checkpoint.Tensors[0].Name.IndexOf('/', StringComparison.Ordinal) + 1)];
        Assert.Equal([new RestoreRename("^net/", scope)], plan.Suggestion!.Options.Renames);
        Assert.Equal(wanted.Count, plan.Suggestion.FoundCount);
        Assert.True(checkpoint.Plan(wanted, plan.Suggestion.Options).Fits);
    }

    [Fact]
    public void What_fits_nothing_under_any_name_gets_no_proposal()
    {
        string path = Stored(("x", new float[3]));
        (Graph graph, _) = Model(("entirely/unlike", new float[2]));
        RestorePlan plan = new Saver(graph: graph).PlanRestore(path);
        Assert.Null(plan.Suggestion);
        Assert.DoesNotContain("--", plan.Explain(), StringComparison.Ordinal);
        RestorePlan partial = new Saver(graph: graph).PlanRestore(path, new RestoreOptions { Partial = true });
        Assert.False(partial.CanRestore);
        Assert.Contains("restore nothing", Assert.Single(partial.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void A_map_to_what_is_not_there_and_of_what_is_no_variable_is_an_error_even_in_part()
    {
        string path = Stored(("a/w", 1f), ("b", 2f));
        (Graph graph, Session session) = Model(("w", 0f), ("b", 0f));
        var saver = new Saver(graph: graph);
        var options = new RestoreOptions { Map = new Dictionary<string, string> { ["w"] = "a/ww", ["bb"] = "b" }, Partial = true };
        RestoreException refused = Assert.Throws<RestoreException>(() => saver.Restore(session, path, options));
        Assert.Contains("'w' is mapped to 'a/ww', which is not in", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Near names: 'a/w'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("'bb' is mapped to 'b' but is no variable to restore. Near names: 'b'", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0f, (float)session.Run("b:0")!);
    }

    [Fact]
    public void Patterns_that_fit_nothing_and_tensors_for_two_are_told()
    {
        string path = Stored(("w", new[] { 1f, 2f }));
        (Graph graph, Session session) = Model(("w", new float[2]), ("copy", new float[2]));
        var saver = new Saver(graph: graph);
        var options = new RestoreOptions { Map = new Dictionary<string, string> { ["copy"] = "w" }, Skip = ["fc?/*"], Renames = [new("^scope/", "")] };
        RestorePlan plan = saver.Restore(session, path, options);
        Assert.True(plan.Fits);
        Assert.Contains(plan.Notes, static n => n.Contains("to skip, 'fc?/*', fits no variable", StringComparison.Ordinal));
        Assert.Contains(plan.Notes, static n => n.Contains("to rename, '^scope/', fits no variable", StringComparison.Ordinal));
        Assert.Contains("Tensor 'w' goes to 'copy' and 'w'.", plan.Notes);

        // Each has values of its own.
        session.Run(graph.AssignAdd(graph.GlobalVariables().Single(static v => v.OperationName == "w").Reference, new[] { 10f, 10f }));
        Assert.Equal([11f, 12f], session.Run("w:0")!.ToArray<float>());
        Assert.Equal([1f, 2f], session.Run("copy:0")!.ToArray<float>());
    }

    [Theory]
    [InlineData("(", "no regular expression")]
    [InlineData("", "is empty")]
    [InlineData("^(?=(a+)+$)b", "is still not matched to 'aaaaaaaa")]
    [InlineData(@"^(a+)+\1$", "is still not matched to 'aaaaaaaa")]
    public void A_hostile_pattern_is_refused_in_clear_words(string pattern, string words)
    {
        string name = new string('a', 48) + "/b";
        string path = Stored((name, 1f));
        (Graph graph, Session session) = Model((name, 5f));
        var saver = new Saver(graph: graph);
        ArgumentException renaming = Assert.Throws<ArgumentException>(() => saver.Restore(session, path, new RestoreOptions { Renames = [new(pattern, "x")] }));
        Assert.Contains(words, renaming.Message, StringComparison.Ordinal);
        Assert.Contains(pattern, renaming.Message, StringComparison.Ordinal);
        if (pattern.Length > 0)
            Assert.Contains(words, Assert.Throws<ArgumentException>(() => saver.PlanRestore(path, new RestoreOptions { Skip = [$"/{pattern}/"] })).Message, StringComparison.Ordinal);
        Assert.Equal(5f, (float)session.Run($"{name}:0")!);
    }

    [Fact]
    public void Nested_repetitions_without_look_around_do_no_harm()
    {
        string name = new string('a', 200) + "/b";
        string path = Stored((name, 1f));
        (Graph graph, Session session) = Model((name, 5f));
        RestorePlan plan = new Saver(graph: graph).Restore(session, path, new RestoreOptions { Renames = [new("^(a+)+$", "x")], Skip = ["/^((a*)*)*c$/"] });
        Assert.True(plan.Fits);
        Assert.Equal(2, plan.Notes.Count);
    }

    [Fact]
    public void A_saver_that_reshapes_says_which_counts_differ()
    {
        string path = Stored(("fits", new[,] { { 1f, 2f }, { 3f, 4f } }), ("differs", new float[3]));
        (Graph graph, Session session) = Model(("fits", new float[4]), ("differs", new float[2]));
        var saver = new Saver(reshape: true, graph: graph);
        RestoreException refused = Assert.Throws<RestoreException>(() => saver.Restore(session, path));
        Assert.Equal(["differs"], refused.Plan!.Of(RestoreOutcome.ShapeDiffers).Select(static i => i.Name));
        Assert.Equal(["differs"], refused.Plan.Suggestion!.Options.Skip);
        Assert.Equal(new float[4], session.Run("fits:0")!.ToArray<float>());
        saver.Restore(session, path, new RestoreOptions { Partial = true });
        Assert.Equal([1f, 2f, 3f, 4f], session.Run("fits:0")!.ToArray<float>());
        Assert.Equal(new float[2], session.Run("differs:0")!.ToArray<float>());
    }

    [Theory]
    [InlineData(Protos.SaverDef.Types.CheckpointFormatVersion.V1, false)]
    [InlineData(Protos.SaverDef.Types.CheckpointFormatVersion.V1, true)]
    [InlineData(Protos.SaverDef.Types.CheckpointFormatVersion.V2, true)]
    public void Old_and_sharded_checkpoints_are_renamed_and_skipped_alike(Protos.SaverDef.Types.CheckpointFormatVersion version, bool sharded)
    {
        (Graph old, Session oldSession) = Model(("a/x", new[] { 1f, 2f }), ("a/y", new[] { 3f }), ("a/z", 4f));
        new Saver(sharded: sharded, writeVersion: version, graph: old).Save(oldSession, _folder["m"]);
        (Graph graph, Session session) = Model(("b/x", new float[2]), ("b/y", new[] { 7f }), ("b/z", 0f));
        var saver = new Saver(sharded: sharded, writeVersion: version, graph: graph);
        RestorePlan plan = saver.Restore(session, _folder.Path, new RestoreOptions { Renames = [new("^b/", "a/")], Skip = ["*/y"] });
        Assert.Equal(["b/y"], plan.Of(RestoreOutcome.Skipped).Select(static i => i.Name));
        Assert.DoesNotContain(plan.Items, static i => i.Outcome is RestoreOutcome.Missing);
        Assert.Equal([1f, 2f], session.Run("b/x:0")!.ToArray<float>());
        Assert.Equal([7f], session.Run("b/y:0")!.ToArray<float>());
        Assert.Equal(4f, (float)session.Run("b/z:0")!);
    }

    [Fact]
    public void Parts_of_a_variable_are_renamed_as_one()
    {
        string path = Stored(("old/v", new[] { 1f, 2f, 3f }));
        var graph = new Graph();
        Variable[] parts = [Part(graph, "v", 0, 1), Part(graph, "v", 1, 2)];
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        var saver = new Saver(parts);
        RestoreSuggestion suggestion = saver.PlanRestore(path).Suggestion!;
        Assert.Equal("old/v", suggestion.Options.Map["v"]);
        RestorePlan plan = saver.Restore(session, path, suggestion.Options);
        Assert.Single(plan.Restored);
        Assert.Equal([1f], session.Run(parts[0].Value).ToArray<float>());
        Assert.Equal([2f, 3f], session.Run(parts[1].Value).ToArray<float>());
        saver.Restore(session, path, suggestion.Options with { Skip = ["other"] });
        Assert.Contains("0 of 1", saver.PlanRestore(path, new RestoreOptions { Skip = ["v"] }).ToString(), StringComparison.Ordinal);
    }

    internal static Variable Part(Graph graph, string name, long offset, long length)
    {
        Variable plain = graph.Variable(Tensor.Zeros(DType.Float32, [length]), name: $"{name}/part_{offset}");
        return new Variable(plain.Reference, plain.Initializer, plain.Value, plain.InitialValue, plain.IsTrainable)
        {
            Slice = new Protos.SaveSliceInfoDef { FullName = name, FullShape = { 3 }, VarOffset = { offset }, VarShape = { length } },
        };
    }

    private static IEnumerable<(string Name, Operand Value)> VggVariables(string scope) => Layers.SelectMany(l => new (string, Operand)[]
    {
        ($"{scope}{l}/weights", Tensor.Zeros(DType.Float32, [3, 3, 3, 8])),
        ($"{scope}{l}/biases", Tensor.Zeros(DType.Float32, [8])),
    });

    private string Stored(params (string Name, Operand Value)[] variables)
    {
        (Graph graph, Session session) = Model(variables);
        using (session)
            return new Saver(graph: graph).Save(session, _folder["m"], writeMetaGraph: false);
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
}
