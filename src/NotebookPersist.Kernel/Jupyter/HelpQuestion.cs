using System.Text.RegularExpressions;

namespace NotebookPersist.Kernel.Jupyter;

/// <summary>A cell that asks what something is: <c>Console.WriteLine?</c>, <c>#!save?</c>.</summary>
internal static partial class HelpQuestion
{
    /// <summary>What a cell asks about; null where it is an ordinary cell.</summary>
    public static string? NameIn(string code) => Question().Match(code) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex(@"^\s*((?:#!)?[\w.]+)\?{1,2}\s*$")]
    private static partial Regex Question();
}
