using System.Text;
using NotebookPersist.Formats.Tables;
using Xunit;
using Xunit.Abstractions;

namespace NotebookPersist.Tests.Formats.Tables;

public sealed class TableTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_real_uncompressed_index_is_rewritten_byte_for_byte()
    {
        int rewritten = 0, compressed = 0, multiBlock = 0, entries = 0;
        foreach (string path in SharedFiles.Enumerate("fixtures", "*.index").Concat(SharedFiles.Enumerate("golden-tf115/checkpoints", "*.index")))
        {
            using TableReader table = TableReader.Open(path);
            byte[] copy = Rewrite(table, out int count);
            entries += count;
            multiBlock += table.BlockCount > 1 ? 1 : 0;
            if (table.HasCompressedBlocks)
            {
                compressed++;
                continue;
            }

            Assert.True(File.ReadAllBytes(path).AsSpan().SequenceEqual(copy), SharedFiles.Relative(path));
            rewritten++;
        }

        output.WriteLine($"{rewritten} index files rewritten identically, {compressed} compressed ones read, {multiBlock} of several blocks, {entries} entries.");
        Assert.True(rewritten > 60);
    }

    [Fact]
    public void Every_v1_file_is_rewritten_byte_for_byte()
    {
        int rewritten = 0;
        foreach (string path in V1Files())
        {
            using TableReader table = TableReader.Open(path);
            byte[] copy = Rewrite(table, out _);
            if (table.HasCompressedBlocks)
                continue;
            Assert.True(File.ReadAllBytes(path).AsSpan().SequenceEqual(copy), SharedFiles.Relative(path));
            rewritten++;
        }

        output.WriteLine($"{rewritten} V1 files rewritten identically.");
        Assert.True(rewritten >= 12);
    }

    [Theory]
    [InlineData(256, 1)]
    [InlineData(256, 16)]
    [InlineData(256, 1024)]
    [InlineData(4096, 16)]
    public void Tables_of_any_block_size_and_restart_interval_behave_as_a_sorted_dictionary(int blockByteCount, int restartInterval)
    {
        using TemporaryFolder folder = new();
        SortedDictionary<string, string> model = new(StringComparer.Ordinal) { [""] = "header" };
        Random random = new(restartInterval);
        for (int i = 0; i < 500; i++)
            model[$"scope_{random.Next(40)}/layer_{random.Next(400):D3}/w"] = new string('v', random.Next(70));
        model["big"] = new string('b', 5000);
        using (FileStream stream = File.Create(folder["t"]))
        {
            TableWriter writer = new(stream, blockByteCount, restartInterval);
            foreach ((string key, string value) in model)
                writer.Add(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(value));
            writer.Finish();
        }

        using TableReader table = TableReader.Open(folder["t"]);
        Assert.Equal(model.Keys, table.Entries().Select(static e => Encoding.UTF8.GetString(e.Key.Span)));
        foreach ((string key, string value) in model)
        {
            Assert.True(table.TryGet(Encoding.UTF8.GetBytes(key), out TableEntry found));
            Assert.Equal(value, Encoding.UTF8.GetString(found.Value.Span));
            Assert.False(table.TryGet(Encoding.UTF8.GetBytes(key + "~"), out _));
        }
    }

    [Fact]
    public void Keys_that_do_not_ascend_are_refused()
    {
        TableWriter writer = new(new MemoryStream());
        writer.Add("b"u8, "1"u8);
        Assert.Throws<ArgumentException>(() => writer.Add("b"u8, "2"u8));
        Assert.Throws<ArgumentException>(() => writer.Add("a"u8, "2"u8));
    }

    [Fact]
    public void The_documented_example_decodes()
    {
        string[] lines = File.ReadAllLines(FormatDocument.Path("Tables"));
        byte[] bytes = FormatDocument.HexExample(lines);
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["example"], bytes);
        using TableReader table = TableReader.Open(folder["example"]);
        Assert.Equal(["=", "a=1", "ab=22"], table.Entries().Select(static e => Encoding.UTF8.GetString(e.Key.Span) + "=" + Encoding.UTF8.GetString(e.Value.Span)));
        Assert.Equal(bytes, Rewrite(table, out _));
    }

    internal static IEnumerable<string> V1Files()
    {
        string[] names = ["export", "simple.ckpt", "regression.ckpt", "MNISTBias.ckpt", "MNISTWts.ckpt", "model.ckpt", "export-00000-of-00001", "ckpt"];
        return SharedFiles.Enumerate("fixtures/v1ckpt", "*").Where(f => names.Contains(Path.GetFileName(f)))
            .Append(SharedFiles.Path("fixtures/savedmodel/tf-half-plus-two-2016-09-21-v1inside/saved_model_variables"))
            .Append(SharedFiles.Path("fixtures/savedmodel/tf-half-plus-two-2016-10-12-v1inside/variables/variables"))
            .Concat(GoldenCheckpoint.All("v1").SelectMany(static c => Directory.EnumerateFiles(c.Folder, "model.ckpt*")));
    }

    private static byte[] Rewrite(TableReader table, out int count)
    {
        MemoryStream stream = new();
        TableWriter writer = new(stream);
        count = 0;
        foreach (TableEntry entry in table.Entries())
        {
            writer.Add(entry.Key.Span, entry.Value.Span);
            count++;
        }

        writer.Finish();
        return stream.ToArray();
    }
}
