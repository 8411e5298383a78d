using NotebookPersist.Kernel.Languages;
using NotebookPersist.Kernel.Scripting;
using NotebookPersist.Notebooks;
using Xunit;

namespace NotebookPersist.Tests.Kernel.Languages;

public sealed class CellLanguagesTests
{
    [Theory]
    [InlineData("#!fsharp", Completeness.Incomplete)]
    [InlineData("#!f#\nlet x =", Completeness.Incomplete)]
    [InlineData("#!fsharp\nlet x = 1\n", Completeness.Complete)]
    [InlineData("#!fsharp -h", Completeness.Complete)]
    [InlineData("#!markdown\n# Title", Completeness.Incomplete)]
    public void Code_of_another_language_goes_on_until_an_empty_line(string code, Completeness expected) =>
        Assert.Equal(expected, ScriptEngine.CheckComplete(code));

    [Theory]
    [InlineData("#!fsharp\nlet x = 1", "fsharp")]
    [InlineData("int x = 1;\r\n#!f#\r\nlet y = 2", "fsharp")]
    [InlineData("var s = \"#!fsharp\";", null)]
    [InlineData("#!time\n1", null)]
    [InlineData("#!", null)]
    public void A_cell_on_its_way_tells_its_language(string code, string? language) => Assert.Equal(language, CellLanguages.NameIn(code));

    [Fact]
    public async Task A_language_is_loaded_once_and_whoever_stops_waiting_for_it_does_not_stop_it()
    {
        using var engine = new ScriptEngine();
        using var languages = new CellLanguages(engine.Context);
        Assert.Null(languages.Loaded("fsharp"));
        Task<ICellLanguage> begun = languages.Begin("fsharp");
        Assert.ThrowsAny<OperationCanceledException>(() => languages.Get("fsharp", new CancellationToken(true)));
        Assert.Same(await begun, languages["fsharp"]);
        Assert.Same(await begun, languages.Loaded("fsharp"));
        languages.Reset();
        Assert.Null(languages.Loaded("fsharp"));
    }

    [Fact]
    public void A_kernel_without_the_optional_part_says_what_is_missing()
    {
        using var folder = new TemporaryFolder();
        using var engine = new ScriptEngine();
        using var languages = new CellLanguages(engine.Context) { BaseDirectory = folder.Path };
        string message = Assert.Throws<MagicException>(() => languages["fsharp"]).Message;
        Assert.Contains("NotebookPersist.FSharp.dll", message, StringComparison.Ordinal);
        Assert.Contains(folder.Path, message, StringComparison.Ordinal);
        Assert.Null(languages.Loaded("fsharp"));

        Directory.CreateDirectory(Path.Combine(folder.Path, "fsharp"));
        File.WriteAllText(Path.Combine(folder.Path, "fsharp", "NotebookPersist.FSharp.dll"), "no assembly");
        Assert.Contains("incomplete", Assert.Throws<MagicException>(() => languages["fsharp"]).Message, StringComparison.Ordinal);
    }
}
