namespace NotebookPersist;

public static partial class tf
{
    /// <inheritdoc cref="GraphOps.Cond(Graph, Output, Func{Output}, Func{Output}, string)"/>
    public static Output Cond(Output pred, Func<Output> trueFn, Func<Output> falseFn, string? name = null) => Graph.Cond(pred, trueFn, falseFn, name);

    /// <inheritdoc cref="GraphOps.Cond(Graph, Output, Func{IReadOnlyList{Output}}, Func{IReadOnlyList{Output}}, string)"/>
    public static IReadOnlyList<Output> Cond(Output pred, Func<IReadOnlyList<Output>> trueFn, Func<IReadOnlyList<Output>> falseFn, string? name = null) =>
        Graph.Cond(pred, trueFn, falseFn, name);

    /// <inheritdoc cref="GraphOps.Cond(Graph, Output, Func{Operation}, Func{Operation}, string)"/>
    public static Output Cond(Output pred, Func<Operation> trueFn, Func<Operation> falseFn, string? name = null) => Graph.Cond(pred, trueFn, falseFn, name);

    /// <inheritdoc cref="GraphOps.Case(Graph, IReadOnlyList{ValueTuple{Output, Func{Output}}}, Func{Output}, bool, string)"/>
    public static Output Case(IReadOnlyList<(Output Pred, Func<Output> Fn)> predFnPairs, Func<Output>? @default = null, bool exclusive = false, string? name = null) =>
        Graph.Case(predFnPairs, @default, exclusive, name);

    /// <inheritdoc cref="GraphOps.WhileLoop(Graph, Func{Output, Output}, Func{Output, Output}, Operand, Shape, int, bool, bool, Operand, string)"/>
    public static Output WhileLoop(Func<Output, Output> cond, Func<Output, Output> body, Operand loopVar, Shape? shapeInvariant = null, int parallelIterations = 10, bool backProp = true, bool swapMemory = false, Operand maximumIterations = default, string? name = null) =>
        Graph.WhileLoop(cond, body, loopVar, shapeInvariant, parallelIterations, backProp, swapMemory, maximumIterations, name);

    /// <inheritdoc cref="GraphOps.WhileLoop(Graph, Func{Output, Output, Output}, Func{Output, Output, ValueTuple{Output, Output}}, ValueTuple{Operand, Operand}, IReadOnlyList{Shape}, int, bool, bool, Operand, string)"/>
    public static (Output First, Output Second) WhileLoop(
        Func<Output, Output, Output> cond,
        Func<Output, Output, (Output First, Output Second)> body,
        (Operand First, Operand Second) loopVars,
        IReadOnlyList<Shape>? shapeInvariants = null,
        int parallelIterations = 10,
        bool backProp = true,
        bool swapMemory = false,
        Operand maximumIterations = default,
        string? name = null) => Graph.WhileLoop(cond, body, loopVars, shapeInvariants, parallelIterations, backProp, swapMemory, maximumIterations, name);

    /// <inheritdoc cref="GraphOps.WhileLoop(Graph, Func{Output, Output, Output, Output}, Func{Output, Output, Output, ValueTuple{Output, Output, Output}}, ValueTuple{Operand, Operand, Operand}, IReadOnlyList{Shape}, int, bool, bool, Operand, string)"/>
    public static (Output First, Output Second, Output Third) WhileLoop(
        Func<Output, Output, Output, Output> cond,
        Func<Output, Output, Output, (Output First, Output Second, Output Third)> body,
        (Operand First, Operand Second, Operand Third) loopVars,
        IReadOnlyList<Shape>? shapeInvariants = null,
        int parallelIterations = 10,
        bool backProp = true,
        bool swapMemory = false,
        Operand maximumIterations = default,
        string? name = null) => Graph.WhileLoop(cond, body, loopVars, shapeInvariants, parallelIterations, backProp, swapMemory, maximumIterations, name);

    /// <inheritdoc cref="GraphOps.WhileLoop(Graph, Func{IReadOnlyList{LoopVariable}, Output}, Func{IReadOnlyList{LoopVariable}, IReadOnlyList{LoopVariable}}, IReadOnlyList{LoopVariable}, IReadOnlyList{Shape}, int, bool, bool, Operand, string)"/>
    public static IReadOnlyList<LoopVariable> WhileLoop(
        Func<IReadOnlyList<LoopVariable>, Output> cond,
        Func<IReadOnlyList<LoopVariable>, IReadOnlyList<LoopVariable>> body,
        IReadOnlyList<LoopVariable> loopVars,
        IReadOnlyList<Shape>? shapeInvariants = null,
        int parallelIterations = 10,
        bool backProp = true,
        bool swapMemory = false,
        Operand maximumIterations = default,
        string? name = null) => Graph.WhileLoop(cond, body, loopVars, shapeInvariants, parallelIterations, backProp, swapMemory, maximumIterations, name);

    /// <summary>An array that a run writes once each, by index, and reads back.</summary>
    /// <inheritdoc cref="NotebookPersist.TensorArray(Graph, DType, Operand, bool, bool, Shape, bool, string, string)"/>
    public static TensorArray TensorArray(DType dtype, Operand size, bool dynamicSize = false, bool clearAfterRead = true, Shape? elementShape = null, bool inferShape = true, string? name = null) =>
        new(Graph, dtype, size, dynamicSize, clearAfterRead, elementShape, inferShape, name);
}
