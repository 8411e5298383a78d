namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The symbolic value of an operand: itself, or a constant of a given name.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="operand">A symbolic or a plain value.</param>
    /// <param name="dtype">Element type; <see cref="DType.Invalid"/> for the operand's own.</param>
    /// <param name="name">Name of the constant, if one is made.</param>
    /// <exception cref="ArgumentException">A plain value does not fit the type, or a symbolic one has another.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.convert_to_tensor</c>.</remarks>
    public static Output Convert(this Graph graph, Operand operand, DType dtype = DType.Invalid, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (operand.Output is not { } output)
            return graph.Constant(operand, dtype, name: name);
        return dtype == DType.Invalid || output.DType == dtype
            ? output
            : throw new ArgumentException($"Tensor conversion requested dtype {dtype.Name()} for Tensor with dtype {output.DType.Name()}: '{output}'. Cast it first.", nameof(operand));
    }
}
