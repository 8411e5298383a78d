using System.Text.Json.Nodes;
using NotebookPersist.Formats;
using NotebookPersist.Kernel;
using NotebookPersist.Kernel.Scripting;
using NotebookPersist.Notebooks.Snapshots;
using NotebookPersist.Tests.Tutorials;
using Xunit;

namespace NotebookPersist.Tests.Kernel;

/// <summary>Snapshots that were damaged, by accident or on purpose, given to a notebook that is in use.</summary>
[Collection(DefaultGraphCollection.Name)]
public sealed class SnapshotDamageTests : IDisposable
{
    private const string Saved = """
        var x = tf.Placeholder(tf.Float32, shape: [-1], name: "x");
        var W = tf.Variable(5f, name: "W");
        var y = tf.Multiply(x, W, name: "y");
        var train = tf.Train.AdamOptimizer(0.1f).Minimize(tf.ReduceSum(tf.Square(y - 1f)));
        var other = new Graph { UseResourceVariables = true };
        using (other.AsDefault()) { tf.Variable(new float[300], name: "v"); }
        var saver = new Saver();
        var session = new Session();
        session.Run(tf.GlobalVariablesInitializer());
        session.Run(train, new() { [x] = new[] { 1f, 2f } });
        int n = 3; float[] values = [1, 2]; List<string> names = ["a", "ß"]; decimal price = 1.10m; string text = "Grüße"; string nothing = null; bool[,] grid = { { true, false } };
        Tensor tensor = new float[2, 3];
        """;

    private const string Used = "int n = 77; var mine = \"here\"; var extra = tf.Constant(1f, name: \"extra\"); session.Run(W.Assign(tf.Constant(9f)));";

    // What a file's reader or the system says; anything else would be a fault of ours.
    private static readonly string[] Told = [nameof(CheckpointFormatException), "MagicException", "MagicError", nameof(FileNotFoundException), nameof(DirectoryNotFoundException), nameof(IOException), nameof(UnauthorizedAccessException)];

    private readonly TemporaryFolder _folder = new();
    private NotebookHost _host = new();

    public SnapshotDamageTests() => tf.ResetDefaultGraph();

    public void Dispose()
    {
        _host.Dispose();
        _folder.Dispose();
    }

    private string Good => _folder["good"].Replace('\\', '/');

    private string Bad => _folder["bad"].Replace('\\', '/');

    [Fact]
    public async Task Files_that_are_cut_changed_missing_or_exchanged_are_told_in_one_error_and_change_nothing()
    {
        await Run("a", Saved);
        await Run("b", $"#!save --session {Good}");
        Restart();
        await Run("r", $"#!restore --session {Good}");
        string restored = State();
        await Run("z", Used);
        string before = State();
        Graph graph = Graph.Default;
        int refused = 0;
        foreach ((string what, Action damage) in Damages())
        {
            Copy(Good, Bad);
            damage();
            CellResult result = await _host.Cells.RunAsync(new CellRequest($"#!restore --session {Bad}") { CellId = "x" }, new CellOutputList());
            if (result.Status == CellStatus.Failed)
            {
                Assert.True(Told.Contains(result.Error!.Name) && result.Error.Message.Length > 20, $"{what}: {result.Error.Name}: {result.Error.Message}");
                Assert.True(before == State() && graph == Graph.Default, $"{what}: the notebook has changed.");
                refused++;
                continue;
            }

            // Such as another letter in a text of the manifest; everything else has a checksum, or says nothing.
            Assert.True(result.Status == CellStatus.Succeeded, $"{what}: {result.Error?.Message}");
            Restart();
            await Run("x", $"#!restore --session {Bad}");
            Assert.True(restored == State() || what.StartsWith(SnapshotManifest.FileName, StringComparison.Ordinal), $"{what}: was not noticed.");
            Restart();
            await Run("r", $"#!restore --session {Good}");
            await Run("z", Used);
            Assert.True(before == State(), $"{what}: the notebook does not come back.");
            graph = Graph.Default;
        }

        Assert.True(refused > 150, $"Only {refused} were refused.");
    }

