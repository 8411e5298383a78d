namespace NotebookPersist.Notebooks.Tensors;

/// <summary>A shape as TensorFlow writes it: <c>(?, 784)</c>.</summary>
internal sealed class ShapeDisplay : Display<Shape>
{
    protected override string Text(Shape value) => value.ToPythonString();
}
