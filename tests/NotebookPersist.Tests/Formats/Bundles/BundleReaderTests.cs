using NotebookPersist.Formats;
using NotebookPersist.Formats.Bundles;
using NotebookPersist.Formats.Coding;
using NotebookPersist.Protos;
using Xunit;
using Xunit.Abstractions;

namespace NotebookPersist.Tests.Formats.Bundles;

public sealed class BundleReaderTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_real_bundle_opens_and_every_tensor_whose_data_is_there_verifies()
    {
        int bundles = 0, listedOnly = 0, tensors = 0, missing = 0;
        long byteCount = 0;
        foreach (string path in SharedFiles.Enumerate("fixtures", "*.index"))
        {
            using BundleReader reader = BundleReader.Open(path[..^".index".Length]);
            bundles++;
            int read = 0;
            foreach (CheckpointEntry entry in reader.Entries)
            {
                try
                {
                    Tensor tensor = reader.Read(entry.Name);
                    Assert.Equal(entry.Shape, tensor.Shape);
                    Assert.Equal(entry.DType, tensor.DType);
                    byteCount += tensor.ByteCount;
                    read++;
                }
                catch (FileNotFoundException)
                {
                    missing++;
                }
            }

            tensors += read;
            listedOnly += read == 0 ? 1 : 0;
        }

        output.WriteLine($"{bundles} bundles, {tensors} tensors of {byteCount} bytes verified; {missing} tensors lie in data files that the fixtures leave out, {listedOnly} bundles are listed only.");
        Assert.True(bundles > 60);
        Assert.True(tensors > 1000);
    }

    [Fact]
    public void Golden_bundles_read_as_tensorflow_reads_them()
    {
        int compared = 0, cases = 0;
        foreach (GoldenCheckpoint golden in GoldenCheckpoint.All("v2").Where(static c => c.Name is not ("v2_sharded_empty_part" or "v2_sliced_partial")))
        {
            using BundleReader reader = BundleReader.Open(golden.Prefix);
            cases++;
            GoldenCheckpoint.Row[] rows = [.. golden.Rows()];
            IEnumerable<string> names = reader.Entries.Select(static e => e.Name);
            Assert.Equal(rows.Select(static r => r.Name), golden.CutTo is not null ? names.Take(rows.Length) : names);
            Assert.Equal(golden.CutTo ?? rows.Length, reader.Entries.Count);
            foreach (GoldenCheckpoint.Row row in rows)
            {
                Assert.True(reader.TryFind(row.Name, out CheckpointEntry? entry));
                GoldenValues.RequireEntry(row, entry);
                Tensor tensor = reader.Read(row.Name);
                if (row.IsReadable)
                    compared += GoldenValues.Compare(golden, row, tensor);
            }
        }

        output.WriteLine($"{cases} cases, {compared} tensors equal.");
        Assert.True(compared > 800);
    }

    [Fact]
    public void Partitioned_half_and_string_tensors_that_tensorflow_cannot_read_whole_are_put_together()
    {
        using BundleReader reader = BundleReader.Open(GoldenCheckpoint.Case("v2_sliced").Prefix);
        Assert.Equal([.. Enumerable.Range(0, 8).Select(static i => (Half)(i * 0.5f))], reader.Read("p/halfs").ToArray<Half>());
        Assert.Equal(["s0", "s1", "s2", "s3", "s4"], reader.Read("p/strs").Strings.ToArray().Select(System.Text.Encoding.UTF8.GetString));
    }

    [Fact]
    public void Any_slice_of_a_partitioned_tensor_equals_the_slice_of_the_whole()
    {
        using BundleReader reader = BundleReader.Open(GoldenCheckpoint.Case("v2_sliced").Prefix);
        double[] whole = reader.Read("p/grid").ToArray<double>();
        int slices = 0;
        for (int row = 0; row < 5; row++)
        {
            for (int rows = 1; rows <= 5 - row; rows++)
            {
                for (int column = 0; column < 6; column++)
                {
                    for (int columns = 1; columns <= 6 - column; columns++)
                    {
                        Tensor part = reader.Read("p/grid", TensorSlice.Parse($"{row},{rows}:{column},{columns}"));
                        double[] expected = [.. from r in Enumerable.Range(row, rows) from c in Enumerable.Range(column, columns) select whole[(r * 6) + c]];
                        Assert.Equal(expected, part.ToArray<double>());
                        slices++;
                    }
                }
            }
        }

        Assert.Equal([1f, 1.5f], reader.Read("p/rows", TensorSlice.Parse("0,1:2,2")).ToArray<float>());
        Assert.Equal([2f, 3f], reader.Read("plain/w", TensorSlice.Parse("1,2")).ToArray<float>());
        Assert.Contains(
            "Extent in dimension 0 out of bounds: shape = [10,4], slice = 2,30:0,4",
            Assert.Throws<ArgumentException>(() => reader.Read("p/rows", TensorSlice.Parse("2,30:0,4"))).Message,
            StringComparison.Ordinal);
        output.WriteLine($"{slices} slices equal.");
    }

    [Fact]
    public void A_partitioned_tensor_with_a_gap_is_refused_but_its_covered_parts_are_read()
    {
        using BundleReader reader = BundleReader.Open(GoldenCheckpoint.Case("v2_sliced_partial").Prefix);
        CheckpointEntry entry = reader.Entries.Single(static e => e.Name == "p/rows");
        CheckpointFormatException gap = Assert.Throws<CheckpointFormatException>(() => reader.Read("p/rows"));
        Assert.Equal(CheckpointFault.BadSlices, gap.Fault);
        Assert.Contains("Does not have sufficient slices for partitioned tensor", gap.Message, StringComparison.Ordinal);
        Tensor part = reader.Read("p/rows", entry.Slices[0]);
        Assert.Equal(0f, part.ToArray<float>()[0]);
    }

    [Fact]
    public void Big_endian_bundles_are_swapped_into_the_machines_order()
    {
        // Made by hand from a little-endian one: TensorFlow writes these on big-endian machines only.
        using TemporaryFolder folder = new();
        Tensor[] values =
        [
            Tensor.Of<float>(new long[] { 2 }, [1.5f, -2f]), Tensor.Of<long>(new long[] { 2 }, [1, -2]), Tensor.Of<System.Numerics.Complex>(new long[] { 1 }, [new(1, 2)]),
            Tensor.OfStrings(new long[] { 2 }, ["x"u8.ToArray(), "yz"u8.ToArray()]), Tensor.Of<bool>(new long[] { 2 }, [true, false]),
        ];
        BigEndianBundle.Write(folder["m"], values);
        using BundleReader reader = BundleReader.Open(folder["m"]);
        Assert.True(reader.IsBigEndian);
        for (int i = 0; i < values.Length; i++)
        {
            Tensor read = reader.Read($"t{i}");
            if (read.DType == DType.String)
                Assert.Equal(values[i].Strings.ToArray(), read.Strings.ToArray());
            else
                Assert.True(values[i].Bytes.SequenceEqual(read.Bytes), $"t{i}");
        }
    }

    [Fact]
    public void Twenty_thousand_tensors_in_several_blocks_have_the_values_of_their_formula()
    {
        using BundleReader reader = BundleReader.Open(GoldenCheckpoint.Case("v2_many").Prefix);
        Assert.Equal(20_000, reader.Entries.Count);
        for (int k = 0; k < 9000; k++)
        {
            Assert.Equal(k, reader.Read($"model/layer_{k:D5}/some_scope/weights").Item<float>());
            Assert.Equal([k, k + 1], reader.Read($"model/layer_{k:D5}/some_scope/biases").ToArray<int>());
        }
    }

    [Fact]
    public void The_documented_example_decodes()
    {
        string[] lines = File.ReadAllLines(FormatDocument.Path("Bundles"));
        BundleHeaderProto header = BundleHeaderProto.Parser.ParseFrom(FormatDocument.HexExample(lines, "```hex-header"));
        Assert.Equal((1, 1), (header.NumShards, header.Version.Producer));
        BundleEntryProto entry = BundleEntryProto.Parser.ParseFrom(FormatDocument.HexExample(lines, "```hex-entry"));
        Assert.Equal((DataType.DtFloat, 4L, 4L), (entry.Dtype, entry.Offset, entry.Size));
        byte[] data = FormatDocument.HexExample(lines, "```hex-data");
        Assert.Equal(Crc32C.Unmask(entry.Crc32C), Crc32C.Compute(data.AsSpan(4, 4)));
        Assert.Equal(2f, BitConverter.ToSingle(data, 4));
        byte[] text = FormatDocument.HexExample(lines, "```hex-string");
        Assert.Equal("hello"u8.ToArray(), BundleStrings.Read(text, 1, false, "example", 0, out uint crc)[0]);
        Assert.Equal(0x29C0E0ECu, Crc32C.Mask(crc));
    }

    [Fact]
    public void A_missing_tensor_is_named()
    {
        using BundleReader reader = BundleReader.Open(GoldenCheckpoint.Case("v2_strings").Prefix);
        Assert.Contains("Key 'nope' not found in checkpoint", Assert.Throws<KeyNotFoundException>(() => reader.Read("nope")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Checksums_of_values_can_be_left_unverified()
    {
        string prefix = SharedFiles.Path("golden-tf115/corrupt/v2_data_bitflip/model.ckpt-1000.index")[..^".index".Length];
        using BundleReader careless = BundleReader.Open(prefix, verifyChecksums: false);
        foreach (CheckpointEntry entry in careless.Entries)
            careless.Read(entry.Name);
    }
}
