using NotebookPersist.Kernel.Scripting;
using NotebookPersist.Notebooks.Hosting;
using Xunit;

namespace NotebookPersist.Tests.Kernel.Scripting;

public sealed class CellRunnerTests : IDisposable
{
    private readonly ScriptEngine _engine = new();
    private readonly CellOutputList _shown = new();
    private readonly EchoMagics _magics = new();
    private readonly CellRunner _runner;

    public CellRunnerTests() => _runner = new CellRunner(_engine, _magics);

    public void Dispose() => _engine.Dispose();

    [Fact]
    public async Task Magics_and_code_run_in_the_order_of_the_text()
    {
        var result = await RunAsync("#!csharp\nvar a = 1;\nConsole.Write(\"one \");\n#!echo \"two words\" 'x\\y' --flag\nConsole.Write(\" three\");\na");

        Assert.Equal(CellStatus.Succeeded, result.Status);
        Assert.Equal("one [two words|x\\y|--flag] three", _shown.StandardOutput);
        var shown = Assert.IsType<ResultOutput>(_shown.Outputs[^1]);
        Assert.Equal(("1", 1), (shown.Data["text/plain"], shown.ExecutionCount));
    }

    [Fact]
    public async Task An_unknown_magic_is_one_error_and_nothing_of_the_cell_runs()
    {
        var result = await RunAsync("Console.Write(\"ran\");\n#!ecko x");

        Assert.Equal(CellStatus.Rejected, result.Status);
        var error = Assert.IsType<ErrorOutput>(Assert.Single(_shown.Outputs));
        Assert.Contains("Did you mean '#!echo'?", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, result.Error!.Line);
    }

    [Fact]
    public async Task A_failing_magic_shows_its_message_and_stops_the_cell()
    {
        var result = await RunAsync("#!fail now\nConsole.Write(\"ran\");");

        Assert.Equal("Cannot do 'now'.", result.Error!.Message);
        Assert.Equal("", _shown.StandardOutput);
    }

    [Fact]
    public async Task Line_numbers_of_errors_count_magic_lines()
    {
        var result = await RunAsync("#!echo a\n\nint x = nope;");
        Assert.Equal((3, 9), (result.Error!.Line, result.Error.Column));
        Assert.Equal("int x = nope;", result.Error.SourceLine);
    }

    [Fact]
    public async Task Lines_of_strings_and_comments_are_no_magics()
    {
        var result = await RunAsync("var s = \"\"\"\n#!nope\n\"\"\";\n/*\n#!nope\n*/\nvar t = $\"\"\"\n#!nope {1}\n#!also\n\"\"\";\ns.Length + t.Length");

        Assert.True(result.Status == CellStatus.Succeeded, result.Error?.Message);
        Assert.Equal(6 + 8 + 1 + 6, result.Value);
    }

    [Fact]
    public async Task A_magic_is_interrupted_as_code_is()
    {
        await _engine.Ready;
        var run = RunAsync("#!hang\nConsole.Write(\"after\");");
        await Task.Delay(200);
        _runner.Interrupt();

        Assert.Equal(CellStatus.Interrupted, (await run).Status);
        Assert.Equal("", _shown.StandardOutput);
    }

    [Fact]
    public async Task Events_carry_the_id_of_the_cell_or_a_hash_that_repeats_for_the_same_text()
    {
        var seen = new List<string>();
        _runner.CellStarting += (_, e) => seen.Add("start " + e.CellId);
        _runner.CellFinished += (_, e) => seen.Add($"end {e.CellId} {e.Succeeded}");

        await _runner.RunAsync(new CellRequest("int a = 1;") { CellId = "c1" }, _shown);
        await _runner.RunAsync(new CellRequest("throw new Exception();") { CellId = "c2" }, _shown);
        await RunAsync("int b = 1;");
        await RunAsync("int b = 1;");

        Assert.Equal(["start c1", "end c1 True", "start c2", "end c2 False"], seen[..4]);
        Assert.Equal(seen[4], seen[6]);
        Assert.Equal("start 0011223344556677".Length, seen[4].Length);
    }

    [Fact]
    public async Task Numbers_start_at_one_and_silent_or_empty_cells_take_none()
    {
        await RunAsync("  \n");
        await _runner.RunAsync(new CellRequest("1") { Silent = true }, _shown);
        Assert.Empty(_shown.Outputs);
        Assert.Equal(1, (await RunAsync("ExecutionCount")).Value);
        Assert.Equal(2, (await RunAsync("1")).ExecutionCount);
    }

    [Fact]
    public async Task Console_questions_are_answered_by_the_client()
    {
        await _runner.RunAsync(new CellRequest("Console.Write(\"Name? \"); Console.ReadLine().ToUpperInvariant()") { ReadLine = _ => "ada" }, _shown);
        Assert.Equal("ADA", ((ResultOutput)_shown.Outputs[^1]).Data["text/plain"]);
    }

    [Fact]
    public async Task A_value_whose_display_fails_degrades_to_text_that_says_why()
    {
        await RunAsync("class Bad { public override string ToString() => throw new InvalidOperationException(\"no text\"); }");
        var result = await RunAsync("new Bad()");
        Assert.Equal(CellStatus.Succeeded, result.Status);
        Assert.IsType<ResultOutput>(_shown.Outputs[^1]);
    }

