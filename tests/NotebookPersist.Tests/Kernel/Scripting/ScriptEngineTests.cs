using NotebookPersist.Kernel.Scripting;
using Xunit;

namespace NotebookPersist.Tests.Kernel.Scripting;

public sealed class ScriptEngineTests : IDisposable
{
    private readonly ScriptEngine _engine = new();
    private readonly CellOutputList _shown = new();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public async Task The_last_expression_is_the_value_of_the_cell()
    {
        var result = await RunAsync("var a = 20;\na + 22");

        Assert.True(result.HasValue);
        Assert.Equal(42, result.Value);
    }

    [Fact]
    public async Task A_statement_and_a_void_call_have_no_value_but_null_is_one()
    {
        Assert.False((await RunAsync("int x = 1;")).HasValue);
        Assert.False((await RunAsync("System.GC.KeepAlive(1)")).HasValue);
        var result = await RunAsync("(string)null");
        Assert.True(result.HasValue);
        Assert.Null(result.Value);
    }

    [Fact]
    public async Task Await_works_at_the_top_level_and_stays_on_the_thread_of_the_cell()
    {
        var result = await RunAsync(
            """
            var before = Environment.CurrentManagedThreadId;
            await Task.Delay(20);
            await Task.Yield();
            before == Environment.CurrentManagedThreadId
            """);

        Assert.Equal(true, result.Value);
    }

    [Fact]
    public async Task Later_cells_see_and_redefine_variables_types_usings_and_functions()
    {
        await RunOkAsync("using System.Text; int x = 1; record P(int A); int Twice(int i) => 2 * i;");
        await RunOkAsync("string x = \"one\"; record P(string B);");
        Assert.Equal("one:two:6", (await RunAsync("new StringBuilder(x).Append(':').Append(new P(\"two\").B).Append(':').Append(Twice(3)).ToString()")).Value);
    }

