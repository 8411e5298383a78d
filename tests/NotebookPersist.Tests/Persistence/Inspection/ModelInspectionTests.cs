using NotebookPersist.Formats;
using Xunit;
using Xunit.Abstractions;

namespace NotebookPersist.Tests.Persistence.Inspection;

public sealed class ModelInspectionTests(ITestOutputHelper output) : IDisposable
{
    private static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, (byte)'I', (byte)'H', (byte)'D', (byte)'R', 0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_file_of_every_fixture_is_of_the_right_kind()
    {
        var faults = new List<string>();
        int count = 0;
        foreach (string path in SharedFiles.Enumerate("fixtures", "*"))
        {
            if (ExpectedKind(path) is not { } expected)
                continue;
            count++;
            try
            {
                ModelInspection found = ModelInspection.Of(path);
                if (found.Kind != expected)
                    faults.Add($"{SharedFiles.Relative(path)}: expected {expected}, found {found.Kind}");
                else if (expected is ModelKind.CheckpointV1 or ModelKind.CheckpointV2 && found.Tensors!.Count == 0)
                    faults.Add($"{SharedFiles.Relative(path)}: no tensors");
                else if (expected is ModelKind.GraphDef or ModelKind.MetaGraph && found.Operations!.Count == 0)
                    faults.Add($"{SharedFiles.Relative(path)}: no operations");
            }
            catch (Exception fault) when (fault is IOException or InvalidOperationException or ArgumentException)
            {
                faults.Add($"{SharedFiles.Relative(path)}: {fault.GetType().Name}: {fault.Message}");
            }
        }

        output.WriteLine($"{count - faults.Count} of {count} files are told right.");
        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(count >= 470, $"{count} files were found.");
    }

    [Fact]
    public void Other_files_end_in_one_message()
    {
        foreach (string path in SharedFiles.Enumerate("fixtures", "*").Where(static p => ExpectedKind(p) is null))
        {
            Exception? fault = Record.Exception(() => ModelInspection.Of(path));
            Assert.True(fault is null or IOException or ArgumentException or KeyNotFoundException, $"{SharedFiles.Relative(path)}: {fault}");
        }
    }

    [Theory]
    [InlineData("v2ckpt/cloudml-housing-2shard", ModelKind.CheckpointV2, "model.ckpt-1000")]
    [InlineData("v2ckpt/cloudml-housing-2shard/checkpoint", ModelKind.CheckpointV2, "model.ckpt-1000")]
    [InlineData("v2ckpt/cloudml-housing-2shard/model.ckpt-0", ModelKind.CheckpointV2, "model.ckpt-0")]
    [InlineData("v2ckpt/cloudml-housing-2shard/model.ckpt-0.index", ModelKind.CheckpointV2, "model.ckpt-0")]
    [InlineData("v2ckpt/cloudml-housing-2shard/model.ckpt-0.data-00001-of-00002", ModelKind.CheckpointV2, "model.ckpt-0")]
    [InlineData("v2ckpt/tf-embedding", ModelKind.CheckpointV2, "embedding.ckpt")]
    [InlineData("v1ckpt/tf-session-bundle-half-plus-two/00000123/export", ModelKind.CheckpointV1, "export")]
    [InlineData("v1ckpt/tf-session-bundle-half-plus-two/00000123/export-00000-of-00001", ModelKind.CheckpointV1, "export")]
    [InlineData("v1ckpt/har-lstm/model.ckpt", ModelKind.CheckpointV1, "model.ckpt")]
    [InlineData("v1ckpt/serving-bad-half-plus-two/00000123", ModelKind.CheckpointV1, "export")]
    public void A_checkpoint_is_found_by_any_of_its_names(string path, ModelKind kind, string prefix)
    {
        ModelInspection found = ModelInspection.Of(Path.Combine(SharedFiles.Fixtures, path));
        Assert.Equal(kind, found.Kind);
        Assert.Equal(prefix, Path.GetFileName(found.Path));
        Assert.NotEmpty(found.Tensors!);
    }

    [Fact]
    public void Verifying_names_the_damaged_tensor_and_no_other()
    {
        string prefix = CopyGolden();
        string[] names;
        using (Checkpoint checkpoint = Checkpoint.Open(prefix))
            names = [.. checkpoint.Tensors.Select(static t => t.Name)];
        FlipByte(prefix + ".data-00000-of-00001", 0);

        Assert.All(ModelInspection.Of(prefix).Tensors!, static t => Assert.False(t.IsVerified));
        ModelInspection verified = ModelInspection.Of(prefix, verify: true);
        Assert.Equal(names, verified.Tensors!.Select(static t => t.Name));
        InspectedTensor damaged = Assert.Single(verified.Tensors!, static t => t.Fault is not null);
        Assert.Contains(damaged.Name, damaged.Fault, StringComparison.Ordinal);
        Assert.Contains(".data-00000-of-00001", damaged.Fault, StringComparison.Ordinal);
        Assert.False(verified.IsSound);
    }

