using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Npy;
using Xunit;

namespace NotebookPersist.Tests.Formats.Npy;

public sealed class NpzTests : IDisposable
{
    private static readonly DType[] _types = [.. DTypes.All.Where(static t => t.HasFixedSize() && NpyFile.WhyNot(t) is null)];

    private readonly TemporaryFolder _folder = new();

    private string File => _folder["model.npz"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_type_comes_back_as_it_was_written()
    {
        Assert.Equal(14, _types.Length);
        Dictionary<string, Tensor> tensors = SampleTensors.Named(_types);
        Write(tensors);
        using NpzReader reader = NpzReader.Open(File);
        Assert.Equal(tensors.Keys, reader.Entries.Select(static e => e.Name));
        foreach ((string name, Tensor tensor) in tensors)
        {
            Assert.True(reader.TryFind(name, out CheckpointEntry? entry));
            Assert.Equal((tensor.DType, tensor.Shape, tensor.ByteCount), (entry.DType, entry.Shape, entry.ByteCount));
            Tensor read = reader.Read(name);
            Assert.Equal((tensor.DType, tensor.Shape), (read.DType, read.Shape));
            Assert.Equal(tensor.Bytes, read.Bytes);
        }
    }

    [PythonFact]
    public void An_independent_reader_sees_the_same_arrays_and_equal_tensors_give_equal_files()
    {
        Dictionary<string, Tensor> tensors = SampleTensors.Named(_types);
        tensors.Add("texts", SampleTensors.Strings("a", "größer", "", "\U0001F600"));
        tensors.Add("bytes", Tensor.OfStrings(new long[] { 2 }, [[0xFF, 0, 1], [7]]));
        Write(tensors);
        byte[] first = System.IO.File.ReadAllBytes(File);
        Write(tensors);
        Assert.Equal(first, System.IO.File.ReadAllBytes(File));
        Dictionary<string, IndependentArrays.Stored> seen = IndependentArrays.Read(File);
        Assert.Equal(tensors.Count, seen.Count);
        foreach ((string name, Tensor tensor) in tensors.Where(static t => t.Value.DType != DType.String))
        {
            Assert.Equal(tensor.Shape.ToArray(), seen[name].Shape);
            Assert.Equal(tensor.Bytes, seen[name].Bytes);
        }

        Assert.Equal(("<U6", "|S3", "<f4", "|b1"), (seen["texts"].Type, seen["bytes"].Type, seen["scalar"].Type, seen["scope/bool"].Type));
        Assert.Equal([0xFF, 0, 1, 7, 0, 0], seen["bytes"].Bytes);
        Assert.StartsWith("größer", Encoding.UTF32.GetString(seen["texts"].Bytes, 24, 24), StringComparison.Ordinal);
        using NpzReader reader = NpzReader.Open(File);
        foreach (string name in new[] { "texts", "bytes" })
            Assert.Equal(tensors[name].Strings.ToArray(), reader.Read(name).Strings.ToArray());
    }

    [PythonTheory]
    [InlineData("stored.npz")]
    [InlineData("compressed.npz")]
    public void Files_of_an_independent_writer_are_read(string name)
    {
        IndependentArrays.Write(_folder[name], new Dictionary<string, IndependentArrays.Stored>
        {
            ["scope/w"] = new(">f4", [2], [63, 128, 0, 0, 64, 0, 0, 0]),
            ["t"] = new(">U2", [2], [0, 0, 0, 65, 0, 0, 0, 66, 0, 0, 0, 67, 0, 0, 0, 0]),
            ["big"] = new("<i2", [1 << 18], new byte[1 << 19]),
        });
        using NpzReader reader = NpzReader.Open(_folder[name]);
        Assert.Equal([1f, 2f], reader.Read("scope/w").ToArray<float>());
        Assert.Equal(["AB", "C"], reader.Read("t").Strings.ToArray().Select(Encoding.UTF8.GetString));
        Assert.Equal(1 << 18, reader.Read("big").Count);
    }

    [Fact]
    public void A_flipped_bit_of_an_array_is_told()
    {
        Write(new() { ["w"] = SampleTensors.OfType(DType.Float32, 100) });
        byte[] whole = System.IO.File.ReadAllBytes(File);
        for (int at = 200; at < 560; at += 9)
        {
            byte[] flipped = [.. whole];
            flipped[at] ^= 0x10;
            System.IO.File.WriteAllBytes(File, flipped);
            using NpzReader reader = NpzReader.Open(File);
            CheckpointFormatException fault = Assert.Throws<CheckpointFormatException>(() => reader.Read("w"));
            Assert.Equal(CheckpointFault.ChecksumMismatch, fault.Fault);
            Assert.Contains("'w'", fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_truncation_and_flipped_bit_ends_in_an_error_of_ours_or_the_right_values()
    {
        Tensor tensor = Tensor.Of<float>(new long[] { 2 }, [1, 2]);
        Write(new() { ["w"] = tensor });
        byte[] whole = System.IO.File.ReadAllBytes(File);
        for (int length = 0; length < whole.Length; length++)
        {
            System.IO.File.WriteAllBytes(File, whole[..length]);
            Assert.Throws<CheckpointFormatException>(() => NpzReader.Open(File));
        }

        for (int bit = 0; bit < whole.Length * 8; bit++)
        {
            byte[] flipped = [.. whole];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            System.IO.File.WriteAllBytes(File, flipped);
            try
            {
                using NpzReader reader = NpzReader.Open(File);
                foreach (CheckpointEntry entry in reader.Entries)
                    Assert.True(reader.Read(entry.Name).Bytes.SequenceEqual(tensor.Bytes), $"bit {bit}");
            }
            catch (CheckpointFormatException)
            {
                continue;
            }
        }
    }

    [Fact]
    public void An_archive_that_tells_more_than_it_holds_takes_no_memory()
    {
        byte[] header = Header("'<f4'", "(30000000,)");
        using (ZipArchive archive = new(System.IO.File.Create(File), ZipArchiveMode.Create))
        {
            using Stream entry = archive.CreateEntry("bomb.npy", CompressionLevel.SmallestSize).Open();
            entry.Write(header);
            entry.Write(new byte[200_000]);
        }

        // The central directory is made to promise all that the header does.
        byte[] bytes = System.IO.File.ReadAllBytes(File);
        int central = bytes.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(central + 24), (uint)(120_000_000 + header.Length));
        System.IO.File.WriteAllBytes(File, bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        CheckpointFormatException fault = Assert.Throws<CheckpointFormatException>(() =>
        {
            using NpzReader reader = NpzReader.Open(File);
            reader.Read("bomb");
        });
        Assert.Equal(CheckpointFault.BadStructure, fault.Fault);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    [Fact]
    public void Names_that_would_leave_a_folder_are_names_and_nothing_more()
    {
        Write(new() { ["../../evil"] = Tensor.Scalar(1f), ["/etc/x"] = Tensor.Scalar(2f) });
        using NpzReader reader = NpzReader.Open(File);
        Assert.Equal(1f, (float)reader.Read("../../evil"));
        Assert.Single(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData("notes.txt", "does not end in '.npy'")]
    [InlineData("a.npy|a.npy", "comes twice")]
    public void Entries_that_are_no_arrays_of_their_own_are_refused(string names, string expected)
    {
        using (ZipArchive archive = new(System.IO.File.Create(File), ZipArchiveMode.Create))
        {
            foreach (string name in names.Split('|'))
            {
                using Stream entry = archive.CreateEntry(name).Open();
                entry.Write([.. Header("'<f4'", "()"), 0, 0, 0, 0]);
            }
        }

        Assert.Contains(expected, Assert.Throws<CheckpointFormatException>(() => NpzReader.Open(File)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'|O'", "(1,)", CheckpointFault.Unsupported)]
    [InlineData("[('a', '<f4')]", "(1,)", CheckpointFault.Unsupported)]
    [InlineData("'<M8[D]'", "(1,)", CheckpointFault.Unsupported)]
    [InlineData("'<f4'", "(99999999999999999999,)", CheckpointFault.BadStructure)]
    [InlineData("'<f4'", "(65536, 65536)", CheckpointFault.LimitExceeded)]
    [InlineData("'<f4'", "(1000000,)", CheckpointFault.Truncated)]
    [InlineData("'|S0'", "(2000000000,)", CheckpointFault.LimitExceeded)]
    [InlineData("'<U2147483647'", "(2147483647,)", CheckpointFault.Truncated)]
    [InlineData("'<U1'", "(1,)", CheckpointFault.BadText)]
    public void Arrays_that_lie_or_run_programs_are_refused(string type, string shape, CheckpointFault expected)
    {
        byte[] elements = shape == "(1,)" ? [0, 0xD8, 0, 0] : [];
        System.IO.File.WriteAllBytes(_folder["a.npy"], [.. Header(type, shape), .. elements]);
        Assert.Equal(expected, Assert.Throws<CheckpointFormatException>(() => NpyFile.Read(_folder["a.npy"])).Fault);
    }

    [Fact]
    public void Strings_that_numpy_would_shorten_are_refused()
    {
        Assert.Contains("zero byte", NpyFile.WhyNot(SampleTensors.Strings("a\0")), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => NpyFile.Write(_folder["a.npy"], SampleTensors.Strings("a\0")));
        Assert.Null(NpyFile.WhyNot(SampleTensors.Strings("a\0b")));
        NpyFile.Write(_folder["a.npy"], SampleTensors.Strings("a\0b", ""));
        Assert.Equal(["a\0b", ""], NpyFile.Read(_folder["a.npy"]).Strings.ToArray().Select(Encoding.UTF8.GetString));
    }

    [Fact]
    public void Strings_in_fortran_order_are_put_in_order()
    {
        byte[] header = Encoding.ASCII.GetBytes("{'descr': '|S2', 'fortran_order': True, 'shape': (2, 2), }".PadRight(117) + "\n");
        System.IO.File.WriteAllBytes(_folder["a.npy"], [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. header, .. "aabb"u8, .. "ccdd"u8]);
        Assert.Equal(["aa", "cc", "bb", "dd"], NpyFile.Read(_folder["a.npy"]).Strings.ToArray().Select(Encoding.ASCII.GetString));
    }

    private static byte[] Header(string type, string shape)
    {
        string text = $"{{'descr': {type}, 'fortran_order': False, 'shape': {shape}, }}".PadRight(117) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, 0, .. Encoding.ASCII.GetBytes(text)];
    }

    private void Write(Dictionary<string, Tensor> tensors)
    {
        using NpzWriter writer = NpzWriter.Create(File);
        foreach ((string name, Tensor tensor) in tensors)
            writer.Add(name, tensor);
        writer.Finish();
    }
}
