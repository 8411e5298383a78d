namespace NotebookPersist;

// Names that older programs use, and second names of TensorFlow's own.
public static partial class tf
{
    /// <inheritdoc cref="GlobalVariables(string)"/>
    /// <remarks>The old name of <c>tf.global_variables</c>.</remarks>
    public static IReadOnlyList<Variable> AllVariables() => GlobalVariables();

    /// <inheritdoc cref="GlobalVariablesInitializer(string)"/>
    /// <remarks>The old name of <c>tf.global_variables_initializer</c>.</remarks>
    public static Operation InitializeAllVariables() => GlobalVariablesInitializer();

    /// <inheritdoc cref="LocalVariablesInitializer(string)"/>
    /// <remarks>The old name of <c>tf.local_variables_initializer</c>.</remarks>
    public static Operation InitializeLocalVariables() => LocalVariablesInitializer();

    /// <inheritdoc cref="GraphOps.RealDivide(Graph, Operand, Operand, string)"/>
    public static Output RealDiv(Operand x, Operand y, string? name = null) => Graph.RealDivide(x, y, name);

    /// <inheritdoc cref="GraphOps.TruncateDivide(Graph, Operand, Operand, string)"/>
    public static Output TruncateDiv(Operand x, Operand y, string? name = null) => Graph.TruncateDivide(x, y, name);

    /// <inheritdoc cref="GraphOps.TensorScatterAdd(Graph, Operand, Operand, Operand, string)"/>
    public static Output TensorScatterNdAdd(Operand tensor, Operand indices, Operand updates, string? name = null) => Graph.TensorScatterAdd(tensor, indices, updates, name);

    /// <inheritdoc cref="GraphOps.TensorScatterSub(Graph, Operand, Operand, Operand, string)"/>
    public static Output TensorScatterNdSub(Operand tensor, Operand indices, Operand updates, string? name = null) => Graph.TensorScatterSub(tensor, indices, updates, name);

    /// <inheritdoc cref="GraphOps.TensorScatterUpdate(Graph, Operand, Operand, Operand, string)"/>
    public static Output TensorScatterNdUpdate(Operand tensor, Operand indices, Operand updates, string? name = null) => Graph.TensorScatterUpdate(tensor, indices, updates, name);

    /// <summary>The value as bfloat16.</summary>
    public static Output ToBFloat16(Operand x, string name = "ToBFloat16") => Graph.Cast(x, DType.BFloat16, name);

    /// <summary>The value as complex64.</summary>
    public static Output ToComplex64(Operand x, string name = "ToComplex64") => Graph.Cast(x, DType.Complex64, name);

    /// <summary>The value as complex128.</summary>
    public static Output ToComplex128(Operand x, string name = "ToComplex128") => Graph.Cast(x, DType.Complex128, name);

    /// <summary>The eigenvalues of each self-adjoint matrix, ascending.</summary>
    /// <param name="tensor">Shape: [..., n, n]; only the lower triangle is read.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: [..., n].</returns>
    public static Output SelfAdjointEigvals(Operand tensor, string? name = null) => Graph.SelfAdjointEig(tensor, computeVectors: false, name).Values;
}
