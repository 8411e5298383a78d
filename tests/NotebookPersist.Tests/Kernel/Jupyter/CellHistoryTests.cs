using System.Text.Json.Nodes;
using NotebookPersist.Kernel.Jupyter;
using Xunit;

namespace NotebookPersist.Tests.Kernel.Jupyter;

public sealed class CellHistoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sessions_are_kept_and_told_apart()
    {
        string path = _folder["history.jsonl"];
        var first = new CellHistory(path);
        first.Add(1, "one", "1");
        first.Add(2, "two");
        var second = new CellHistory(path);
        second.Add(1, "three \"3\"\nand a line");

        Assert.Equal("""[[1,1,"one"],[1,2,"two"],[2,1,"three \u00223\u0022\nand a line"]]""", Select(second, ("hist_access_type", "tail"), ("n", 10)));
        Assert.Equal("""[[1,2,"two"]]""", Select(second, ("hist_access_type", "range"), ("session", -1), ("start", 2), ("stop", 3)));
        Assert.Equal("""[[1,1,["one",null]]]""", Select(second, ("hist_access_type", "search"), ("pattern", "o*"), ("output", true)));
        Assert.Equal("""[[1,1,["one","1"]]]""", Select(first, ("hist_access_type", "range"), ("session", 0), ("start", 1), ("stop", 2), ("output", true)));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void What_is_no_entry_is_passed_over_and_a_large_file_keeps_the_newest()
    {
        string path = _folder["history.jsonl"];
        File.WriteAllText(path, "{\"Session\":1,\"Line\":1,\"Source\":\"kept\"}\n{\"Session\":\nnull\n");
        Assert.Equal("""[[1,1,"kept"]]""", Select(new CellHistory(path), ("hist_access_type", "tail"), ("n", 10)));

        var large = new CellHistory(path);
        for (int i = 0; i < 50; i++)
            large.Add(i, new string('x', 100_000));
        Assert.True(new FileInfo(path).Length > 4 << 20);
        List<HistoryEntry> kept = new HistoryFile(path).Begin().Entries;
        Assert.Equal(Enumerable.Range(30, 20), kept.Select(static e => e.Line));
        Assert.True(new FileInfo(path).Length <= 2 << 20);
    }

    [Fact]
    public void Kernels_that_write_at_once_lose_nothing()
    {
        string path = _folder["history.jsonl"];
        Parallel.For(0, 4, session =>
        {
            var file = new HistoryFile(path);
            file.Begin();
            for (int line = 0; line < 50; line++)
                file.Append(new HistoryEntry(session + 1, line, $"cell {line} {new string('x', 20 * session)}", null));
        });
        List<HistoryEntry> all = new HistoryFile(path).Begin().Entries;
        Assert.Equal(200, all.Count);
        Assert.All(all.GroupBy(static e => e.Session), static s => Assert.Equal(Enumerable.Range(0, 50), s.Select(static e => e.Line)));
    }

    [Fact]
    public void Kernels_that_start_at_the_same_moment_have_sessions_of_their_own()
    {
        string path = _folder["history.jsonl"];
        var histories = new CellHistory[8];
        Parallel.For(0, histories.Length, i => histories[i] = new CellHistory(path));
        foreach (CellHistory history in histories)
            history.Add(1, "cell");
        List<HistoryEntry> all = new HistoryFile(path).Begin().Entries;
        Assert.Equal(Enumerable.Range(1, histories.Length), all.Select(static e => e.Session).Order());
        Assert.All(all, static e => Assert.Equal((1, "cell"), (e.Line, e.Source)));
    }

    private static string Select(CellHistory history, params (string Name, JsonNode Value)[] content) =>
        history.Select(new JupyterMessage([], [], [], [], new JsonObject(content.Select(static c => KeyValuePair.Create(c.Name, (JsonNode?)c.Value))))).ToJsonString();
}
