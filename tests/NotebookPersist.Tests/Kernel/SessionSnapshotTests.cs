using NotebookPersist.Formats;
using NotebookPersist.Formats.Files;
using NotebookPersist.Kernel;
using NotebookPersist.Kernel.Scripting;
using NotebookPersist.Notebooks.Snapshots;
using NotebookPersist.Tests.Tutorials;
using Xunit;

namespace NotebookPersist.Tests.Kernel;

/// <summary>A notebook that is saved whole and gone on with in a kernel that was just started.</summary>
[Collection(DefaultGraphCollection.Name)]
public sealed class SessionSnapshotTests : IDisposable
{
    private const string Model = """
        var x = tf.Placeholder(tf.Float32, shape: [-1], name: "x");
        var W = tf.Variable(5f, name: "W");
        var y = tf.Multiply(x, W, name: "y");
        var train = tf.Train.GradientDescentOptimizer(0.1f).Minimize(tf.ReduceSum(tf.Square(y - 1f)));
        var never = tf.Variable(1f, name: "never");
        var saver = new Saver();
        var session = new Session();
        session.Run(W.Initializer);
        """;

    private readonly TemporaryFolder _folder = new();
    private NotebookHost _host = new();

    public SessionSnapshotTests() => tf.ResetDefaultGraph();

    public void Dispose()
    {
        Disk.Before = null;
        _host.Dispose();
        _folder.Dispose();
    }

    private string Snapshot => _folder["snapshot"].Replace('\\', '/');

    [Fact]
    public async Task A_fresh_kernel_goes_on_where_the_notebook_was_saved()
    {
        await Run("a", Model);
        await Run("b", "int steps = 0; var losses = new List<float> { 3, 2, 1 }; for (; steps < 7; steps++) session.Run(train, new() { [x] = new[] { 1f, 2f } });");
        await Run("c", """
            bool done = true; char letter = 'ß'; decimal price = 1.10m; string text = "Grüße\n\0"; string? nothing = null; long big = long.MinValue; Half half = (Half)0.5;
            var grid = new double[2, 3] { { 1, 2, 3 }, { 4, 5, 6 } }; string[] names = ["a", "", "c"]; byte[] bytes = []; Tensor t = new float[2, 2, 1]; var when = new DateTime(2024, 2, 29, 1, 2, 3, DateTimeKind.Utc);
            IReadOnlyList<int> view = new[] { 1 }; object boxed = 5; var local = new { A = 1 }; var jagged = new int[][] { [1], [2, 3] };
            """);
        float trained = (float)(Tensor)await Value("session.Run(W)");
        string[] nodes = Nodes();
        await Run("d", $"#!save --session {Snapshot}");
        float[] predicted = (float[])(Tensor)await Value("session.Run(y, new() { [x] = new[] { 2f } })");

        await Restart();
        string report = Text(await Run("r", $"#!restore --session {Snapshot}"));
        Assert.Contains("jagged (Int32[][])", report, StringComparison.Ordinal);
        Assert.Contains("local (", report, StringComparison.Ordinal);
        Assert.DoesNotContain("train (", report, StringComparison.Ordinal);
        Assert.Equal(nodes, Nodes());
        Assert.Equal(trained, (float)(Tensor)await Value("session.Run(W)"));
        Assert.Equal(predicted, (float[])(Tensor)await Value("session.Run(y, new() { [x] = new[] { 2f } })"));
        Assert.Equal(7, await Value("steps"));
        Assert.Equal([3f, 2f, 1f], (List<float>)await Value("losses"));
        Assert.Equal("True ß 1.10 Grüße\n\0 -9223372036854775808 0.5 True", await Value("FormattableString.Invariant($\"{done} {letter} {price} {text} {big} {half} {nothing is null}\")"));
        Assert.Equal("6 3 0 2x2x1 Utc 29", await Value("$\"{grid[1, 2]} {names.Length} {bytes.Length} {string.Join('x', t.Shape.ToArray())} {when.Kind} {when.Day}\""));

        // Types are those that were declared; what was not initialised is not.
        await Run("e", "steps = 8; losses.Add(0.5f); W = tf.GetDefaultGraph().GetCollection<Variable>(\"variables\")[0]; session.Run(train, new() { [x] = new[] { 1f } });");
        Assert.NotEqual(trained, (float)(Tensor)await Value("session.Run(W)"));
        await Run("f", "session.Run(never);", CellStatus.Failed);
        await Run("g", $"saver.Save(session, \"{_folder["model"].Replace('\\', '/')}\");", CellStatus.Failed);
    }

