using NotebookPersist.Graphs.ControlFlow;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist.Graphs.Gradients.ControlFlow;

/// <summary>Gradients of the operations that branches and loops are made of.</summary>
/// <remarks>Source: TensorFlow's control_flow_grad.py; names of nodes as there.</remarks>
internal static class ControlFlowGradients
{
    public static Output?[] Switch(GradientContext g)
    {
        Graph graph = g.Graph;
        switch (g.Operation.Context)
        {
            case WhileContext:
                return [OfLoop(g), null];
            case CondContext:
                return [graph.Merge([g.Dy(0), g.Dy(1)], "cond_grad")[0], null];
            default:
                Output whereFalse = graph.Switch(g.Dy(0), g.X(1))[0];
                Output whereTrue = graph.Switch(g.Dy(1), g.X(1))[1];
                return [graph.Merge([whereFalse, whereTrue])[0], null];
        }
    }

    public static Output?[] Merge(GradientContext g)
    {
        Graph graph = g.Graph;
        var gradients = new Output?[g.InputCount];
        WhileContext? here = graph.ControlFlow?.Loop;
        switch (ControlFlowContext.OutputContext(g.X(0).Operation))
        {
            case WhileContext when here is { Pivot: { } pivot }:
                return ControlFlowContext.Switched(graph, g.Dy(0), pivot);
            case WhileContext:
                throw new GraphException($"Failed to call gradients on the loop of node '{g.Operation.Name}' from within another loop.", g.Operation.Name, g.Operation.Type);
            case CondContext branch:
                return ControlFlowContext.Switched(graph, g.Dy(0), here?.Gradient is { } loop ? PredicateOf(loop, branch) : branch.Predicate, "cond_grad");
            default:
                for (int i = 0; i < gradients.Length; i++)
                    gradients[i] = ControlFlowContext.Switched(graph, g.Dy(0), graph.Equal(g.Y(1), i))[1];
                return gradients;
        }
    }

    public static Output?[] Exit(GradientContext g)
    {
        if (g.Graph.ControlFlow?.Loop is not { Gradient: not null } backward)
            throw new GraphException($"Failed to call gradients on the loop of node '{g.Operation.Name}': how it was built is not known. Loops of imported graphs are not differentiated.", g.Operation.Name, g.Operation.Type);
        if (!backward.BackProp)
            return [null];
        if (g.Operation.Context is WhileContext { Gradient: not null })
            throw new GraphException($"Second-order gradient for while loops not supported: node '{g.Operation.Name}'.", g.Operation.Name, g.Operation.Type);
        backward.AddName(g.Dy(0));
        Output enter = backward.EnterValue(g.Dy(0), isConstant: false, "b_exit");
        backward.Enters.Add(enter);
        return [enter];
    }

    public static Output?[] NextIteration(GradientContext g) => [g.Dy(0)];

    public static Output?[] Enter(GradientContext g)
    {
        if (g.Graph.ControlFlow?.Loop is not { Gradient: not null, BackProp: true } backward)
            return [g.Dy(0)];
        if (g.Attributes.Bool("is_constant"))
            return [LoopCounters.AddSum(backward, g.Operation, g.Dy(0))];
        Output exit = g.Graph.Exit(g.Dy(0));
        backward.Exits.Add(exit);
        backward.ExitResult([exit]);
        return [exit];
    }

    // A loop's Switch is visited twice: from the Exit first, later from the body.
    private static Output? OfLoop(GradientContext g)
    {
        LoopGradient loop = g.Graph.ControlFlow?.Loop?.Gradient
            ?? throw new GraphException($"Failed to call gradients on the loop of node '{g.Operation.Name}' from within the loop.", g.Operation.Name, g.Operation.Type);
        if (loop.Merges.TryGetValue(g.Operation, out Output? merge))
        {
            if (g.HasDy(1))
                WhileContext.Close(merge, g.Dy(1));
            return null;
        }

        if (!g.HasDy(0))
            return null;
        merge = g.Graph.Merge([g.Dy(0), g.Dy(0)], "b_switch")[0];
        loop.Merges.Add(g.Operation, merge);
        return merge;
    }

    // The conditional's predicate of each iteration, saved by the forward loop.
    private static Output PredicateOf(LoopGradient loop, CondContext branch)
    {
        if (loop.Predicate(branch.Predicate) is { } known)
            return known;
        Output history = loop.Accumulate(branch.Predicate);
        Output predicate = loop.TakeBack(history, branch.Predicate);
        loop.Remember(branch.Predicate, predicate);
        return predicate;
    }
}
