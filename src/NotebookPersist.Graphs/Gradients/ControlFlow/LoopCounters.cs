using NotebookPersist.Graphs.ControlFlow;

namespace NotebookPersist.Graphs.Gradients.ControlFlow;

/// <summary>Counters that gradients add to loops: how many iterations there were, how many are still to go back, and sums over them.</summary>
/// <remarks>Source: TensorFlow's WhileContext; names of nodes as there.</remarks>
internal static class LoopCounters
{
    /// <summary>Has a loop count its iterations.</summary>
    /// <returns>Their number after the loop, and the number of the next one within it.</returns>
    public static (Output Total, Output Index) AddForward(WhileContext loop, LoopGradient? outer)
    {
        Graph graph = loop.Graph;
        Output zero = graph.Constant(0, name: "f_count");
        // What one run of an inner loop saves comes before what the next run saves.
        if (outer is not null)
            graph.AddControlInput(zero.Operation, outer.ForwardIndex.Operation.Inputs[0].Operation);
        loop.Enter();
        try
        {
            loop.AddName(zero);
            Output enter = Entered(loop, zero, "f_count");
            Output merge = graph.Merge([enter, enter])[0];
            Operation decided = graph.Switch(merge, loop.Pivot!); // The loop was finished before anybody asked for its gradient.
            Output index = graph.NextIteration(graph.Add(decided[1], 1));
            graph.ReplaceInput(merge.Operation, 1, index);
            return (Left(loop, decided[0], "f_count"), index);
        }
        finally
        {
            loop.Exit();
        }
    }

    /// <summary>Has the gradient's loop run as often as the forward one.</summary>
    /// <returns>The number of iterations still to go, for the next one.</returns>
    public static Output AddBackward(WhileContext loop, Output count, LoopGradient? outer)
    {
        Graph graph = loop.Graph;
        Output one = graph.Constant(1, name: "b_count");
        loop.Enter();
        try
        {
            loop.AddName(count);
            Output enter = Entered(loop, count, "b_count");
            Output merge = graph.Merge([enter, enter])[0];
            loop.PivotForPredicate = merge;
            loop.Pivot = graph.LoopCond(graph.GreaterEqual(merge, one), "b_count");
            Operation decided = graph.Switch(merge, loop.Pivot);
            Output index = graph.Subtract(decided[1], one);
            loop.PivotForBody = index;
            Output next = graph.NextIteration(index);
            graph.ReplaceInput(merge.Operation, 1, next);
            Output exit = Left(loop, decided[0], "b_count");
            if (outer is not null)
                graph.AddControlInput(outer.BackwardSync, exit.Operation);
            return next;
        }
        finally
        {
            loop.Exit();
        }
    }

    /// <summary>Sums the gradient of a value that all iterations share.</summary>
    public static Output AddSum(WhileContext loop, Operation enter, Output gradient)
    {
        Graph graph = loop.Graph;
        Output zeros = Zeros(loop, enter.Inputs[0], gradient);
        loop.AddName(zeros);
        Output entered = Entered(loop, zeros, "b_acc");
        Output merge = graph.Merge([entered, entered], "b_acc")[0];
        Operation decided = graph.Switch(merge, loop.Pivot!); // Set with the loop's counter.
        Output next = graph.NextIteration(graph.Add(decided[1], gradient));
        graph.ReplaceInput(merge.Operation, 1, next);
        return Left(loop, decided[0], "b_acc");
    }

    private static Output Zeros(WhileContext loop, Output value, Output gradient)
    {
        Graph graph = loop.Graph;
        LoopGradient state = loop.Gradient!; // Only a gradient's loop sums gradients.
        if (gradient.Shape.IsFullyKnown)
            return state.Outside(() => graph.Constant(Tensor.Zeros(gradient.DType, gradient.Shape), name: "b_acc"));
        if (state.Outer is null)
            return state.Outside(() => graph.Zeros(ShapeOf(value), gradient.DType));

        // In a nested loop the shape is that of this run of the inner loop.
        WhileContext forward = state.Forward;
        forward.Outer!.Enter();
        Output shape = ShapeOf(value);
        forward.Outer.Exit();
        return state.Outside(() =>
        {
            Output history = state.Outer.Accumulate(shape);
            return graph.Zeros(state.Outer.TakeBack(history, shape), gradient.DType);
        });
    }

    private static Output ShapeOf(Output value) => value.DType == DType.Resource ? value.Graph.Add<VariableShapeOp>(null, value) : value.Graph.Add<ShapeOp>(null, value);

    private static Output Entered(WhileContext loop, Output value, string name)
    {
        Output enter = loop.EnterValue(value, isConstant: false, name);
        loop.Enters.Add(enter);
        return enter;
    }

    private static Output Left(WhileContext loop, Output value, string name)
    {
        Output exit = loop.Graph.Exit(value, name);
        loop.Exits.Add(exit);
        loop.ExitResult([exit]);
        return exit;
    }
}
