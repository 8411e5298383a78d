using System.Text.Json.Nodes;
using NotebookPersist.Kernel.Documents;
using NotebookPersist.Kernel.Scripting;
using Xunit;

namespace NotebookPersist.Tests.Kernel.Documents;

public sealed class NotebookRunnerTests : IDisposable
{
    private readonly ScriptEngine _engine = new();
    private readonly NotebookRunner _runner;

    public NotebookRunnerTests() => _runner = new NotebookRunner(new CellRunner(_engine));

    public void Dispose() => _engine.Dispose();

    [Fact]
    public async Task Cells_run_in_order_and_their_outputs_are_stored()
    {
        var document = Of("int a = 40;", "Console.WriteLine(\"hi\"); a + 2");
        var progress = new List<string>();
        var result = await _runner.RunAsync(document, new NotebookRunOptions { Progress = p => progress.Add($"{p.CellNumber}/{p.CellCount} {p.IsFinished}") });

        Assert.True(result.Succeeded, result.Failure?.ToString());
        Assert.Equal(["1/2 False", "1/2 True", "2/2 False", "2/2 True"], progress);
        Assert.Equal(2, document.Cells[1].ExecutionCount);
        Assert.Equal("hi" + Environment.NewLine, Assert.IsType<StreamOutput>(document.Cells[1].Outputs[0]).Text);
        Assert.Equal("42", Assert.IsType<ResultOutput>(document.Cells[1].Outputs[1]).Data["text/plain"]);
    }

    [Fact]
    public async Task A_run_stops_at_the_first_failing_cell_and_keeps_what_was_shown()
    {
        var document = Of("Console.WriteLine(\"one\");", "int b = 1;\nthrow new InvalidOperationException(\"boom\");", "3");
        document.Cells[2].Outputs = [new StreamOutput("stdout", "from an earlier run")];
        var result = await _runner.RunAsync(document);

        Assert.Equal((NotebookFailureCause.CellError, 2, 2), (result.Failure!.Cause, result.Failure.CellNumber, result.Failure.Error.Line!.Value));
        Assert.Contains("throw new InvalidOperationException", result.Failure.ToString(), StringComparison.Ordinal);
        Assert.Single(document.Cells[0].Outputs);
        Assert.Equal("InvalidOperationException", Assert.IsType<ErrorOutput>(document.Cells[1].Outputs[^1]).Name);
        Assert.Empty(document.Cells[2].Outputs);
    }

    [Fact]
    public async Task A_run_goes_on_after_errors_on_request_and_tells_them_all()
    {
        var document = Of("int one = 1;\nthrow new InvalidOperationException(\"first\");", "nothing", "one + 1");
        var result = await _runner.RunAsync(document, new NotebookRunOptions { ContinuesOnError = true });

        Assert.Equal([1, 2], result.Failures.Select(f => f.CellNumber));
        Assert.Equal(["InvalidOperationException", "CompilationError"], result.Failures.Select(f => f.Error.Name));
        Assert.False(result.Succeeded);
        Assert.Equal("2", Assert.IsType<ResultOutput>(Assert.Single(document.Cells[2].Outputs)).Data["text/plain"]);
    }

    [Fact]
    public async Task A_cell_that_is_there_to_show_an_error_fails_no_run()
    {
        var document = Of("throw new InvalidOperationException(\"shown\");", "6 * 7");
        document.Cells[0].Metadata["tags"] = new JsonArray("raises-exception");
        var result = await _runner.RunAsync(document);

        Assert.True(result.Succeeded, result.Failure?.ToString());
        Assert.Equal("shown", Assert.IsType<ErrorOutput>(document.Cells[0].Outputs[^1]).Message);
        Assert.Equal("42", Assert.IsType<ResultOutput>(Assert.Single(document.Cells[1].Outputs)).Data["text/plain"]);
    }

