using System.Globalization;
using System.Text;
using NotebookPersist.Notebooks.Html;

namespace NotebookPersist.Notebooks.Magics;

/// <summary>What a magic did: a title and a few facts.</summary>
/// <param name="Title">What was done.</param>
/// <param name="Facts">Labels and values in order.</param>
/// <param name="Notes">Sentences that the user should read, such as how outputs were chosen.</param>
public sealed record MagicReport(string Title, IReadOnlyList<KeyValuePair<string, string>> Facts, IReadOnlyList<string> Notes)
{
    /// <summary>A number of bytes in words.</summary>
    public static string Bytes(long count) => Figures.Bytes(count);

    /// <summary>A span of time in seconds.</summary>
    public static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.000} s");

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder(Title);
        int width = Facts.Select(static f => f.Key.Length).DefaultIfEmpty(0).Max();
        foreach ((string label, string value) in Facts)
            text.Append("\n  ").Append(label.PadRight(width)).Append("  ").Append(value);
        foreach (string note in Notes)
            text.Append('\n').Append(note);
        return text.ToString();
    }
}