    [Fact]
    public async Task Whatever_stands_in_the_manifest_it_is_read_or_refused()
    {
        await Run("a", Saved);
        await Run("b", $"#!save --session {Good}");
        string path = Path.Combine(Good, SnapshotManifest.FileName);
        string good = File.ReadAllText(path);
        string deep = string.Concat(Enumerable.Repeat("[", 100_000));
        string[] absurd = ["null", "-1", "0", "2147483648", "1e400", "1.5", "\"x\"", "\"\"", "\"\\u0000\\ud800\"", "[]", "{}", "[null]", "{\"\":[{}]}", "true", deep];
        int count = 0, refused = 0;
        foreach (string[] place in Places(JsonNode.Parse(good)!, []))
        {
            foreach (string value in absurd)
            {
                File.WriteAllText(path, With(good, place, value));
                count++;
                try
                {
                    LoadedSnapshot.Read(Good, CancellationToken.None).Dispose();
                }
                catch (Exception fault)
                {
                    Assert.True(fault is CheckpointFormatException or FileNotFoundException, $"{string.Join('.', place)} = {(value.Length > 50 ? "deep" : value)}: {fault}");
                    refused++;
                }
            }
        }

        Assert.True(count > 500 && refused > count / 2, $"{refused} of {count}");
        File.WriteAllText(path, good);
        LoadedSnapshot.Read(Good, CancellationToken.None).Dispose();
    }

    [Theory]
    [InlineData("\"format\": 1", "\"format\": 0", "its format is 0, expected 1")]
    [InlineData("\"format\": 1", "\"format\": 2", "its format is 2, that of a later version")]
    [InlineData("\"format\": 1,", "", "it says no 'format'")]
    [InlineData("\"isDefault\": true", "\"isDefault\": false", "0 of its 2 graphs are the default graph")]
    [InlineData("\"isDefault\": false", "\"isDefault\": true", "2 of its 2 graphs are the default graph")]
    [InlineData("\"name\": \"values\"", "\"name\": \"n\"", "the variable 'n' more than once")]
    [InlineData("\"name\": \"values\"", "\"name\": \"n\\u00ad\"", "the variable 'n' more than once")]
    [InlineData("\"name\": \"W\"\n", "\"name\": \"U\"\n", "'U', which is no variable of its graph")]
    [InlineData("\"element\": \"Int32\"", "\"element\": \"Int64\"", "variable 'n': its type is 'Int64', but a Int32 is stored")]
    public async Task A_manifest_that_does_not_fit_says_what_is_wrong(string good, string bad, string message)
    {
        await SaveAndUse();
        Copy(Good, Bad);
        string path = Path.Combine(Bad, SnapshotManifest.FileName);
        string text = File.ReadAllText(path);
        Assert.Contains(good, text, StringComparison.Ordinal);
        int at = text.IndexOf(good, StringComparison.Ordinal);
        File.WriteAllText(path, text[..at] + bad + text[(at + good.Length)..]);
        string before = State();
        CellResult result = await _host.Cells.RunAsync(new CellRequest($"#!restore --session {Bad}") { CellId = "x" }, new CellOutputList());
        Assert.Contains(message, result.Error?.Message, StringComparison.Ordinal);
        Assert.Equal(before, State());
    }

    [Fact]
    public async Task A_value_of_another_type_than_its_variable_is_refused()
    {
        await SaveAndUse();
        Copy(Good, Bad);
        string state = SessionSnapshot.GenerationFolder(Bad, 1);
        foreach (string file in Directory.GetFiles(state, "values.*"))
            File.Copy(file, Path.Combine(state, "session-0" + Path.GetFileName(file)["values".Length..]), overwrite: true);
        string manifest = Path.Combine(Bad, SnapshotManifest.FileName);

        // The values of script variables are called as they are, those of a session are numbered.
        using (var writer = NotebookPersist.Formats.Bundles.BundleWriter.Create(Path.Combine(state, "session-0")))
        {
            for (int i = 0; i < SnapshotManifest.Read(manifest).Sessions[0].Values.Count; i++)
                writer.Add(SessionSnapshot.ValueKey(i), 5L);
            writer.Finish();
        }

        string before = State();
        CellResult result = await _host.Cells.RunAsync(new CellRequest($"#!restore --session {Bad}") { CellId = "x" }, new CellOutputList());
        Assert.Contains($"of a graph is {DType.Float32}, and the value of a session is {DType.Int64}", result.Error?.Message, StringComparison.Ordinal);
        Assert.Equal(before, State());
    }

