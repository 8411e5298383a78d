using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NotebookPersist.Kernel.Documents;
using NotebookPersist.Kernel.Languages;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>Whether text typed so far is a whole cell.</summary>
public enum Completeness
{
    /// <summary>The text can be run.</summary>
    Complete,

    /// <summary>More lines are needed: a bracket, string or comment is still open.</summary>
    Incomplete,

    /// <summary>No further line can make the text valid.</summary>
    Invalid,
}

/// <summary>Decides whether a console should run what was typed or ask for another line.</summary>
internal static class CompletenessCheck
{
    // Roslyn takes an open raw string literal for a complete submission; these two errors tell it apart.
    private static readonly string[] OpenRawString = ["CS8997", "CS9000"];

    // A string that ended with its line, or a word where no expression can begin with it, stays wrong whatever follows. Where the text ends there is no word.
    private static bool IsFinal(Diagnostic error) => error.Id == "CS1010" || (error.Id == "CS1525" && !error.GetMessage(System.Globalization.CultureInfo.InvariantCulture).Contains("''", StringComparison.Ordinal));

    public static Completeness Of(string code)
    {
        // Lines that are the text of a magic end with an empty one: what they mean is for others to say.
        var lines = code.ReplaceLineEndings("\n").Split('\n');
        if (lines[0].Trim() is var head && CellSplitter.NameOf(head) is { } name && !head.Contains(' ', StringComparison.Ordinal)
            && (NotebookLanguages.Shown.Contains(name[2..]) || CellLanguages.Names.Contains(name[2..])))
        {
            return lines.Length > 1 && string.IsNullOrWhiteSpace(lines[^1]) ? Completeness.Complete : Completeness.Incomplete;
        }

        var text = CellSplitter.WithoutMagics(code);
        var tree = CSharpSyntaxTree.ParseText(text, ScriptEngine.ParseOptions);
        var errors = tree.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).ToList();
        if (!SyntaxFactory.IsCompleteSubmission(tree))
            return errors.Exists(IsFinal) ? Completeness.Invalid : Completeness.Incomplete;
        if (errors.Exists(e => OpenRawString.Contains(e.Id)))
            return Completeness.Incomplete;
        return errors.Count == 0 ? Completeness.Complete : Completeness.Invalid;
    }
}
