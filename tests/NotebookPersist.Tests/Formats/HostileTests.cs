using NotebookPersist.Formats;
using Xunit;
using Xunit.Abstractions;

namespace NotebookPersist.Tests.Formats;

public sealed class HostileTests(ITestOutputHelper output)
{
    public static TheoryData<string, string, string> Damaged => new()
    {
        { "v2_data_bitflip", "model.ckpt-1000", "Checksum does not match: stored 3075619116 vs. calculated on the restored bytes 3554718830" },
        { "v2_data_truncated", "model.ckpt-1000", "Read less bytes than requested" },
        { "v2_index_bitflip", "model.ckpt-1000", "block checksum mismatch" },
        { "v2_index_footer_bitflip", "model.ckpt-1000", "not an sstable (bad magic number)" },
        { "v2_index_truncated", "model.ckpt-1000", "not an sstable (bad magic number)" },
        { "v2_index_tiny", "model.ckpt-1000", "file is too short to be an sstable" },
        { "v2_index_empty", "model.ckpt-1000", "file is too short to be an sstable" },
        { "v2_string_len_bitflip", "model.ckpt", "The length checksum does not match: expected 1214729159 but actual is 2701392634" },
        { "v1_bitflip", "model.ckpt", "Failed to find the saved tensor slices at the beginning of the checkpoint file" },
        { "v1_truncated", "model.ckpt", "not an sstable (bad magic number)" },
        { "v1_footer", "model.ckpt", "not an sstable (bad magic number)" },
    };

    [Theory]
    [MemberData(nameof(Damaged))]
    public void Damage_is_told_in_tensorflows_words(string folder, string name, string words)
    {
        CheckpointFormatException error = Assert.Throws<CheckpointFormatException>(() => ReadAll(SharedFiles.Path($"golden-tf115/corrupt/{folder}") + "/" + name));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Path);
        output.WriteLine(error.Message.Replace(SharedFiles.Golden, "", StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_data_file_is_named()
    {
        FileNotFoundException error = Assert.Throws<FileNotFoundException>(() => ReadAll(SharedFiles.Path("golden-tf115/corrupt/v2_data_missing") + "/model.ckpt-1000"));
        Assert.EndsWith("model.ckpt-1000.data-00000-of-00001", error.FileName, StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_file_alone_is_no_table()
    {
        using TemporaryFolder folder = new();
        File.Copy(SharedFiles.Path("golden-tf115/checkpoints/v2_strings/model.ckpt.data-00000-of-00001"), folder["m.data-00000-of-00001"]);
        CheckpointFormatException error = Assert.Throws<CheckpointFormatException>(() => ReadAll(folder["m.data-00000-of-00001"]));
        Assert.Contains("not an sstable (bad magic number)", error.Message, StringComparison.Ordinal);
        Assert.Contains("Perhaps it is in a different file format", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fixtures/savedmodel/tf-half-plus-two-v2/00000123/variables/variables", ".index", ".data-00000-of-00001")]
    [InlineData("golden-tf115/checkpoints/v2_align64/model.ckpt", ".index", ".data-00000-of-00001")]
    [InlineData("golden-tf115/checkpoints/v2_scalars_rank/model.ckpt", ".index", ".data-00000-of-00001")]
    [InlineData("golden-tf115/checkpoints/v2_sharded1/model.ckpt", ".data-00000-of-00001", ".index")]
    [InlineData("golden-tf115/checkpoints/v2_align64/model.ckpt", ".data-00000-of-00001", ".index")]
    [InlineData("fixtures/v1ckpt/tf-session-bundle-half-plus-two/00000123/export-00000-of-00001", "", null)]
    public void Every_truncation_and_every_flipped_bit_is_told_or_harmless(string prefix, string damagedSuffix, string? otherSuffix)
    {
        using TemporaryFolder folder = new();
        byte[] whole = File.ReadAllBytes(SharedFiles.Path(prefix + damagedSuffix));
        string target = folder["m" + damagedSuffix];
        if (otherSuffix is not null)
            File.Copy(SharedFiles.Path(prefix + otherSuffix), folder["m" + otherSuffix]);
        File.WriteAllBytes(target, whole);
        string right = Outcome(folder["m"]);
        int refused = 0, harmless = 0;

        void Require(byte[] damaged, string what)
        {
            File.WriteAllBytes(target, damaged);
            try
            {
                Assert.True(right == Outcome(folder["m"]), what + " changes what is read");
                harmless++;
            }
            catch (CheckpointFormatException)
            {
                refused++;
            }
        }

        for (int length = 0; length < whole.Length; length++)
            Require(whole[..length], $"cutting to {length} bytes");
        for (int bit = 0; bit < whole.Length * 8; bit++)
        {
            byte[] damaged = [.. whole];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Require(damaged, $"flipping bit {bit % 8} of byte {bit / 8}");
        }

        output.WriteLine($"{prefix}{damagedSuffix}: {refused} refused, {harmless} harmless of {refused + harmless}.");
    }

    private static void ReadAll(string path)
    {
        using CheckpointReader reader = CheckpointReader.Open(path);
        foreach (CheckpointEntry entry in reader.Entries)
            reader.Read(entry.Name);
    }

    private static string Outcome(string path)
    {
        using CheckpointReader reader = CheckpointReader.Open(path);
        return string.Join('\n', reader.Entries.Select(entry => $"{entry.Name} {reader.Read(entry.Name)}"));
    }
}
