namespace NotebookPersist;

/// <summary>Element type and shape.</summary>
/// <param name="DType">Element type.</param>
/// <param name="Shape">Shape, as far as it is known.</param>
public sealed record TensorSpec(DType DType, Shape Shape)
{
    /// <inheritdoc/>
    public override string ToString() => $"{DType.Name()} {Shape}";
}
