using NotebookPersist.Formats.Files;
using Xunit;

namespace NotebookPersist.Tests.Formats.Files;

public sealed class FilesTests
{
    [Fact]
    public void A_file_appears_only_when_committed()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["f"], "old");
        using (AtomicFile file = AtomicFile.Create(folder["f"]))
        {
            file.Stream.Write("new"u8);
            Assert.StartsWith(folder["f.tempstate"], file.TemporaryPath, StringComparison.Ordinal);
            Assert.Equal("old", File.ReadAllText(folder["f"]));
        }

        Assert.Equal("old", File.ReadAllText(folder["f"]));
        Assert.Single(Directory.GetFiles(folder.Path));
        AtomicFile.WriteAllBytes(folder["f"], "new"u8);
        Assert.Equal("new", File.ReadAllText(folder["f"]));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Space_set_aside_is_no_part_of_the_file()
    {
        using TemporaryFolder folder = new();
        using (AtomicFile file = AtomicFile.Create(folder["f"], preallocate: 1 << 20))
        {
            file.Stream.Write("new"u8);
            file.Commit();
        }

        Assert.Equal(3, new FileInfo(folder["f"]).Length);
    }

    [Theory]
    [InlineData("fixtures/v2ckpt/mlnet-cifar/", "model.ckpt", "model.ckpt", CheckpointKind.Bundle)]
    [InlineData("fixtures/v2ckpt/mlnet-cifar/", "model.ckpt.index", "model.ckpt", CheckpointKind.Bundle)]
    [InlineData("fixtures/v2ckpt/mlnet-cifar/", "model.ckpt.meta", "model.ckpt", CheckpointKind.Bundle)]
    [InlineData("fixtures/v2ckpt/mlnet-cifar/", "model.ckpt.data-00000-of-00001", "model.ckpt", CheckpointKind.Bundle)]
    [InlineData("fixtures/v1ckpt/har-lstm/", "model.ckpt", "model.ckpt", CheckpointKind.SliceFile)]
    [InlineData("fixtures/v1ckpt/har-lstm/", "model.ckpt.meta", "model.ckpt", CheckpointKind.SliceFile)]
    [InlineData("golden-tf115/checkpoints/v1_sharded/", "model.ckpt-7", "model.ckpt-7", CheckpointKind.SliceShards)]
    [InlineData("golden-tf115/checkpoints/v1_sharded/", "model.ckpt-7-00000-of-00002", "model.ckpt-7", CheckpointKind.SliceShards)]
    [InlineData("golden-tf115/checkpoints/v1_sharded/", "model.ckpt-7-?????-of-00002", "model.ckpt-7", CheckpointKind.SliceShards)]
    public void Every_form_of_a_checkpoints_path_leads_to_its_prefix(string folder, string name, string prefix, CheckpointKind kind)
    {
        string root = SharedFiles.Path(folder);
        Assert.Equal(new CheckpointPath(root + prefix, kind), CheckpointPath.Resolve(root + name));
    }

    [Fact]
    public void A_path_without_checkpoint_is_told()
    {
        using TemporaryFolder folder = new();
        Assert.Null(CheckpointPath.TryResolve(folder["nope"]));
        Assert.Null(CheckpointPath.TryResolve(folder["no/such/folder"]));
        Assert.Contains("there is neither", Assert.Throws<FileNotFoundException>(() => CheckpointPath.Resolve(folder["nope"])).Message, StringComparison.Ordinal);
        Assert.Contains("it is a folder", Assert.Throws<FileNotFoundException>(() => CheckpointPath.Resolve(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_prefix_with_special_characters_is_taken_literally()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["m[1]{2}.index"], "");
        Assert.Equal(CheckpointKind.Bundle, CheckpointPath.Resolve(folder["m[1]{2}"]).Kind);
    }
}
