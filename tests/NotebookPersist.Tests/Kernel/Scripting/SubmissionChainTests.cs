using NotebookPersist.Kernel.Scripting;
using Xunit;

namespace NotebookPersist.Tests.Kernel.Scripting;

/// <summary>Cells that are run over and over: what nobody can need any more goes, and nothing of it shows.</summary>
public sealed class SubmissionChainTests : IDisposable
{
    private const int FirstTrim = 6;
    private readonly ScriptEngine _engine = new(new ScriptEngineOptions { FirstTrim = FirstTrim, UnloadsCode = true });
    private readonly CellOutputList _shown = new();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public async Task The_chain_stays_short_when_cells_are_run_again()
    {
        await RunAsync("int kept = 41; long total = 0;");
        for (var i = 0; i < 60; i++)
        {
            await RunAsync($"var squares = Enumerable.Range(0, 3).Select(x => x + {i}).ToArray(); total += squares[0];");
            await RunAsync("kept + total");
        }

        Assert.Equal(59L * 60 / 2, await ValueAsync("total"));
        Assert.Equal(42, await ValueAsync("kept + 1"));
        Assert.Equal(59, await ValueAsync("squares[0]"));
        Assert.InRange(await CountAsync(), 3, 2 * FirstTrim);
        Assert.Equal(["kept", "squares", "total"], _engine.Variables.Select(v => v.Name));
    }

    [Fact]
    public async Task Cells_that_only_compute_take_no_place()
    {
        await RunAsync("int a = 1;");
        var count = await CountAsync();
        for (var i = 0; i < 5; i++)
        {
            await RunAsync("a++;");
            await RunAsync("foreach (var x in new[] { 1, 2 }) a += x;");
            await RunAsync("Console.Write(a)");
        }

        Assert.Equal(count, await CountAsync());
        Assert.Equal(21, await ValueAsync("a"));
        await RunAsync("if (int.TryParse(\"5\", out var parsed)) a = parsed;");
        Assert.Equal(10, await ValueAsync("a + parsed"));
    }

    [Fact]
    public async Task Functions_and_closures_go_on_with_the_variables_they_were_written_for()
    {
        await RunAsync("int n = 1; int Next() => ++n;");
        await RunAsync("Func<int> get = () => n;");
        await RunAsync("int n = 100;");
        await Churn();
        Assert.Equal((2, 2, 100), await ValueAsync("(Next(), get(), n)"));
        await RunAsync("n = 7; ref int alias(ref int x) => ref x; alias(ref n)++;");
        await Churn();
        Assert.Equal((3, 3, 8), await ValueAsync("(Next(), get(), n)"));
    }

    [Fact]
    public async Task Types_of_old_cells_live_as_long_as_their_values()
    {
        await RunAsync("record Point(int X);");
        await RunAsync("var first = new Point(1); var list = new List<Point> { first };");
        await RunAsync("record Point(int X, int Y);");
        await RunAsync("var second = new Point(2, 3);");
        await Churn();
        Assert.Equal((1, 1, 3), await ValueAsync("(first.X, list[0].X, second.Y)"));
        Assert.Equal(9, await ValueAsync("new Point(4, 9).Y"));
        await RunAsync("var anonymous = new { Name = \"a\" }; (int Left, string Right) pair = (1, \"b\"); dynamic free = \"text\"; int? none = null;");
        await Churn();
        Assert.Equal(("a", "b", 4, true), await ValueAsync("(anonymous.Name, pair.Right, (int)free.Length, none is null)"));
    }

    [Fact]
    public async Task Overloads_usings_and_alternating_cells_keep_their_meaning()
    {
        await RunAsync("string F(int x) => \"int\";");
        await RunAsync("string F(string x) => \"string\";");
        await RunAsync("using System.Text.RegularExpressions;");
        await RunAsync("using Numbers = System.Collections.Generic.List<int>;");
        await RunAsync("int a = 0; int b = 0;");
        for (var i = 0; i < 20; i++)
        {
            await RunAsync("var a1 = a + 1; a = a1;");
            await RunAsync("var b1 = a1 + b; b = b1;");
        }

        Assert.Equal(("int", "string"), await ValueAsync("(F(1), F(\"\"))"));
        Assert.True((bool)(await ValueAsync("Regex.IsMatch(\"abc\", \"b\") && new Numbers { 1 }.Count == 1"))!);
        Assert.Equal((20, 210), await ValueAsync("(a, b)"));
        Assert.InRange(await CountAsync(), 5, 3 * FirstTrim);
    }

    [Fact]
    public async Task Failing_and_interrupted_cells_leave_what_they_had_declared()
    {
        await RunAsync("int before = 5;");
        var failed = await _engine.RunAsync("int half = 7; if (half > 0) throw new InvalidOperationException(\"no\"); int never = 8;", _shown);
        Assert.Equal(CellStatus.Failed, failed.Status);
        await Churn();
        Assert.Equal((5, 7, 0), await ValueAsync("(before, half, never)"));
    }

