namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The Euclidean norm of several values taken together.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="values">Floats; nulls are left out. Of those with <see cref="Output.Slices"/> the rows are taken as they are, not summed.</param>
    /// <param name="name">Name scope.</param>
    /// <exception cref="ArgumentException">There is no value.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.global_norm</c>.</remarks>
    public static Output GlobalNorm(this Graph graph, IReadOnlyList<Output?> values, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(values);
        Output[] present = [.. values.OfType<Output>()];
        if (present.Length == 0)
            throw new ArgumentException("A norm needs at least one value.", nameof(values));
        using (graph.NameScope(name ?? "global_norm"))
        {
            var halves = new Operand[present.Length];
            for (int i = 0; i < halves.Length; i++)
            {
                Output value = present[i].Slices?.Values ?? present[i];
                using (graph.ColocateWith(value.Operation))
                    halves[i] = graph.AddOperation("L2Loss", null, null, value)[0];
            }

            Output stacked = graph.AddOperation("Pack", "stack", null, halves)[0];
            Output axes = graph.Constant(Tensor.Of<int>([1], [0]), name: "Const");
            Output half = graph.AddOperation("Sum", null, null, stacked, axes)[0];
            Output two = graph.Constant(2.0, half.DType);
            return graph.AddOperation("Sqrt", "global_norm", null, graph.Multiply(half, two, "mul"))[0];
        }
    }

    /// <summary>Scales several values down so that their common norm is at most a given one.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="values">Gradients as a rule; nulls stay nulls. Of those with <see cref="Output.Slices"/> the rows are scaled.</param>
    /// <param name="clipNorm">The largest norm. Shape: [].</param>
    /// <param name="useNorm">Their norm, if it is already computed.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>The scaled values, NaN where the norm is not finite, and the norm before scaling.</returns>
    /// <remarks>Source: TensorFlow's <c>tf.clip_by_global_norm</c>.</remarks>
    public static (Output?[] Values, Output Norm) ClipByGlobalNorm(
        this Graph graph,
        IReadOnlyList<Output?> values,
        Operand clipNorm,
        Output? useNorm = null,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(values);
        Output norm = useNorm ?? graph.GlobalNorm(values, name);
        using NameScope scope = graph.NameScope(name ?? "clip_by_global_norm");
        Output shrink = graph.Divide(1.0, norm, "truediv");
        Output one = graph.Constant(1.0, norm.DType);
        Output limit = graph.Divide(one, clipNorm, "truediv");
        Output least = graph.AddOperation("Minimum", null, null, shrink, limit)[0];
        Output finiteScale = graph.Multiply(clipNorm, least, "mul");
        Output isFinite = graph.AddOperation("IsFinite", null, null, norm)[0];
        Output notANumber = graph.Constant(double.NaN, norm.DType);
        Output scale = graph.AddOperation("Select", null, null, isFinite, finiteScale, notANumber)[0];
        var clipped = new Output?[values.Count];
        for (int i = 0; i < clipped.Length; i++)
        {
            if (values[i] is not { } value)
                continue;
            Output unclipped = value.Slices?.Values ?? value;
            using (graph.ColocateWith(unclipped.Operation))
                clipped[i] = graph.Identity(graph.Multiply(unclipped, scale, "mul"), $"{scope.Name}_{i}");
            if (value.Slices is { } slices)
                clipped[i] = slices.With(clipped[i]!).ToDense(); // It was set just before.
        }

        return (clipped, norm);
    }

    /// <summary>Moves every element into a range.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="value">Real numbers.</param>
    /// <param name="minimum">Smallest result; broadcast.</param>
    /// <param name="maximum">Largest result; broadcast.</param>
    /// <param name="name">Name scope, and name of the last node.</param>
    /// <remarks>Source: TensorFlow's <c>tf.clip_by_value</c>.</remarks>
    public static Output ClipByValue(this Graph graph, Operand value, Operand minimum, Operand maximum, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "clip_by_value");
        IndexedSlices? slices = value.Output?.Slices;
        Output values = graph.Convert(slices?.Values ?? value, name: "t");
        Output below = graph.AddOperation("Minimum", null, null, values, maximum)[0];
        Output clipped = graph.AddOperation("Maximum", scope.Name, null, below, minimum)[0];
        return slices is null ? clipped : slices.With(clipped).ToDense();
    }
}
