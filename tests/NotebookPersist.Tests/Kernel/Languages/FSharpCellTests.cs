using NotebookPersist.Kernel;
using NotebookPersist.Kernel.Completion;
using NotebookPersist.Kernel.Documents;
using NotebookPersist.Kernel.Scripting;
using NotebookPersist.Tests.Tutorials;
using Xunit;

namespace NotebookPersist.Tests.Kernel.Languages;

/// <summary>F# cells between C# cells.</summary>
[Collection(DefaultGraphCollection.Name)]
public sealed class FSharpCellTests : IDisposable
{
    private readonly NotebookHost _host = new();
    private CellOutputList _shown = new();

    public FSharpCellTests() => tf.ResetDefaultGraph();

    public void Dispose()
    {
        _host.Dispose();
        tf.ResetDefaultGraph();
    }

    [Fact]
    public async Task Values_go_both_ways_and_cells_build_on_each_other()
    {
        await RunAsync("int x = 20; var words = new[] { \"a\", \"bb\" };");
        await RunAsync("#!fsharp\n#!share x --from csharp\n#!share --from csharp words --as texts\nlet doubled = x * 2\nlet lengths = texts |> Array.map (fun s -> s.Length)");
        await RunAsync("#!f#\nlet total = doubled + Array.sum lengths\nprintfn \"total %d\" total\nlet numbers = [1; 2; total]");
        Assert.Equal("total 43\n", _shown.StandardOutput);
        await RunAsync("#!share total --from fsharp\n#!share numbers --from fsharp --as list");
        Assert.Equal(43, await ValueAsync("total"));
        Assert.Equal(46, await ValueAsync("list.Sum()"));
        await RunAsync("#!set --name again --value @fsharp:doubled");
        Assert.Equal(41, await ValueAsync("again + 1"));
        await RunAsync("total = 5;\n#!fsharp\n#!set --name back --value @csharp:total\n#!set --name text --value words\nlet more = back + text.Length\n#!csharp\nint behind = 1;");
        await RunAsync("#!share more --from fsharp");
        Assert.Equal(11, await ValueAsync("more + behind"));
    }

    [Fact]
    public async Task A_declared_type_is_kept_also_where_the_value_has_another_or_is_null()
    {
        await RunAsync("IEnumerable<int> odd = Enumerable.Range(0, 9).Where(i => i % 2 == 1); var map = new Dictionary<string, List<int>> { [\"a\"] = new() { 1, 2 } }; string none = null; int[,] grid = { { 1, 2 } }; int type = 4;");
        Assert.Equal((16, 2, true, 2, 4), Tuple(await ValueAsync("""
            #!fsharp
            #!share --from csharp odd
            #!share --from csharp map
            #!share --from csharp none
            #!share --from csharp grid
            #!share --from csharp type
            (Seq.sum odd, map.["a"].Count, isNull none, Array2D.length2 grid, ``type``)
            """)));

        static (int, int, bool, int, int) Tuple(object? value) => Assert.IsType<Tuple<int, int, bool, int, int>>(value).ToValueTuple();
    }

    [Fact]
    public async Task A_tensor_is_the_same_object_on_both_sides()
    {
        await RunAsync("Tensor t = new float[] { 1, 2, 3 };");
        await RunAsync("#!fsharp\n#!share t --from csharp\nlet same = t");
        await RunAsync("#!share same --from fsharp");
        Assert.Equal(true, await ValueAsync("ReferenceEquals(t, same)"));
    }

