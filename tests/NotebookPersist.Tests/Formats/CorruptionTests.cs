using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Text;
using NotebookPersist.Fuzzing;
using NotebookPersist.Tests.Execution;
using Xunit;
using Xunit.Abstractions;

namespace NotebookPersist.Tests.Formats;

/// <summary>Whatever bit of a checkpoint flips: it is told and located, or every value is still what it was; within bounds of memory.</summary>
[Collection(nameof(Undisturbed))]
public sealed class CorruptionTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("bundle", false)]
    [InlineData("bundle", true)]
    [InlineData("shards", false)]
    [InlineData("slices", false)]
    [InlineData("slices", true)]
    public void Every_flipped_bit_of_small_checkpoints_is_told_or_harmless(string kind, bool compressed)
    {
        FuzzInput whole = SmallCheckpoints.Of(kind, compressed);
        whole.Write(_folder.Path);
        Counts counts = Whole();
        foreach ((string name, byte[] bytes) in whole.Files)
        {
            for (int bit = 0; bit < bytes.Length * 8; bit++)
            {
                byte[] damaged = [.. bytes];
                damaged[bit / 8] ^= (byte)(1 << (bit % 8));
                Require(counts, name, damaged, whole.ByteCount, $"flipping bit {bit % 8} of byte {bit / 8} of {name}");
            }

            File.WriteAllBytes(_folder[name], bytes);
        }

        output.WriteLine($"{kind}, {(compressed ? "compressed" : "plain")}: {counts} of {whole.ByteCount} bytes.");
        Assert.Equal(whole.ByteCount * 8, counts.Refused + counts.Harmless);

        // The footer's padding and what protobuf or the format leaves open; all else has a checksum.
        Assert.True(counts.Harmless < counts.Refused / 3, $"{counts}");
        Assert.True(counts.Located > counts.Refused / 2, $"{counts}");
    }

    [Theory]
    [InlineData("golden-tf115/checkpoints/v2_optimizer_like/model.ckpt-1000", ".index", ".data-00000-of-00001")]
    [InlineData("golden-tf115/checkpoints/v2_optimizer_like/model.ckpt-1000", ".data-00000-of-00001", ".index")]
    [InlineData("golden-tf115/checkpoints/v2_many/model.ckpt", ".index", ".data-00000-of-00001")]
    [InlineData("golden-tf115/checkpoints/v2_strings/model.ckpt", ".data-00000-of-00001", ".index")]
    [InlineData("golden-tf115/checkpoints/v2_large/model.ckpt", ".data-00000-of-00001", ".index")]
    [InlineData("golden-tf115/checkpoints/v1_strings/model.ckpt", "", null)]
    [InlineData("golden-tf115/checkpoints/v1_slices_large_offsets/model.ckpt", "", null)]
    [InlineData("golden-tf115/checkpoints/v1_many_snappy/model.ckpt", "", null)]
    [InlineData("fixtures/v1ckpt/har-lstm/model.ckpt", "", null)]
    public void Random_damage_of_large_checkpoints_is_told_or_harmless(string prefix, string damagedSuffix, string? otherSuffix)
    {
        const int Rounds = 40;
        byte[] whole = File.ReadAllBytes(SharedFiles.Path(prefix + damagedSuffix));
        long byteCount = whole.Length;
        File.WriteAllBytes(_folder["m" + damagedSuffix], whole);
        if (otherSuffix is not null)
        {
            File.Copy(SharedFiles.Path(prefix + otherSuffix), _folder["m" + otherSuffix]);
            byteCount += new FileInfo(_folder["m" + otherSuffix]).Length;
        }

        Counts counts = Whole();
        Random random = new(115);
        for (int round = 0; round < Rounds; round++)
        {
            int position = random.Next(whole.Length);
            byte[] damaged = [.. whole];
            damaged[position] ^= (byte)(1 << random.Next(8));
            Require(counts, "m" + damagedSuffix, damaged, byteCount, $"a flip at byte {position}");
            Require(counts, "m" + damagedSuffix, whole[..position], byteCount, $"cutting at byte {position}");
        }

        output.WriteLine($"{prefix}{damagedSuffix}: {counts}.");
        Assert.True(counts.Refused > Rounds, $"{counts}");
    }

    [Fact]
    public void Every_flipped_bit_of_a_state_file_leads_to_the_newest_checkpoint_or_to_none()
    {
        SmallCheckpoints.Of("bundle", compressed: false).Write(_folder.Path);
        foreach (string path in Directory.GetFiles(_folder.Path))
        {
            File.Copy(path, path.Replace("/m.", "/model-21.", StringComparison.Ordinal));
            File.Move(path, path.Replace("/m.", "/model-14.", StringComparison.Ordinal));
        }

        byte[] whole = "model_checkpoint_path: \"model-21\"\nall_model_checkpoint_paths: \"model-14\"\nall_model_checkpoint_paths: \"model-21\"\n"u8.ToArray();
        int newest = 0, none = 0, refused = 0;
        for (int bit = 0; bit < whole.Length * 8; bit++)
        {
            byte[] damaged = [.. whole];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(_folder[CheckpointStateFile.DefaultName], damaged);
            try
            {
                string? found = CheckpointStates.Latest(_folder.Path);
                Assert.True(found is null || found == _folder["model-21"], $"bit {bit}: {found}");
                newest += found is null ? 0 : 1;
                none += found is null ? 1 : 0;
            }
            catch (CheckpointFormatException fault)
            {
                Assert.Equal(_folder[CheckpointStateFile.DefaultName], fault.Path);
                refused++;
            }
        }

        output.WriteLine($"{newest} the newest, {none} none, {refused} refused.");
        Assert.True(newest > 0 && none > 0 && refused > 0);
    }

    // A large compressed file takes more than the limit when nothing is wrong with it: all that is ever allocated counts here, not what is held at once.
    private Counts Whole()
    {
        string right = Contents();
        long before = GC.GetTotalAllocatedBytes();
        Assert.Equal(right, Contents());
        return new Counts(right, GC.GetTotalAllocatedBytes() - before + (1 << 20));
    }

    // Reads the checkpoint with one file damaged.
    private void Require(Counts counts, string name, byte[] damaged, long byteCount, string what)
    {
        File.WriteAllBytes(_folder[name], damaged);
        long before = GC.GetTotalAllocatedBytes();
        var clock = Stopwatch.StartNew();
        try
        {
            string found = Contents();
            Assert.True(counts.Right == found, what + " changes what is read");
            counts.Harmless++;
        }
        catch (CheckpointFormatException fault)
        {
            Assert.StartsWith(_folder["m"], fault.Path, StringComparison.Ordinal);
            Assert.Contains(fault.Path, fault.Message, StringComparison.Ordinal);
            counts.Refused++;
            counts.Located += fault.ByteOffset is null ? 0 : 1;
        }
        catch (FileNotFoundException)
        {
            // The number of data files is in the index, whose checksum tells its damage first.
            Assert.Fail(what + " is told as a missing file");
        }

        long allocated = GC.GetTotalAllocatedBytes() - before;
        Assert.True(allocated <= Math.Max(counts.WholeAllocation, (4 * byteCount) + (16 << 20)), $"{what} takes {allocated} bytes of memory");
        counts.Slowest = clock.Elapsed > counts.Slowest ? clock.Elapsed : counts.Slowest;
    }

    // Everything that a reader gives out; tensors go as they come, so that memory is that of the reader.
    private string Contents()
    {
        using CheckpointReader reader = CheckpointReader.Open(_folder["m"]);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (CheckpointEntry entry in reader.Entries)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{entry.Name} {entry.DType} {entry.Shape} ")));
            Tensor tensor = reader.Read(entry.Name);
            if (tensor.DType != DType.String)
            {
                hash.AppendData(tensor.Bytes);
                continue;
            }

            foreach (byte[] text in tensor.Strings)
            {
                hash.AppendData(BitConverter.GetBytes(text.Length));
                hash.AppendData(text);
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private sealed record Counts(string Right, long WholeAllocation)
    {
        public long Refused { get; set; }

        public long Harmless { get; set; }

        public long Located { get; set; }

        public TimeSpan Slowest { get; set; }

        public override string ToString() => $"{Refused} refused ({Located} with their place), {Harmless} harmless, slowest {Slowest.TotalMilliseconds:F0} ms";
    }
}
