using NotebookPersist.Kernel.Documents;
using NotebookPersist.Kernel.Scripting;
using NotebookPersist.Notebooks.Magics;
using Xunit;

namespace NotebookPersist.Tests.Kernel.Documents;

/// <summary>What ends a run from outside, and cells that it cannot run.</summary>
public sealed class RunLimitTests : IDisposable
{
    private readonly ScriptEngine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public async Task A_cell_over_its_own_time_limit_fails_and_the_run_goes_on_where_errors_may_be()
    {
        await _engine.Ready;
        var document = Of("while (true) { }", "6 * 7");
        var result = await new NotebookRunner(new CellRunner(_engine)).RunAsync(
            document, new NotebookRunOptions { CellTimeout = TimeSpan.FromSeconds(8), ContinuesOnError = true });

        Assert.Equal((NotebookFailureCause.CellTimedOut, 1), (result.Failure!.Cause, result.Failure.CellNumber));
        Assert.Equal("The cell took longer than the allowed 8 s.", result.Failure.Error.Message);
        Assert.Equal("42", Assert.IsType<ResultOutput>(Assert.Single(document.Cells[1].Outputs)).Data["text/plain"]);
    }

    [Fact]
    public async Task A_run_over_its_memory_limit_is_ended_with_one_error_even_where_it_would_go_on_after_errors()
    {
        await _engine.Ready;
        var document = Of("var first = 1;", "while (true) { }", "first");
        long used = 100;
        var runner = new NotebookRunner(new CellRunner(_engine)) { MeasureMemory = () => Interlocked.Read(ref used) };
        var result = await runner.RunAsync(
            document,
            new NotebookRunOptions
            {
                MemoryLimit = 3 << 20,
                ContinuesOnError = true,
                Progress = p => Interlocked.Exchange(ref used, p.CellNumber == 2 ? 5 << 20 : 100),
            });

        var failure = Assert.Single(result.Failures);
        Assert.Equal((NotebookFailureCause.OutOfMemory, 2), (failure.Cause, failure.CellNumber));
        Assert.Contains("allowed 3 MiB of memory: the process used 5 MiB", failure.Error.Message, StringComparison.Ordinal);
        Assert.Empty(document.Cells[2].Outputs);
    }

    [Fact]
    public async Task Memory_that_a_collection_gives_back_ends_no_run()
    {
        long looks = 0;
        using var watch = new MemoryWatch(1000, () => Interlocked.Increment(ref looks) % 2 == 1 ? 2000 : 10);
        while (Interlocked.Read(ref looks) < 4)
            await Task.Delay(10);
        Assert.False(watch.Passed.IsCancellationRequested);
        Assert.Equal(0, watch.ByteCount);
    }

    [Fact]
    public async Task Cells_in_other_languages_are_left_out_on_request_with_a_warning()
    {
        var document = NotebookDocument.ParseDib("#!csharp\n\nvar a = 1;\n\n#!pwsh\n\nGet-Date\n\n#!csharp\n\na + 1\n");
        var runner = new NotebookRunner(new CellRunner(_engine));
        var refused = await runner.RunAsync(document);
        Assert.Contains("'pwsh'", refused.Failure!.Error.Message, StringComparison.Ordinal);
        Assert.Contains("--skip-languages", refused.Failure.Error.Message, StringComparison.Ordinal);

        var result = await runner.RunAsync(document, new NotebookRunOptions { SkipsOtherLanguages = true });
        Assert.True(result.Succeeded, result.Failure?.ToString());
        Assert.Equal("Cell 2 was left out: it is written in 'pwsh'.", Assert.Single(result.Warnings));
        Assert.Equal("2", Assert.IsType<ResultOutput>(Assert.Single(document.Cells[2].Outputs)).Data["text/plain"]);
    }

    [Theory]
    [InlineData("#!connect", "#r \"nuget:")]
    [InlineData("#!sql-adventure", "Sqlite")]
    [InlineData("#!pwsh", "Process")]
    [InlineData("#!sql", "Sqlite")]
    [InlineData("#!python", "C# and F#")]
    [InlineData("#!kernel-name", "Leave the line out")]
    public void Magics_of_dotnet_interactive_say_what_to_use_instead(string name, string advice)
    {
        Assert.DoesNotContain(Magic.All, m => m.Name == name);
        Assert.Contains(advice, ForeignMagics.AdviceFor(name), StringComparison.Ordinal);
    }

    private static NotebookDocument Of(params string[] sources)
    {
        var document = NotebookDocument.Create();
        foreach (var source in sources)
            document.Insert(document.Cells.Count, CellKind.Code, source);
        return document;
    }
}