    [Fact]
    public async Task A_run_over_its_time_limit_is_ended_and_says_so()
    {
        var document = Of("Console.WriteLine(\"started\");", "while (true) { }");
        await _engine.Ready;
        var result = await _runner.RunAsync(document, new NotebookRunOptions { Timeout = TimeSpan.FromSeconds(8) });

        Assert.Equal((NotebookFailureCause.TimedOut, 2), (result.Failure!.Cause, result.Failure.CellNumber));
        Assert.Contains("8 s", result.Failure.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_run_is_told_from_a_failed_one()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        var result = await _runner.RunAsync(Of("while (true) { }"), cancellation: source.Token);
        Assert.Equal(NotebookFailureCause.Cancelled, result.Failure!.Cause);
    }

    [Fact]
    public async Task Parameters_follow_the_tagged_cell_and_take_its_types()
    {
        var document = Of("// first", "double rate = 0.5; var steps = 3; string name = \"x\"; bool fast = false;", "$\"{rate / 4} {steps} {name} {fast}\"");
        document.Cells[1].Metadata["tags"] = new JsonArray("parameters");
        var options = new NotebookRunOptions
        {
            Parameters = new Dictionary<string, string> { ["rate"] = "1", ["steps"] = "7", ["name"] = "12", ["fast"] = "true", ["extra"] = "a\"b" },
        };
        var result = await _runner.RunAsync(document, options);

        Assert.True(result.Succeeded, result.Failure?.ToString());
        Assert.Equal("// Parameters\ndouble rate = 1.0;\nint steps = 7;\nstring name = \"12\";\nbool fast = true;\nvar extra = \"a\\\"b\";", document.Cells[2].Source);
        Assert.Equal(["injected-parameters"], document.Cells[2].Tags);
        Assert.Equal("0.25 7 12 True", ((ResultOutput)document.Cells[3].Outputs[0]).Data["text/plain"]);
        Assert.Contains("'extra' is not declared", Assert.Single(result.Warnings), StringComparison.Ordinal);

        await _runner.RunAsync(document, options);
        Assert.Equal(4, document.Cells.Count);
    }

    [Fact]
    public async Task Numbers_of_cells_are_those_of_the_file_beside_injected_ones()
    {
        var document = Of("var first = 1;", "throw new System.Exception(\"x\");");
        var result = await _runner.RunAsync(document, new NotebookRunOptions { Parameters = new Dictionary<string, string> { ["p"] = "1" } });
        Assert.Equal(2, result.Failure!.CellNumber);
        Assert.Contains("No cell is tagged 'parameters': p is set before the first cell", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5", "var p = 5;")]
    [InlineData("-0.5", "var p = -0.5;")]
    [InlineData("1e3", "var p = 1000.0;")]
    [InlineData("True", "var p = true;")]
    [InlineData("C:\\new", "var p = \"C:\\\\new\";")]
    [InlineData("NaN", "var p = double.NaN;")]
    [InlineData("[1, 2.5]", "var p = new[] { 1, 2.5 };")]
    [InlineData("[\"a\"]", "var p = new[] { \"a\" };")]
    [InlineData("[true, false]", "var p = new[] { true, false };")]
    [InlineData("[1, \"a\"]", "var p = \"[1, \\\"a\\\"]\";")]
    [InlineData("[a]", "var p = \"[a]\";")]
    public void Values_without_a_declaration_are_read_as_what_they_look_like(string value, string line)
    {
        var document = Of("p");
        NotebookParameters.Inject(document, new Dictionary<string, string> { ["p"] = value });
        Assert.Equal("// Parameters\n" + line, document.Cells[0].Source);
    }

    [Fact]
    public async Task Lists_and_types_without_literals_take_parameters_too()
    {
        var document = Of("DateTime when = default; int[] sizes = [1]; List<string> names = []; decimal price = 1m;", "$\"{when:yyyy} {sizes.Sum()} {names[0]} {price}\"");
        document.Cells[0].Metadata["tags"] = new JsonArray("parameters");
        var values = new Dictionary<string, string> { ["when"] = "2024-05-01", ["sizes"] = "[2, 3]", ["names"] = "[\"a\\\"b\"]", ["price"] = "0.10" };
        NotebookRunResult result = await _runner.RunAsync(document, new NotebookRunOptions { Parameters = values });
        Assert.True(result.Succeeded, result.Failure?.ToString());
        Assert.Equal("2024 5 a\"b 0.10", ((ResultOutput)document.Cells[2].Outputs[0]).Data["text/plain"]);
    }

    [Fact]
    public void A_parameter_that_a_cell_declares_anew_is_warned_of()
    {
        IReadOnlyList<string> warnings = NotebookParameters.Inject(Of("var steps = 3;"), new Dictionary<string, string> { ["steps"] = "7", ["other"] = "1" });
        Assert.Contains("'steps' has no effect", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters_that_cannot_be_are_refused()
    {
        var document = Of("int epochs = 3;");
        document.Cells[0].Metadata["tags"] = new JsonArray("parameters");
        Assert.Throws<ArgumentException>(() => NotebookParameters.Inject(document, new Dictionary<string, string> { ["a; Evil()"] = "1" }));
        var error = Assert.Throws<ArgumentException>(() => NotebookParameters.Inject(document, new Dictionary<string, string> { ["epochs"] = "many" }));
        Assert.Contains("declares it as int", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("byte", "300")]
    [InlineData("decimal", "abc")]
    [InlineData("float", "1e300")]
    [InlineData("char", "ab")]
    [InlineData("uint?", "-1")]
    [InlineData("int?", "many")]
    [InlineData("Guid", "null")]
    public void Values_that_do_not_fit_the_declared_type_are_refused(string type, string value)
    {
        var document = Of($"{type} p = default;");
        document.Cells[0].Metadata["tags"] = new JsonArray("parameters");
        var error = Assert.Throws<ArgumentException>(() => NotebookParameters.Inject(document, new Dictionary<string, string> { ["p"] = value }));
        Assert.Contains($"declares it as {type}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("char", "'", "'\\''")]
    [InlineData("float[]", "[0.5, 1]", "[0.5f, 1f]")]
    [InlineData("List<float?>", "[1e3]", "[1e3f]")]
    [InlineData("IReadOnlyList<decimal>", "[0.1]", "[0.1m]")]
    [InlineData("double[]", "[0.5]", "[0.5]")]
    [InlineData("string[]", "[]", "[]")]
    public async Task Values_of_a_declared_type_are_written_as_C_sharp_takes_them(string type, string value, string written)
    {
        var document = Of($"{type} p = default;");
        document.Cells[0].Metadata["tags"] = new JsonArray("parameters");
        Assert.True((await _runner.RunAsync(document, new NotebookRunOptions { Parameters = new Dictionary<string, string> { ["p"] = value } })).Succeeded);
        Assert.Equal($"// Parameters\n{type} p = {written};", document.Cells[1].Source);
    }

    [Theory]
    [InlineData("decimal?")]
    [InlineData("int?")]
    public void Null_is_a_value_of_types_that_have_it(string type)
    {
        var document = Of($"{type} p = 1;");
        document.Cells[0].Metadata["tags"] = new JsonArray("parameters");
        NotebookParameters.Inject(document, new Dictionary<string, string> { ["p"] = "null" });
        Assert.Equal($"// Parameters\n{type} p = null;", document.Cells[1].Source);
    }

    [Fact]
    public async Task A_later_cell_updates_what_an_earlier_one_shows()
    {
        var document = Of("var shown = Display(\"old\");", "shown.Update(\"new\");");
        await _runner.RunAsync(document);
        Assert.Equal("new", Assert.IsType<DisplayOutput>(document.Cells[0].Outputs[0]).Data["text/plain"]);
        Assert.Empty(document.Cells[1].Outputs);
    }

    [Fact]
    public async Task A_cell_in_another_language_is_an_error_in_words()
    {
        var result = await _runner.RunAsync(NotebookDocument.ParseDib("#!python\nx = 1\n"));
        Assert.Contains("'python'", result.Failure!.Error.Message, StringComparison.Ordinal);
    }

    private static NotebookDocument Of(params string[] sources)
    {
        var document = NotebookDocument.Create();
        foreach (var source in sources)
            document.Insert(document.Cells.Count, CellKind.Code, source);
        return document;
    }
}
