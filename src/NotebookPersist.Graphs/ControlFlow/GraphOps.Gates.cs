namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The same values, each given only once all are computed.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="tensors">The values.</param>
    /// <param name="controlInputs">What must have run too.</param>
    /// <param name="name">Name scope.</param>
    /// <exception cref="ArgumentException">There is no value.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.tuple</c>.</remarks>
    public static IReadOnlyList<Output> Tuple(this Graph graph, IReadOnlyList<Output> tensors, IReadOnlyList<Operation>? controlInputs = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(tensors);
        if (tensors.Count == 0)
            throw new ArgumentException("Must have at least one tensor.", nameof(tensors));
        using NameScope scope = graph.NameScope(name ?? "tuple");
        Operation gate = graph.Group([.. tensors.Select(static t => t.Operation).Concat(controlInputs ?? []).Distinct()]);
        using (graph.ControlDependencies(gate))
            return [.. tensors.Select(t => graph.Identity(t))];
    }

    /// <summary>The names of variables that have no value yet.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="variables">Which to look at; by default all global and local ones.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>Shape: [n]. DType: string.</returns>
    /// <remarks>Source: TensorFlow's <c>tf.report_uninitialized_variables</c>.</remarks>
    public static Output ReportUninitializedVariables(this Graph graph, IReadOnlyList<Variable>? variables = null, string name = "report_uninitialized_variables")
    {
        ArgumentNullException.ThrowIfNull(graph);
        Variable[] all = [.. variables ?? [.. graph.GlobalVariables(), .. graph.LocalVariables()]];
        using NameScope scope = graph.NameScope(name);
        Output names = graph.Constant(Tensor.OfStrings([all.Length], [.. all.Select(static v => System.Text.Encoding.UTF8.GetBytes(v.OperationName))]));
        if (all.Length == 0)
            return names;
        Operand[] known = [.. all.Select(v => (Operand)graph.IsVariableInitialized(v))];
        return graph.BooleanMask(names, graph.LogicalNot(graph.Stack(known)));
    }

    /// <summary>Fails the run where two values are not within a tolerance of each other.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: floats.</param>
    /// <param name="y">Shape: broadcasts with that of <paramref name="x"/>.</param>
    /// <param name="rtol">The part of y that they may differ by; by default ten times the type's precision.</param>
    /// <param name="atol">What they may differ by besides; by default the same.</param>
    /// <param name="message">Begins the message.</param>
    /// <param name="summarize">Elements of each value in the message.</param>
    /// <param name="name">Name scope.</param>
    /// <remarks>Source: TensorFlow's <c>tf.assert_near</c>.</remarks>
    public static Operation AssertNear(this Graph graph, Operand x, Operand y, double? rtol = null, double? atol = null, string? message = null, int summarize = 3, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "assert_near");
        Output left = graph.Convert(x, name: "x");
        Output right = graph.Convert(y, left.DType, "y");
        double precision = 10 * PrecisionOf(left.DType);
        Output allowed = graph.Add(graph.Cast(atol ?? precision, right.DType), graph.Multiply(graph.Cast(rtol ?? precision, right.DType), graph.Abs(right)));
        Output isNear = graph.ReduceAll(graph.Less(graph.Abs(graph.Subtract(left, right)), allowed));
        return graph.Assert(isNear, [(message ?? "") + "x and y not equal to tolerance", left, right], summarize);
    }

    /// <summary>Fails where a value has fewer dimensions: at once where the rank is known, else in the run.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">Any value.</param>
    /// <param name="rank">How many there must be at least.</param>
    /// <param name="message">Begins the message.</param>
    /// <param name="name">Name scope.</param>
    /// <exception cref="ArgumentException">The rank is known, and less.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.assert_rank_at_least</c>.</remarks>
    public static Operation AssertRankAtLeast(this Graph graph, Operand x, int rank, string? message = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "assert_rank_at_least");
        Output value = graph.Convert(x, name: "x");
        if (value.Shape.HasRank)
            return value.Shape.Rank >= rank ? graph.NoOp("static_checks_determined_all_ok") : throw new ArgumentException($"{message}Tensor {value.Name} must have rank at least {rank}, received shape {value.Shape}.", nameof(x));
        return graph.Assert(graph.GreaterEqual(graph.Rank(value), rank), [$"{message}Tensor {value.Name} must have rank at least", rank, "Received shape: ", graph.Shape(value)]);
    }

    /// <summary>Checks at once that a value is a scalar.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="ArgumentException">It is none, or its shape is not known.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.assert_scalar</c>.</remarks>
    public static Output AssertScalar(this Graph graph, Operand tensor, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "assert_scalar");
        Output value = graph.Convert(tensor);
        return value.Shape is { HasRank: true, Rank: 0 } ? value : throw new ArgumentException($"Expected scalar shape for {value.Name}, saw shape: {value.Shape}.", nameof(tensor));
    }

    /// <summary>Checks at once that a value has integers.</summary>
    /// <exception cref="ArgumentException">It has not.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.assert_integer</c>.</remarks>
    public static Operation AssertInteger(this Graph graph, Operand x, string? message = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "assert_integer");
        Output value = graph.Convert(x, name: "x");
        return value.DType.IsInteger() ? graph.NoOp("statically_determined_was_integer") : throw new ArgumentException($"{message}Expected \"x\" to be integer type.  Found: {value.DType.Name()}.", nameof(x));
    }

    /// <summary>Checks at once that a value has elements of a type.</summary>
    /// <exception cref="ArgumentException">It has not.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.assert_type</c>.</remarks>
    public static Operation AssertType(this Graph graph, Output tensor, DType dtype, string? message = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(tensor);
        using NameScope scope = graph.NameScope(name ?? "assert_type");
        return tensor.DType == dtype ? graph.NoOp("statically_determined_correct_type") : throw new ArgumentException($"{message}{tensor.Name} must be of type {dtype.Name()}, but is {tensor.DType.Name()}.", nameof(tensor));
    }

    // From 1 to the next larger number.
    private static double PrecisionOf(DType type) => type switch
    {
        DType.Float64 => 2.220446049250313e-16,
        DType.Float16 => 9.765625e-4,
        DType.BFloat16 => 7.8125e-3,
        _ => 1.1920928955078125e-7,
    };
}