    [Fact]
    public async Task A_snapshot_from_before_there_were_checksums_is_read()
    {
        await Run("a", Saved);
        await Run("b", $"#!save --session {Good}");
        string path = Path.Combine(Good, SnapshotManifest.FileName);
        JsonNode manifest = JsonNode.Parse(File.ReadAllText(path))!;
        Assert.All(manifest["graphs"]!.AsArray(), static g => Assert.True(g!.AsObject().Remove("digest")));
        File.WriteAllText(path, manifest.ToJsonString());
        Restart();
        await Run("r", $"#!restore --session {Good}");
        await Run("z", Used);
    }

    [Fact]
    public async Task Variables_with_odd_names_come_back()
    {
        await Run("a", "int System = 1; int @class = 2; int TakeDeclared = 3; int Graph = 4; int ä = 5; int @int = 6; int record = 7; int Display = 8; double @await = 9; string dynamic = \"10\";");
        await Run("b", $"#!save --session {Good}");
        Restart();
        await Run("r", $"#!restore --session {Good}");
        CellResult sum = await _host.Engine.RunAsync("$\"{System} {@class} {TakeDeclared} {Graph} {ä} {@int} {record} {Display} {@await} {dynamic}\"", new CellOutputList());
        Assert.Equal("1 2 3 4 5 6 7 8 9 10", sum.Value);
    }

    [Theory]
    [InlineData("a-file", "is a file; name the folder")]
    [InlineData("a-file/below", "There is no snapshot")]
    [InlineData("empty", "it has no 'session.json'")]
    [InlineData("folder-of-folder", "'session.json' in it is a folder")]
    public async Task A_place_without_a_snapshot_is_told(string place, string message)
    {
        File.WriteAllText(_folder["a-file"], "x");
        Directory.CreateDirectory(_folder["empty"]);
        Directory.CreateDirectory(_folder["folder-of-folder/session.json"]);
        CellResult result = await _host.Cells.RunAsync(new CellRequest($"#!restore --session {_folder.Path.Replace('\\', '/')}/{place}") { CellId = "x" }, new CellOutputList());
        Assert.Equal(CellStatus.Failed, result.Status);
        Assert.Contains(message, result.Error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a-file", "it is a file")]
    [InlineData("a-file/below", "")]
    [InlineData("folder-of-folder", "")]
    public async Task A_place_that_can_hold_no_snapshot_is_told(string place, string message)
    {
        File.WriteAllText(_folder["a-file"], "x");
        Directory.CreateDirectory(_folder["folder-of-folder/session.json"]);
        await Run("a", "int n = 1;");
        CellResult result = await _host.Cells.RunAsync(new CellRequest($"#!save --session {_folder.Path.Replace('\\', '/')}/{place}") { CellId = "x" }, new CellOutputList());
        Assert.Equal(CellStatus.Failed, result.Status);
        Assert.Contains(result.Error!.Name, Told);
        Assert.Contains(message, result.Error.Message, StringComparison.Ordinal);
        Assert.Equal("x", File.ReadAllText(_folder["a-file"]));
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories), static e => e.Contains("state-", StringComparison.Ordinal));
    }

    private async Task SaveAndUse()
    {
        await Run("a", Saved);
        await Run("b", $"#!save --session {Good}");
        Restart();
        await Run("r", $"#!restore --session {Good}");
        await Run("z", Used);
    }

    private void Restart()
    {
        _host.Dispose();
        tf.ResetDefaultGraph();
        _host = new NotebookHost();
    }

    private async Task Run(string cell, string code)
    {
        CellResult result = await _host.Cells.RunAsync(new CellRequest(code) { CellId = cell }, new CellOutputList());
        Assert.True(result.Status == CellStatus.Succeeded, $"{result.Status}: {result.Error?.Message}");
    }

