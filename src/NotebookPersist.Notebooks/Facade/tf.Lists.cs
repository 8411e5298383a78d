namespace NotebookPersist;

// Lists that code has gathered, such as a collection or a List<Output>.
public static partial class tf
{
    /// <inheritdoc cref="GraphOps.AddN(Graph, ReadOnlySpan{Operand}, string)"/>
    public static Output AddN(IEnumerable<object> inputs, string? name = null) => Graph.AddN(Operands(inputs), name);

    /// <inheritdoc cref="GraphOps.Concat(Graph, ReadOnlySpan{Operand}, Operand, string)"/>
    public static Output Concat(IEnumerable<object> values, Operand axis, string? name = null) => Graph.Concat(Operands(values), axis, name);

    /// <inheritdoc cref="GraphOps.Stack(Graph, ReadOnlySpan{Operand}, int, string)"/>
    public static Output Stack(IEnumerable<object> values, int axis = 0, string? name = null) => Graph.Stack(Operands(values), axis, name);

    /// <inheritdoc cref="GraphOps.Gradients(Graph, Output, ReadOnlySpan{Variable})"/>
    public static Output?[] Gradients(Output y, IReadOnlyList<Variable> xs) => Graph.Gradients(y, [.. xs]);

    /// <inheritdoc cref="GraphOps.Gradients(Graph, Output, ReadOnlySpan{Output})"/>
    public static Output?[] Gradients(Output y, IReadOnlyList<Output> xs) => Graph.Gradients(y, [.. xs]);

    /// <inheritdoc cref="GraphOps.IsVariableInitialized(Graph, Variable, string)"/>
    public static Output IsVariableInitialized(Variable variable, string? name = null) => Graph.IsVariableInitialized(variable, name);

    /// <summary>A shape, as parameters take it without this name too: <c>[null, 784]</c>; null for one of which nothing is known.</summary>
    public static Shape TensorShape(Shape? dims) => dims ?? NotebookPersist.Shape.Unknown;

    private static Operand[] Operands(IEnumerable<object> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return [.. values.Select(static v => v switch
        {
            Output output => (Operand)output,
            Variable variable => variable,
            Operand operand => operand,
            Tensor tensor => tensor,
            _ => throw new ArgumentException($"A {v?.GetType().Name ?? "null"} is no value of a graph: give outputs, variables and tensors.", nameof(values)),
        })];
    }
}
