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
