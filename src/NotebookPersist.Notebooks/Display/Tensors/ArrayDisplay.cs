using NotebookPersist.Notebooks.Html;

namespace NotebookPersist.Notebooks.Tensors;

/// <summary>.NET arrays: of numbers, of any rank, as tensors; of anything else as a table of their values.</summary>
internal sealed class ArrayDisplay : Display<Array>
{
    private const int Listed = 100;
    private const int LongestValue = 200;

    private readonly TensorDisplay _tensors = new();

    protected override string Text(Array value) => IsNumeric(value) ? _tensors.RenderText(Tensor.From(value)) : Table(value).ToString();

    protected override string? Html(Array value) => IsNumeric(value) ? _tensors.RenderHtml(Tensor.From(value)) : Table(value).ToBundle().Html;

    private static bool IsNumeric(Array value)
    {
        Type element = value.GetType().GetElementType()!; // An array has one.
        // byte[] counts as numbers here; string[] reads better as a table.
        return element != typeof(string) && !element.IsArray && DTypes.TryOf(element, out _) && IsZeroBased(value);
    }

    private static TableView Table(Array value)
    {
        var table = new TableView("", "Value") { Caption = value.Length == 0 ? $"{TypeOf(value)}: empty" : TypeOf(value), RowLimit = Listed };
        int index = 0;
        foreach (object? item in value)
        {
            // Rows that are not shown are counted only.
            table.Add(index, index < Listed ? Shown(item) : "");
            index++;
        }

        return table;
    }

    private static string Shown(object? item) => item switch
    {
        null => "null",
        string text => Figures.Shorten(text, LongestValue),
        _ when Displays.Find(item) is { } display => Figures.Shorten(display.RenderText(item), LongestValue),
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => Figures.Shorten(item.ToString() ?? "", LongestValue),
    };

    private static string TypeOf(Array value) => $"{value.GetType().GetElementType()!.Name}[{string.Join(", ", Enumerable.Range(0, value.Rank).Select(value.GetLength))}]";

    private static bool IsZeroBased(Array value) => Enumerable.Range(0, value.Rank).All(d => value.GetLowerBound(d) == 0);
}
