using System.Text.Json;
using NotebookPersist.Notebooks;
using NotebookPersist.Notebooks.Magics;
using Xunit;

namespace NotebookPersist.Tests.Notebooks.Magics;

public sealed class ProfileMagicTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Session _session;
    private readonly FeedDict _feeds;

    public ProfileMagicTests()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, [-1, 3], name: "x");
        graph.Exp(graph.MatMul(x, new float[3, 2], name: "product"), name: "y");
        _session = new Session(graph);
        _feeds = new FeedDict { [x] = new float[4, 3] };
    }

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_run_is_traced_and_shown_by_type_and_by_node()
    {
        string path = _folder["trace.json"];
        var stats = Assert.IsType<StepStats>(await Run("y:0", "--feed", "feeds", "--timeline", path));
        Assert.Equal(["product", "y"], stats.Nodes.Select(static n => n.Name));
        using JsonDocument json = JsonDocument.Parse(await File.ReadAllTextAsync(path));
        Assert.Equal(3, json.RootElement.GetProperty("traceEvents").GetArrayLength());

        Assert.True(Displays.TryRender(stats, out MimeBundle? shown));
        Assert.Contains("MatMul", shown.Text, StringComparison.Ordinal);
        Assert.Contains("product", shown.Text, StringComparison.Ordinal);
        Assert.Contains("<table", shown.Html, StringComparison.Ordinal);
        Assert.Same(stats, await Run());
    }

    [Fact]
    public async Task Without_a_traced_run_it_says_how_to_get_one()
    {
        MagicException fault = await Assert.ThrowsAsync<MagicException>(() => Run());
        Assert.Contains("traced no run yet", fault.Message, StringComparison.Ordinal);
    }

    private Task<object?> Run(params string[] words)
    {
        var workspace = new Workspace(() => [new KeyValuePair<string, object?>("session", _session), new KeyValuePair<string, object?>("feeds", _feeds)]);
        return Magic.RunAsync("#!profile", [.. words, "--session", "session"], null, workspace, static _ => throw new InvalidOperationException("Nothing is shown live."), CancellationToken.None);
    }
}