    [Fact]
    public async Task Code_that_nobody_can_reach_any_more_is_unloaded_and_variables_move_together()
    {
        await RunAsync("int Twice(int x) => 2 * x;");
        for (var i = 0; i < 60; i++)
        {
            await RunAsync($"var kept{i} = new List<int> {{ {i} }};");
            await RunAsync($"kept{i}.Count + Twice({i})");
        }

        await Churn();
        Assert.InRange(await CountAsync(), 2, 2 * FirstTrim);
        var sum = string.Join(" + ", Enumerable.Range(0, 60).Select(static i => $"kept{i}[0]"));
        Assert.Equal(59 * 60 / 2, await ValueAsync(sum));
        Assert.Equal(61, _engine.Variables.Count);

        // Other engines of this process run cells too: only what this one has run is looked at.
        await RunAsync("class Mark { }");
        await RunAsync("var marks = new List<WeakReference>(); void Note(object o) => marks.Add(new WeakReference(o.GetType().Assembly));");
        for (var i = 0; i < 40; i++)
            await RunAsync($"Note(new {{ Place{i} = {i} }});");
        await Churn();
        Assert.InRange((int)(await ValueAsync("GC.Collect(); GC.WaitForPendingFinalizers(); GC.Collect(); marks.Count(m => m.IsAlive)"))!, 0, FirstTrim);
    }

    [Fact]
    public async Task Functions_and_types_that_are_declared_again_leave_nothing_behind()
    {
        await RunAsync("int total = 0;");
        await RunAsync("int Add(string text) => text.Length;");
        for (var i = 0; i < 40; i++)
        {
            await RunAsync($"int Add(int a, int b) => a + b + {i}; total += Add(1, 2) + Add(\"abc\");");
            await RunAsync($"record Point(int X) {{ public Point Next() => new Point(X + {i}); }} var point = new Point(total).Next();");
            await RunAsync($"int[] values = [{i}]; int Sum() => values.Sum() + point.X;");
        }

        await Churn();
        Assert.InRange(await CountAsync(), 4, 2 * FirstTrim);
        Assert.Equal((1020, 1059, 1098, 42, 3), await ValueAsync("(total, point.X, Sum(), Add(1, 2), Add(\"abc\"))"));
    }

    [Fact]
    public async Task Variables_that_something_refers_to_stay_where_they_are()
    {
        await RunAsync("int counter = 0; var list = new List<Action> { () => counter++ };");
        await RunAsync("int shared = 10; int Add(int x) => shared += x;");
        await RunAsync("string word = \"a\"; var late = Task.Run(async () => { while (word == \"a\") await Task.Delay(5); return word; });");
        await RunAsync("int lonely = 5;");
        for (var round = 1; round <= 3; round++)
        {
            await Churn();
            await RunAsync("list[0](); Add(1); lonely++;");
            Assert.Equal((round, 10 + round, 5 + round), await ValueAsync("(counter, shared, lonely)"));
        }

        await RunAsync("counter = 100; shared = 200; word = \"b\";");
        await Churn();
        await RunAsync("list[0]();");
        Assert.Equal((101, 203), await ValueAsync("(counter, Add(3))"));
        Assert.Equal("b", await ValueAsync("await late"));
    }

    [Fact]
    public async Task Names_keep_their_meaning_where_variables_move()
    {
        await RunAsync("int a = 1; int b = 2;");
        await RunAsync("int b = 20; int c = 30;");
        await RunAsync("int d = 4;");
        await RunAsync("int d(int x) => x + 40;");
        await RunAsync("int e(int x) => x; ");
        await RunAsync("int e = 50;");
        await Churn();
        await Churn();
        Assert.Equal((1, 20, 30, 42, 50), await ValueAsync("(a, b, c, d(2), e)"));
        await RunAsync("int a = 100;");
        await RunAsync("(int Left, string? Right) pair = (1, null); dynamic free = 3; int[,] grid = { { 1, 2 } }; Dictionary<string, List<(int, int)>> map = new();");
        await Churn();
        await RunAsync("pair.Right = \"r\"; free = \"text\"; grid[0, 1] = 7; map[\"k\"] = [(1, 2)];");
        await Churn();
        Assert.Equal((100, 20, 1, "r", 4, 7, 2), await ValueAsync("(a, b, pair.Left, pair.Right, (int)free.Length, grid[0, 1], map[\"k\"][0].Item2)"));
    }

    // Enough runs of one cell that the chain is cut at least twice.
    private async Task Churn()
    {
        for (var i = 0; i < 4 * FirstTrim; i++)
            await RunAsync($"int churned = {i};");
    }

    // A cell begins when what tidies up after the one before has ended.
    private async Task<int> CountAsync()
    {
        await RunAsync("0");
        return _engine.CommittedSince(0).Count;
    }

    private async Task RunAsync(string code)
    {
        var result = await _engine.RunAsync(code, _shown);
        Assert.True(result.Status == CellStatus.Succeeded, $"{code}: {result.Error?.Message}");
    }

    private async Task<object?> ValueAsync(string code)
    {
        var result = await _engine.RunAsync(code, _shown);
        Assert.True(result.Status == CellStatus.Succeeded, $"{code}: {result.Error?.Message}");
        return result.Value;
    }
}