    [Fact]
    public async Task A_cell_of_the_saved_notebook_still_replaces_what_it_made()
    {
        await Run("a", "var W = tf.Variable(1f, name: \"W\");");
        await Run("b", "var session = new Session(); session.Run(tf.GlobalVariablesInitializer());");
        await Run("c", $"#!save --session {Snapshot}");
        await Restart();
        await Run("r", $"#!restore --session {Snapshot}");
        await Run("a", "var W = tf.Variable(2f, name: \"W\");");
        Assert.DoesNotContain("W_1", Nodes());
        Assert.Single(tf.GlobalVariables());

        // Running the restoring cell again starts again from the snapshot.
        await Run("r", $"#!restore --session {Snapshot}");
        Assert.Equal(1f, (float)(Tensor)await Value("session.Run(W)"));
    }

    [Fact]
    public async Task The_magics_go_on_with_their_own_saver_and_the_cells_that_were_run_are_known()
    {
        await Run("a", "var W = tf.Variable(1f, name: \"W\"); var session = new Session(); session.Run(tf.GlobalVariablesInitializer());");
        await Run("b", $"#!save {_folder["m"].Replace('\\', '/')}");
        await Run("c", $"#!save --session {Snapshot}");
        await Restart();
        await Run("r", $"#!restore --session {Snapshot}");
        string[] nodes = Nodes();
        await Run("b", $"#!save {_folder["m"].Replace('\\', '/')}");
        Assert.Equal(nodes, Nodes());

        await Run("d", $"#!save --session {Snapshot}");
        var manifest = SnapshotManifest.Read(Path.Combine(_folder["snapshot"], SnapshotManifest.FileName));
        Assert.Equal(["a", "b", "r", "b"], manifest.Cells.Select(static c => c.Cell));
        Assert.Equal([1, 2, 1, 2], manifest.Cells.Select(static c => c.Number));
        Assert.All(manifest.Cells, static c => Assert.Equal("succeeded", c.Outcome));
        Assert.Equal(2, manifest.Generation);
        Assert.Equal(["session.json", "state-2"], Directory.GetFileSystemEntries(_folder["snapshot"]).Select(static e => Path.GetFileName(e)).Order());
    }

    [Fact]
    public async Task A_save_that_fails_at_any_step_leaves_the_earlier_snapshot()
    {
        await Run("a", "var W = tf.Variable(1f, name: \"W\"); int n = 1; var session = new Session(); session.Run(tf.GlobalVariablesInitializer());");
        await Run("b", $"#!save --session {Snapshot}");
        await Run("c", "n = 2;");
        for (int failing = 0; ; failing++)
        {
            int count = 0;
            Disk.Before = (call, path) =>
            {
                if (call != DiskCall.Delete && path.StartsWith(_folder["snapshot"], StringComparison.Ordinal) && count++ == failing)
                    throw new IOException("The disk is full.");
            };
            var sink = new CellOutputList();
            CellResult result = await _host.Cells.RunAsync(new CellRequest($"#!save --session {Snapshot}") { CellId = "b" }, sink);
            Disk.Before = null;
            var manifest = SnapshotManifest.Read(Path.Combine(_folder["snapshot"], SnapshotManifest.FileName));
            using Checkpoint values = Checkpoint.Open(Path.Combine(SessionSnapshot.GenerationFolder(_folder["snapshot"], manifest.Generation), SessionSnapshot.ValuesName));
            if (result.Status == CellStatus.Succeeded)
            {
                Assert.Equal(2, (int)values["n"]);
                Assert.True(failing > 8, $"Only {failing} calls were seen.");
                return;
            }

            Assert.Contains("The disk is full.", result.Error!.Message, StringComparison.Ordinal);
            Assert.Equal(manifest.Generation == 1 ? 1 : 2, (int)values["n"]);
        }
    }

