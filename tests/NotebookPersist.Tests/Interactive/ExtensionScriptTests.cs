using System.Reflection;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Directives;
using Microsoft.DotNet.Interactive.Formatting;
using NotebookPersist.Notebooks.Magics;
using NotebookPersist.Tests.Tutorials;
using Xunit;

namespace NotebookPersist.Tests.Interactive;

/// <summary>The script that .NET Interactive runs when the package is loaded, on the host's signatures.</summary>
[Collection(DefaultGraphCollection.Name)]
public sealed class ExtensionScriptTests : IAsyncLifetime, IDisposable
{
    private const string Script = "src/NotebookPersist.Interactive/extension.dib";

    private const string Build = """
        using NotebookPersist;
        var x = tf.Placeholder(tf.Float32, shape: [1], name: "x");
        var W1 = tf.Variable(tf.Constant(5.0, shape: [1]), name: "W1");
        var y = tf.Multiply(x, W1, name: "y");
        """;

    private const string Run = "var session = new Session(); session.Run(tf.GlobalVariablesInitializer());";

    private readonly CSharpKernel _kernel = new();
    private readonly TemporaryFolder _folder = new();
    private KernelInvocationContext _loaded = null!; // Set before any test runs.

    public async Task InitializeAsync()
    {
        tf.ResetDefaultGraph();
        string[] layers = ["Tensors", "Formats", "Graphs", "Execution", "Persistence", "Notebooks", "Interactive"];
        _kernel.AddAssemblyReferences(layers.Select(static l => Path.Combine(AppContext.BaseDirectory, $"NotebookPersist.{l}.dll")));
        _loaded = await LoadAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_magic_that_is_not_the_hosts_own_becomes_a_directive_with_its_parameters()
    {
        Assert.Null(_loaded.Failure);
        Magic[] expected = [.. Magic.All.Where(static m => !m.IsOfHost)];
        Assert.Contains("#!save", expected.Select(static m => m.Name));
        Assert.DoesNotContain("#!lsmagic", expected.Select(static m => m.Name));
        Assert.Equal(expected.Select(static m => m.Name), _kernel.KernelInfo.SupportedDirectives.Select(static d => d.Name));
        foreach ((Magic magic, KernelDirective directive) in expected.Zip(_kernel.KernelInfo.SupportedDirectives))
        {
            Assert.Equal(magic.Summary, directive.Description);
            Assert.Equal(
                magic.Parameters.Select(static p => ("--" + p.Name, p.Help, p.IsRequired, p.IsFlag)),
                directive.Parameters.Select(static p => (p.Name, p.Description, p.Required, p.Flag)));
            Assert.Equal(magic.Parameters.FirstOrDefault(static p => p.IsPositional)?.Name, directive.Parameters.SingleOrDefault(static p => p.AllowImplicitName)?.Name[2..]);
        }
    }

    [Fact]
    public void One_line_says_what_was_loaded_and_no_variable_is_left_behind()
    {
        string line = Assert.IsType<string>(Assert.Single(_loaded.Shown).Value);
        Assert.Matches(@"^NotebookPersist \d+\.\d+\.\d+: displays for \d+ types, magics #!diff, .*#!save\. Cells need 'using NotebookPersist;'\.$", line);
        Assert.DoesNotContain('\n', line);
        Assert.Empty(_kernel.ScriptState!.Variables);
    }

    [Fact]
    public async Task Loading_it_again_adds_nothing()
    {
        int count = _kernel.KernelInfo.SupportedDirectives.Count;
        KernelInvocationContext again = await LoadAsync();
        Assert.Null(again.Failure);
        Assert.Empty(again.Shown);
        Assert.Equal(count, _kernel.KernelInfo.SupportedDirectives.Count);
    }

    [Fact]
    public void A_host_with_an_older_FSharp_Core_than_the_charts_were_built_with_will_do()
    {
        Assembly there = Assembly.Load("FSharp.Core");
        Assert.Same(there, Assembly.Load("FSharp.Core, Version=99.0.0.0, Culture=neutral, PublicKeyToken=b03f5f7f11d50a3a"));
    }

    [Fact]
    public async Task A_directive_saves_what_the_cells_have_made()
    {
        await RunCells(Build, Run);
        KernelInvocationContext saved = await _kernel.RunAsync($"#!save {_folder["ckpt/model"]} --step 7 --no-meta-graph --max-to-keep 2");

        Assert.Null(saved.Failure);
        DisplayedValue shown = Assert.Single(saved.Shown);
        Assert.IsType<MagicReport>(shown.Value);
        Assert.Contains("ckpt/model-7", Assert.Single(shown.FormattedValues, static f => f.MimeType == "text/html").Value, StringComparison.Ordinal);
        using Checkpoint checkpoint = Checkpoint.Open(_folder["ckpt/model-7"]);
        Assert.Equal([5f], checkpoint["W1"].ToArray<float>());
        Assert.False(File.Exists(_folder["ckpt/model-7.meta"]));

        await RunCells("session.Run(tf.Assign(W1, tf.Constant(6.0, shape: [1])));");
        Assert.Null((await _kernel.RunAsync($"#!restore {_folder["ckpt"]}")).Failure);
        await RunCells("var restored = session.Run(W1).ToArray<float>();");
        Assert.Equal([5f], Assert.IsType<float[]>(_kernel.ScriptState!.GetVariable("restored").Value));
    }

    [Fact]
    public async Task A_second_place_has_to_be_named()
    {
        await RunCells(Build, Run);
        await _kernel.RunAsync($"#!save {_folder["a"]}");
        await _kernel.RunAsync($"#!save {_folder["b"]}");
        KernelInvocationContext compared = await _kernel.RunAsync($"#!diff {_folder["a"]} --b {_folder["b"]}");
        Assert.Null(compared.Failure);
        Assert.IsType<ModelDiff>(Assert.Single(compared.Shown).Value);
    }

    [Fact]
    public async Task What_is_wrong_is_said_in_our_words_and_without_a_stack()
    {
        KernelInvocationContext failed = await _kernel.RunAsync($"#!save {_folder["model"]}");
        Assert.StartsWith("There is no open session.", failed.Failure, StringComparison.Ordinal);
        Assert.Null(failed.Exception);
        Assert.Empty(failed.Shown);

        await RunCells(Build, Run);
        failed = await _kernel.RunAsync($"#!save {_folder["model"]} --step seven");
        Assert.Equal("#!save: --step takes a whole number of at least 0; 'seven' was given.", failed.Failure);
    }

    [Fact]
    public async Task A_cancelled_command_leaves_no_checkpoint()
    {
        await RunCells(Build, Run);
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();
        KernelInvocationContext cancelled = await _kernel.RunAsync($"#!save {_folder["model"]}", cancellation.Token);
        Assert.Equal("#!save was interrupted.", cancelled.Failure);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task A_save_in_the_background_updates_its_display_to_the_end()
    {
        await RunCells(Build, Run);
        KernelInvocationContext started = await _kernel.RunAsync($"#!save {_folder["model"]} --async");
        DisplayedValue shown = Assert.Single(started.Shown);
        Assert.Null((await _kernel.RunAsync($"#!inspect {_folder["model"]}")).Failure);

        // The magic waits for the files; the display follows a moment later, by the value itself or by a command.
        using var hang = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (shown.Value is not MagicReport && !_kernel.Updates.Any(u => u.ValueId == shown.DisplayId && u.FormattedValue.Value.Contains("Saved", StringComparison.Ordinal)))
            await Task.Delay(5, hang.Token);
    }

    [Fact]
    public async Task The_same_code_run_again_replaces_what_it_made()
    {
        await RunCells(Build);
        string[] once = Names();
        await RunCells(Build);
        Assert.Equal(once, Names());

        await RunCells("var z = tf.Add(y, 1, name: \"z\");");
        SubmitCode rebuild = new(Build, "csharp");
        KernelInvocationContext again = (await _kernel.SendAsync(rebuild)).Context;
        Assert.Contains("z", Assert.IsType<string>(Assert.Single(again.Shown).Value), StringComparison.Ordinal);
        Assert.DoesNotContain("z", Names());
    }

    [Fact]
    public async Task Importing_a_notebook_is_the_hosts_and_importing_tensors_is_ours()
    {
        await File.WriteAllTextAsync(_folder["other.dib"], "#!csharp\n1 + 1");
        KernelInvocationContext imported = await _kernel.RunAsync($"#!import {_folder["other.dib"]}");
        Assert.Null(imported.Failure);
        Assert.Equal(_folder["other.dib"], Assert.Single(_kernel.Documents).FullName);
        Assert.StartsWith("There is no file", (await _kernel.RunAsync($"#!import {_folder["nowhere.ipynb"]}")).Failure, StringComparison.Ordinal);

        await RunCells(Build, Run);
        await _kernel.RunAsync($"#!export {_folder["weights.safetensors"]}");
        KernelInvocationContext tensors = await _kernel.RunAsync($"#!import {_folder["weights.safetensors"]}");
        Assert.Null(tensors.Failure);
        Assert.Single(tensors.Shown);
    }

    [Fact]
    public async Task Parameters_complete_what_the_notebook_holds()
    {
        await RunCells(Build, Run);
        ICollection<KernelDirectiveParameter> save = _kernel.KernelInfo.SupportedDirectives.Single(static d => d.Name == "#!save").Parameters;
        Assert.Contains("session", save.Single(static p => p.Name == "--session").Completions());
        Assert.Equal(["W1"], save.Single(static p => p.Name == "--vars").Completions());
        Assert.Empty(save.Single(static p => p.Name == "--path").Completions());
    }

    private static string[] Names() => [.. tf.GetDefaultGraph().Operations.Select(static o => o.Name)];

    private async Task<KernelInvocationContext> LoadAsync()
    {
        string script = await File.ReadAllTextAsync(Path.Combine(RepositoryFiles.Root, Script));
        const string mark = "#!csharp\n";
        Assert.StartsWith(mark, script, StringComparison.Ordinal);
        return (await _kernel.SendAsync(new SubmitCode(script[mark.Length..], "csharp"))).Context;
    }

    private async Task RunCells(params string[] cells)
    {
        foreach (string code in cells)
            Assert.Null((await _kernel.SendAsync(new SubmitCode(code, "csharp"))).Context.Failure);
    }
}