    [Fact]
    public async Task Values_are_shown_as_the_same_values_of_C_sharp_are_and_those_of_F_sharp_as_it_writes_them()
    {
        string ofCSharp = await ShownAsync("Tensor t = new float[] { 1, 2 };\nt", "text/html");
        Assert.Equal(ofCSharp, await ShownAsync("#!fsharp\n#!share t --from csharp\nt", "text/html"));
        Assert.Equal("[1; 2; 3; 4; 5]", await ShownAsync("#!fsharp\n[1..5]"));
        Assert.Equal("Some 3", await ShownAsync("#!fsharp\nSome 3"));
        Assert.Equal("None", await ShownAsync("#!fsharp\n(None: int option)"));
        Assert.Equal("map [(\"a\", 1)]", await ShownAsync("#!fsharp\nMap.ofList [\"a\", 1]"));
        Assert.Equal("Circle 2.5", await ShownAsync("#!fsharp\ntype Form = Circle of float | Point\nCircle 2.5"));
        Assert.Equal("<pre>Circle 2.5</pre>", await ShownAsync("#!fsharp\nCircle 2.5", "text/html"));
        Assert.Equal("{ Name = \"q\"\n  Size = 1 }", await ShownAsync("#!fsharp\ntype Own = { Name: string; Size: int }\nlet own = { Name = \"q\"; Size = 1 }\nown"));
        Assert.Contains("<td>Name</td>", await ShownAsync("#!fsharp\nown", "text/html"), StringComparison.Ordinal);
        Assert.Equal("q1", await ValueAsync("#!share own --from fsharp\nown.Name + own.Size"));
        await RunAsync("#!fsharp\ndisplay Point");
        Assert.Equal("Point", Assert.IsType<DisplayOutput>(Assert.Single(_shown.Outputs)).Data["text/plain"]);
        Assert.False((await CellAsync("#!fsharp\nlet unseen = 1")).HasValue);
        Assert.False((await CellAsync("#!fsharp\nignore 1")).HasValue);
    }