    [Fact]
    public async Task An_interrupt_and_the_end_of_the_kernel_write_the_snapshot_that_was_asked_for()
    {
        await Run("a", $"int n = 1;\n#!save --session {Snapshot} --auto");
        Task<CellOutputList> running = Run("b", "n = 2; Console.WriteLine(\"running\"); while (true) { }", CellStatus.Interrupted, () => _host.Cells.Interrupt());
        CellOutputList interrupted = await running;
        Assert.Contains(interrupted.Outputs.OfType<StreamOutput>(), static o => o.Text.Contains("The session was saved to", StringComparison.Ordinal));
        await Restart();
        await Run("r", $"#!restore --session {Snapshot}");
        Assert.Equal(2, await Value("n"));

        await Run("s", $"#!save --session {Snapshot} --auto");
        await Run("c", "n = 3;");
        Assert.Empty(await _host.Workspace.FinishAsync());
        await Restart();
        await Run("r", $"#!restore --session {Snapshot}");
        Assert.Equal(3, await Value("n"));
    }

    [Fact]
    public async Task No_snapshot_is_written_while_a_cell_goes_on_that_could_not_be_stopped()
    {
        await Run("a", $"int n = 1;\n#!save --session {Snapshot} --auto");
        await Run("b", "n = 2;");
        string failure = Assert.Single(await _host.Workspace.FinishAsync(isCellRunning: true));
        Assert.Contains("a cell still runs", failure, StringComparison.Ordinal);
        await Restart();
        await Run("r", $"#!restore --session {Snapshot}");
        Assert.Equal(1, await Value("n"));
        Assert.Empty(await _host.Workspace.FinishAsync(isCellRunning: true));
    }

