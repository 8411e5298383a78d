using NotebookPersist.Formats;
using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Slices;
using NotebookPersist.Protos;
using NotebookPersist.Tests.Formats.Tables;
using Xunit;
using Xunit.Abstractions;

namespace NotebookPersist.Tests.Formats.Slices;

public sealed class SliceFileReaderTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_v1_file_opens_and_every_tensor_is_read()
    {
        int files = 0, tensors = 0;
        long byteCount = 0;
        foreach (string path in TableTests.V1Files())
        {
            using CheckpointReader reader = CheckpointReader.Open(path);
            Assert.IsType<SliceFileReader>(reader);
            files++;
            foreach (CheckpointEntry entry in reader.Entries)
            {
                Tensor tensor = reader.Read(entry.Name);
                Assert.Equal((entry.DType, entry.Shape), (tensor.DType, tensor.Shape));
                byteCount += tensor.ByteCount;
                tensors++;
            }
        }

        output.WriteLine($"{files} V1 files, {tensors} tensors of {byteCount} bytes read.");
        Assert.True(files >= 15);
    }

    [Fact]
    public void Golden_v1_checkpoints_read_as_tensorflow_reads_them()
    {
        int cases = 0, compared = 0;
        foreach (GoldenCheckpoint golden in GoldenCheckpoint.All("v1"))
        {
            using CheckpointReader reader = CheckpointReader.Open(golden.Prefix);
            GoldenCheckpoint.Row[] rows = [.. golden.Rows()];
            Assert.Equal(golden.CutTo ?? rows.Length, reader.Entries.Count);
            foreach (GoldenCheckpoint.Row row in rows)
            {
                Assert.True(reader.TryFind(row.Name, out CheckpointEntry? entry), row.Name);
                GoldenValues.RequireEntry(row, entry);
                compared += GoldenValues.Compare(golden, row, reader.Read(row.Name));
            }

            cases++;
        }

        output.WriteLine($"{cases} cases, {compared} tensors equal.");
        Assert.True(compared > 1000);
    }

    [Theory]
    [InlineData("model.ckpt-7-?????-of-00002")]
    [InlineData("model.ckpt-7")]
    [InlineData("model.ckpt-7-00001-of-00002")]
    public void A_sharded_checkpoint_opens_by_pattern_prefix_and_single_shard(string name)
    {
        using CheckpointReader reader = CheckpointReader.Open(Path.Combine(SharedFiles.Path("golden-tf115/checkpoints/v1_sharded"), name));
        Assert.Equal(CheckpointKind.SliceShards, reader.Kind);
        Assert.Equal([10L, 4L], reader.Read("p/rows").Shape.ToArray());
        Assert.Equal([6f, 6.5f], reader.Read("p/rows", TensorSlice.Parse("3,1:0,2")).ToArray<float>());
    }

    [Fact]
    public void A_missing_shard_leaves_a_gap_that_is_told()
    {
        using TemporaryFolder folder = new();
        File.Copy(SharedFiles.Path("golden-tf115/checkpoints/v1_sharded/model.ckpt-7-00000-of-00002"), folder["m-00000-of-00002"]);
        using CheckpointReader reader = CheckpointReader.Open(folder["m"]);
        CheckpointFormatException gap = Assert.Throws<CheckpointFormatException>(() => reader.Read("p/rows"));
        Assert.Equal(CheckpointFault.BadSlices, gap.Fault);
    }

    [Fact]
    public void The_documented_example_decodes()
    {
        string[] lines = File.ReadAllLines(FormatDocument.Path("Slices"));
        SavedTensorSliceMeta list = SavedTensorSlices.Parser.ParseFrom(FormatDocument.HexExample(lines, "```hex-list")).Meta;
        Assert.Equal(["a", "b"], list.Tensor.Select(static t => t.Name));
        SavedSlice slice = SavedTensorSlices.Parser.ParseFrom(FormatDocument.HexExample(lines, "```hex-slice")).Data;
        Assert.Equal(("a", 0.5f), (slice.Name, slice.Data.FloatVal[0]));
    }
}
