using NotebookPersist.Kernel.Scripting;
using Xunit;

namespace NotebookPersist.Tests.Kernel.Scripting;

/// <summary>What a cell shows is bounded in text, messages and displays, and what is left out is told.</summary>
public sealed class StreamBufferTests
{
    private readonly Messages _shown = new();

    [Fact]
    public void Streams_that_take_turns_keep_their_order_until_there_are_too_many_turns()
    {
        using (var buffer = new StreamBuffer(_shown))
        {
            for (int i = 0; i < 3 * StreamBuffer.MostAtOnce; i++)
            {
                buffer.Write("stdout", $"o{i}\n");
                buffer.Write("stderr", $"e{i}\n");
            }
        }

        StreamOutput[] messages = [.. _shown.All.Cast<StreamOutput>()];
        Assert.Equal(["o0\n", "e0\n", "o1\n", "e1\n"], messages.Take(4).Select(static m => m.Text));
        Assert.InRange(messages.Length, StreamBuffer.MostAtOnce, StreamBuffer.MostAtOnce + 1000);
        foreach (string name in (string[])["stdout", "stderr"])
        {
            string expected = string.Concat(Enumerable.Range(0, 3 * StreamBuffer.MostAtOnce).Select(i => $"{name[3]}{i}\n"));
            Assert.Equal(expected, string.Concat(messages.Where(m => m.Name == name).Select(static m => m.Text)));
        }
    }

    [Fact]
    public void Text_beyond_the_limit_is_told_at_once_and_counted_at_the_end()
    {
        using (var buffer = new StreamBuffer(_shown))
        {
            buffer.Write("stdout", new string('x', StreamBuffer.CellLimit - 5));
            buffer.Write("stdout", "0123456789");
            Assert.Contains("is not shown", ((StreamOutput)_shown.All[^1]).Text, StringComparison.Ordinal);
            buffer.Write("stderr", "lost");
        }

        Assert.Equal(StreamBuffer.CellLimit, Text("stdout").Length);
        Assert.EndsWith("01234", Text("stdout"), StringComparison.Ordinal);
        Assert.StartsWith($"{Environment.NewLine}9 more characters", ((StreamOutput)_shown.All[^1]).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_many_displays_and_too_large_ones_are_left_out_and_counted()
    {
        using (var buffer = new StreamBuffer(_shown))
        {
            for (int i = 0; i < 4 * StreamBuffer.MostAtOnce; i++)
                buffer.Publish(Display($"{i}"));
            buffer.Publish(new ResultOutput(new Dictionary<string, string> { ["text/plain"] = "42" }, 1));
        }

        int count = _shown.All.OfType<DisplayOutput>().Count();
        Assert.InRange(count, StreamBuffer.MostAtOnce, StreamBuffer.MostAtOnce + 1000);
        Assert.Single(_shown.All.OfType<ResultOutput>());
        Assert.Contains($"{(4 * StreamBuffer.MostAtOnce) - count:N0} more displays", ((StreamOutput)_shown.All[^1]).Text, StringComparison.Ordinal);

        var large = new Messages();
        using (var buffer = new StreamBuffer(large))
        {
            string data = new('x', StreamBuffer.DisplayedLimit / 3);
            for (int i = 0; i < 5; i++)
                buffer.Publish(Display(data));
        }

        Assert.Equal(3, large.All.OfType<DisplayOutput>().Count());
        Assert.Contains("2 more displays", ((StreamOutput)large.All[^1]).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Updates_replace_one_another_and_the_last_goes_out_before_what_comes_after_it()
    {
        using (var buffer = new StreamBuffer(_shown))
        {
            buffer.Publish(Display("0", "a"));
            for (int i = 1; i <= 100_000; i++)
            {
                buffer.Publish(Display($"{i}", "a", isUpdate: true));
                buffer.Publish(Display($"{-i}", "b", isUpdate: true));
            }

            buffer.Publish(Display("next"));
        }

        DisplayOutput[] displays = [.. _shown.All.Cast<DisplayOutput>()];
        Assert.Equal(("0", "next"), (Text(displays[0]), Text(displays[^1])));
        Assert.Equal("100000", Text(displays.Last(static d => d.DisplayId == "a")));
        Assert.Equal("-100000", Text(displays.Last(static d => d.DisplayId == "b")));
        Assert.InRange(displays.Length, 4, 20_000);
    }

    [Fact]
    public void What_comes_after_the_end_goes_out_at_once()
    {
        var buffer = new StreamBuffer(_shown);
        buffer.Dispose();
        buffer.Write("stdout", "late");
        buffer.Publish(Display("1", "a", isUpdate: true));
        buffer.Publish(Display("2"));
        Assert.Equal(3, _shown.All.Count);
    }

    private static DisplayOutput Display(string text, string? id = null, bool isUpdate = false) => new(new Dictionary<string, string> { ["text/plain"] = text }, id, isUpdate);

    private string Text(string stream) => string.Concat(_shown.All.OfType<StreamOutput>().Where(m => m.Name == stream).Select(static m => m.Text));

    private static string Text(DisplayOutput display) => display.Data["text/plain"];

    /// <summary>Keeps each message by itself.</summary>
    private sealed class Messages : ICellSink
    {
        public List<CellOutput> All { get; } = [];

        public void Publish(CellOutput output)
        {
            lock (All)
                All.Add(output);
        }
    }
}
