namespace NotebookPersist;

/// <summary>What Python calls by another name than the graph's own members.</summary>
public static partial class tf
{
    /// <inheritdoc cref="GraphOps.Conjugate(Graph, Output, string)"/>
    public static Output Conj(Output x, string? name = null) => Graph.Conjugate(x, name);

    /// <inheritdoc cref="GraphOps.DivideNoNan(Graph, Operand, Operand, string)"/>
    public static Output DivNoNan(Operand x, Operand y, string? name = null) => Graph.DivideNoNan(x, y, name);

    /// <inheritdoc cref="GraphOps.FloorDivide(Graph, Operand, Operand, string)"/>
    public static Output FloorDiv(Operand x, Operand y, string? name = null) => Graph.FloorDivide(x, y, name);

    /// <inheritdoc cref="GraphOps.Imaginary(Graph, Output, string)"/>
    public static Output Imag(Output input, string? name = null) => Graph.Imaginary(input, name);

    /// <inheritdoc cref="GraphOps.SetDifference(Graph, Operand, Operand, DType, string)"/>
    public static (Output Values, Output Indices) Setdiff1D(Operand x, Operand y, DType indexDtype = DType.Int32, string? name = null) => Graph.SetDifference(x, y, indexDtype, name);

    /// <summary>The value as float64.</summary>
    public static Output ToDouble(Operand x, string name = "ToDouble") => Graph.Cast(x, DType.Float64, name);

    /// <summary>The value as float32.</summary>
    public static Output ToFloat(Operand x, string name = "ToFloat") => Graph.Cast(x, DType.Float32, name);

    /// <summary>The value as int32.</summary>
    public static Output ToInt32(Operand x, string name = "ToInt32") => Graph.Cast(x, DType.Int32, name);

    /// <summary>The value as int64.</summary>
    public static Output ToInt64(Operand x, string name = "ToInt64") => Graph.Cast(x, DType.Int64, name);

    /// <inheritdoc cref="GraphOps.Divide(Graph, Operand, Operand, string)"/>
    public static Output TrueDiv(Operand x, Operand y, string? name = null) => Graph.Divide(x, y, name);

    // With the parameters that layers give their activation, so that each can be named as one: C# does not leave others out there.
    public static partial class Nn
    {
        /// <inheritdoc cref="GraphOps.Crelu(Graph, Operand, int, string)"/>
        public static Output Crelu(Operand features, string? name) => Graph.Crelu(features, name: name);

        /// <inheritdoc cref="GraphOps.LeakyRelu(Graph, Operand, float, string)"/>
        public static Output LeakyRelu(Operand features, string? name) => Graph.LeakyRelu(features, name: name);

        /// <inheritdoc cref="GraphOps.LogSoftmax(Graph, Operand, int, string)"/>
        public static Output LogSoftmax(Operand logits, string? name) => Graph.LogSoftmax(logits, name: name);

        /// <inheritdoc cref="GraphOps.Softmax(Graph, Operand, int, string)"/>
        public static Output Softmax(Operand logits, string? name) => Graph.Softmax(logits, name: name);

        /// <inheritdoc cref="GraphOps.LRN(Graph, Operand, int, float, float, float, string)"/>
        public static Output LocalResponseNormalization(Operand input, int depthRadius = 5, double bias = 1, double alpha = 1, double beta = 0.5, string? name = null) =>
            Graph.LRN(input, depthRadius, (float)bias, (float)alpha, (float)beta, name);
    }
}
