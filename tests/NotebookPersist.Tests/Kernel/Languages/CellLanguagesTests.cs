using NotebookPersist.Kernel.Languages;
using NotebookPersist.Kernel.Scripting;
using NotebookPersist.Notebooks;
using Xunit;

namespace NotebookPersist.Tests.Kernel.Languages;

public sealed class CellLanguagesTests
{
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
