namespace NotebookPersist.Persistence;

/// <summary>Words of command lines that are pasted into cells and shells.</summary>
internal static class CommandWords
{
    /// <summary>A word in quotes, as both take it.</summary>
    /// <remarks>Shells change what stands in double quotes; single quotes keep everything but themselves.</remarks>
    public static string Quoted(string word) => word.AsSpan().ContainsAny("\\$`\"!") && !word.Contains('\'', StringComparison.Ordinal)
        ? $"'{word}'"
        : $"\"{word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
