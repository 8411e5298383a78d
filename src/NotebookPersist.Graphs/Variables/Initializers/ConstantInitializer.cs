namespace NotebookPersist;

/// <summary>Given values: one for all elements, or one for each.</summary>
/// <param name="value">A plain value; a single number fills any shape.</param>
/// <remarks>Source: TensorFlow's <c>tf.constant_initializer</c>.</remarks>
public sealed class ConstantInitializer(Operand value) : IInitializer
{
    /// <inheritdoc/>
    public Output Build(Graph graph, Shape shape, DType dtype) => graph.Constant(value, dtype, shape);

    /// <summary>The shape of the variable: the one asked for, else that of the values.</summary>
    internal Shape? ShapeFor(Shape? asked) => asked ?? value.Value?.Shape;
}
