using System.Text.RegularExpressions;

namespace NotebookPersist.Kernel.Documents;

/// <summary>Text written for a terminal, as it reads in the end.</summary>
internal static partial class TerminalText
{
    /// <summary>Takes out colours and other escape sequences, and of a line that was overwritten by carriage returns keeps the last state.</summary>
    public static string Plain(string text)
    {
        var plain = Escape().Replace(text, "").Replace("\r\n", "\n", StringComparison.Ordinal);
        if (!plain.Contains('\r', StringComparison.Ordinal))
            return plain;
        return string.Join('\n', plain.Split('\n').Select(l => l.TrimEnd('\r')).Select(l => l[(l.LastIndexOf('\r') + 1)..]));
    }

    [GeneratedRegex(@"\x1B(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1B]*(\x07|\x1B\\)|[@-Z\\^_])")]
    private static partial Regex Escape();
}
