using System.Text.RegularExpressions;
using NotebookPersist.Notebooks;
using NotebookPersist.Notebooks.Magics;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>Says which directive or magic a line that begins with <c>#</c> was meant to be.</summary>
internal static partial class DirectiveHint
{
    private static readonly string[] Directives =
        ["r", "load", "i", "if", "elif", "else", "endif", "define", "undef", "region", "endregion", "nullable", "pragma", "line", "error", "warning"];

    /// <summary>A sentence on a line that is no directive; null where it resembles none.</summary>
    public static string? Of(string line)
    {
        if (Directive().Match(line) is not { Success: true } match)
            return null;
        var name = match.Groups["name"].Value;
        if (name == "i")
            return "Sources of packages are named as in '#i \"nuget: https://…\"', in the cell of the '#r \"nuget: …\"' that needs them.";
        var lower = name.ToLowerInvariant();
        if (Magic.All.Any(m => m.Name == "#!" + lower))
            return $"Did you mean the magic '#!{lower}'?";
        return (Directives.Contains(lower) ? [lower] : NearNames.Of(lower, Directives, 1)) is [var near] ? $"Did you mean '#{near}'?" : null;
    }

    [GeneratedRegex(@"^\s*#\s*(?<name>\w+)", RegexOptions.CultureInvariant)]
    private static partial Regex Directive();
}
