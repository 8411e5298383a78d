using NotebookPersist.Formats;
using NotebookPersist.Formats.Bundles;
using NotebookPersist.Formats.Coding;
using Xunit;
using Xunit.Abstractions;

namespace NotebookPersist.Tests.Formats.Bundles;

public sealed class BundleWriterTests(ITestOutputHelper output)
{
    [Fact]
    public void Golden_bundles_are_written_again_byte_for_byte_index_and_data()
    {
        int cases = 0;
        foreach (GoldenCheckpoint golden in GoldenCheckpoint.All("v2"))
        {
            // Merged from parts, or with the table rewritten by another tool.
            if (golden.Name is "v2_sharded_empty_part")
                continue;
            using TemporaryFolder folder = new();
            using BundleReader reader = BundleReader.Open(golden.Prefix);
            using (BundleWriter writer = BundleWriter.Create(folder["model.ckpt"], 0, golden.Name == "v2_align64" ? 64 : 1))
            {
                foreach (Part part in InFileOrder(reader))
                {
                    if (part.Slice is null)
                        writer.Add(part.Name, reader.Read(part.Name));
                    else
                        writer.Add(part.Name, part.FullShape, part.Slice, reader.Read(part.Name, part.Slice));
                }

                writer.Finish();
            }

            foreach (string suffix in new[] { ".data-00000-of-00001", ".index" })
                Assert.True(File.ReadAllBytes(golden.Prefix + suffix).AsSpan().SequenceEqual(File.ReadAllBytes(folder["model.ckpt" + suffix])), golden.Name + suffix);
            cases++;
        }

        output.WriteLine($"{cases} bundles written identically.");
        Assert.True(cases >= 12);
    }

    [Fact]
    public void Real_bundles_of_one_data_file_are_written_again_byte_for_byte()
    {
        int identical = 0, others = 0;
        foreach (string path in SharedFiles.Enumerate("fixtures", "*.index"))
        {
            string prefix = path[..^".index".Length];
            using BundleReader reader = BundleReader.Open(prefix);
            if (reader.ShardCount != 1 || !File.Exists(prefix + ".data-00000-of-00001"))
                continue;
            using TemporaryFolder folder = new();
            using (BundleWriter writer = BundleWriter.Create(folder["m"]))
            {
                foreach (Part part in InFileOrder(reader))
                {
                    if (part.Slice is null)
                        writer.Add(part.Name, reader.Read(part.Name));
                    else
                        writer.Add(part.Name, part.FullShape, part.Slice, reader.Read(part.Name, part.Slice));
                }

                writer.Finish();
            }

            bool same = File.ReadAllBytes(path).AsSpan().SequenceEqual(File.ReadAllBytes(folder["m.index"]))
                && File.ReadAllBytes(prefix + ".data-00000-of-00001").AsSpan().SequenceEqual(File.ReadAllBytes(folder["m.data-00000-of-00001"]));
            identical += same ? 1 : 0;
            others += same ? 0 : 1;
            if (!same)
                output.WriteLine("differs: " + SharedFiles.Relative(prefix));
        }

        output.WriteLine($"{identical} bundles written identically, {others} not (compressed index, or cut data).");
        Assert.True(identical > 50);
    }

    [Fact]
    public void An_unfinished_bundle_leaves_the_previous_one_and_no_other_file()
    {
        using TemporaryFolder folder = new();
        using (BundleWriter writer = BundleWriter.Create(folder["m"]))
        {
            writer.Add("a", Tensor.Of<float>(new long[] { 2 }, [1, 2]));
            writer.Finish();
        }

        using (BundleWriter writer = BundleWriter.Create(folder["m"]))
        {
            writer.Add("a", Tensor.Of<float>(new long[] { 2 }, [3, 4]));
            Assert.Equal(3, Directory.GetFiles(folder.Path).Length);
        }

        Assert.Equal(["m.data-00000-of-00001", "m.index"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
        using BundleReader reader = BundleReader.Open(folder["m"]);
        Assert.Equal([1f, 2f], reader.Read("a").ToArray<float>());
    }

    [Fact]
    public void A_cancelled_write_leaves_no_file()
    {
        using TemporaryFolder folder = new();
        using (BundleWriter writer = BundleWriter.Create(folder["m"]))
        {
            using CancellationTokenSource source = new();
            source.Cancel();
            Assert.Throws<OperationCanceledException>(() => writer.Add("a", Tensor.Zeros(DType.Float32, new long[] { 9 }), source.Token));
        }

        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Names_types_and_slices_that_cannot_be_stored_are_refused()
    {
        using TemporaryFolder folder = new();
        using BundleWriter writer = BundleWriter.Create(folder["m"]);
        writer.Add("a", 1f);
        Assert.Contains("duplicate key: 'a'", Assert.Throws<ArgumentException>(() => writer.Add("a", 2f)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => writer.Add("", 2f));
        Assert.Throws<ArgumentException>(() => writer.Add("r", Tensor.OfObjects(DType.Resource, Shape.Scalar, [null])));
        Shape full = new long[] { 4 };
        writer.Add("p", full, TensorSlice.Parse("0,2"), Tensor.Zeros(DType.Float32, new long[] { 2 }));
        Assert.Throws<ArgumentException>(() => writer.Add("p", full, TensorSlice.Parse("2,2"), Tensor.Zeros(DType.Float64, new long[] { 2 })));
        Assert.Throws<ArgumentException>(() => writer.Add("p", full, TensorSlice.Parse("2,2"), Tensor.Zeros(DType.Float32, new long[] { 3 })));
    }

    [Fact]
    public void An_empty_bundle_has_tensorflows_size()
    {
        using TemporaryFolder folder = new();
        using (BundleWriter writer = BundleWriter.Create(folder["deep/er/m"]))
            writer.Finish();
        Assert.Equal(0, new FileInfo(folder["deep/er/m.data-00000-of-00001"]).Length);
        Assert.Equal(101, new FileInfo(folder["deep/er/m.index"]).Length);
    }

    private static IEnumerable<Part> InFileOrder(BundleReader reader)
    {
        List<(long Order, Part Part)> parts = [];
        foreach (CheckpointEntry entry in reader.Entries)
        {
            if (!entry.IsPartitioned)
            {
                parts.Add((reader.Stored(entry.Name).Offset, new Part(entry.Name, entry.Shape, null)));
                continue;
            }

            foreach (TensorSlice slice in entry.Slices)
            {
                byte[] key = SliceKey.Encode(TensorName.Encode(entry.Name), slice);
                parts.Add((reader.Stored(TensorName.Decode(key)).Offset, new Part(entry.Name, entry.Shape, slice)));
            }
        }

        // Stable: entries without bytes share the offset of their successor, in the order of the keys.
        return parts.OrderBy(static p => p.Order).Select(static p => p.Part);
    }

    private sealed record Part(string Name, Shape FullShape, TensorSlice? Slice);
}