    // Graph, values of graph variables, script variables, and the log of cells.
    private string State()
    {
        var session = (Session)_host.Engine.Variables.Single(static v => v.Name == "session").Value!;
        return string.Join('\n',
            Graph.Default.Operations.Select(static o => $"{o} of {o.Cell}")
                .Concat(session.Variables.All.Select(static v => $"{v.Name} = {v.Value}"))
                .Concat(_host.Engine.Variables.Select(static v => $"{v.Type} {v.Name} = {(v.Value is Array or List<string> ? Tensor.From(v.Value is List<string> list ? list.ToArray() : v.Value) : v.Value)}"))
                .Concat(_host.Workspace.Host!.Runs.Where(static r => r.Cell is not ("x" or "r" or "z")).Take(2).Select(static r => $"{r.Cell}: {r.Code}")));
    }

    private IEnumerable<(string What, Action Damage)> Damages()
    {
        string[] files = [.. Directory.EnumerateFiles(Good, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Good, f)).Order(StringComparer.Ordinal)];
        for (int i = 0; i < files.Length; i++)
        {
            string name = files[i], next = files[(i + 1) % files.Length];
            string path = Path.Combine(Bad, name);
            int length = (int)new FileInfo(Path.Combine(Good, name)).Length;
            for (int cut = 0; cut < 8; cut++)
            {
                int kept = (int)((long)length * cut / 8);
                yield return ($"{name} cut to {kept} of {length} bytes", () => Change(path, bytes => bytes[..kept]));
            }

            yield return ($"{name} without its last byte", () => Change(path, static bytes => bytes[..^1]));
            for (int flip = 0; flip < 12; flip++)
            {
                int at = (int)((long)length * flip / 12) + (flip % 3);
                yield return ($"{name} changed at byte {at} of {length}", () => Change(path, bytes =>
                {
                    bytes[Math.Min(at, length - 1)] ^= (byte)(flip % 2 == 0 ? 0x01 : 0x80);
                    return bytes;
                }));
            }

            yield return ($"{name} missing", () => File.Delete(path));
            yield return ($"{name} a folder", () =>
            {
                File.Delete(path);
                Directory.CreateDirectory(path);
            });
            yield return ($"{name} full of zeros", () => Change(path, static bytes => new byte[bytes.Length]));
            yield return ($"{name} in the place of {next}", () => File.Copy(path, Path.Combine(Bad, next), overwrite: true));
        }

        yield return ("no state", () => Directory.Delete(SessionSnapshot.GenerationFolder(Bad, 1), recursive: true));
        yield return ("nothing", () => Directory.Delete(Bad, recursive: true));
        yield return ("a file", () =>
        {
            Directory.Delete(Bad, recursive: true);
            File.WriteAllText(Bad, "x");
        });
    }

    private static void Change(string path, Func<byte[], byte[]> change) => File.WriteAllBytes(path, change(File.ReadAllBytes(path)));

    private static void Copy(string from, string to)
    {
        if (File.Exists(to))
            File.Delete(to);
        if (Directory.Exists(to))
            Directory.Delete(to, recursive: true);
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static IEnumerable<string[]> Places(JsonNode? node, string[] place)
    {
        yield return place;
        IEnumerable<(string Name, JsonNode? Node)> inner = node switch
        {
            JsonObject members => members.Select(static m => (m.Key, m.Value)),
            JsonArray items => items.Select(static (item, i) => ($"{i}", item)).Take(2),
            _ => [],
        };
        foreach (string[] further in inner.SelectMany(i => Places(i.Node, [.. place, i.Name])))
            yield return further;
    }

    // Put into the text, as not all of it is JSON.
    private static string With(string json, string[] place, string value)
    {
        const string mark = "here-it-goes";
        if (place.Length == 0)
            return value;
        JsonNode root = JsonNode.Parse(json)!;
        JsonNode at = place[..^1].Aggregate(root, static (node, name) => node is JsonArray items ? items[int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)]! : node[name]!);
        if (at is JsonArray list)
            list[int.Parse(place[^1], System.Globalization.CultureInfo.InvariantCulture)] = mark;
        else
            at[place[^1]] = mark;
        return root.ToJsonString().Replace($"\"{mark}\"", value, StringComparison.Ordinal);
    }
}
