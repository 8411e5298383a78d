using NotebookPersist.Graphs.ControlFlow;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>One of two values, of which only the one that is asked for is computed.</summary>
    /// <inheritdoc cref="Cond(Graph, Output, Func{IReadOnlyList{Output}}, Func{IReadOnlyList{Output}}, string)"/>
    public static Output Cond(this Graph graph, Output pred, Func<Output> trueFn, Func<Output> falseFn, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(trueFn);
        ArgumentNullException.ThrowIfNull(falseFn);
        return graph.Cond(pred, () => [trueFn()], () => [falseFn()], name)[0];
    }

    /// <summary>The values of one of two branches; only the operations made in the branch taken run.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="pred">Which branch is taken. Shape: scalar. DType: bool.</param>
    /// <param name="trueFn">Builds what is computed where <paramref name="pred"/> is true.</param>
    /// <param name="falseFn">Builds what is computed where it is false; as many values, of the same types.</param>
    /// <param name="name">Name scope; by default "cond".</param>
    /// <returns>One value for each that a branch gives.</returns>
    /// <exception cref="GraphException">The branches give different numbers or types of values.</exception>
    /// <remarks>What was built outside of the branches runs whichever is taken. Source: TensorFlow's <c>tf.cond</c> (Switch and Merge); the gradient goes through the branch taken.</remarks>
    public static IReadOnlyList<Output> Cond(this Graph graph, Output pred, Func<IReadOnlyList<Output>> trueFn, Func<IReadOnlyList<Output>> falseFn, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(pred);
        ArgumentNullException.ThrowIfNull(trueFn);
        ArgumentNullException.ThrowIfNull(falseFn);
        using NameScope scope = graph.NameScope(name ?? "cond");
        Operation decided = graph.Switch(pred, pred);
        Output whereTrue = graph.Identity(decided[1], "switch_t");
        Output whereFalse = graph.Identity(decided[0], "switch_f");
        Output predicate = graph.Identity(pred, "pred_id");
        var taken = new CondContext(graph, predicate, whereTrue, 1);
        Output[] ofTrue = Branch(taken, trueFn);
        var other = new CondContext(graph, predicate, whereFalse, 0);
        Output[] ofFalse = Branch(other, falseFn);
        if (ofTrue.Length != ofFalse.Length)
            throw new GraphException($"true_fn and false_fn of '{scope.Name}' must give as many values; they give {ofTrue.Length} and {ofFalse.Length}.", scope.Name, "Merge");
        var merged = new Output[ofTrue.Length];
        for (int i = 0; i < merged.Length; i++)
        {
            if (ofTrue[i].DType != ofFalse[i].DType)
                throw new GraphException($"Outputs of true_fn and false_fn of '{scope.Name}' must have the same type; value {i} is of {ofTrue[i].DType.Name()} and {ofFalse[i].DType.Name()}.", scope.Name, "Merge");
            merged[i] = graph.Merge([ofFalse[i], ofTrue[i]])[0];
        }

        if (taken.Outer is null)
        {
            graph.AddToCollection(GraphKeys.CondContext, taken);
            graph.AddToCollection(GraphKeys.CondContext, other);
        }

        return merged;
    }

    /// <summary>Runs the operation of one of two branches.</summary>
    /// <returns>A value that is there once the branch has run.</returns>
    /// <inheritdoc cref="Cond(Graph, Output, Func{IReadOnlyList{Output}}, Func{IReadOnlyList{Output}}, string)"/>
    public static Output Cond(this Graph graph, Output pred, Func<Operation> trueFn, Func<Operation> falseFn, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(trueFn);
        ArgumentNullException.ThrowIfNull(falseFn);
        return graph.Cond(pred, () => Done(graph, trueFn), () => Done(graph, falseFn), name);
    }

    // The branch's pivot stands for an operation, which has no value.
    private static Output Done(Graph graph, Func<Operation> build)
    {
        Operation operation = build();
        var branch = (CondContext)graph.ControlFlow!; // Called by Cond within a branch.
        using (graph.ControlDependencies(operation))
            return graph.Identity(branch.Pivot, "control_dependency");
    }

    private static Output[] Branch(CondContext context, Func<IReadOnlyList<Output>> build)
    {
        context.Enter();
        try
        {
            Output[] results = [.. build().Select(context.Result)];
            context.ExitResult(results);
            return results;
        }
        finally
        {
            context.Exit();
        }
    }
}
