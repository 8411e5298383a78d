using System.Globalization;
using System.Text;

namespace NotebookPersist.Kernel.Documents;

/// <summary>Mends JSON that tools write although it is no text: half of a pair that stands for one character, where an output was cut off in the middle.</summary>
internal static class JsonRepair
{
    private const string Replacement = "\\ufffd";
    private const int EscapeLength = 6;

    /// <summary>The JSON with U+FFFD in the place of every such half; the same object where there is none.</summary>
    public static string LoneSurrogates(string json)
    {
        StringBuilder? mended = null;
        var copied = 0;
        for (var i = json.IndexOf('\\', StringComparison.Ordinal); i >= 0; i = json.IndexOf('\\', i))
        {
            if (UnitAt(json, i) is not { } unit || !char.IsSurrogate(unit))
            {
                i += 2; // Whatever is escaped, it is no beginning of another escape.
            }
            else if (char.IsHighSurrogate(unit) && UnitAt(json, i + EscapeLength) is { } second && char.IsLowSurrogate(second))
            {
                i += 2 * EscapeLength;
            }
            else
            {
                mended ??= new StringBuilder(json.Length);
                mended.Append(json, copied, i - copied).Append(Replacement);
                copied = i += EscapeLength;
            }

            if (i >= json.Length)
                break;
        }

        return mended is null ? json : mended.Append(json, copied, json.Length - copied).ToString();
    }

    private static char? UnitAt(string json, int i) =>
        i + EscapeLength <= json.Length && json[i] == '\\' && json[i + 1] == 'u' && ushort.TryParse(json.AsSpan(i + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit
            : null;
}
