namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The value of the first case whose predicate is true.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="cases">Predicates with what builds their value; all values are of one type.</param>
    /// <param name="defaultFn">Builds the value where no predicate is true; by default the last case's.</param>
    /// <param name="exclusive">True fails the run where more than one predicate is true.</param>
    /// <param name="name">Name scope; by default "case".</param>
    /// <exception cref="ArgumentException">There is no case.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.case</c>: a <c>Cond</c> inside of the other branch of a <c>Cond</c>.</remarks>
    public static Output Case(this Graph graph, IReadOnlyList<(Output Pred, Func<Output> Fn)> cases, Func<Output>? defaultFn = null, bool exclusive = false, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(cases);
        if (cases.Count == 0)
            throw new ArgumentException("There must be at least one case.", nameof(cases));
        using NameScope scope = graph.NameScope(name ?? "case");
        Output[] predicates = [.. cases.Select(static c => c.Pred)];
        IDisposable? checkedFirst = null;
        if (exclusive || defaultFn is null)
        {
            Output number = graph.ReduceSum(graph.Cast(graph.Stack([.. predicates.Select(static p => (Operand)p)]), DType.Int32, name: "num_true_conds"));
            var checks = new List<Operation>();
            if (exclusive)
                checks.Add(graph.Assert(graph.LessEqual(number, 1), ["More than one condition evaluated as True but exclusive=True."], name: "assert_exclusive"));
            if (defaultFn is null)
                checks.Add(graph.Assert(graph.GreaterEqual(number, 1), ["None of the conditions evaluated as True and there is no default."], name: "assert_any"));
            checkedFirst = graph.ControlDependencies([.. checks]);
        }

        using (checkedFirst)
        {
            Func<Output> otherwise = defaultFn ?? cases[^1].Fn;
            for (int i = cases.Count - (defaultFn is null ? 2 : 1); i >= 0; i--)
            {
                (Output predicate, Func<Output> then) = cases[i];
                Func<Output> rest = otherwise;
                otherwise = () => graph.Cond(predicate, then, rest);
            }

            return graph.Identity(otherwise());
        }
    }
}
