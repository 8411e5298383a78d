using NotebookPersist.Kernel.Scripting;
using NotebookPersist.Notebooks;
using NotebookPersist.Notebooks.Magics;
using Xunit;

namespace NotebookPersist.Tests.Notebooks.Magics;

public sealed class RestoreMagicTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Graph _graph = new();
    private readonly Session _session;
    private readonly string _path;

    public RestoreMagicTests()
    {
        var old = new Graph();
        foreach ((string name, float value) in new[] { ("old/a/w", 1f), ("old/a/b", 2f), ("old/c/w", 3f) })
            old.Variable(value, name: name);
        using (var session = new Session(old))
        {
            session.Run(old.GlobalVariablesInitializer());
            _path = new Saver(graph: old).Save(session, _folder["m"]).Replace('\\', '/');
        }

        foreach (string name in new[] { "new/a/w", "new/a/b", "new/c/w", "head" })
            _graph.Variable(-1f, name: name);
        _session = new Session(_graph);
        _session.Run(_graph.GlobalVariablesInitializer());
    }

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_dry_run_shows_what_to_paste_and_changes_nothing()
    {
        var plan = Assert.IsType<RestorePlan>(await Run($"#!restore {_path} --dry-run"));
        Assert.False(plan.CanRestore);
        Assert.Null(plan.Elapsed);
        Assert.Equal([-1f, -1f, -1f, -1f], Values());

        string text = Fragment(plan);
        string line = text.Split('\n').Single(static l => l.StartsWith("  #!restore", StringComparison.Ordinal)).Trim();
        Assert.Equal($"#!restore \"{_path}\" --rename \"^new/=>old/\" --skip \"head\"", line);
        plan = Assert.IsType<RestorePlan>(await Run(line));
        Assert.True(plan.Fits);
        Assert.Equal([1f, 2f, 3f, -1f], Values());
        Assert.Contains("3 of 4 restored, 3 renamed, 1 skipped", Fragment(plan), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Variables_are_mapped_and_the_rest_is_left_on_request()
    {
        var plan = Assert.IsType<RestorePlan>(await Run($"#!restore {_path} --map \"new/a/w=old/c/w,head=old/a/b\" --partial --lazy"));
        Assert.True(plan.Options.Lazy);
        Assert.Equal([3f, -1f, -1f, 2f], Values());
        Assert.Contains("2 left as they are", Fragment(plan), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_shows_the_line_to_paste_too()
    {
        string file = _folder["w.npz"].Replace('\\', '/');
        ModelConverter.Convert(_path, file);
        var plan = Assert.IsType<RestorePlan>(await Run($"#!import {file} --dry-run"));
        Assert.False(plan.CanRestore);
        string text = Fragment(plan);
        Assert.Contains("Import from '", text, StringComparison.Ordinal);
        Assert.Contains("In the file only", text, StringComparison.Ordinal);
        Assert.Contains("File holds", text, StringComparison.Ordinal);
        Assert.DoesNotContain("checkpoint", text, StringComparison.OrdinalIgnoreCase);
        string line = text.Split('\n').Single(static l => l.StartsWith("  #!import", StringComparison.Ordinal)).Trim();
        Assert.Equal($"#!import \"{file}\" --map \"old/a/b=new/a/b,old/a/w=new/a/w,old/c/w=new/c/w\" --names \"new/a/b,new/a/w,new/c/w\"", line);
        plan = Assert.IsType<RestorePlan>(await Run(line));
        Assert.True(plan.Fits);
        Assert.Equal([1f, 2f, 3f, -1f], Values());
        Assert.Contains("Imported from", Fragment(plan), StringComparison.Ordinal);
        Assert.Contains("3 of 3 imported", Fragment(plan), StringComparison.Ordinal);
        RestoreException refused = await Assert.ThrowsAsync<RestoreException>(() => Run($"#!import {file}"));
        Assert.Contains("--map \"old/a/b=new/a/b", refused.Message, StringComparison.Ordinal);
        Assert.Contains("missing from the file", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--map a", "#!restore: --map takes names as old=new; 'a' was given.")]
    [InlineData("--rename a", "#!restore: --rename takes regex=>replacement; 'a' was given.")]
    [InlineData("--partal", "did you mean --partial?")]
    public async Task A_mistake_is_told_before_anything_is_read(string words, string message)
    {
        MagicException mistake = await Assert.ThrowsAsync<MagicException>(() => Run($"#!restore nowhere {words}"));
        Assert.Contains(message, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_help_names_every_option()
    {
        string help = Magic.All.Single(static m => m.Name == "#!restore").HelpText();
        Assert.All(["--map <names>", "--rename <renames>", "--skip <patterns>", "--partial", "--dry-run", "--lazy"], o => Assert.Contains(o, help, StringComparison.Ordinal));
    }

    private static string Fragment(RestorePlan plan) => Display.Fragments.Render(plan).Text;

    private Task<object?> Run(string line)
    {
        MagicLine magic = MagicLine.Parse(line, 1);
        var workspace = new Workspace(() => [new KeyValuePair<string, object?>("session", _session)]);
        return Magic.RunAsync(magic.Name, magic.Arguments, null, workspace, static _ => throw new InvalidOperationException("Restoring shows nothing live."), CancellationToken.None);
    }

    private float[] Values() => [.. new[] { "new/a/w", "new/a/b", "new/c/w", "head" }.Select(n => (float)_session.Run($"{n}:0")!)];
}
