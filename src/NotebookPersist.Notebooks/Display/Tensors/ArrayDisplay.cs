using NotebookPersist.Notebooks.Tables;

namespace NotebookPersist.Notebooks.Tensors;

/// <summary>.NET arrays: of numbers, of any rank, as tensors; of anything else as a table of their values, or of what these hold.</summary>
internal sealed class ArrayDisplay : Display<Array>
{
    private readonly TensorDisplay _tensors = new();

    protected override string Text(Array value) => IsNumeric(value) ? _tensors.RenderText(Tensor.From(value)) : Table(value).ToString();

    protected override string? Html(Array value) => IsNumeric(value) ? _tensors.RenderHtml(Tensor.From(value)) : Table(value).ToBundle().Html;

    private static bool IsNumeric(Array value)
    {
        Type element = value.GetType().GetElementType()!; // An array has one.
        // byte[] counts as numbers here; string[] reads better as a table.
        return element != typeof(string) && !element.IsArray && DTypes.TryOf(element, out _) && IsZeroBased(value);
    }

    private static TableView Table(Array value) =>
        ItemTable.Of(value, value.GetType().GetElementType()!, _ => value.Length == 0 ? $"{TypeOf(value)}: empty" : TypeOf(value)); // An array has an element type.

    private static string TypeOf(Array value) => $"{value.GetType().GetElementType()!.Name}[{string.Join(", ", Enumerable.Range(0, value.Rank).Select(value.GetLength))}]";

    private static bool IsZeroBased(Array value) => Enumerable.Range(0, value.Rank).All(d => value.GetLowerBound(d) == 0);
}
