namespace NotebookPersist.Notebooks.Tensors;

/// <summary>.NET arrays of numbers, of any rank, as tensors; other arrays are left to the notebook.</summary>
internal sealed class ArrayDisplay : Display<Array>
{
    private readonly TensorDisplay _tensors = new();

    protected override bool Accepts(Array value)
    {
        Type element = value.GetType().GetElementType()!;
        // byte[] counts as numbers here; string[] reads better as the notebook shows it.
        return element != typeof(string) && !element.IsArray && DTypes.TryOf(element, out _) && IsZeroBased(value);
    }

    protected override string Text(Array value) => _tensors.RenderText(Tensor.From(value));

    protected override string? Html(Array value) => _tensors.RenderHtml(Tensor.From(value));

    private static bool IsZeroBased(Array value) => Enumerable.Range(0, value.Rank).All(d => value.GetLowerBound(d) == 0);
}
