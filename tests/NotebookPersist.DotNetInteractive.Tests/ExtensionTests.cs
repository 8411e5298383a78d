using Microsoft.DotNet.Interactive.Events;
using NotebookPersist.Notebooks.Magics;
using Xunit;

namespace NotebookPersist.DotNetInteractive.Tests;

/// <summary>The extension and the notebooks in the real host. One class, since commands are found by the names of their classes process-wide.</summary>
public sealed class ExtensionTests : IAsyncLifetime, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("notebookpersist-").FullName;
    private readonly string _before = Environment.CurrentDirectory;
    private readonly HostKernel _kernel = new();
    private IReadOnlyList<KernelEvent> _loading = [];

    public async Task InitializeAsync()
    {
        // Notebooks write below the current folder.
        Environment.CurrentDirectory = _folder;
        tf.ResetDefaultGraph();
        _loading = await _kernel.LoadExtensionAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _kernel.Dispose();
        Environment.CurrentDirectory = _before;
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Every_magic_that_is_not_the_hosts_own_is_there()
    {
        Assert.Empty(Failures(_loading));
        Assert.Empty(Magic.All.Where(static m => !m.IsOfHost).Select(static m => m.Name).Except(_kernel.Directives));
        Assert.Single(_loading.OfType<DisplayedValueProduced>(), static e => e.Value is string line && line.StartsWith("NotebookPersist ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("01-save-and-restore.ipynb", "inspect=W1", "graph=<svg", "restore=W1", "magic=my_test_model-7", "plan=w_1", "mended=w_1")]
    [InlineData("02-freeze-to-pb.ipynb", "shown=predictions", "freeze=frozen_model.pb", "inspect=predictions")]
    public async Task A_notebook_runs_with_the_results_and_pages_of_our_own_kernel(string notebook, params string[] pages)
    {
        Dictionary<string, string> expected = pages.Select(static p => p.Split('=', 2)).ToDictionary(static p => p[0], static p => p[1]);
        string text = "";
        foreach ((string id, string code) in Repository.CodeOf(notebook))
        {
            // The package was loaded from its parts.
            string cell = code.Replace("#r \"nuget: NotebookPersist\"\n", "", StringComparison.Ordinal);
            IReadOnlyList<KernelEvent> events = await _kernel.RunAsync(cell);
            Assert.True(Failures(events).Length == 0, $"Cell '{id}' failed: {string.Join('\n', Failures(events))}");
            text += string.Concat(Forms<StandardOutputValueProduced>(events, "text/plain"));
            if (expected.Remove(id, out string? part))
                Assert.Contains(Forms<DisplayEvent>(events, "text/html"), page => page.Contains(part, StringComparison.Ordinal));
        }

        Assert.Empty(expected);
        Assert.Contains("All of it holds.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_with_a_magic_is_said_in_our_words_and_stops_the_cell()
    {
        IReadOnlyList<KernelEvent> events = await _kernel.RunAsync("#!save model/ckpt\nSystem.Console.WriteLine(\"went on\");");
        CommandFailed failed = events.OfType<CommandFailed>().First();
        Assert.StartsWith("There is no open session.", failed.Message, StringComparison.Ordinal);
        Assert.Null(failed.Exception);
        Assert.DoesNotContain("went on", string.Concat(Forms<StandardOutputValueProduced>(events, "text/plain")), StringComparison.Ordinal);
        Assert.StartsWith("#!save: <path> is missing.", Assert.Single(Failures(await _kernel.RunAsync("#!save"))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_code_run_again_replaces_what_it_made()
    {
        const string build = "using NotebookPersist;\nvar W1 = tf.Variable(tf.Constant(5.0, shape: [1]), name: \"W1\");";
        Assert.Empty(Failures(await _kernel.RunAsync(build)));
        string[] once = [.. tf.GetDefaultGraph().Operations.Select(static o => o.Name)];
        Assert.Empty(Failures(await _kernel.RunAsync(build)));
        Assert.Equal(once, tf.GetDefaultGraph().Operations.Select(static o => o.Name));
    }

    [Fact]
    public async Task A_save_in_the_background_ends_with_a_checkpoint()
    {
        const string build = "using NotebookPersist;\nvar W1 = tf.Variable(1f, name: \"W1\");\nvar session = new Session();\nsession.Run(tf.GlobalVariablesInitializer());";
        Assert.Empty(Failures(await _kernel.RunAsync(build)));
        Assert.Empty(Failures(await _kernel.RunAsync("#!save model/ckpt --async")));
        Assert.Contains(Forms<DisplayEvent>(await _kernel.RunAsync("#!inspect model/ckpt"), "text/html"), static p => p.Contains("W1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_session_that_was_saved_whole_comes_back_with_its_variables()
    {
        const string build = "using NotebookPersist;\nvar W1 = tf.Variable(1f, name: \"W1\");\nvar session = new Session();\nsession.Run(tf.GlobalVariablesInitializer());\nint epoch = 7;";
        Assert.Empty(Failures(await _kernel.RunAsync(build)));
        Assert.Empty(Failures(await _kernel.RunAsync("#!save --session state")));
        tf.ResetDefaultGraph();
        Assert.Empty(Failures(await _kernel.RunAsync("epoch = 0;")));
        Assert.Empty(Failures(await _kernel.RunAsync("#!restore --session state")));
        IReadOnlyList<KernelEvent> events = await _kernel.RunAsync("System.Console.WriteLine($\"{epoch} {(float)session.Run(tf.GetDefaultGraph().GetTensorByName(\"W1:0\"))}\");");
        Assert.Empty(Failures(events));
        Assert.Equal("7 1", string.Concat(Forms<StandardOutputValueProduced>(events, "text/plain")).Trim());
    }

    private static string[] Failures(IReadOnlyList<KernelEvent> events) => [.. events.OfType<CommandFailed>().Select(static e => e.Message).Distinct()];

    private static IEnumerable<string> Forms<TEvent>(IReadOnlyList<KernelEvent> events, string mimeType)
        where TEvent : DisplayEvent =>
        events.OfType<TEvent>().SelectMany(static e => e.FormattedValues).Where(f => f.MimeType == mimeType).Select(static f => f.Value);
}
