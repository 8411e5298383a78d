namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>An operation that fails the run unless x equals y, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">Any shape. DType: numbers, bool, string.</param>
    /// <param name="y">Shape: broadcasts with that of <paramref name="x"/>.</param>
    /// <param name="message">What the error begins with; null for nothing.</param>
    /// <param name="summarize">How many elements of each value the error shows.</param>
    /// <param name="name">Name scope.</param>
    /// <remarks>Source: TensorFlow's <c>tf.assert_equal</c>; constants are looked at in the run as well. What is to be guarded must depend on the operation.</remarks>
    public static Operation AssertEqual(this Graph graph, Operand x, Operand y, string? message = null, int summarize = 3, string? name = null) =>
        Check(graph, x, y, "==", static (g, a, b) => g.Equal(a, b), message, summarize, name ?? "assert_equal");

    /// <summary>An operation that fails the run where x equals y.</summary>
    /// <inheritdoc cref="AssertEqual"/>
    /// <remarks>Source: TensorFlow's <c>tf.assert_none_equal</c>.</remarks>
    public static Operation AssertNoneEqual(this Graph graph, Operand x, Operand y, string? message = null, int summarize = 3, string? name = null) =>
        Check(graph, x, y, "!=", static (g, a, b) => g.NotEqual(a, b), message, summarize, name ?? "assert_none_equal");

    /// <summary>An operation that fails the run unless x is less than y, element by element.</summary>
    /// <inheritdoc cref="AssertEqual"/>
    /// <remarks>Source: TensorFlow's <c>tf.assert_less</c>.</remarks>
    public static Operation AssertLess(this Graph graph, Operand x, Operand y, string? message = null, int summarize = 3, string? name = null) =>
        Check(graph, x, y, "<", static (g, a, b) => g.Less(a, b), message, summarize, name ?? "assert_less");

    /// <summary>An operation that fails the run unless x is at most y, element by element.</summary>
    /// <inheritdoc cref="AssertEqual"/>
    /// <remarks>Source: TensorFlow's <c>tf.assert_less_equal</c>.</remarks>
    public static Operation AssertLessEqual(this Graph graph, Operand x, Operand y, string? message = null, int summarize = 3, string? name = null) =>
        Check(graph, x, y, "<=", static (g, a, b) => g.LessEqual(a, b), message, summarize, name ?? "assert_less_equal");

    /// <summary>An operation that fails the run unless x is greater than y, element by element.</summary>
    /// <inheritdoc cref="AssertEqual"/>
    /// <remarks>Source: TensorFlow's <c>tf.assert_greater</c>.</remarks>
    public static Operation AssertGreater(this Graph graph, Operand x, Operand y, string? message = null, int summarize = 3, string? name = null) =>
        Check(graph, x, y, ">", static (g, a, b) => g.Greater(a, b), message, summarize, name ?? "assert_greater");

    /// <summary>An operation that fails the run unless x is at least y, element by element.</summary>
    /// <inheritdoc cref="AssertEqual"/>
    /// <remarks>Source: TensorFlow's <c>tf.assert_greater_equal</c>.</remarks>
    public static Operation AssertGreaterEqual(this Graph graph, Operand x, Operand y, string? message = null, int summarize = 3, string? name = null) =>
        Check(graph, x, y, ">=", static (g, a, b) => g.GreaterEqual(a, b), message, summarize, name ?? "assert_greater_equal");

    /// <summary>An operation that fails the run unless all elements are above 0.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">Any shape. DType: numbers.</param>
    /// <param name="message">What the error begins with; null for nothing.</param>
    /// <param name="summarize">How many elements the error shows.</param>
    /// <param name="name">Name scope.</param>
    /// <remarks>Source: TensorFlow's <c>tf.assert_positive</c>.</remarks>
    public static Operation AssertPositive(this Graph graph, Operand x, string? message = null, int summarize = 3, string? name = null) =>
        graph.AssertGreater(x, 0, message ?? "Condition x > 0 did not hold element-wise:", summarize, name ?? "assert_positive");

    /// <summary>An operation that fails the run unless all elements are below 0.</summary>
    /// <inheritdoc cref="AssertPositive"/>
    /// <remarks>Source: TensorFlow's <c>tf.assert_negative</c>.</remarks>
    public static Operation AssertNegative(this Graph graph, Operand x, string? message = null, int summarize = 3, string? name = null) =>
        graph.AssertLess(x, 0, message ?? "Condition x < 0 did not hold element-wise:", summarize, name ?? "assert_negative");

    /// <summary>An operation that fails the run unless all elements are 0 or above.</summary>
    /// <inheritdoc cref="AssertPositive"/>
    /// <remarks>Source: TensorFlow's <c>tf.assert_non_negative</c>.</remarks>
    public static Operation AssertNonNegative(this Graph graph, Operand x, string? message = null, int summarize = 3, string? name = null) =>
        graph.AssertGreaterEqual(x, 0, message ?? "Condition x >= 0 did not hold element-wise:", summarize, name ?? "assert_non_negative");

    /// <summary>An operation that fails the run unless all elements are 0 or below.</summary>
    /// <inheritdoc cref="AssertPositive"/>
    /// <remarks>Source: TensorFlow's <c>tf.assert_non_positive</c>.</remarks>
    public static Operation AssertNonPositive(this Graph graph, Operand x, string? message = null, int summarize = 3, string? name = null) =>
        graph.AssertLessEqual(x, 0, message ?? "Condition x <= 0 did not hold element-wise:", summarize, name ?? "assert_non_positive");

    /// <summary>An operation that fails the run unless x has a rank; where the rank is known already, it is looked at here.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">Any shape.</param>
    /// <param name="rank">The rank it must have.</param>
    /// <param name="message">What the error begins with; null for nothing.</param>
    /// <param name="name">Name scope.</param>
    /// <exception cref="ArgumentException">The rank is known, and is another one.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.assert_rank</c>.</remarks>
    public static Operation AssertRank(this Graph graph, Operand x, int rank, string? message = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "assert_rank");
        Output value = graph.Convert(x, name: "x");
        if (!value.Shape.HasRank)
            return graph.AssertEqual(graph.Rank(value), rank, message ?? $"Tensor {value.Name} must have rank {rank}.");
        return value.Shape.Rank == rank
            ? graph.NoOp("static_checks_determined_all_ok")
            : throw new ArgumentException($"{(message is null ? "" : message + " ")}Tensor {value.Name} must have rank {rank}. Received rank {value.Shape.Rank}, shape {value.Shape.ToPythonString()}.", nameof(x));
    }

    /// <summary>A value that fails the run where it holds infinity or what is no number.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">Any shape. DType: floats.</param>
    /// <param name="message">What the error says.</param>
    /// <param name="name">Node name.</param>
    /// <returns>The value itself.</returns>
    /// <remarks>Source: TensorFlow's <c>tf.verify_tensor_all_finite</c>.</remarks>
    public static Output VerifyTensorAllFinite(this Graph graph, Operand x, string message, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "VerifyFinite");
        Output value = graph.Convert(x, name: "x");
        Output check = graph.CheckNumerics(value, message);
        using (graph.ControlDependencies(check.Operation))
            return graph.Identity(value, "control_dependency");
    }

    private static Operation Check(
        Graph graph, Operand x, Operand y, string sign, Func<Graph, Output, Output, Output> compare, string? message, int summarize, string name)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name);

        // A literal takes the type of the other side.
        Output a = graph.Convert(x, x.IsLiteral ? y.OwnType : DType.Invalid, "x");
        Output b = graph.Convert(y, y.IsLiteral ? a.DType : DType.Invalid, "y");
        Operand[] told = [.. message is null ? (Operand[])[] : [message], $"Condition x {sign} y did not hold element-wise:", $"x ({a.Name}) = ", a, $"y ({b.Name}) = ", b];
        return graph.Assert(graph.ReduceAll(compare(graph, a, b), name: "All"), told, summarize);
    }
}