    [Fact]
    public void A_quote_that_is_never_closed_is_refused()
    {
        var error = Assert.Throws<FormatException>(() => MagicLine.Parse("#!save \"abc", 1));
        Assert.Contains("never closed", error.Message, StringComparison.Ordinal);
        Assert.Equal(["a \"b\\", "", "c:\\d"], MagicLine.Parse("#!x \"a \\\"b\\\\\" '' c:\\d", 1).Arguments);
    }

    [Fact]
    public async Task The_lines_below_a_magic_that_takes_text_are_its_text_up_to_the_next_mark()
    {
        var result = await RunAsync("int a = 1;\n#!text\nnot \"C#\n  /* at all\n#!csharp\nConsole.Write(a);\n#!text\nmore");
        Assert.Equal(CellStatus.Succeeded, result.Status);
        Assert.Equal("<not \"C#\n  /* at all>1<more>", _shown.StandardOutput);
    }

    [Fact]
    public async Task Code_that_a_magic_brings_runs_in_its_place()
    {
        var result = await RunAsync("int a = 1;\n#!then \"a += 1;\" \"#!echo in\"\nConsole.Write(a);");
        Assert.Equal(CellStatus.Succeeded, result.Status);
        Assert.Equal("[in]2", _shown.StandardOutput);
        Assert.Contains("#!nothing", (await RunAsync("#!then \"#!nothing\"")).Error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("int[] a = new int[1];\na[3] = 1;", "  at Cell[1], line 2")]
    [InlineData("int[] a = new int[1];\na[0] = 1;\na[3] = 1;", "  at Cell[1], one of the lines 2, 3")]
    [InlineData("int zero = 0;\nint q = 1 / zero;", "  at Cell[1], line 2")]
    public async Task Lines_that_the_runtime_has_lost_are_found_in_the_text(string code, string expected)
    {
        var result = await RunAsync(code);
        Assert.Equal(CellStatus.Failed, result.Status);
        Assert.Contains(expected, result.Error!.Traceback);
    }

    [Fact]
    public async Task Earlier_results_are_found_by_their_number()
    {
        await RunAsync("6 * 7");
        await RunAsync("\"text\"");
        Assert.Equal(CellStatus.Succeeded, (await RunAsync("Console.Write($\"{Out[1]} {Out[2]} {Out.Count}\");")).Status);
        Assert.Equal("42 text 2", _shown.StandardOutput);
        Assert.Contains("there are 1, 2", (await RunAsync("Out[7]")).Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Output_can_be_cleared_and_is_bounded()
    {
        await RunAsync("Console.Write(\"gone\"); Console.Out.Flush(); ClearOutput(wait: true); Console.Write(\"new\");");
        Assert.Equal("new", _shown.StandardOutput);
        ((ICellSink)_shown).Publish(new ClearOutput(Waits: false));
        await RunAsync("var line = new string('x', 1 << 20); for (int i = 0; i < 100; i++) Console.WriteLine(line);");
        Assert.Equal(StreamBuffer.CellLimit, _shown.StandardOutput.Length);
        Assert.Contains("are not shown", Assert.IsType<StreamOutput>(_shown.Outputs[^1]).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_moves_with_the_items_and_ends_with_their_number()
    {
        var result = await RunAsync("int sum = 0; foreach (var i in NotebookPersist.Progress.WithProgress(new[] { 1, 2, 3 }, \"adding\")) sum += i; Console.Write(sum);");
        Assert.Equal(CellStatus.Succeeded, result.Status);
        Assert.Equal("6", _shown.StandardOutput);
        var bar = Assert.IsType<DisplayOutput>(_shown.Outputs[0]);
        Assert.StartsWith("adding: 3 of 3", bar.Data["text/plain"], StringComparison.Ordinal);
        Assert.Contains("<progress max=\"3\" value=\"3\">", bar.Data["text/html"], StringComparison.Ordinal);
    }

    private Task<CellResult> RunAsync(string code) => _runner.RunAsync(new CellRequest(code), _shown);

    private sealed class EchoMagics : IMagicHost
    {
        private readonly List<string> _code = [];

        public IReadOnlyCollection<string> Names => ["#!echo", "#!fail", "#!hang", "#!text", "#!then"];

        public IReadOnlyCollection<string> TextNames => ["#!text"];

        public IReadOnlyList<FurtherCode> TakeCode()
        {
            FurtherCode[] code = [.. _code.Select(static c => new FurtherCode(c))];
            _code.Clear();
            return code;
        }

        public async Task<CodeResult?> RunAsync(MagicLine magic, ICellSink sink, CancellationToken cancellation)
        {
            switch (magic.Name)
            {
                case "#!echo":
                    Console.Write($"[{string.Join('|', magic.Arguments)}]");
                    break;
                case "#!text":
                    Console.Write($"<{magic.Body}>");
                    break;
                case "#!then":
                    _code.AddRange(magic.Arguments);
                    break;
                case "#!fail":
                    throw new ArgumentException($"Cannot do '{magic.Arguments[0]}'.");
                default:
                    await Task.Delay(Timeout.Infinite, cancellation);
                    break;
            }

            return null;
        }
    }
}