    [Fact]
    public void A_tensor_is_read_from_checkpoints_models_and_graphs()
    {
        Assert.Equal(0.5f, (float)ModelInspection.ReadTensor(SharedFiles.Path("fixtures/savedmodel/tf-half-plus-two-1.1/00000123"), "a:0"));
        Assert.Equal([3L, 2L], ModelInspection.ReadTensor(SharedFiles.Path("fixtures/v2ckpt/tf-embedding/embedding.ckpt.index"), "my_embedding").Shape.ToArray());
        Assert.Equal([7L, 7L, 3L, 32L], ModelInspection.ReadTensor(SharedFiles.Path("fixtures/v2ckpt/mlnet-cifar/frozen_model.pb"), "Wconv1").Shape.ToArray());
        Assert.Contains(
            "my_embedding",
            Assert.Throws<KeyNotFoundException>(() => ModelInspection.ReadTensor(SharedFiles.Path("fixtures/v2ckpt/tf-embedding/embedding.ckpt.index"), "my_embeding")).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("notes.txt", "These are notes, no model.\n")]
    [InlineData("notes.pbtxt", "These are notes, no model.\n")]
    [InlineData("empty", "")]
    [InlineData("empty.pb", "")]
    [InlineData("empty.pbtxt", "")]
    public void A_file_that_is_no_model_says_so(string name, string text)
    {
        File.WriteAllText(_folder[name], text);
        string message = Assert.Throws<CheckpointFormatException>(() => ModelInspection.Of(_folder[name])).Message;
        Assert.Contains(_folder[name], message, StringComparison.Ordinal);
        Assert.Contains("holds no model", message, StringComparison.Ordinal);
        Assert.Contains("Give a checkpoint's prefix", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("picture.png")]
    [InlineData("picture.pb")]
    [InlineData("picture.ckpt")]
    public void A_picture_is_no_model_whatever_its_name(string name)
    {
        File.WriteAllBytes(_folder[name], Png);
        CheckpointFormatException fault = Assert.Throws<CheckpointFormatException>(() => ModelInspection.Of(_folder[name]));
        Assert.Equal(CheckpointFault.NotThisFormat, fault.Fault);
        Assert.Equal(_folder[name], fault.Path);
    }

    [Fact]
    public void What_is_not_there_is_told_with_what_was_looked_for()
    {
        Assert.Contains("There is no checkpoint in it", Assert.Throws<FileNotFoundException>(() => ModelInspection.Of(_folder.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("'" + _folder["absent"] + ".index'", Assert.Throws<FileNotFoundException>(() => ModelInspection.Of(_folder["absent"])).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => ModelInspection.Of(_folder["absent/saved_model.pb"]));
        Assert.Throws<ArgumentException>(() => ModelInspection.Of(""));
    }

    [Fact]
    public void Data_without_its_index_asks_for_the_index()
    {
        string prefix = CopyGolden();
        File.Delete(prefix + ".index");
        string message = Assert.Throws<FileNotFoundException>(() => ModelInspection.Of(prefix + ".data-00000-of-00001")).Message;
        Assert.Contains("index", message, StringComparison.Ordinal);
        Assert.DoesNotContain("magic", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_index_names_the_file()
    {
        string prefix = CopyGolden();
        FlipByte(prefix + ".index", 40);
        Assert.Equal(prefix + ".index", Assert.Throws<CheckpointFormatException>(() => ModelInspection.Of(prefix)).Path);
    }

    private static ModelKind? ExpectedKind(string path)
    {
        string name = Path.GetFileName(path);
        if (name is "saved_model.pb" or "saved_model.pbtxt")
            return ModelKind.SavedModel;
        if (name.EndsWith(".meta", StringComparison.Ordinal))
            return ModelKind.MetaGraph;
        if (name == "metrics_export_meta_graph.pb")
            return ModelKind.MetaGraph;
        if (name is "graph.pbtxt" or "frozen_graph.pbtxt" or "MNIST.pb" or "my_model.pb" or "frozen_model.pb" or "frozen_model_variadic_input_shape.pb")
            return ModelKind.GraphDef;
        if (name.EndsWith(".index", StringComparison.Ordinal))
            return ModelKind.CheckpointV2;
        if (path.Contains("/v1ckpt/", StringComparison.Ordinal) && (name.EndsWith(".ckpt", StringComparison.Ordinal) || name is "ckpt" or "export" or "export-00000-of-00001"))
            return ModelKind.CheckpointV1;
        return path.Contains("/frozen/", StringComparison.Ordinal) && (name.EndsWith(".pb", StringComparison.Ordinal) || name.EndsWith(".pbtxt", StringComparison.Ordinal))
            ? ModelKind.GraphDef
            : null;
    }

    private static void FlipByte(string path, int position)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes[position] ^= 0x10;
        File.WriteAllBytes(path, bytes);
    }

    private string CopyGolden()
    {
        foreach (string file in Directory.EnumerateFiles(SharedFiles.Path("golden-tf115/checkpoints/v2_optimizer_like"), "model.ckpt*"))
            File.Copy(file, _folder[Path.GetFileName(file)]);
        return _folder["model.ckpt-1000"];
    }
}
