using System.Globalization;
using System.Text;

namespace NotebookPersist.Formats.Text;

/// <summary>Names from files as a terminal can show them: a name can hold any bytes, also those that steer a terminal.</summary>
/// <remarks>Thread safety: pure functions.</remarks>
public static class PlainNames
{
    private const char FirstByte = '\uDC80';
    private const char LastByte = '\uDCFF';

    /// <summary>The name with control characters, and bytes that are not UTF-8, written as <c>\xNN</c>, and others that no text holds as <c>\uNNNN</c>.</summary>
    public static string Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!name.Any(static c => char.IsControl(c) || char.IsSurrogate(c) || IsInvisible(c)))
            return name;
        var text = new StringBuilder();
        for (int i = 0; i < name.Length; i++)
        {
            char c = name[i];
            if (char.IsHighSurrogate(c) && i + 1 < name.Length && char.IsLowSurrogate(name[i + 1]))
                text.Append(c).Append(name[++i]);
            else if (c is >= FirstByte and <= LastByte)
                text.Append(CultureInfo.InvariantCulture, $"\\x{c - FirstByte + 0x80:x2}");
            else if (c < 0x100 && char.IsControl(c))
                text.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}");
            else if (char.IsSurrogate(c) || IsInvisible(c))
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                text.Append(c);
        }

        return text.ToString();
    }

    /// <summary>A message of several lines, each as <see cref="Of"/> shows it; ends of lines and tabs stay.</summary>
    public static string OfLines(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(static line => string.Join('\t', line.Split('\t').Select(Of))));
    }

    // Marks that turn the direction of what follows, and line ends of other scripts.
    private static bool IsInvisible(char c) => c is (>= '\u200B' and <= '\u200F') or (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\uFEFF';
}
