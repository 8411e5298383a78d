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
        List<(Output Pred, Func<Output> Fn)> tried = [.. cases];
        Func<Output> otherwise = defaultFn ?? LastOf(graph, tried);
        for (int i = tried.Count - 1; i >= 0; i--)
        {
            (Output predicate, Func<Output> then) = tried[i];
            Func<Output> rest = otherwise;
            otherwise = () => graph.Cond(predicate, then, rest);
        }

        if (!exclusive || tried.Count == 0)
            return otherwise();
        using (graph.ControlDependencies(AtMost(graph, tried, 1, "Input error: exclusive=True")))
            return otherwise();
    }

    // Without a default the last case is one, and says where it was reached by mistake.
    private static Func<Output> LastOf(Graph graph, List<(Output Pred, Func<Output> Fn)> tried)
    {
        Output[] all = [.. tried.Select(static c => c.Pred)];
        (Output predicate, Func<Output> last) = tried[^1];
        tried.RemoveAt(tried.Count - 1);
        return () =>
        {
            Operation others = AtMost(graph, tried, 0, $"Implementation error: selected default action #{tried.Count} was called, but some of other predicates are True: ");
            Operation own = graph.Assert(predicate, ["Input error: None of conditions evaluated as True:", Together(graph, all)]);
            using (graph.ControlDependencies(others, own))
                return graph.Identity(last());
        };
    }

    private static Operation AtMost(Graph graph, IReadOnlyList<(Output Pred, Func<Output> Fn)> cases, int most, string message)
    {
        if (cases.Count == 0)
            return graph.NoOp();
        Output predicates = Together(graph, [.. cases.Select(static c => c.Pred)]);
        Output number = graph.ReduceSum(graph.Cast(predicates, DType.Int32), name: "num_true_conds");
        Output few = graph.LessEqual(number, graph.Constant(most, name: "n_true_conds"));
        string names = string.Join(", ", cases.Select(static c => c.Pred.Name));
        return graph.Assert(few, [$"{message}: more than {most} conditions ({names}) evaluated as True:", predicates], summarize: cases.Count);
    }

    private static Output Together(Graph graph, Output[] predicates) => graph.Stack([.. predicates.Select(static p => (Operand)p)], name: "preds_c");
}
