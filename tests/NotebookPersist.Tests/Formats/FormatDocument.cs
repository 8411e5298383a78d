using System.Globalization;

namespace NotebookPersist.Tests.Formats;

/// <summary>Reads the worked examples of the FORMAT.md files, so that they cannot go stale.</summary>
internal static class FormatDocument
{
    public static string Path(string folder) => System.IO.Path.Combine(RepositoryFiles.Root, "src", "NotebookPersist.Formats", folder, "FORMAT.md");

    /// <summary>The bytes of the block fenced as <c>hex</c>, or of the one named: after <c>|</c> a line is prose.</summary>
    public static byte[] HexExample(IEnumerable<string> lines, string fence = "```hex")
        => [.. lines.SkipWhile(line => line != fence).Skip(1).TakeWhile(static line => line != "```")
            .SelectMany(static line => line.Split('|')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(static word => byte.Parse(word, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
}
