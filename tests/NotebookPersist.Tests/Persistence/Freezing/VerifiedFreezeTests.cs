using System.Security.Cryptography;
using System.Text.Json;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Protos;
using NotebookPersist.Tests.Notebooks.Display;
using Xunit;

namespace NotebookPersist.Tests.Persistence.Freezing;

public sealed class VerifiedFreezeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_frozen_model_is_verified_and_its_note_tells_where_it_comes_from()
    {
        using Session session = Model(out Graph graph);
        var time = new FixedTime();
        FreezeReport report = GraphFreezer.FreezeToFile(session, _folder["pb/model.pb"], new FreezeOptions { Time = time });

        Assert.Equal(VerificationOutcome.Verified, report.Verification.Outcome);
        Assert.Contains("equal to the last bit", report.Verification.ToString(), StringComparison.Ordinal);
        Assert.Equal(("x:0", true), (report.Verification.Feeds.Single().Name, report.Verification.Feeds.Single().IsMade));
        Assert.Equal(2, report.VariableCount);
        Assert.Equal(graph.Operations.Count - report.Operations.Count, report.Pruned.Values.Sum());
        byte[] bytes = File.ReadAllBytes(report.Path);
        Assert.Equal(bytes.Length, report.ByteCount);
        JsonElement note = JsonDocument.Parse(File.ReadAllText(_folder["pb/model.pb.json"])).RootElement;
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), note.GetProperty("sha256").GetString());
        Assert.Equal("2016-02-29T12:00:00.0000000Z", note.GetProperty("time").GetString());
        Assert.Equal(41, note.GetProperty("step").GetInt64());
        Assert.Equal("verified", note.GetProperty("verification").GetProperty("outcome").GetString());
        Assert.Equal(["predictions"], note.GetProperty("outputs").EnumerateArray().Select(static o => o.GetString()));
        Assert.StartsWith("NotebookPersist 0", note.GetProperty("tool").GetString(), StringComparison.Ordinal);
        Assert.Equal(GraphFreezer.Freeze(session).GraphDef, MessageFile.Read<GraphDef>(report.Path));
        Assert.Equal(["model.pb", "model.pb.json"], Files());
    }

    [Fact]
    public void A_file_that_is_replaced_is_told()
    {
        using Session session = Model(out _);
        FreezeReport first = GraphFreezer.FreezeToFile(session, _folder["pb/model.pb"]);
        Assert.False(first.HasReplaced);
        Assert.DoesNotContain("replaced", Fragments.Render(first).Text, StringComparison.Ordinal);
        FreezeReport second = GraphFreezer.FreezeToFile(session, _folder["pb/model.pb"]);
        Assert.True(second.HasReplaced);
        Assert.Contains("replaced a file", Fragments.Render(second).Text, StringComparison.Ordinal);
        Assert.Contains("was there already and was replaced", Fragments.Render(second).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_that_computes_something_else_writes_nothing_and_leaves_an_older_file()
    {
        using Session session = Model(out _);
        GraphFreezer.FreezeToFile(session, _folder["pb/model.pb"]);
        byte[] before = File.ReadAllBytes(_folder["pb/model.pb"]), note = File.ReadAllBytes(_folder["pb/model.pb.json"]);
        var spoilt = new FreezeOptions { Spoil = static g => g.Node.Single(static n => n.Name == "b").Attr["value"] = new AttrValue { Tensor = TensorProtos.Encode(new[] { 0.1251f }) } };

        GraphException refused = Assert.Throws<GraphException>(() => GraphFreezer.FreezeToFile(session, _folder["pb/model.pb"], spoilt));
        Assert.Contains("'predictions:0' differs", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_folder["pb/model.pb"]));
        Assert.Equal(note, File.ReadAllBytes(_folder["pb/model.pb.json"]));
        Assert.Equal(["model.pb", "model.pb.json"], Files());

        FreezeReport asked = GraphFreezer.FreezeToFile(session, _folder["pb/model.pb"], spoilt with { Verification = new() { IsWanted = false } });
        Assert.Equal(VerificationOutcome.NotWanted, asked.Verification.Outcome);
        Assert.NotEqual(before, File.ReadAllBytes(_folder["pb/model.pb"]));
        Assert.Equal(VerificationOutcome.Verified, GraphFreezer.FreezeToFile(session, _folder["pb/model.pb"], spoilt with { Verification = new() { Tolerance = 0.1 } }).Verification.Outcome);
    }

    [Theory]
    [InlineData("predictionz", null, "'predictions'")]
    [InlineData("predictions", "y:0", "no such tensor")]
    [InlineData("predictions", "x", "shape")]
    public void A_wrong_output_or_feed_writes_nothing(string output, string? feed, string told)
    {
        using Session session = Model(out _);
        var options = new FreezeOptions { OutputNames = [output], Verification = new() { Feed = feed is null ? null : new() { [feed] = new[] { 1f, 2f } } } };
        Assert.Contains(told, Assert.Throws<ArgumentException>(() => GraphFreezer.FreezeToFile(session, _folder["pb/model.pb"], options)).Message, StringComparison.Ordinal);
        Assert.Empty(Files());
    }

    [Fact]
    public void A_given_feed_is_used_and_named()
    {
        using Session session = Model(out _);
        var options = new FreezeOptions { Verification = new() { Feed = new() { ["x"] = new[,] { { 1f, 2f, 3f } } } } };
        Assert.False(GraphFreezer.FreezeToFile(session, _folder["model.pb"], options).Verification.Feeds.Single().IsMade);
    }

    [Fact]
    public void Random_numbers_and_a_feed_that_does_not_fit_are_said_clearly()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, new[] { -1, 3 }, "x");
        graph.Identity(graph.RandomUniform(new[] { 3 }) * graph.Variable(2f, name: "w").Value, "noise");
        graph.Identity(x * 2f, "sure");
        graph.MatMul(x, graph.Placeholder(DType.Float32, new[] { -1, 2 }, "other"), name: "impossible");
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());

        GraphVerification random = GraphFreezer.FreezeToFile(session, _folder["r.pb"], new FreezeOptions { OutputNames = ["noise"] }).Verification;
        Assert.Equal(VerificationOutcome.NotVerified, random.Outcome);
        Assert.Contains("random numbers", random.ToString(), StringComparison.Ordinal);
        Assert.Contains("Not reproducible", random.ToString(), StringComparison.Ordinal);
        GraphVerification both = GraphFreezer.FreezeToFile(session, _folder["b.pb"], new FreezeOptions { OutputNames = ["noise", "sure"] }).Verification;
        Assert.Equal(VerificationOutcome.Verified, both.Outcome);
        Assert.Equal([false, true], both.Outputs.Select(static o => o.IsReproducible));
        GraphVerification unfit = GraphFreezer.FreezeToFile(session, _folder["u.pb"], new FreezeOptions { OutputNames = ["impossible"] }).Verification;
        Assert.Equal(VerificationOutcome.NotVerified, unfit.Outcome);
        Assert.StartsWith("Not verified because the original does not run on the feed that was made for it", unfit.ToString(), StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["u.pb"]));
    }

    [Fact]
    public void A_branch_with_random_numbers_that_is_not_taken_leaves_the_values_to_compare()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, new[] { -1, 8 }, "x");
        Output training = graph.PlaceholderWithDefault(false, Shape.Scalar, "training");
        Output dropped = graph.Cond(training, () => graph.Dropout(x, keepProb: 0.5f), () => x);
        graph.MatMul(dropped, graph.Variable(graph.Ones(new[] { 8, 3 }), name: "w"), name: "pred");
        graph.ArgMax(graph.Concat([graph.Constant(new[] { 100f }), graph.RandomUniform(new[] { 3 })], 0), 0, name: "seldom");
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        GraphVerification verification = GraphFreezer.FreezeToFile(session, _folder["d.pb"], new FreezeOptions { OutputNames = ["pred", "seldom"] }).Verification;
        Assert.Equal(VerificationOutcome.Verified, verification.Outcome);
        Assert.All(verification.Outputs, static o => Assert.True(o.IsReproducible));
        Assert.Empty(verification.RandomOperations);
    }

    [Fact]
    public void Verifying_never_changes_the_session()
    {
        var graph = new Graph();
        Variable w = graph.Variable(1f, name: "w");
        graph.Identity(graph.AssignAdd(w.Reference, 1f), "counted");
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        GraphVerification verification = GraphFreezer.FreezeToFile(session, _folder["w.pb"], new FreezeOptions { OutputNames = ["counted"] }).Verification;
        Assert.Equal(VerificationOutcome.NotVerified, verification.Outcome);
        Assert.Contains("would change the session", verification.Reason, StringComparison.Ordinal);
        Assert.Equal(1f, (float)session.Run(w));
    }

    [Fact]
    public void A_frozen_graph_shares_the_values_and_later_training_leaves_it_alone()
    {
        var graph = new Graph();
        Variable w = graph.Variable(graph.Fill(new[] { 64, 1024 }, 0.5f), name: "w");
        graph.Identity(w.Value, "y");
        Operation step = graph.AssignAdd(w.Reference, graph.Fill(new[] { 64, 1024 }, 1f)).Operation;
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        FrozenGraph frozen = GraphFreezer.Freeze(session, ["y"]);
        Assert.True(session.Variables.Find("w")!.Value!.Buffer!.IsHeld);
        byte[] before = frozen.GraphDef.Node.Single(static n => n.Name == "w").Attr["value"].Tensor.TensorContent.ToByteArray();
        session.Run(step);
        Assert.Equal(1.5f, session.Run(w).ToArray<float>()[7]);
        Assert.Equal(before, frozen.GraphDef.Node.Single(static n => n.Name == "w").Attr["value"].Tensor.TensorContent.ToByteArray());
        // Written to a file, the values are free again.
        GraphFreezer.FreezeToFile(session, _folder["y.pb"], new FreezeOptions { OutputNames = ["y"] });
        Assert.False(session.Variables.Find("w")!.Value!.Buffer!.IsHeld);
    }

    [Fact]
    public void Variables_can_be_chosen_and_those_kept_take_part_in_the_verification()
    {
        using Session session = Model(out _);
        FreezeReport report = GraphFreezer.FreezeToFile(session, _folder["model.pb"], new FreezeOptions { ExceptVariables = ["b"] });
        Assert.Equal((1, "b"), (report.VariableCount, report.KeptVariables.Single()));
        Assert.Equal(VerificationOutcome.Verified, report.Verification.Outcome);
        Assert.Contains(report.Operations, static o => o is { Name: "b", Type: "VariableV2" });
        Assert.Equal(["w"], GraphFreezer.FreezeToFile(session, _folder["model.pb"], new FreezeOptions { OnlyVariables = ["b"] }).KeptVariables);
        Assert.Contains("'b'", Assert.Throws<ArgumentException>(() => GraphFreezer.FreezeToFile(session, _folder["model.pb"], new FreezeOptions { ExceptVariables = ["c"] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Freezing_with_rewrites_is_verified_too_and_every_report_has_a_display()
    {
        using Session session = Model(out _);
        FreezeReport report = GraphFreezer.FreezeToFile(session, _folder["model.pb"], new FreezeOptions { Optimization = new() });
        Assert.Equal((VerificationOutcome.Verified, VerifyOptions.OptimizedTolerance), (report.Verification.Outcome, report.Verification.Tolerance));
        Assert.DoesNotContain(report.Operations, static o => o.Name == "w/read");
        Assert.Contains("[verified", Fragments.Render(report).Text, StringComparison.Ordinal);
        Assert.Contains("np-good", Fragments.Render(report).Html, StringComparison.Ordinal);
        Assert.Contains("not verified", Fragments.Render(GraphFreezer.Freeze(session)).Text, StringComparison.Ordinal);

        GraphFreezer.FreezeToFile(session, _folder["plain.pb"]);
        OptimizeReport optimized = ModelOptimizer.Optimize(_folder["plain.pb"], _folder["fast.pb"]);
        Assert.Equal(VerificationOutcome.Verified, optimized.Verification.Outcome);
        Assert.True(optimized.NodesAfter.Values.Sum() < optimized.NodesBefore.Values.Sum());
        Assert.Contains("[verified", Fragments.Render(optimized).Text, StringComparison.Ordinal);
        Assert.Equal("optimized graph", JsonDocument.Parse(File.ReadAllText(_folder["fast.pb.json"])).RootElement.GetProperty("kind").GetString());
    }

    private string[] Files() => Directory.Exists(_folder["pb"]) ? [.. Directory.EnumerateFiles(_folder["pb"]).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)] : [];

    private static Session Model(out Graph graph)
    {
        graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, new[] { -1, 3 }, "x");
        Variable w = graph.Variable(new[,] { { 0.5f }, { 0.25f }, { -1f } }, name: "w");
        Variable b = graph.Variable(new[] { 0.125f }, name: "b");
        Variable step = graph.GetOrCreateGlobalStep();
        graph.Identity(graph.MatMul(x, w.Value) + b.Value, "predictions");
        var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        session.Run(step.Assign(41L));
        return session;
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2016, 2, 29, 12, 0, 0, TimeSpan.Zero);
    }
}