    [Fact]
    public async Task A_variable_whose_cell_failed_is_named_where_it_is_missed()
    {
        await RunAsync("string missing = Environment.MachineName; string lost = string.Concat(missing, int.Parse(\"x\"));");
        await RunOkAsync("string there = \"x\"; object none = null;");
        var error = (await RunAsync("var n = there.Length;\nn += lost.Length;")).Error!;
        Assert.Equal("NullReferenceException", error.Name);
        Assert.EndsWith("'lost' is null: its cell failed, or was stopped, before it had a value, or has set it to null. Run that cell again.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("is null", (await RunAsync("object Nothing() => null; Nothing().ToString()")).Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_compilation_error_names_line_and_column_and_shows_the_line_with_a_caret()
    {
        var result = await RunAsync("int a = 1;\nint b = foo + a;");

        Assert.Equal(CellStatus.Rejected, result.Status);
        var error = result.Error!;
        Assert.Equal((2, 9), (error.Line, error.Column));
        Assert.Equal("int b = foo + a;", error.SourceLine);
        Assert.Contains("line 2, column 9: error CS0103", error.Traceback[0], StringComparison.Ordinal);
        Assert.Equal("    int b = foo + a;", error.Traceback[1]);
        Assert.Equal("            ^^^", error.Traceback[2]);
        Assert.Equal(CellStatus.Rejected, (await RunAsync("a")).Status);
    }

    [Fact]
    public async Task A_using_declaration_is_refused_with_a_hint()
    {
        var result = await RunAsync("using var s = new MemoryStream();");
        Assert.Contains(result.Error!.Traceback, l => l.Contains("Hint", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_runtime_error_names_the_line_folds_library_frames_and_keeps_variables()
    {
        await RunOkAsync("int Parse(string s)\n{\n    return Convert.FromHexString(s)[0];\n}");
        var result = await RunAsync("int kept = 7;\nint lost = Parse(\"x\");\nkept = 8;");

        Assert.Equal(CellStatus.Failed, result.Status);
        Assert.Equal("FormatException", result.Error!.Name);
        Assert.Equal(2, result.Error.Line);
        Assert.Equal("int lost = Parse(\"x\");", result.Error.SourceLine);
        var text = string.Join('\n', result.Error.Traceback);
        Assert.Contains("at Parse in Code[1], line 3", text, StringComparison.Ordinal);
        Assert.Contains("Convert.FromHexString", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Microsoft.CodeAnalysis", text, StringComparison.Ordinal);
        Assert.DoesNotContain("CellThread", text, StringComparison.Ordinal);
        Assert.Equal(7, (await RunAsync("kept")).Value);
    }

    [Fact]
    public async Task Both_streams_arrive_in_the_order_of_writing()
    {
        await RunOkAsync("Console.Write(\"a\"); Console.Write(\"b\"); Console.Error.Write(\"c\"); Console.Write(\"d\"); Console.Error.WriteLine(\"e\");");

        Assert.Equal(["stdout:ab", "stderr:c", "stdout:d", "stderr:e" + Environment.NewLine], _shown.Outputs.Cast<StreamOutput>().Select(s => s.Name + ":" + s.Text));
    }

    [Fact]
    public async Task Console_output_of_tasks_and_of_two_engines_at_once_goes_to_the_right_cell()
    {
        using var other = new ScriptEngine();
        var theirs = new CellOutputList();
        const string code = "for (int i = 0; i < 50; i++) { await Task.Run(() => Console.Write(mark)); }";
        await RunOkAsync("string mark = \"a\";");
        await other.RunAsync("string mark = \"b\";", theirs);
        await Task.WhenAll(_engine.RunAsync(code, _shown), other.RunAsync(code, theirs));

        Assert.Equal(new string('a', 50), _shown.StandardOutput);
        Assert.Equal(new string('b', 50), theirs.StandardOutput);
    }

    [Theory]
    [InlineData("while (true) { count++; }")]
    [InlineData("Thread.Sleep(60000);")]
    [InlineData("await Task.Delay(60000);")]
    [InlineData("await Task.Delay(1); while (true) { count++; }")]
    [InlineData("while (true) { try { Thread.Sleep(10000); } catch (Exception) { } }")]
    [InlineData("while (true) { try { count++; } catch (Exception) { } }")]
    [InlineData("while (true) { try { while (true) count++; } catch { } }")]
    [InlineData("while (true) { try { while (true) count++; } catch (Exception) { continue; } }")]
    [InlineData("void Train() { while (true) { try { for (;;) count++; } catch (Exception) { } } }\nTrain();")]
    [InlineData("while (true) { try { await Task.Delay(10000); } catch (Exception) { } }")]
    [InlineData("int Deep(int n) { return n == 0 ? 0 : Deep(n - 1) + Deep(n - 1); }\nDeep(60)")]
    [InlineData("Enumerable.Repeat(1, int.MaxValue).Any(i => { count += i; return count < 0; })")]
    [InlineData("for (;;) if (count % 2 == 0) count++; else count += 3;")]
    [InlineData("do count++; while (true);")]
    [InlineData("while (true) { GC.KeepAlive(new byte[10000]); }")]
    public async Task An_interrupt_stops_the_cell_and_keeps_its_variables(string endless)
    {
        await _engine.Ready;
        var run = _engine.RunAsync("long count = 0; string before = \"kept\"; Console.WriteLine(\"started\");\n" + endless, _shown);
        await UntilAsync(() => _shown.StandardOutput.Contains("started", StringComparison.Ordinal));
        _engine.Interrupt();
        var result = await run;

        Assert.Equal(CellStatus.Interrupted, result.Status);
        Assert.Equal("kept", (await RunAsync("before")).Value);
    }

    [Fact]
    public async Task A_cell_that_is_stopped_in_a_loop_runs_the_loops_of_its_clean_up()
    {
        var run = _engine.RunAsync(
            "int cleaned = 0; try { Console.WriteLine(\"started\"); while (true) { } } finally { for (int i = 0; i < 1000; i++) cleaned++; }", _shown);
        await UntilAsync(() => _shown.StandardOutput.Length > 0);
        _engine.Interrupt();

        Assert.Equal(CellStatus.Interrupted, (await run).Status);
        Assert.Equal(1000, (await RunAsync("cleaned")).Value);
    }

    // Several threads end one after the other, and the runtime holds a thread that allocates large arrays until its collector is done.
    [Theory]
    [InlineData("Parallel.For(0, long.MaxValue, i => { while (true) { } });")]
    [InlineData("while (true) { GC.KeepAlive(new byte[100000]); }")]
    public async Task An_interrupt_ends_work_of_several_threads_and_large_allocations(string endless)
    {
        var run = _engine.RunAsync("Console.WriteLine(\"started\");" + endless, _shown);
        await UntilAsync(() => _shown.StandardOutput.Length > 0);
        _engine.Interrupt();
        Assert.Equal(CellStatus.Interrupted, (await run).Status);
    }

    [Fact]
    public async Task A_cell_that_keeps_the_thread_pool_busy_is_stopped_all_the_same()
    {
        await _engine.Ready;
        var run = _engine.RunAsync("var gate = new ManualResetEventSlim(); for (int i = 0; i < 64; i++) _ = Task.Run(gate.Wait); Display(1); Thread.Sleep(60000);", _shown);

        // Neither the engine nor this test may need a thread of the pool now.
        SpinWait.SpinUntil(() => _shown.Outputs.Count > 0);
        _engine.Interrupt();
        var isStopped = SpinWait.SpinUntil(() => run.IsCompleted, TimeSpan.FromSeconds(2));
        ((ManualResetEventSlim)_engine.Variables.Single(v => v.Name == "gate").Value!).Set();

        Assert.True(isStopped);
        Assert.Equal(CellStatus.Interrupted, (await run).Status);
    }

    [Fact]
    public async Task A_catch_clause_runs_its_code_before_the_interrupt_goes_on()
    {
        var run = _engine.RunAsync(
            "string caught = \"\"; try { Console.WriteLine(\"started\"); while (true) { } } catch (OperationCanceledException) { caught = \"told\"; }\ncaught = \"after\";", _shown);
        await UntilAsync(() => _shown.StandardOutput.Length > 0);
        _engine.Interrupt();

        Assert.Equal(CellStatus.Interrupted, (await run).Status);
        Assert.Equal("told", (await RunAsync("caught")).Value);
    }

    [Fact]
    public async Task An_interrupt_that_comes_before_the_cell_runs_ends_its_wait()
    {
        // Compiling ends in the cell's first statement, so the interrupt meets one or the other.
        await _engine.Ready;
        for (var i = 0; i < 5; i++)
        {
            var run = _engine.RunAsync("Thread.Sleep(60000);", _shown);
            await Task.Delay(i);
            _engine.Interrupt();
            Assert.Equal(CellStatus.Interrupted, (await run).Status);
        }
    }

    [Theory]
    [InlineData("int n = 0; try { throw new Exception(); } catch { n = 2; } n", 2)]
    [InlineData("int n = 0; try { throw new Exception(); } catch (Exception) when (n == 0) { for (;;) if (++n == 3) break; }n", 3)]
    [InlineData("int n = 0; while (true) { try { throw new Exception(); } catch { if (++n == 3) break; continue; } } n", 3)]
    [InlineData("int F() { try { return int.Parse(\"x\"); } catch (FormatException) { return 6; } }\nF()", 6)]
    [InlineData("int F() { try { return int.Parse(\"x\"); } catch { throw; } }\nint n = 1; try { F(); } catch (FormatException) { n = 7; }n", 7)]
    [InlineData("async Task<int> F() { try { await Task.Yield(); throw new Exception(); } catch { await Task.Yield(); return 8; } }\nawait F()", 8)]
    [InlineData("new[] { 1, 2, 3 }.Select(i => i * 2L).Where(i => i > 2).Select(i => (int)i).Sum(i => i + 0)", 10)]
    [InlineData("new[] { 1, 2 }.AsQueryable().Where(i => i > 1).Expression.ToString().Contains(\"StopPoint\") ? 1 : 0", 0)]
    [InlineData("System.Linq.Expressions.Expression<Func<int, int>> e = x => x + 1; e.Compile()(8)", 9)]
    [InlineData("int n = 0; while (n < 3) n++; System.Linq.Expressions.Expression<Func<int, bool>> e = x => x > 1 && new[] { 1 }.Any(y => y == x - 1); e.Compile()(2) ? n : 0", 3)]
    [InlineData("Func<int, Func<int, int>> add = x => y => x + y; add(1)(2)", 3)]
    [InlineData("Func<long> f = () => 5; Func<object> g = () => null; Func<string> h = () => default; (int)f() + (g() is null ? 1 : 0) + (h() is null ? 1 : 0)", 7)]
    [InlineData("int n = 0; Action a = () => n++; Action b = () => n += 2; Func<int> c = () => n++; a(); b(); c(); n", 4)]
    [InlineData("Func<int, Task<int>> f = async x => x + 1; (await f(1)) + new[] { (1, 2) }.Select(t => (t.Item2, t.Item1)).First().Item1", 4)]
    [InlineData("new[] { \"a\", \"bb\" }.OrderBy(s => -s.Length).Select(s => new { s, s.Length }).GroupBy(x => x.Length > 1 ? \"long\" : $\"{x.s}\").Count()", 2)]
    [InlineData("class C { public int this[int i] { get { foreach (var x in new[] { i }) return x; return 0; } } public C() { for (;;) break; } }\nnew C()[4]", 4)]
    [InlineData("int n = 0; void Up(int by) => n += by; Task Later() => Task.Delay(1); async Task UpLater() => await Task.Run(() => n++); Up(2); await Later(); await UpLater(); n", 3)]
    [InlineData("int F(int n) => n == 0 ? 1 : n * F(n - 1); async Task<int> G() => F(3) + await Task.FromResult(1); async ValueTask H() => await Task.Yield(); await H(); await G()", 7)]
    [InlineData("int[] all = [1, 2]; ref int Second() => ref all[1]; Second() = 5; int Never() => throw new FormatException(); try { Never(); } catch (FormatException) { all[0] = 2; }all.Sum()", 7)]
    [InlineData("int n = 0; while (n < 3) n++; n", 3)]
    [InlineData("int n = 0; do { n++; } while (n < 4); n", 4)]
    [InlineData("int n = 0; for (int i = 0; i < 3; i++) for (int j = 0; j < 2; j++) n += j; /* end */ n", 3)]
    [InlineData("int n = 0; foreach (var i in new[] { 1, 2 }) if (i == 1) n = i; else n += i; n", 3)]
    [InlineData("int n = 0; foreach (var (a, b) in new[] { (1, 2) }) n = a + b; n", 3)]
    [InlineData("IEnumerable<int> Count() { for (var i = 0; i < 3; i++) yield return i; }\nCount().Sum()", 3)]
    [InlineData("Func<int> f = () => { var n = 0; while (true) if (++n == 5) return n; }; f()", 5)]
    public async Task Loops_mean_what_they_meant(string code, int expected)
    {
        Assert.Equal(expected, (await RunAsync(code)).Value);
    }

    [Fact]
    public async Task Errors_behind_loops_keep_their_lines()
    {
        var result = await RunAsync("for (int i = 0; i < 3; i++) { }\nwhile (false) { }\nthrow new InvalidOperationException(\"third\");");
        Assert.Equal(3, result.Error!.Line);
        result = await RunAsync("for (int i = 0; i < 3; i++)\n  undefined++;");
        Assert.Equal(2, result.Error!.Line);
        Assert.DoesNotContain("StopPoint", string.Join('\n', result.Error.Traceback), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cell_that_watches_its_token_stops_by_itself_and_runs_its_clean_up()
    {
        var run = _engine.RunAsync(
            "string end = \"\"; try { Console.WriteLine(\"started\"); while (true) { Cancellation.ThrowIfCancellationRequested(); } } finally { end = \"clean\"; }", _shown);
        await UntilAsync(() => _shown.StandardOutput.Length > 0);
        _engine.Interrupt();

        Assert.Equal(CellStatus.Interrupted, (await run).Status);
        Assert.Equal("clean", (await RunAsync("end")).Value);
    }

    [Fact]
    public async Task Cancelling_the_token_of_a_run_interrupts_it()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        var result = await _engine.RunAsync("while (true) { }", _shown, source.Token);
        Assert.Equal(CellStatus.Interrupted, result.Status);
    }

    [Fact]
    public async Task Display_shows_values_at_once_and_its_handle_updates_them()
    {
        await RunOkAsync("var handle = Display(\"first\"); handle.Update(\"second\"); DisplayAs(\"<b>x</b>\", \"text/html\");");

        var outputs = _shown.Outputs.Cast<DisplayOutput>().ToList();
        Assert.Equal(2, outputs.Count);
        Assert.Equal("second", outputs[0].Data["text/plain"]);
        Assert.Equal("<b>x</b>", outputs[1].Data["text/html"]);
    }

    [Fact]
    public async Task A_failing_continuation_after_the_end_of_a_cell_does_not_end_the_process()
    {
        await RunOkAsync("async void Late() { await Task.Delay(30); throw new InvalidOperationException(\"late\"); } Late();");
        await UntilAsync(() => _shown.Outputs.OfType<StreamOutput>().Any(s => s.Name == "stderr" && s.Text.Contains("late", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("new Thread(() => throw new InvalidOperationException(\"stray\")).Start();")]
    [InlineData("ThreadPool.QueueUserWorkItem(_ => { string s = null; if (s is null) throw new InvalidOperationException(\"stray\"); });")]
    public async Task A_thread_of_a_cell_that_fails_is_told_and_does_not_end_the_process(string code)
    {
        await RunOkAsync(code);
        await UntilAsync(() => _shown.Outputs.OfType<StreamOutput>().Any(s => s.Name == "stderr" && s.Text.Contains("InvalidOperationException on a thread that a cell has started: stray", StringComparison.Ordinal)));
        await RunOkAsync("1 + 1");
    }

    [Theory]
    [InlineData("var timer = new Timer(_ => throw new InvalidOperationException(\"stray\"), null, 10, 10);", "on a thread that a cell has started", 1)]
    [InlineData("\nTask.Run(() =>\n{\n    throw new InvalidOperationException(\"stray\");\n}); ", "in a task that nobody awaits", 4)]
    [InlineData("async Task Late()\n{\n    await Task.Delay(20);\n    throw new InvalidOperationException(\"stray\");\n}\nLate();", "in a task that nobody awaits", 4)]
    public async Task A_failure_that_nobody_awaits_is_told_below_the_cell_whose_code_it_is_of(string code, string place, int line)
    {
        await RunOkAsync(code);
        var another = new CellOutputList();
        await _engine.RunAsync("1 + 1", another);
        await UntilAsync(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return _shown.Outputs.OfType<StreamOutput>().Any(s => s.Name == "stderr" && s.Text.Contains($"InvalidOperationException {place}: stray", StringComparison.Ordinal));
        });
        Assert.Contains($", line {line})", _shown.Outputs.OfType<StreamOutput>().Single().Text, StringComparison.Ordinal);
        Assert.Empty(another.Outputs);

        // One that fails at every tick is told for a while.
        if (code.Contains("Timer", StringComparison.Ordinal))
            await UntilAsync(() => _shown.Outputs.OfType<StreamOutput>().Single().Text.Contains("is not told any more", StringComparison.Ordinal));
        await RunOkAsync("timer?.Dispose();".Replace("timer", code.Contains("timer", StringComparison.Ordinal) ? "timer" : "((IDisposable)null)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Errors_of_a_cell_are_told_in_the_order_of_its_lines()
    {
        var result = await _engine.RunAsync("var a = undefined1;\nint F() { return undefined2; }\nstring b = 5;\nclass C { int G() => undefined4; }\nvar c = undefined5;", _shown);
        Assert.Equal(CellStatus.Rejected, result.Status);
        Assert.Equal(1, result.Error!.Line);
        Assert.StartsWith("(1,9): error CS0103", result.Error.Message, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3, 4, 5], result.Error.Traceback.Where(static l => l.Contains(": error CS", StringComparison.Ordinal)).Select(static l => int.Parse(l.Split("line ")[1].Split(',')[0], System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("int F(int n) => F(n + 1) + 1;\nF(0)")]
    [InlineData("int F(int n) { return F(n + 1) + 1; }\nF(0)")]
    [InlineData("Func<int, int> f = null; f = n => f(n + 1) + 1; f(0)")]
    [InlineData("class Node { public override string ToString() => $\"{this}\"; }\nnew Node().ToString()")]
    [InlineData("class Node { public int Depth => Depth + 1; }\nnew Node().Depth")]
    [InlineData("class Node { public int this[int i] { get => this[i + 1] + 1; set => this[i] = value; } }\nnew Node()[0]")]
    [InlineData("class Node { public Node() { new Node(); } }\nnew Node()")]
    [InlineData("class Node { public static Node operator +(Node a, Node b) => a + b; }\nnew Node() + new Node()")]
    public async Task A_function_that_calls_itself_without_end_is_an_error_of_the_cell(string code)
    {
        // Each frame is unwound and looked up: the fewer fit, the sooner it is over.
        using var engine = new ScriptEngine(new ScriptEngineOptions { StackByteCount = 1 << 20 });
        CellResult result = await engine.RunAsync(code, _shown);
        Assert.Equal(CellStatus.Failed, result.Status);
        Assert.StartsWith("Functions call each other too deeply", result.Error!.Message, StringComparison.Ordinal);
        Assert.True(result.Error.Traceback.Count < 200, $"{result.Error.Traceback.Count} lines");
        Assert.Equal(2, (await engine.RunAsync("1 + 1", _shown)).Value);
    }

    [Fact]
    public async Task Members_of_every_form_keep_their_values_and_lines()
    {
        await RunOkAsync("""
            class Both
            {
                private int _x;
                public Both(int x) => _x = x;
                public int Twice => _x * 2;
                public int X { get => _x; set => _x = value; }
                public ref int Place => ref _x;
                public int this[int i] => _x + i;
                public int Thrown => throw new InvalidOperationException("thrown");
                public static Both operator +(Both a, Both b) => new(a._x + b._x);
                public static implicit operator int(Both a) => a._x;
                public event Action Changed { add => value(); remove { } }
            }
            var both = new Both(3) { X = 4 };
            both.Place++;
            both.Changed += () => both.X++;
            """);
        Assert.Equal("6 12 9 12", (await RunAsync("$\"{both.X} {both.Twice} {both[3]} {(int)(both + both)}\"")).Value);
        CellResult failed = await RunAsync("both.Thrown");
        Assert.Contains(failed.Error!.Traceback, l => l.Contains("line 9", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Variables_are_listed_with_name_type_and_latest_value()
    {
        await RunOkAsync("int b = 1; string a = \"x\"; void F() { }");
        await RunOkAsync("double b = 2.5;");

        Assert.Equal([new NotebookVariable("a", typeof(string), "x"), new NotebookVariable("b", typeof(double), 2.5)], _engine.Variables);
    }

    [Fact]
    public async Task Reading_the_console_where_nobody_can_type_says_so()
    {
        var result = await RunAsync("Console.ReadLine()");
        Assert.Contains("nobody can type", result.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cells_of_usings_alone_and_of_comments_alone_leave_the_chain_intact()
    {
        await RunOkAsync("int a = 1;");
        await RunOkAsync("using System.Numerics;");
        await RunOkAsync("// nothing");
        await RunOkAsync("int b = a + 1;");
        Assert.Equal(3, (await RunAsync("new Vector2(a, b).X + b")).Value is float f ? (int)f : 0);
    }

    [Fact]
    public async Task Scripts_and_libraries_are_loaded_from_the_base_directory()
    {
        var folder = Directory.CreateTempSubdirectory("notebookpersist-");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "more.csx"), "int FromFile() => 5;");
        using var engine = new ScriptEngine(new ScriptEngineOptions { BaseDirectory = folder.FullName });

        Assert.Equal(5, (await engine.RunAsync("#load \"more.csx\"\nFromFile()", _shown)).Value);
    }

    [Theory]
    [InlineData("1 + 1", Completeness.Complete)]
    [InlineData("if (true) {", Completeness.Incomplete)]
    [InlineData("var x = 1 +", Completeness.Incomplete)]
    [InlineData("/* open", Completeness.Incomplete)]
    [InlineData("var s = \"\"\"\n  text", Completeness.Incomplete)]
    [InlineData("var s = \"\"\"", Completeness.Incomplete)]
    [InlineData("var s = $\"\"\"\n  text {1}", Completeness.Incomplete)]
    [InlineData("var s = \"\"\"\n  text\n  \"\"\";", Completeness.Complete)]
    [InlineData("int ) 5;", Completeness.Invalid)]
    [InlineData("#!save model --step 3", Completeness.Complete)]
    public void Completeness_is_told_for_code_as_typed(string code, Completeness expected) => Assert.Equal(expected, ScriptEngine.CheckComplete(code));

    private Task<CellResult> RunAsync(string code) => _engine.RunAsync(code, _shown);

    private async Task RunOkAsync(string code)
    {
        var result = await RunAsync(code);
        Assert.True(result.Status == CellStatus.Succeeded, string.Join('\n', result.Error?.Traceback ?? []));
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 400 && !condition(); i++)
            await Task.Delay(25);
        Assert.True(condition(), "The awaited condition did not come true within ten seconds.");
    }
}
