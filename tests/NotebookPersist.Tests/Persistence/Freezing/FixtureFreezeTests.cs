using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Protos;
using Xunit;
using Xunit.Abstractions;

namespace NotebookPersist.Tests.Persistence.Freezing;

/// <summary>Models from public repositories, frozen and optimised, each verified.</summary>
public sealed class FixtureFreezeTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_checkpoint_with_its_graph_freezes_and_none_differs()
    {
        var outcomes = new Dictionary<string, int>();
        foreach (string path in SharedFiles.Enumerate("fixtures", "*.meta").Where(static p => CheckpointPath.TryResolve(p[..^".meta".Length]) is not null))
            Try(path, outcomes, p => GraphFreezer.FreezeToFile(p[..^".meta".Length], _folder["m.pb"]).Verification);
        Report(outcomes);
        Assert.True(outcomes.GetValueOrDefault("Verified") >= 1, "Nothing was verified.");
    }

    [Fact]
    public void Every_frozen_graph_optimises_and_none_differs()
    {
        var outcomes = new Dictionary<string, int>();
        foreach (string path in SharedFiles.Enumerate("fixtures/frozen", "*.pb").Where(static p => MessageFile.Read<GraphDef>(p).Node.Count > 0))
            Try(path, outcomes, p => ModelOptimizer.Optimize(p, _folder["o.pb"]).Verification);
        Report(outcomes);
        Assert.True(outcomes.GetValueOrDefault("Verified") >= 1, "Nothing was verified.");
    }

    [Theory]
    [InlineData("serving-half-plus-two-mkl/00000123")]
    [InlineData("serving-half-plus-two-cpu-with-config/00000123")]
    [InlineData("vespa-external-modelv1")]
    public void A_SavedModel_freezes_to_the_outputs_of_its_signature(string folder)
    {
        FreezeReport report = GraphFreezer.FreezeToFile(SharedFiles.Path("fixtures/savedmodel/" + folder), _folder["s.pb"]);
        Assert.Equal(VerificationOutcome.Verified, report.Verification.Outcome);
        Assert.Equal("the outputs of signature 'serving_default'", report.OutputReason);
        Assert.Contains("no signature 'nosuch'", Assert.Throws<ArgumentException>(() => GraphFreezer.FreezeToFile(
            SharedFiles.Path("fixtures/savedmodel/" + folder), _folder["t.pb"], new FreezeOptions { SignatureName = "nosuch" })).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["t.pb"]));
    }

    private void Try(string path, Dictionary<string, int> outcomes, Func<string, GraphVerification> run)
    {
        string outcome;
        try
        {
            GraphVerification verification = run(path);
            outcome = verification.Outcome.ToString();
            output.WriteLine($"{SharedFiles.Relative(path)}: {verification}");
            Assert.NotEqual(VerificationOutcome.Different, verification.Outcome);
        }
        catch (Exception fault) when (fault is ArgumentException or IOException || (fault is InvalidOperationException && !fault.Message.Contains("does not compute", StringComparison.Ordinal)))
        {
            outcome = $"{fault.GetType().Name}";
            output.WriteLine($"{SharedFiles.Relative(path)}: {outcome}: {fault.Message.ReplaceLineEndings(" ")}");
        }

        outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
    }

    private void Report(Dictionary<string, int> outcomes) => output.WriteLine(string.Join(", ", outcomes.Select(static o => $"{o.Key}: {o.Value}")));
}
