using NotebookPersist.Formats.Npy;
using NotebookPersist.Kernel;
using NotebookPersist.Kernel.Scripting;
using NotebookPersist.Notebooks;
using NotebookPersist.Tests.Tutorials;
using Xunit;

namespace NotebookPersist.Tests.Kernel;

/// <summary>What the magics keep, delete, refuse and wait for.</summary>
[Collection(DefaultGraphCollection.Name)]
public sealed class SaveMagicTests : IDisposable
{
    private readonly NotebookHost _host = new();
    private readonly TemporaryFolder _folder = new();

    public SaveMagicTests() => tf.ResetDefaultGraph();

    public void Dispose()
    {
        _host.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Saving_to_other_folders_deletes_nothing_that_was_saved_before()
    {
        await Build();
        await Run($"#!save \"{_folder["best/m"]}\"");
        for (int i = 0; i < 7; i++)
            await Run($"#!save \"{_folder[$"d{i}/m"]}\"");
        Assert.All(Enumerable.Range(0, 7).Select(i => $"d{i}/m").Prepend("best/m"), p => Assert.True(File.Exists(_folder[p + ".index"]), p));
        Assert.Equal(1, tf.GetDefaultGraph().Operations.Count(static o => o.Type == "SaveV2"));
    }

    [Fact]
    public async Task A_limit_that_is_asked_for_is_kept_and_a_savers_of_a_cell_is_not_taken_over()
    {
        await Build();
        string m = _folder["mk/m"].Replace('\\', '/');
        await Run($"var mine = new Saver(maxToKeep: 3); for (int i = 1; i <= 3; i++) mine.Save(session, \"{m}\", globalStep: i);");
        string shown = await Run($"#!save \"{m}\" --step 4");
        Assert.Contains("m-1, m-2, m-3, m-4", shown, StringComparison.Ordinal);
        shown = await Run($"#!save \"{m}\" --step 5 --max-to-keep 1");
        Assert.Contains("m-5", shown, StringComparison.Ordinal);
        Assert.Equal([_folder["mk/m-5.index"]], Directory.GetFiles(_folder["mk"], "*.index"));
        await Run($"#!save \"{m}\" --step 6 --max-to-keep 2");
        await Run($"#!save \"{m}\" --step 7 --max-to-keep 2");
        Assert.Equal([_folder["mk/m-6.index"], _folder["mk/m-7.index"]], Directory.GetFiles(_folder["mk"], "*.index").Order());
    }

    [Fact]
    public async Task A_saver_that_is_named_keeps_its_own_list()
    {
        await Build();
        await Run("var mine = new Saver(maxToKeep: 1);");
        await Run($"#!save \"{_folder["a/m"]}\" --saver mine");
        string shown = await Run($"#!save \"{_folder["b/m"]}\" --saver mine");
        Assert.False(File.Exists(_folder["a/m.index"]));
        Assert.Contains("kept", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#!save x/m --saver mine --max-to-keep 2", "--saver and --max-to-keep exclude each other")]
    [InlineData("#!save x/m --saver mine --vars w", "--saver and --vars exclude each other")]
    [InlineData("#!restore x/m --saver mine --vars w", "--saver and --vars exclude each other")]
    [InlineData("#!freeze x.pb --from x/m --session session", "--from and --session exclude each other")]
    [InlineData("#!save x/m --step 1 --step 2", "--step is given twice")]
    [InlineData("#!save x/m --vars nosuch", "There are: 'w'")]
    [InlineData("#!save \"\"", "<path> is empty")]
    public async Task What_contradicts_itself_is_refused(string magic, string expected)
    {
        await Build();
        await Run("var mine = new Saver();");
        Assert.Contains(expected, await Failure(magic), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reading_waits_for_a_save_in_the_background()
    {
        await Run("var w = tf.Variable(tf.Zeros([2_000_000]), name: \"w\"); var session = new Session(); session.Run(tf.GlobalVariablesInitializer());");
        string m = _folder["m"].Replace('\\', '/');
        await Run($"#!save \"{m}\" --async");
        Assert.Contains("2000000", (await Run($"#!inspect \"{m}\"")).Replace(",", "", StringComparison.Ordinal), StringComparison.Ordinal);
        await Run($"var mine = new Saver(); _ = mine.SaveAsync(session, \"{m}2\");");
        Assert.Contains("healthy", await Run($"#!doctor \"{m}2\""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_that_is_a_folder_too_is_told()
    {
        await Build();
        Directory.CreateDirectory(_folder["ck"]);
        string shown = await Run($"#!save \"{_folder["ck"]}\"");
        Assert.Contains("there is a folder", shown, StringComparison.Ordinal);
        Assert.Contains("the checkpoint is meant", CheckpointStates.TwoMeanings(_folder["ck"]), StringComparison.Ordinal);
        Assert.Null(CheckpointStates.TwoMeanings(_folder["ck"] + "/"));
    }

    [Fact]
    public async Task Messages_of_magics_name_no_parameters_of_methods()
    {
        await Build();
        string message = await Failure($"#!save \"{_folder.Path}/\"");
        Assert.Contains("names a folder", message, StringComparison.Ordinal);
        Assert.DoesNotContain("(Parameter", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_array_can_be_imported_into_one_variable()
    {
        await Run("var w = tf.Variable(tf.Zeros([2]), name: \"w\"); var b1 = tf.Variable(tf.Zeros([3]), name: \"b1\"); var session = new Session(); session.Run(tf.GlobalVariablesInitializer());");
        NpyFile.Write(_folder["one.npy"], (Tensor)new[] { 1f, 2f, 3f });
        await Run($"#!import \"{_folder["one.npy"]}\" --map one=b1");
        await Run("var value = session.Run(b1);");
        Assert.Equal([1f, 2f, 3f], ((Tensor)_host.Engine.Variables.Last(static v => v.Name == "value").Value!).ToArray<float>());
        Assert.Contains("whole names", await Failure($"#!import \"{_folder["one.npy"]}\" --map o*=b1"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_tilde_is_the_home_folder()
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
        Assert.Equal(home + "/ck/m", HomeFolder.Expand("~/ck/m"));
        Assert.Equal(home, HomeFolder.Expand("~"));
        Assert.Equal("~x/m", HomeFolder.Expand("~x/m"));
    }

    [Fact]
    public async Task Arrays_of_anything_are_shown()
    {
        await Build();
        Assert.Contains("first", await Run("new[] { \"first\", \"second\" }"), StringComparison.Ordinal);
        string tensors = await Run("session.Run([w, w])");
        Assert.Contains("Tensor[2]", tensors, StringComparison.Ordinal);
        Assert.Contains("float32", tensors, StringComparison.Ordinal);
        Assert.Contains("empty", await Run("System.Array.Empty<string>()"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dictionaries_can_be_written_as_new()
    {
        await Build();
        await Run($"var saver = new Saver(new() {{ [\"weights\"] = w }}); saver.Save(session, \"{_folder["n"].Replace('\\', '/')}\");");
        await Run($"tf.SavedModel.SimpleSave(session, \"{_folder["sm"].Replace('\\', '/')}\", new() {{ [\"x\"] = w.Value }}, new() {{ [\"y\"] = w.Value }});");
        await Run($"tf.SavedModel.SimpleSave(session, \"{_folder["sm2"].Replace('\\', '/')}\", new() {{ [\"x\"] = w }}, new() {{ [\"y\"] = w.Value, [\"z\"] = w }});");
        await Run($"var signature = tf.SavedModel.PredictSignatureDef(new() {{ [\"x\"] = w }}, new() {{ [\"y\"] = w }}); var told = tf.SavedModel.BuildTensorInfo(w);");
        await Run($"tf.Train.InitFromCheckpoint(\"{_folder["n"].Replace('\\', '/')}\", new() {{ [\"weights\"] = w }});");
        Assert.Equal(["y", "z"], NotebookPersist.SavedModel.Load(_folder["sm2"]).Signatures["serving_default"].Outputs.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("'x' is a plain value", await Failure($"tf.SavedModel.SimpleSave(session, \"{_folder["sm3"].Replace('\\', '/')}\", new() {{ [\"x\"] = 1 }}, new() {{ [\"y\"] = w }});"), StringComparison.Ordinal);
        using Checkpoint checkpoint = Checkpoint.Open(_folder["n"]);
        Assert.Equal(["weights"], checkpoint.Tensors.Select(static t => t.Name));
    }

    [Fact]
    public async Task Messages_of_tensorflow_and_formats_of_checkpoints_are_in_scope()
    {
        await Build();
        await Run($"var saver = new Saver(writeVersion: tf.Train.SaverDef.V1); saver.Save(session, \"{_folder["old"].Replace('\\', '/')}\");");
        Assert.True(File.Exists(_folder["old"]));
        await Run("SaverDef definition = saver.AsSaverDef(); MetaGraphDef meta = tf.Train.ExportMetaGraph(); GraphDef graph = meta.GraphDef; NodeDef node = graph.Node[0];");
        await Run("SaverDef again = definition; w.Load(3f, session); var loaded = session.Run(w);");
        Assert.Equal(3f, (float)(Tensor)_host.Engine.Variables.Last(static v => v.Name == "loaded").Value!);
    }

    [Theory]
    [InlineData("tf.float32", "'tf.Float32'")]
    [InlineData("tf.global_variables_initializer()", "'tf.GlobalVariablesInitializer'")]
    [InlineData("tf.train", "'tf.Train'")]
    [InlineData("tf.Train.latest_checkpoint(\"x\")", "'tf.Train.LatestCheckpoint'")]
    [InlineData("new Graph().operations", "'new Graph().Operations'")]
    [InlineData("tf.ReduceSum(tf.Zeros([2]), keep_dims: true)", "'keepDims:'")]
    [InlineData("tf.Train.AdamOptimizer().Minimize(tf.Zeros([]), var_list: null)", "'varList:'")]
    public async Task A_name_as_python_writes_it_is_told_as_it_is_here(string code, string meant) =>
        Assert.Contains($"Did you mean {meant}?", await Failure(code), StringComparison.Ordinal);

    private async Task Build() =>
        await Run("var w = tf.Variable(1f, name: \"w\"); var session = new Session(); session.Run(tf.GlobalVariablesInitializer());");

    private async Task<string> Run(string code)
    {
        var outputs = new CellOutputList();
        CellResult result = await _host.Cells.RunAsync(new CellRequest(code) { CellId = Guid.NewGuid().ToString("N") }, outputs);
        Assert.True(result.Status == CellStatus.Succeeded, result.Error?.Message);
        return string.Concat(outputs.Outputs.Select(static o => o switch
        {
            DisplayOutput display => display.Data["text/plain"],
            ResultOutput value => value.Data["text/plain"],
            _ => "",
        }));
    }

    private async Task<string> Failure(string code)
    {
        CellResult result = await _host.Cells.RunAsync(new CellRequest(code) { CellId = Guid.NewGuid().ToString("N") }, new CellOutputList());
        Assert.NotEqual(CellStatus.Succeeded, result.Status);
        return result.Error!.Message;
    }
}