    [Fact]
    public async Task Errors_tell_the_line_of_the_cell_and_nothing_of_a_cell_that_does_not_compile_has_run()
    {
        CellError error = await FaultAsync("#!fsharp\nprintfn \"ran\"\n\nlet b = nope");
        Assert.Equal((4, 9, "let b = nope"), (error.Line, error.Column, error.SourceLine));
        Assert.Contains("        ^^^^", error.Traceback[^1], StringComparison.Ordinal);
        Assert.Equal("", _shown.StandardOutput);

        error = await FaultAsync("#!fsharp\nlet divide a b =\n    a / b\n\nlet loop () =\n    for i in 0 .. 3 do\n        divide 1 i |> ignore\nloop ()");
        Assert.Equal("DivideByZeroException", error.Name);
        Assert.Contains("  at divide in Cell[2], line 3", error.Traceback);
        Assert.Contains("  at loop in Cell[2], line 7", error.Traceback);
        Assert.Equal("  at Cell[2], line 8", error.Traceback[^2]);

        await RunAsync("record Point(int X); var point = new Point(1);");
        Assert.Contains("declare the type in an F# cell", (await FaultAsync("#!fsharp\n#!share point --from csharp")).Message, StringComparison.Ordinal);
        Assert.Contains("No fsharp cell has declared 'missing'", (await FaultAsync("#!share missing --from fsharp")).Message, StringComparison.Ordinal);
        Assert.Contains("No csharp cell has declared 'missing'", (await FaultAsync("#!fsharp\n#!share missing --from csharp")).Message, StringComparison.Ordinal);
        Assert.Contains("there is no kernel 'python': there are csharp, fsharp", (await FaultAsync("#!share x --from python")).Message, StringComparison.Ordinal);
        Assert.Contains("leave the line out", (await FaultAsync("#!share x --from csharp")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_magics_stand_among_the_lines_unless_they_are_in_a_string()
    {
        await RunAsync("#!fsharp\nlet before = 1\n#!whos\nlet text = \"\"\"\n#!whos\n\"\"\"\ntext.Length + before");
        Assert.Contains("fsharp: before", Assert.IsType<DisplayOutput>(_shown.Outputs[0]).Data["text/plain"], StringComparison.Ordinal);
        Assert.Equal("9", Assert.IsType<ResultOutput>(_shown.Outputs[^1]).Data["text/plain"]);
        Assert.Equal(2, _shown.Outputs.Count);
    }

    [Fact]
    public async Task Old_style_ends_of_statements_do_not_end_the_cell() =>
        Assert.Equal(6, await ValueAsync("#!fsharp\nlet a = 1;;\nlet b = 2;;\na + b + \";;\".Length + 1;;"));

    [Theory]
    [InlineData("while true do ()")]
    [InlineData("let mutable i = 0\nwhile true do\n    i <- i + 1")]
    [InlineData("let rec spin n : unit =\n    spin (n + 1)\nspin 0")]
    [InlineData("Seq.initInfinite id |> Seq.iter (fun _ -> ())")]
    [InlineData("for i in Seq.initInfinite id do\n    if i < 0 then\n        printfn \"no\"")]
    public async Task An_interrupt_stops_a_busy_loop_and_keeps_what_was_declared(string loop)
    {
        await RunAsync("#!fsharp\nlet kept = 7");
        Task<CellResult> running = CellAsync($"#!fsharp\nprintfn \"started\"\n{loop}");
        while (_shown.StandardOutput.Length == 0 && !running.IsCompleted)
            await Task.Delay(10);
        Assert.False(running.IsCompleted);
        _host.Cells.Interrupt();
        Assert.Equal(CellStatus.Interrupted, (await running).Status);
        Assert.Equal(8, await ValueAsync("#!fsharp\nkept + 1"));
    }

    [Fact]
    public async Task Stop_points_change_neither_lines_nor_meaning()
    {
        Assert.Equal(55, await ValueAsync("#!fsharp\nlet sum (xs: int seq) : int =\n    // A comment first.\n    let mutable total = 0\n    for x in xs do\n        total <- total +\n                 x\n    total\nsum [ for i in 1 .. 10 -> i ]"));
        Assert.Equal(6, await ValueAsync("#!fsharp\nlet s = seq {\n    for i in 1 .. 3 do\n        yield i\n    }\nlet mutable n = 0 in while n < 3 do n <- n + 1\nSeq.sum (Seq.map (fun x -> x) s)"));
        Assert.Equal(9, await ValueAsync("#!fsharp\nlet total =\n    async {\n        let mutable t = 0\n        for i in 1 .. 3 do\n            let! x = async { return i + 1 }\n            t <- t + x\n        return t }\n    |> Async.RunSynchronously\ntotal"));
        Assert.Equal(7, await ValueAsync("#!fsharp\nlet total =\n    query {\n        for x in [1; 2; 3; 4] do\n        where (x > 2)\n        select x }\n    |> Seq.sum\ntotal"));
        CellError error = await FaultAsync("#!fsharp\nlet f (x: int) =\n    let y = x\n    y / 0\nfor i in 1 .. 2 do\n    f i |> ignore");
        Assert.Contains("  at f in Cell[5], line 4", error.Traceback);
    }

    [Fact]
    public async Task Operations_follow_the_rule_of_cells_that_run_again()
    {
        const string Layer = "#!fsharp\nlet x = tf.Placeholder(DType.Float32, Shape.Unknown, name=\"x\")\nlet y = tf.Identity(x, \"y\")";
        await RunAsync(Layer, "a");
        await RunAsync("#!fsharp\nlet z = tf.Identity(y, \"z\")", "b");
        Assert.Equal(["x", "y", "z"], Graph.Default.Operations.Select(static o => o.Name));
        await RunAsync(Layer, "a");
        Assert.Equal(["x", "y"], Graph.Default.Operations.Select(static o => o.Name));
        Assert.Contains("was run again", Assert.IsType<StreamOutput>(_shown.Outputs[0]).Text, StringComparison.Ordinal);
        await FaultAsync(Layer + "\n(failwith \"late\": unit)", "a");
        Assert.Equal(["x", "y"], Graph.Default.Operations.Select(static o => o.Name));
        await RunAsync("#!fsharp\nlet own = new Graph()", "c");
        await RunAsync("#!fsharp\nown.Identity(own.Constant(Tensor.op_Implicit 1.0f), \"i\") |> ignore", "d");
        await RunAsync("#!fsharp\nown.Identity(own.Constant(Tensor.op_Implicit 1.0f), \"i\") |> ignore", "d");
        Assert.Equal(2, await ValueAsync("#!fsharp\nown.Operations.Count"));
    }

    [Fact]
    public async Task Magics_find_what_they_have_declared()
    {
        using var folder = new TemporaryFolder();
        await RunAsync("#!fsharp\nlet start = Tensor.From([| 1.0f; 2.0f |])\nlet w = tf.Variable(start, name=\"w\")\nlet session = new Session()\nsession.Run(w.Initializer)");
        await RunAsync($"#!save \"{folder.Path}/model\" --session session");
        Assert.True(File.Exists($"{folder.Path}/model.index"));
        await RunAsync("#!who");
        Assert.Contains("fsharp: session, start, w", Assert.IsType<DisplayOutput>(_shown.Outputs[^1]).Data["text/plain"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reset_forgets_what_they_declared()
    {
        await RunAsync("#!fsharp\nlet a = 1");
        await RunAsync("#!reset");
        Assert.Contains("is not defined", (await FaultAsync("#!fsharp\na + 1")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Documents_run_them_and_keep_their_language()
    {
        NotebookDocument document = NotebookDocument.ParseDib("#!csharp\n\nint x = 3;\n\n#!fsharp\n\n#!share x --from csharp\nx + 1\n\n#!fsharp\n\nlet a = 1\nnope\n");
        NotebookRunResult result = await new NotebookRunner(_host.Cells).RunAsync(document);
        Assert.Equal("4", Assert.IsType<ResultOutput>(Assert.Single(document.Cells[1].Outputs)).Data["text/plain"]);
        NotebookFailure failure = Assert.Single(result.Failures);
        Assert.Equal(2, failure.Error.Line);
        NotebookDocument again = NotebookDocument.ParseIpynb(document.ToIpynb());
        Assert.Equal(["csharp", "fsharp", "fsharp"], again.Cells.Select(static c => c.Language));
        Assert.Equal(["csharp", "fsharp", "fsharp"], NotebookDocument.ParseScript(again.ToScript()).Cells.Select(static c => c.Language));
        Assert.Equal(["csharp", "fsharp", "fsharp"], NotebookDocument.ParseDib(again.ToDib()).Cells.Select(static c => c.Language));
    }

    [Fact]
    public async Task Completion_knows_what_was_declared_once_a_cell_has_run()
    {
        Assert.Empty((await CompleteAsync("#!fsharp\nList.ma|")).Items);
        await RunAsync("#!fsharp\nlet somebody = \"me\"\ntype Own = { Field: int }\nlet own = { Field = 1 }");
        Assert.Contains("map", (await CompleteAsync("#!fsharp\nList.ma|")).Items.Select(static i => i.Text));
        Assert.Contains("somebody", (await CompleteAsync("#!fsharp\nlet a = someb|")).Items.Select(static i => i.Text));
        Assert.Contains("Field", (await CompleteAsync("int csharp = 1;\n#!fsharp\n#!whos\nown.Fi|")).Items.Select(static i => i.Text));
        CellCompletion members = await CompleteAsync("#!fsharp\nsomebody.|");
        Assert.Contains("Length", members.Items.Select(static i => i.Text));
        Assert.Equal((members.Start, members.End), (18, 18));
        Assert.Contains("Substring", (await CompleteAsync("#!fsharp\nlet let let\n#!csharp\n\"abc\".Subst|")).Items.Select(static i => i.Text));
    }

    private async Task<CellCompletion> CompleteAsync(string marked)
    {
        var position = marked.IndexOf('|', StringComparison.Ordinal);
        return await _host.Insight.CompleteAsync(marked.Remove(position, 1), position);
    }

    private Task<CellResult> CellAsync(string code, string? cell = null)
    {
        _shown = new CellOutputList();
        return _host.Cells.RunAsync(new CellRequest(code) { CellId = cell }, _shown);
    }

    private async Task<CellResult> RunAsync(string code, string? cell = null)
    {
        CellResult result = await CellAsync(code, cell);
        Assert.True(result.Status == CellStatus.Succeeded, $"{code}: {result.Error?.Message}");
        return result;
    }

    private async Task<object?> ValueAsync(string code) => (await RunAsync(code)).Value;

    private async Task<string> ShownAsync(string code, string mimeType = "text/plain")
    {
        await RunAsync(code);
        return Assert.IsType<ResultOutput>(_shown.Outputs[^1]).Data[mimeType];
    }

    private async Task<CellError> FaultAsync(string code, string? cell = null) => Assert.IsType<CellError>((await CellAsync(code, cell)).Error);
}
