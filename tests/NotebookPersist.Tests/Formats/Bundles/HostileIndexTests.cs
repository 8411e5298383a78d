using Google.Protobuf;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Bundles;
using NotebookPersist.Formats.Coding;
using NotebookPersist.Formats.Tables;
using NotebookPersist.Protos;
using Xunit;
using Xunit.Abstractions;

namespace NotebookPersist.Tests.Formats.Bundles;

/// <summary>Indexes whose checksums are right and whose contents lie.</summary>
public sealed class HostileIndexTests(ITestOutputHelper output)
{
    private static readonly BundleHeaderProto Header = new() { NumShards = 1, Version = new VersionDef { Producer = 1 } };

    public static TheoryData<string, string, CheckpointFault> Headers => new()
    {
        { "{ \"numShards\": 1, \"version\": { \"producer\": 1, \"minConsumer\": 2 } }", "Checkpoint min consumer version 2 above current version 1", CheckpointFault.UnsupportedVersion },
        { "{ \"numShards\": 1, \"version\": { \"producer\": -1 } }", "Checkpoint producer version -1 below min producer 0", CheckpointFault.UnsupportedVersion },
        { "{ \"numShards\": 1, \"version\": { \"badConsumers\": [ 1 ] } }", "Checkpoint disallows consumer version 1", CheckpointFault.UnsupportedVersion },
        { "{ \"numShards\": -3 }", "-3 data files", CheckpointFault.BadStructure },
        { "{ \"numShards\": 1, \"endianness\": 7 }", "byte order 7", CheckpointFault.BadStructure },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public void Headers_that_exclude_this_reader_are_refused(string header, string words, CheckpointFault fault)
    {
        CheckpointFormatException error = Assert.Throws<CheckpointFormatException>(() => ReadAll(JsonParser.Default.Parse<BundleHeaderProto>(header)));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Equal(fault, error.Fault);
    }

    public static TheoryData<string, string> Entries => new()
    {
        { "{ \"dtype\": 1, \"shape\": { \"dim\": [ { \"size\": -2 } ] }, \"size\": 4 }", "dimension 0 has size -2" },
        { "{ \"dtype\": 1, \"shape\": { \"dim\": [ { \"size\": -1 } ] }, \"size\": 4 }", "is not fully known" },
        { "{ \"dtype\": 1, \"shape\": { \"unknownRank\": true }, \"size\": 4 }", "is not fully known" },
        { "{ \"dtype\": 1, \"shape\": { \"dim\": [ { \"size\": 4294967296 }, { \"size\": 4294967296 } ] }, \"size\": 4 }", "does not fit 63 bits" },
        { "{ \"dtype\": 1, \"shape\": { \"dim\": [ { \"size\": 1000000000000 } ] }, \"size\": 4000000000000 }", "are more than the" },
        { "{ \"dtype\": 7, \"shape\": { \"dim\": [ { \"size\": 1000000000 } ] }, \"size\": 8 }", "1000000000 strings cannot be in 8 bytes" },
        { "{ \"dtype\": 1, \"shape\": { }, \"size\": 8 }", "Invalid size in bundle entry: stored size 8; expected size 4" },
        { "{ \"dtype\": 1, \"shape\": { }, \"offset\": 30, \"size\": 4 }", "Read less bytes than requested" },
        { "{ \"dtype\": 1, \"shape\": { }, \"offset\": -1, \"size\": 4 }", "4 bytes at byte -1" },
        { "{ \"dtype\": 1, \"shape\": { }, \"offset\": \"9223372036854775807\", \"size\": 4 }", "points to 4 bytes" },
        { "{ \"dtype\": 1, \"shape\": { }, \"shardId\": 1, \"size\": 4 }", "data file 1 of 1" },
        { "{ \"dtype\": 1, \"shape\": { }, \"shardId\": -1, \"size\": 4 }", "data file -1 of 1" },
        { "{ \"dtype\": 77, \"shape\": { }, \"size\": 4 }", "cannot be read" },
        { "{ \"dtype\": 21, \"shape\": { }, \"size\": 4 }", "values of type 'variant' cannot be read" },
        { "{ \"dtype\": 1, \"shape\": { \"dim\": [ { \"size\": 4 } ] }, \"slices\": [ { \"extent\": [ { \"length\": 2 } ] } ] }", "Does not have sufficient slices" },
        { "{ \"dtype\": 1, \"shape\": { \"dim\": [ { \"size\": 2 } ] }, \"slices\": [ { \"extent\": [ { \"length\": 2 } ] } ] }", "the index has no entry for it" },
        { "{ \"dtype\": 1, \"shape\": { \"dim\": [ { \"size\": 4 } ] }, \"slices\": [ { \"extent\": [ { \"start\": 3, \"length\": 2 } ] } ] }", "does not fit the shape" },
        { "{ \"dtype\": 1, \"shape\": { \"dim\": [ { \"size\": 4 } ] }, \"slices\": [ { \"extent\": [ { \"start\": -1, \"length\": 2 } ] } ] }", "does not fit the shape" },
        { "{ \"dtype\": 1, \"shape\": { \"dim\": [ { \"size\": 4 } ] }, \"slices\": [ { } ] }", "another rank" },
        { "{ \"dtype\": 1, \"shape\": { \"dim\": [ { \"size\": 4 } ] }, \"slices\": [ { \"extent\": [ { \"length\": 3 } ] }, { \"extent\": [ { \"start\": 2, \"length\": 2 } ] } ] }", "overlapping slices '0,3' and '2,2'" },
    };

    [Theory]
    [MemberData(nameof(Entries))]
    public void Entries_that_contradict_themselves_or_the_data_are_refused(string entry, string words)
        => Assert.Contains(
            words,
            Assert.Throws<CheckpointFormatException>(() => ReadAll(Header, ("t", JsonParser.Default.Parse<BundleEntryProto>(entry)))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_key_without_header_before_it_is_refused()
    {
        using TemporaryFolder folder = new();
        Write(folder["m.index"], [("t"u8.ToArray(), [])]);
        Assert.Contains("first key", Assert.Throws<CheckpointFormatException>(() => BundleReader.Open(folder["m"])).Message, StringComparison.Ordinal);
        Write(folder["m.index"], []);
        Assert.Contains("the table is empty", Assert.Throws<CheckpointFormatException>(() => BundleReader.Open(folder["m"])).Message, StringComparison.Ordinal);
        Write(folder["m.index"], [([], Header.ToByteArray()), ("t"u8.ToArray(), [0xFF])]);
        Assert.Contains("Entry for key 't' not parseable", Assert.Throws<CheckpointFormatException>(() => BundleReader.Open(folder["m"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("golden-tf115/checkpoints/v2_sliced/model.ckpt", ".index", ".data-00000-of-00001")]
    [InlineData("golden-tf115/checkpoints/v2_align64/model.ckpt", ".index", ".data-00000-of-00001")]
    [InlineData("golden-tf115/checkpoints/v1_slices_large_offsets/model.ckpt", "", null)]
    [InlineData("fixtures/v1ckpt/serving-bad-half-plus-two/00000123/export", "", null)]
    public void Blocks_changed_at_random_under_a_right_checksum_never_end_in_another_exception(string prefix, string suffix, string? otherSuffix)
    {
        using TemporaryFolder folder = new();
        byte[] whole = File.ReadAllBytes(SharedFiles.Path(prefix + suffix));
        if (otherSuffix is not null)
            File.Copy(SharedFiles.Path(prefix + otherSuffix), folder["m" + otherSuffix]);
        List<(int Offset, int Size)> blocks = TableBlocks.Locate(whole);
        Random random = new(20_240_601);
        int read = 0, refused = 0;
        for (int round = 0; round < 1500; round++)
        {
            byte[] changed = [.. whole];
            (int offset, int size) = blocks[random.Next(blocks.Count)];
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                // Most positions of a V1 block are values; its structure is at the beginning.
                int position = random.Next(Math.Min(size, 600));
                changed[offset + position] = random.Next(3) == 0 ? (byte)0xFF : (byte)random.Next(256);
            }

            TableBlocks.Seal(changed, offset, size);
            File.WriteAllBytes(folder["m" + suffix], changed);
            try
            {
                using CheckpointReader reader = CheckpointReader.Open(folder["m"]);
                foreach (CheckpointEntry entry in reader.Entries)
                    reader.Read(entry.Name);
                read++;
            }
            catch (Exception e) when (e is CheckpointFormatException or FileNotFoundException)
            {
                refused++;
            }
        }

        output.WriteLine($"{prefix}{suffix}: {refused} refused, {read} read.");
        Assert.True(refused > 500);
    }

    private static void ReadAll(BundleHeaderProto header, params (string Key, BundleEntryProto Entry)[] entries)
    {
        using TemporaryFolder folder = new();
        Write(folder["m.index"], [([], header.ToByteArray()), .. entries.Select(static e => (TensorName.Encode(e.Key), e.Entry.ToByteArray()))]);
        File.WriteAllBytes(folder["m.data-00000-of-00001"], new byte[32]);
        using BundleReader reader = BundleReader.Open(folder["m"], verifyChecksums: false);
        foreach (CheckpointEntry entry in reader.Entries)
            reader.Read(entry.Name);
    }

    private static void Write(string path, IEnumerable<(byte[] Key, byte[] Value)> rows)
    {
        using FileStream stream = File.Create(path);
        TableWriter table = new(stream);
        foreach ((byte[] key, byte[] value) in rows)
            table.Add(key, value);
        table.Finish();
    }
}
