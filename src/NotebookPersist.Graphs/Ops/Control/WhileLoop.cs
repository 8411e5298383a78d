using NotebookPersist.Graphs.ControlFlow;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Repeats a computation on one value while a condition holds.</summary>
    /// <inheritdoc cref="WhileLoop(Graph, Func{IReadOnlyList{LoopVariable}, Output}, Func{IReadOnlyList{LoopVariable}, IReadOnlyList{LoopVariable}}, IReadOnlyList{LoopVariable}, IReadOnlyList{Shape}, int, bool, bool, Operand, string)"/>
    public static Output WhileLoop(this Graph graph, Func<Output, Output> cond, Func<Output, Output> body, Operand loopVar, Shape? shapeInvariant = null, int parallelIterations = 10, bool backProp = true, bool swapMemory = false, Operand maximumIterations = default, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(cond);
        ArgumentNullException.ThrowIfNull(body);
        return graph.WhileLoop(v => cond(v[0]), v => [body(v[0])], [loopVar], shapeInvariant is null ? null : [shapeInvariant], parallelIterations, backProp, swapMemory, maximumIterations, name)[0];
    }

    /// <summary>Repeats a computation of two variables while a condition holds.</summary>
    /// <inheritdoc cref="WhileLoop(Graph, Func{IReadOnlyList{LoopVariable}, Output}, Func{IReadOnlyList{LoopVariable}, IReadOnlyList{LoopVariable}}, IReadOnlyList{LoopVariable}, IReadOnlyList{Shape}, int, bool, bool, Operand, string)"/>
    public static (Output First, Output Second) WhileLoop(
        this Graph graph,
        Func<Output, Output, Output> cond,
        Func<Output, Output, (Output First, Output Second)> body,
        (Operand First, Operand Second) loopVars,
        IReadOnlyList<Shape>? shapeInvariants = null,
        int parallelIterations = 10,
        bool backProp = true,
        bool swapMemory = false,
        Operand maximumIterations = default,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(cond);
        ArgumentNullException.ThrowIfNull(body);
        IReadOnlyList<LoopVariable> results = graph.WhileLoop(v => cond(v[0], v[1]), Next, [loopVars.First, loopVars.Second], shapeInvariants, parallelIterations, backProp, swapMemory, maximumIterations, name);
        return (results[0], results[1]);

        IReadOnlyList<LoopVariable> Next(IReadOnlyList<LoopVariable> v)
        {
            (Output first, Output second) = body(v[0], v[1]);
            return [first, second];
        }
    }

    /// <summary>Repeats a computation of three variables while a condition holds.</summary>
    /// <inheritdoc cref="WhileLoop(Graph, Func{IReadOnlyList{LoopVariable}, Output}, Func{IReadOnlyList{LoopVariable}, IReadOnlyList{LoopVariable}}, IReadOnlyList{LoopVariable}, IReadOnlyList{Shape}, int, bool, bool, Operand, string)"/>
    public static (Output First, Output Second, Output Third) WhileLoop(
        this Graph graph,
        Func<Output, Output, Output, Output> cond,
        Func<Output, Output, Output, (Output First, Output Second, Output Third)> body,
        (Operand First, Operand Second, Operand Third) loopVars,
        IReadOnlyList<Shape>? shapeInvariants = null,
        int parallelIterations = 10,
        bool backProp = true,
        bool swapMemory = false,
        Operand maximumIterations = default,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(cond);
        ArgumentNullException.ThrowIfNull(body);
        IReadOnlyList<LoopVariable> results = graph.WhileLoop(
            v => cond(v[0], v[1], v[2]), Next, [loopVars.First, loopVars.Second, loopVars.Third], shapeInvariants, parallelIterations, backProp, swapMemory, maximumIterations, name);
        return (results[0], results[1], results[2]);

        IReadOnlyList<LoopVariable> Next(IReadOnlyList<LoopVariable> v)
        {
            (Output first, Output second, Output third) = body(v[0], v[1], v[2]);
            return [first, second, third];
        }
    }

    /// <summary>Repeats a computation while a condition holds.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="cond">Builds the condition from the variables. Shape: scalar. DType: bool.</param>
    /// <param name="body">Builds the variables' next values, in the same order and of the same types.</param>
    /// <param name="loopVars">The values that the loop begins with.</param>
    /// <param name="shapeInvariants">What is known of the variables' shapes in every iteration; by default their shapes at the beginning, which must not change.</param>
    /// <param name="parallelIterations">Kept for TensorFlow; iterations run one after the other here.</param>
    /// <param name="backProp">Whether gradients go through the loop.</param>
    /// <param name="swapMemory">Kept for TensorFlow.</param>
    /// <param name="maximumIterations">The loop ends after so many iterations at the latest; by default only by its condition.</param>
    /// <param name="name">Name scope; by default "while".</param>
    /// <returns>The variables after the last iteration.</returns>
    /// <exception cref="GraphException">The body gives another number of values, other types, or shapes that do not fit.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.while_loop</c> (Enter, Merge, Switch, NextIteration, Exit); gradients save what they need on stacks.</remarks>
    public static IReadOnlyList<LoopVariable> WhileLoop(
        this Graph graph,
        Func<IReadOnlyList<LoopVariable>, Output> cond,
        Func<IReadOnlyList<LoopVariable>, IReadOnlyList<LoopVariable>> body,
        IReadOnlyList<LoopVariable> loopVars,
        IReadOnlyList<Shape>? shapeInvariants = null,
        int parallelIterations = 10,
        bool backProp = true,
        bool swapMemory = false,
        Operand maximumIterations = default,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(cond);
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(loopVars);
        if (loopVars.Count == 0)
            throw new ArgumentException("No loop variables provided", nameof(loopVars));
        ArgumentOutOfRangeException.ThrowIfLessThan(parallelIterations, 1);
        using NameScope scope = graph.NameScope(name ?? "while");
        if (maximumIterations.IsMissing)
            return new LoopBuilder(graph, parallelIterations, backProp, swapMemory, null).Build(cond, body, loopVars, shapeInvariants);

        Output most = graph.ToOutput(maximumIterations, "maximum_iterations");
        Output counter = graph.Constant(0, most.DType, name: "iteration_counter");
        return [.. new LoopBuilder(graph, parallelIterations, backProp, swapMemory, most).Build(
            v => graph.LogicalAnd(graph.Less((Output)v[0], most), cond([.. v.Skip(1)])),
            v => [graph.Add((Output)v[0], 1), .. body([.. v.Skip(1)])],
            [counter, .. loopVars],
            shapeInvariants is null ? null : [NotebookPersist.Shape.Scalar, .. shapeInvariants]).Skip(1)];
    }
}
