using NotebookPersist.Kernel;
using NotebookPersist.Kernel.Scripting;
using NotebookPersist.Tests.Tutorials;
using Xunit;

namespace NotebookPersist.Tests.Kernel;

/// <summary>Cells that build graphs, run again, out of order, and with magics.</summary>
[Collection(DefaultGraphCollection.Name)]
public sealed class NotebookHostTests : IDisposable
{
    private readonly NotebookHost _host = new();
    private readonly TemporaryFolder _folder = new();

    public NotebookHostTests() => tf.ResetDefaultGraph();

    public void Dispose()
    {
        _host.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Running_a_cell_again_keeps_names_variables_and_savers_as_if_it_had_run_once()
    {
        const string build = """
            var x = tf.Placeholder(tf.Float32, shape: [1], name: "x");
            var W1 = tf.Variable(tf.Constant(5.0, shape: [1]), name: "W1");
            var y = x * W1;
            var saver = new Saver();
            """;
        await Run("a", build);
        string[] once = Names();
        CellOutputList again = await Run("a", build);

        Assert.Equal(once, Names());
        Assert.Single(tf.GlobalVariables());
        Assert.Contains("save/SaveV2", once);
        Assert.DoesNotContain(Names(), static n => n.EndsWith("_1", StringComparison.Ordinal) && n.StartsWith("W1", StringComparison.Ordinal));
        Assert.DoesNotContain(again.Outputs, static o => o is StreamOutput { Name: "stderr" });
    }

    [Fact]
    public async Task Operations_of_other_cells_on_a_cell_that_is_run_again_go_with_a_warning()
    {
        await Run("a", "var w = tf.Variable(2.0, name: \"w\");");
        await Run("b", "var doubled = tf.Multiply(w, 2, name: \"doubled\"); var session = new Session(); session.Run(tf.GlobalVariablesInitializer());");
        CellOutputList again = await Run("a", "var w = tf.Variable(2.0, name: \"w\");");

        string warning = string.Concat(again.Outputs.OfType<StreamOutput>().Where(static o => o.Name == "stderr").Select(static o => o.Text));
        Assert.Contains("doubled", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("doubled", Names());
        Assert.Contains("w/read", Names());

        // The value stays under the variable's name, so that no training is lost.
        await Run("c", "var value = session.Run(w);");
        Assert.Equal(2f, (float)(Tensor)Variable("value")!);
    }

    [Fact]
    public async Task A_variable_that_get_variable_made_can_be_made_again_by_its_cell()
    {
        const string build = "using (tf.VariableScope(\"layer\")) { tf.GetVariable(\"w\", [2, 2]); }";
        await Run("a", build);
        string[] once = Names();
        await Run("a", build);
        Assert.Equal(once, Names());
        Assert.Single(tf.GlobalVariables());
    }

    [Fact]
    public async Task A_value_shows_itself_at_the_end_of_a_chain_of_calls()
    {
        CellOutputList shown = await Run("a", "var handle = \"first\".ToUpperInvariant().Display(); Display(1); handle.Update(\"second\");");
        Assert.Equal(["second", "1"], shown.Outputs.OfType<DisplayOutput>().Select(static o => o.Data["text/plain"]));
    }

    [Fact]
    public async Task Variables_are_listed_with_the_shapes_of_tensors()
    {
        await Run("a", "var x = tf.Placeholder(tf.Float32, [-1, 4], name: \"x\"); int number = 5; var list = new List<string> { \"a\" }; Tensor t = new float[2, 3];");
        string text = ((DisplayOutput)(await Run("b", "#!whos")).Outputs.Single()).Data["text/plain"];
        Assert.Equal(
            [
                "list    List<String>  1 element",
                "number  Int32         5",
                "t       Tensor        float32 (2, 3), 24 B",
                "x       Output        x:0 float32 (?, 4)",
            ],
            text.Split('\n'));
        Assert.Contains("list, number, t, x", ((DisplayOutput)(await Run("c", "#!who")).Outputs.Single()).Data["text/plain"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cell_can_be_timed_and_show_markup()
    {
        CellOutputList shown = await Run("a", "#!time\nThread.Sleep(20);\n#!markdown\n# Title\n\n*text*");
        IReadOnlyDictionary<string, string>[] forms = [.. shown.Outputs.OfType<DisplayOutput>().Select(static o => o.Data)];
        Assert.Equal("# Title\n\n*text*", forms[0]["text/markdown"]);
        Assert.StartsWith("Wall time\n  time  0.", forms[1]["text/plain"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reset_forgets_variables_and_the_graph()
    {
        await Run("a", "var w = tf.Variable(1f, name: \"w\");");
        await Run("b", "#!reset");
        Assert.Empty(Names());
        CellOutputList shown = await Run("c", "w", CellStatus.Rejected);
        Assert.Contains("'w'", Assert.IsType<ErrorOutput>(shown.Outputs[^1]).Message, StringComparison.Ordinal);
        await Run("d", "var w = tf.Variable(2f, name: \"w\");");
        Assert.Contains("w", Names());
    }

    [Fact]
    public async Task Cells_of_other_notebooks_and_scripts_run_where_they_are_imported()
    {
        File.WriteAllText(_folder["part.csx"], "int FromScript() => 20;");
        File.WriteAllText(_folder["part.dib"], "#!csharp\n\nint fromNotebook = FromScript() + 1;\n\n#!markdown\n\n# Text\n");
        await Run("a", $"#!import \"{_folder["part.csx"]}\"\n#!import \"{_folder["part.dib"]}\"\nint doubled = fromNotebook * 2;");
        Assert.Equal(42, Variable("doubled"));
    }

    [Fact]
    public async Task The_help_of_a_magic_is_its_usage_and_its_parameters()
    {
        CellOutputList shown = await Run("a", "#!save -h");
        IReadOnlyDictionary<string, string> forms = ((DisplayOutput)shown.Outputs.Single()).Data;
        Assert.StartsWith("Writes the session's variables to a checkpoint; or, without a path, the whole notebook to a snapshot: #!save --session FOLDER.\n\nUsage: #!save [<path>]", forms["text/plain"], StringComparison.Ordinal);
        Assert.Contains("--max-to-keep", forms["text/html"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Save_magics_with_different_variables_each_keep_their_checkpoints()
    {
        await Run("a", "var w = tf.Variable(1f, name: \"w\"); var v = tf.Variable(2f, name: \"v\"); var session = new Session(); session.Run(tf.GlobalVariablesInitializer());");
        string prefix = _folder["model"].Replace('\\', '/');
        await Run("b", $"#!save \"{prefix}\" --step 1 --max-to-keep 2");
        await Run("c", $"#!save \"{prefix}\" --step 2 --vars w");
        CellOutputList again = await Run("d", $"#!save \"{prefix}\" --step 3 --max-to-keep 2");
        Assert.Contains("model-1, model-3", ((DisplayOutput)again.Outputs.Single()).Data["text/plain"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_save_magic_can_write_in_the_background_and_only_what_changed()
    {
        await Run("a", "var w = tf.Variable(1f, name: \"w\"); var v = tf.Variable(2f, name: \"v\"); var saver = new Saver(); var session = new Session(); session.Run(tf.GlobalVariablesInitializer());");
        string prefix = _folder["model"].Replace('\\', '/');
        CellOutputList started = await Run("b", $"#!save \"{prefix}\" --step 1 --async --saver saver");
        Assert.Contains($"{prefix}-1", ((DisplayOutput)started.Outputs.Single()).Data["text/plain"], StringComparison.Ordinal);
        await Run("c", $"#!save \"{prefix}\" --step 2 --incremental --saver saver");
        Assert.True(File.Exists(prefix + "-1.index"));
        using Checkpoint checkpoint = Checkpoint.Open(prefix + "-2");
        Assert.Equal(2f, (float)checkpoint["v"]);
        Assert.Equal(File.ReadAllBytes(prefix + "-1.data-00000-of-00001"), File.ReadAllBytes(prefix + "-2.data-00000-of-00001"));
    }

    [Fact]
    public async Task A_save_in_the_background_shows_what_it_saved_in_its_own_display()
    {
        await Run("a", "var w = tf.Variable(1f, name: \"w\"); var session = new Session(); session.Run(tf.GlobalVariablesInitializer());");
        string prefix = _folder["model"].Replace('\\', '/');
        CellOutputList shown = await Run("b", $"#!save \"{prefix}\" --step 7 --async");
        Assert.Empty(await _host.Workspace.FinishAsync());
        var display = (DisplayOutput)shown.Outputs.Single();
        Assert.NotNull(display.DisplayId);
        Assert.StartsWith("Saved", display.Data["text/plain"], StringComparison.Ordinal);
        Assert.Contains("model-7", display.Data["text/plain"], StringComparison.Ordinal);
        Assert.Contains("time until the cell went on", display.Data["text/html"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_save_in_the_background_that_fails_shows_why_in_its_own_display()
    {
        await Run("a", "var w = tf.Variable(1f, name: \"w\"); var session = new Session(); session.Run(tf.GlobalVariablesInitializer());");
        string prefix = _folder["model"].Replace('\\', '/');
        Directory.CreateDirectory(prefix + ".index"); // Nothing can be renamed over a folder.
        CellOutputList shown = await Run("b", $"#!save \"{prefix}\" --async");
        string failure = Assert.Single(await _host.Workspace.FinishAsync());
        string text = ((DisplayOutput)shown.Outputs.Single()).Data["text/plain"];
        Assert.StartsWith("The save in the background failed", text, StringComparison.Ordinal);
        const string Words = "A save in the background failed: ";
        Assert.StartsWith(Words, failure, StringComparison.Ordinal);
        Assert.Contains(failure[Words.Length..], text, StringComparison.Ordinal);
        Assert.Empty(await _host.Workspace.FinishAsync());
    }

    [Fact]
    public async Task Save_restore_and_freeze_magics_work_on_the_latest_session()
    {
        await Run("a", """
            var x = tf.Placeholder(tf.Float32, shape: [1], name: "x");
            var w = tf.Variable(tf.Constant(5.0, shape: [1]), name: "w");
            var y = tf.Multiply(x, w, name: "y");
            var session = new Session();
            session.Run(tf.GlobalVariablesInitializer());
            """);
        string prefix = _folder["ckpt/model"].Replace('\\', '/');
        CellOutputList saved = await Run("b", $"#!save \"{prefix}\" --step 3");
        Assert.Contains("model-3", ((DisplayOutput)saved.Outputs.Single()).Data["text/plain"], StringComparison.Ordinal);
        await Run("b", $"#!save \"{prefix}\" --step 3");
        Assert.DoesNotContain(Names(), static n => n.StartsWith("save_1", StringComparison.Ordinal));

        await Run("c", "session.Run(w.Assign(new[] { 7f }));");
        await Run("d", $"#!restore \"{_folder["ckpt"]}\"\nvar value = session.Run(w);");
        Assert.Equal(5f, (float)(Tensor)Variable("value")!);

        CellOutputList frozen = await Run("e", $"#!freeze \"{_folder["y.pb"]}\"");
        Assert.Contains("y", ((DisplayOutput)frozen.Outputs.Single()).Data["text/plain"], StringComparison.Ordinal);
        using LoadedModel model = LoadedModel.Load(_folder["y.pb"]);
        Assert.Equal(15f, (float)model.Session.Run("y:0", new() { ["x:0"] = new[] { 3f } })!);
    }

    [Theory]
    [InlineData("#!sav model", "#!save")]
    [InlineData("#!save", "path")]
    [InlineData("#!save model --stop 3", "--step")]
    [InlineData("#!restore nothing-here", "session")]
    public async Task A_mistake_in_a_magic_says_what_was_probably_meant(string cell, string hint)
    {
        var sink = new CellOutputList();
        CellResult result = await _host.Cells.RunAsync(new CellRequest(cell) { CellId = "x" }, sink);
        Assert.NotEqual(CellStatus.Succeeded, result.Status);
        Assert.Contains(hint, result.Error!.Message, StringComparison.Ordinal);
    }

    private async Task<CellOutputList> Run(string cell, string code, CellStatus expected = CellStatus.Succeeded)
    {
        var sink = new CellOutputList();
        CellResult result = await _host.Cells.RunAsync(new CellRequest(code) { CellId = cell }, sink);
        Assert.True(result.Status == expected, result.Error?.Message);
        return sink;
    }

    private static string[] Names() => [.. tf.GetDefaultGraph().Operations.Select(static o => o.Name)];

    private object? Variable(string name) => _host.Engine.Variables.Last(v => v.Name == name).Value;
}
