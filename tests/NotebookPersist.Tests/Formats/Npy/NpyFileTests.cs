using NotebookPersist.Formats;
using NotebookPersist.Formats.Npy;
using Xunit;
using Xunit.Abstractions;

namespace NotebookPersist.Tests.Formats.Npy;

public sealed class NpyFileTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_golden_array_is_read_and_written_again_with_the_same_values()
    {
        using TemporaryFolder folder = new();
        int count = 0;

        // Files of operations are covered by the tests that use them; writing many small files takes its time.
        foreach (string path in SharedFiles.Enumerate("golden-tf115/checkpoints", "*.npy"))
        {
            Tensor tensor = NpyFile.Read(path);
            NpyFile.Write(folder["a.npy"], tensor);
            Tensor again = NpyFile.Read(folder["a.npy"]);
            Assert.Equal((tensor.DType, tensor.Shape), (again.DType, again.Shape));
            Assert.True(tensor.Bytes.SequenceEqual(again.Bytes), SharedFiles.Relative(path));
            count++;
        }

        output.WriteLine($"{count} arrays.");
        Assert.True(count > 100);
    }

    [Fact]
    public void Fortran_order_and_the_other_byte_order_are_undone()
    {
        using TemporaryFolder folder = new();
        string header = "{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3), }".PadRight(117) + "\n";
        File.WriteAllBytes(
            folder["a.npy"],
            [0x93, .. "NUMPY"u8, 2, 0, (byte)header.Length, 0, 0, 0, .. System.Text.Encoding.ASCII.GetBytes(header), 0, 1, 0, 4, 0, 2, 0, 5, 0, 3, 0, 6]);
        Assert.Equal([1, 2, 3, 4, 5, 6], NpyFile.Read(folder["a.npy"]).ToArray<short>());
    }

    [Fact]
    public void The_documented_example_decodes()
    {
        byte[] bytes = FormatDocument.HexExample(File.ReadAllLines(FormatDocument.Path("Npy")));
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["example.npy"], bytes);
        Tensor tensor = NpyFile.Read(folder["example.npy"]);
        Assert.Equal([1, 0.5f], tensor.ToArray<float>());
        NpyFile.Write(folder["again.npy"], tensor);
        Assert.Equal(bytes, File.ReadAllBytes(folder["again.npy"]));
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        using TemporaryFolder folder = new();
        NpyFile.Write(folder["a.npy"], Tensor.Of<float>(new long[] { 3 }, [1, 2, 3]));
        byte[] whole = File.ReadAllBytes(folder["a.npy"]);
        Assert.Equal(0, (whole.Length - 12) % 64);
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(folder["a.npy"], whole[..length]);
            Assert.Throws<CheckpointFormatException>(() => NpyFile.Read(folder["a.npy"]));
        }
    }
}