    [Theory]
    [InlineData("#!save --session session", "names a variable")]
    [InlineData("#!save --session S --step 3", "--step is for checkpoints")]
    [InlineData("#!save", "<path> is missing")]
    [InlineData("#!save model --auto", "--auto is for snapshots")]
    [InlineData("#!restore --session nothing-here", "There is no snapshot of a session in 'nothing-here'")]
    [InlineData("#!restore --session S --partial", "--partial is for checkpoints")]
    public async Task A_mistake_says_what_is_meant(string cell, string message)
    {
        await Run("a", "var session = new Session();");
        var sink = new CellOutputList();
        CellResult result = await _host.Cells.RunAsync(new CellRequest(cell) { CellId = "x" }, sink);
        Assert.Equal(CellStatus.Failed, result.Status);
        Assert.Contains(message, result.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_snapshot_is_neither_written_over_other_files_nor_restored_over_a_graph()
    {
        await Run("a", "var W = tf.Variable(1f, name: \"W\"); var session = new Session();");
        await Run("b", $"#!save --session {Snapshot}");
        Assert.Contains("#!reset", await Fault($"#!restore --session {Snapshot}"), StringComparison.Ordinal);
        Directory.CreateDirectory(_folder["models"]);
        File.WriteAllText(_folder["models/important.txt"], "x");
        Assert.Contains("holds other files", await Fault($"#!save --session {_folder["models"].Replace('\\', '/')}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_snapshot_is_refused_and_changes_nothing()
    {
        await Run("a", Model + "\nint n = 3; float[] v = [1, 2];");
        await Run("b", $"#!save --session {Snapshot}");
        await Restart();
        string path = Path.Combine(_folder["snapshot"], SnapshotManifest.FileName);
        string good = File.ReadAllText(path);
        foreach (string bad in new[]
        {
            "", "{}", good.Replace("\"cells\": {", "\"cells\": {\"gone\": null, ", StringComparison.Ordinal), good.Replace("\"leftOut\": []", "\"leftOut\": [null]", StringComparison.Ordinal), "[1]", good[..(good.Length / 2)], good.Replace("\"format\": 1", "\"format\": 2", StringComparison.Ordinal), good.Replace("\"graph\": 0", "\"graph\": 9", StringComparison.Ordinal),
            good.Replace("\"Int32\"", "\"System.Diagnostics.Process\"", StringComparison.Ordinal), good.Replace("\"index\": 0", "\"index\": -1", StringComparison.Ordinal),
            good.Replace("\"name\": \"n\"", "\"name\": \"n; Evil()\"", StringComparison.Ordinal), good.Replace("\"text\": \"y:0\"", "\"text\": \"z:0\"", StringComparison.Ordinal),
            good.Replace("\"kind\": \"array\"", "\"kind\": \"scalar\"", StringComparison.Ordinal),
        })
        {
            File.WriteAllText(path, bad);
            Assert.Throws<CheckpointFormatException>(() => SnapshotRestore.Run(_host.Workspace, _host.Workspace.Host!, Snapshot, CancellationToken.None));
            Assert.Empty(Nodes());
            Assert.Empty(_host.Engine.Variables);
        }

        File.WriteAllText(path, good);
        await Run("r", $"#!restore --session {Snapshot}");
        Assert.Equal(3, await Value("n"));
    }

    [Fact]
    public async Task A_magic_declares_variables()
    {
        await Run("a", "#!set --name x --value 5\n#!set --name rate --value 0.5\n#!set --name text --value \"a b\"\n#!set --name fast --value true\n#!set --name y --value @csharp:x\nvar sum = x + y + (fast ? rate : 0);");
        Assert.Equal(10.5, await Value("sum"));
        Assert.Equal("a b", await Value("text"));
        Assert.Contains("ReadLine", await Fault("#!set --name x --value @input:Name"), StringComparison.Ordinal);
        Assert.Contains("No fsharp cell has declared 'y'", await Fault("#!set --name x --value @fsharp:y"), StringComparison.Ordinal);
        Assert.Contains("there is no kernel 'python': there are csharp, fsharp", await Fault("#!set --name x --value @python:y"), StringComparison.Ordinal);
        Assert.Contains("no name of a variable", await Fault("#!set --name 1x --value 3"), StringComparison.Ordinal);
        Assert.Contains("No fsharp cell has declared 'x'", await Fault("#!share x --from fsharp"), StringComparison.Ordinal);
    }

    private async Task Restart()
    {
        _host.Dispose();
        tf.ResetDefaultGraph();
        _host = new NotebookHost();
        await _host.Engine.Ready;
    }

    private async Task<CellOutputList> Run(string cell, string code, CellStatus expected = CellStatus.Succeeded, Action? whenShown = null)
    {
        var sink = new CellOutputList();
        ICellSink watched = whenShown is null ? sink : new Watch(sink, whenShown);
        CellResult result = await _host.Cells.RunAsync(new CellRequest(code) { CellId = cell }, watched);
        Assert.True(result.Status == expected, $"{result.Status}: {result.Error?.Message}");
        return sink;
    }

    private async Task<string> Fault(string code, CellStatus expected = CellStatus.Failed)
    {
        CellResult result = await _host.Cells.RunAsync(new CellRequest(code) { CellId = "fault" }, new CellOutputList());
        Assert.Equal(expected, result.Status);
        return result.Error!.Message;
    }

    // Silent, so that it does not count.
    private async Task<object> Value(string code)
    {
        CellResult result = await _host.Engine.RunAsync(code, new CellOutputList());
        Assert.True(result.Status == CellStatus.Succeeded, result.Error?.Message);
        return result.Value!;
    }

    private static string Text(CellOutputList list) => string.Concat(list.Outputs.OfType<DisplayOutput>().Select(static o => o.Data["text/plain"]));

    private static string[] Nodes() => [.. tf.GetDefaultGraph().Operations.Select(static o => o.ToString())];

    private sealed class Watch(CellOutputList inner, Action whenShown) : ICellSink
    {
        private bool _isDone;

        public void Publish(CellOutput output)
        {
            inner.Publish(output);
            if (_isDone || output is not StreamOutput)
                return;
            _isDone = true;
            whenShown();
        }
    }
}
