using System.Buffers.Binary;
using System.Text;
using NotebookPersist.Formats;
using NotebookPersist.Formats.SafeTensors;
using Xunit;

namespace NotebookPersist.Tests.Formats.SafeTensors;

public sealed class SafeTensorsTests : IDisposable
{
    private static readonly DType[] _types = [.. DTypes.All.Where(static t => SafeTensorTypes.WhyNot("t", t) is null)];

    private readonly TemporaryFolder _folder = new();

    private string File => _folder["model.safetensors"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_type_comes_back_as_it_was_written()
    {
        Assert.Equal(14, _types.Length);
        Dictionary<string, Tensor> tensors = SampleTensors.Named(_types);
        SafeTensorsWriter.Write(File, tensors, new Dictionary<string, string> { ["format"] = "tf", ["\n"] = "\u0001" });
        using SafeTensorsReader reader = SafeTensorsReader.Open(File);
        Assert.Equal(tensors.Count, reader.Entries.Count);
        Assert.Equal(("tf", "\u0001"), (reader.Metadata["format"], reader.Metadata["\n"]));
        foreach ((string name, Tensor tensor) in tensors)
            AssertSame(tensor, reader.Read(name));
    }

    [PythonFact]
    public void An_independent_reader_sees_the_same_tensors_in_the_reference_order()
    {
        Dictionary<string, Tensor> tensors = SampleTensors.Named(_types);
        SafeTensorsWriter.Write(File, tensors);
        Dictionary<string, IndependentArrays.Stored> seen = IndependentArrays.Read(File);
        Assert.Equal(tensors.Count, seen.Count);
        foreach ((string name, Tensor tensor) in tensors)
        {
            Assert.Equal(tensor.Shape.ToArray(), seen[name].Shape);
            Assert.Equal(tensor.Bytes, seen[name].Bytes);
        }

        Assert.Equal(
            ["U64", "I64", "F64", "C64", "F32", "U32", "I32", "BF16", "F16", "U16", "I16", "I8", "U8", "BOOL"],
            seen.Values.Select(static t => t.Type).Distinct());

        // By UTF-8 bytes the sign beyond the basic plane is the last; UTF-16 would put it first.
        Assert.Equal(["größe/\uFFFD", "größe/\U0001F600 \"quoted\" \\ \t"], seen.Keys.Where(static n => n.StartsWith("größe", StringComparison.Ordinal)));
    }

    [PythonFact]
    public void Files_of_an_independent_writer_are_read()
    {
        byte[] bytes = [0, 0, 128, 63, 0, 0, 0, 64];
        IndependentArrays.Write(File, new Dictionary<string, IndependentArrays.Stored>
        {
            ["b"] = new("BOOL", [3], [1, 0, 1]),
            ["a/ü"] = new("F32", [1, 2], bytes),
            ["none"] = new("I64", [0], []),
        });
        using SafeTensorsReader reader = SafeTensorsReader.Open(File);
        Assert.Equal([1f, 2f], reader.Read("a/ü").ToArray<float>());
        Assert.Equal([true, false, true], reader.Read("b").ToArray<bool>());
        Assert.Equal("int64 [0]", $"{reader.Read("none").DType.Name()} {reader.Read("none").Shape}");
        Assert.Equal("pt", reader.Metadata["format"]);
    }

    [Theory]
    [InlineData("attn.0", "[1,2,3]", 64)]
    [InlineData("attn0", "[1,1,2,3]", 72)]
    public void Headers_are_those_of_the_reference_writer(string name, string shape, int headerByteCount)
    {
        Tensor tensor = Tensor.Of<float>(Shape.Create([.. shape.Trim('[', ']').Split(',').Select(long.Parse)]), [0, 1, 2, 3, 4, 5]);
        SafeTensorsWriter.Write(File, new Dictionary<string, Tensor> { [name] = tensor });
        byte[] file = System.IO.File.ReadAllBytes(File);
        Assert.Equal(headerByteCount, BinaryPrimitives.ReadInt64LittleEndian(file));
        string expected = $"{{\"{name}\":{{\"dtype\":\"F32\",\"shape\":{shape},\"data_offsets\":[0,24]}}}}".PadRight(headerByteCount);
        Assert.Equal(expected, Encoding.UTF8.GetString(file, 8, headerByteCount));
        Assert.Equal(tensor.Bytes, file.AsSpan(8 + headerByteCount));
    }

    [Fact]
    public void A_file_without_tensors_is_that_of_the_reference_writer()
    {
        SafeTensorsWriter.Write(File, new Dictionary<string, Tensor>());
        Assert.Equal([8, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}', 32, 32, 32, 32, 32, 32], System.IO.File.ReadAllBytes(File));
        using SafeTensorsReader reader = SafeTensorsReader.Open(File);
        Assert.Empty(reader.Entries);
    }

    [Fact]
    public void The_documented_example_decodes()
    {
        byte[] bytes = FormatDocument.HexExample(System.IO.File.ReadAllLines(FormatDocument.Path("SafeTensors")));
        System.IO.File.WriteAllBytes(File, bytes);
        using (SafeTensorsReader reader = SafeTensorsReader.Open(File))
            Assert.Equal([1, 0.5f], reader.Read("w").ToArray<float>());
        SafeTensorsWriter.Write(File, new Dictionary<string, Tensor> { ["w"] = Tensor.Of<float>(new long[] { 2 }, [1, 0.5f]) });
        Assert.Equal(bytes, System.IO.File.ReadAllBytes(File));
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "overlap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "hole")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8, "4 bytes of values, 8 follow")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "8 bytes of values, 4 follow")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "do not fit the 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "do not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "does not fit 63 bits")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "no whole number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "no whole number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,18446744073709551615]}}""", 4, "no whole number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}}""", 4, "more than 2")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}}""", 4, "'F8_E4M3'")]
    [InlineData("""{"a":{"shape":[1],"data_offsets":[0,4]}}""", 4, "lacks")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"I32","shape":[1],"data_offsets":[0,4]}}""", 4, "comes twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}""", 4, "'a' comes twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\u0061":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}""", 4, "'a' comes twice")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "wrong kind")]
    [InlineData("""{"a":[1]}""", 0, "wrong kind")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} {}""", 4, "no valid JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}""", 4, "no valid JSON")]
    [InlineData("""{"a":{"x":[[[[[[[[[[[1]]]]]]]]]]]}}""", 0, "no valid JSON")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "not valid")]
    [InlineData("""[1]""", 0, "does not begin with '{'")]
    public void Headers_that_lie_are_refused(string header, int valueByteCount, string expected)
    {
        WriteRaw((ulong)header.Length, Encoding.UTF8.GetBytes(header), valueByteCount);
        CheckpointFormatException fault = Assert.Throws<CheckpointFormatException>(() => SafeTensorsReader.Open(File));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.Contains(File, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100_000_001UL, CheckpointFault.LimitExceeded)]
    [InlineData(ulong.MaxValue, CheckpointFault.LimitExceeded)]
    [InlineData(100_000_000UL, CheckpointFault.Truncated)]
    public void Header_lengths_are_checked_before_memory_is_taken(ulong length, CheckpointFault expected)
    {
        WriteRaw(length, "{}      "u8.ToArray(), 0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(expected, Assert.Throws<CheckpointFormatException>(() => SafeTensorsReader.Open(File)).Fault);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Every_truncation_and_every_flipped_bit_of_the_header_is_refused_or_harmless()
    {
        Dictionary<string, Tensor> tensors = new() { ["a"] = Tensor.Of<float>(new long[] { 2 }, [1, 2]), ["b"] = Tensor.Of<byte>(new long[] { 3 }, [1, 2, 3]) };
        SafeTensorsWriter.Write(File, tensors);
        byte[] whole = System.IO.File.ReadAllBytes(File);
        for (int length = 0; length < whole.Length; length++)
        {
            System.IO.File.WriteAllBytes(File, whole[..length]);
            Assert.Throws<CheckpointFormatException>(() => SafeTensorsReader.Open(File));
        }

        int headerEnd = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(whole);
        for (int bit = 0; bit < headerEnd * 8; bit++)
        {
            byte[] flipped = [.. whole];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            System.IO.File.WriteAllBytes(File, flipped);
            try
            {
                using SafeTensorsReader reader = SafeTensorsReader.Open(File);
                foreach (CheckpointEntry entry in reader.Entries)
                    reader.Read(entry.Name);
            }
            catch (CheckpointFormatException)
            {
                continue;
            }
        }
    }

    [Fact]
    public void What_the_format_cannot_hold_is_refused_by_name_and_leaves_no_file()
    {
        foreach (Tensor tensor in new[] { SampleTensors.Strings("x"), SampleTensors.OfType(DType.Complex128, 1), SampleTensors.OfType(DType.QInt8, 1) })
        {
            ArgumentException fault = Assert.Throws<ArgumentException>(() => SafeTensorsWriter.Write(File, new Dictionary<string, Tensor> { ["layer/x"] = tensor }));
            Assert.Contains("'layer/x'", fault.Message, StringComparison.Ordinal);
            Assert.Contains(tensor.DType.Name(), fault.Message, StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentException>(() => SafeTensorsWriter.Write(File, new Dictionary<string, Tensor> { ["__metadata__"] = Tensor.Scalar(1f) }));
        Assert.Throws<ArgumentException>(() => SafeTensorsWriter.Write(File, new Dictionary<string, Tensor> { ["\uDC80"] = Tensor.Scalar(1f) }));
        Assert.Empty(Directory.EnumerateFiles(_folder.Path));
    }

    [Fact]
    public void A_write_that_fails_half_way_leaves_the_old_file()
    {
        SafeTensorsWriter.Write(File, new Dictionary<string, Tensor> { ["a"] = Tensor.Scalar(1f) });
        CheckpointEntry[] entries = [new("a", DType.Float32, Shape.Scalar, 4, []), new("b", DType.Float32, Shape.Scalar, 4, [])];
        Assert.Throws<FormatException>(() => SafeTensorsWriter.Write(File, entries, static e => e.Name == "a" ? Tensor.Scalar(2f) : throw new FormatException()));
        using SafeTensorsReader reader = SafeTensorsReader.Open(File);
        Assert.Equal(1f, (float)reader.Read("a"));
        Assert.Single(Directory.EnumerateFiles(_folder.Path));
    }

    private void WriteRaw(ulong length, byte[] header, int valueByteCount)
    {
        byte[] prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, length);
        System.IO.File.WriteAllBytes(File, [.. prefix, .. header, .. new byte[valueByteCount]]);
    }

    private static void AssertSame(Tensor expected, Tensor actual)
    {
        Assert.Equal((expected.DType, expected.Shape), (actual.DType, actual.Shape));
        Assert.Equal(expected.Bytes, actual.Bytes);
    }
}
