using NotebookPersist.Notebooks.Html;
using NotebookPersist.Notebooks.Tensors;

namespace NotebookPersist.Notebooks;

/// <summary>What stands in one cell of a <see cref="TableView"/>; plain values become cells by themselves.</summary>
/// <param name="Text">The cell as text.</param>
/// <param name="Tone">How it is meant; anything but plain is drawn as a badge.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record TableCell(string Text, CellTone Tone = CellTone.Plain)
{
    /// <summary>True for numbers, which are set flush right.</summary>
    public bool IsNumber { get; init; }

    /// <summary>True for names as programs write them, which are set in a fixed pitch.</summary>
    public bool IsName { get; init; }

    /// <summary>Histogram to draw instead of the text; null for none.</summary>
    internal int[]? Bins { get; init; }

    /// <summary>A name as programs write it.</summary>
    public static TableCell Name(string text) => new(text) { IsName = true };

    /// <summary>A count with thousands separated.</summary>
    public static TableCell Count(long value) => new(Figures.Count(value)) { IsNumber = true };

    /// <summary>A size with a binary unit.</summary>
    /// <param name="bytes">Unit: bytes.</param>
    public static TableCell Bytes(long bytes) => new(Figures.Bytes(bytes)) { IsNumber = true };

    /// <summary>The histogram of a tensor's values, as high as a line of text.</summary>
    public static TableCell Histogram(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var summary = new TensorSummary(tensor);
        return summary.Statistics is { } statistics && summary.HasSpread
            ? new TableCell(Sparkline.Text(statistics.Bins)) { Bins = statistics.Bins.ToArray() }
            : new TableCell(Figures.Shorten(summary.Content, 40), CellTone.Quiet);
    }

    /// <summary>The cell of a plain value: numbers flush right, null empty, everything else by its text.</summary>
    public static TableCell From(object? value) => value switch
    {
        null => new TableCell(""),
        TableCell cell => cell,
        string text => new TableCell(text),
        byte or sbyte or short or ushort or int or uint or long => Count(Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)),
        ulong or Int128 or UInt128 => new TableCell(((IFormattable)value).ToString("N0", System.Globalization.CultureInfo.InvariantCulture)) { IsNumber = true },
        float or double or Half or decimal => new TableCell(Figures.Short(Convert.ToDouble(value is Half half ? (double)half : value, System.Globalization.CultureInfo.InvariantCulture))) { IsNumber = true },
        bool flag => new TableCell(flag ? "yes" : "no"),
        DType type => Name(type.Name()),
        Shape shape => Name(shape.ToString()),
        IFormattable formattable => new TableCell(formattable.ToString(null, System.Globalization.CultureInfo.InvariantCulture)),
        _ => new TableCell(value.ToString() ?? ""),
    };
}
