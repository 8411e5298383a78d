using System.Runtime.CompilerServices;

namespace NotebookPersist;

// Loops and functions of several values, as Python writes them with lists and tuples.
public static partial class tf
{
    /// <summary>Repeats a computation of one variable, given in a list, while a condition holds.</summary>
    /// <inheritdoc cref="GraphOps.WhileLoop(Graph, Func{Output, Output}, Func{Output, Output}, Operand, Shape, int, bool, bool, Operand, string)"/>
    [OverloadResolutionPriority(1)]
    public static Output WhileLoop(
        Func<Output, Output> cond,
        Func<Output, Output> body,
        ReadOnlySpan<Operand> loopVars,
        IReadOnlyList<Shape>? shapeInvariants = null,
        int parallelIterations = 10,
        bool backProp = true,
        bool swapMemory = false,
        Operand maximumIterations = default,
        string? name = null)
    {
        Operand variable = loopVars.Length == 1 ? loopVars[0] : Operand.Create(loopVars);
        return Graph.WhileLoop(cond, body, variable, shapeInvariants is [Shape only, ..] ? only : null, parallelIterations, backProp, swapMemory, maximumIterations, name);
    }

    /// <summary>Repeats a computation of a variable and an array while a condition holds.</summary>
    /// <inheritdoc cref="GraphOps.WhileLoop(Graph, Func{IReadOnlyList{LoopVariable}, Output}, Func{IReadOnlyList{LoopVariable}, IReadOnlyList{LoopVariable}}, IReadOnlyList{LoopVariable}, IReadOnlyList{Shape}, int, bool, bool, Operand, string)"/>
    public static (Output First, TensorArray Second) WhileLoop(
        Func<Output, TensorArray, Output> cond,
        Func<Output, TensorArray, (Output First, TensorArray Second)> body,
        (Operand First, TensorArray Second) loopVars,
        IReadOnlyList<Shape>? shapeInvariants = null,
        int parallelIterations = 10,
        bool backProp = true,
        bool swapMemory = false,
        Operand maximumIterations = default,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(cond);
        ArgumentNullException.ThrowIfNull(body);
        IReadOnlyList<LoopVariable> results = Graph.WhileLoop(
            v => cond(v[0], v[1]), Next, [loopVars.First, loopVars.Second], shapeInvariants, parallelIterations, backProp, swapMemory, maximumIterations, name);
        return (results[0], results[1]);

        IReadOnlyList<LoopVariable> Next(IReadOnlyList<LoopVariable> v)
        {
            (Output first, TensorArray second) = body(v[0], v[1]);
            return [first, second];
        }
    }

    /// <summary>Repeats a computation of two variables and an array while a condition holds.</summary>
    /// <inheritdoc cref="GraphOps.WhileLoop(Graph, Func{IReadOnlyList{LoopVariable}, Output}, Func{IReadOnlyList{LoopVariable}, IReadOnlyList{LoopVariable}}, IReadOnlyList{LoopVariable}, IReadOnlyList{Shape}, int, bool, bool, Operand, string)"/>
    public static (Output First, Output Second, TensorArray Third) WhileLoop(
        Func<Output, Output, TensorArray, Output> cond,
        Func<Output, Output, TensorArray, (Output First, Output Second, TensorArray Third)> body,
        (Operand First, Operand Second, TensorArray Third) loopVars,
        IReadOnlyList<Shape>? shapeInvariants = null,
        int parallelIterations = 10,
        bool backProp = true,
        bool swapMemory = false,
        Operand maximumIterations = default,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(cond);
        ArgumentNullException.ThrowIfNull(body);
        IReadOnlyList<LoopVariable> results = Graph.WhileLoop(
            v => cond(v[0], v[1], v[2]), Next, [loopVars.First, loopVars.Second, loopVars.Third], shapeInvariants, parallelIterations, backProp, swapMemory, maximumIterations, name);
        return (results[0], results[1], results[2]);

        IReadOnlyList<LoopVariable> Next(IReadOnlyList<LoopVariable> v)
        {
            (Output first, Output second, TensorArray third) = body(v[0], v[1], v[2]);
            return [first, second, third];
        }
    }

    /// <summary>A function of each pair of rows.</summary>
    /// <inheritdoc cref="GraphOps.MapFn(Graph, Func{IReadOnlyList{Output}, IReadOnlyList{Output}}, IReadOnlyList{Operand}, IReadOnlyList{DType}, int, bool, bool, bool, string)"/>
    public static Output MapFn(
        Func<(Output First, Output Second), Output> fn, (Operand First, Operand Second) elems, DType dtype = DType.Invalid, int parallelIterations = 10, bool backProp = true, bool swapMemory = false, bool inferShape = true, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(fn);
        Output first = Graph.Convert(elems.First);
        return Graph.MapFn(e => [fn((e[0], e[1]))], [first, elems.Second], [dtype == DType.Invalid ? first.DType : dtype], parallelIterations, backProp, swapMemory, inferShape, name)[0];
    }

    /// <summary>Folds rows into two values, and keeps what each step gave.</summary>
    /// <inheritdoc cref="GraphOps.Scan(Graph, Func{IReadOnlyList{Output}, IReadOnlyList{Output}, IReadOnlyList{Output}}, IReadOnlyList{Operand}, IReadOnlyList{Operand}, int, bool, bool, bool, bool, string)"/>
    public static (Output First, Output Second) Scan(
        Func<(Output First, Output Second), Output, (Output First, Output Second)> fn,
        Operand elems,
        (Operand First, Operand Second) initializer,
        int parallelIterations = 10,
        bool backProp = true,
        bool swapMemory = false,
        bool inferShape = true,
        bool reverse = false,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(fn);
        IReadOnlyList<Output> results = Graph.Scan(Next, [elems], [initializer.First, initializer.Second], parallelIterations, backProp, swapMemory, inferShape, reverse, name);
        return (results[0], results[1]);

        IReadOnlyList<Output> Next(IReadOnlyList<Output> values, IReadOnlyList<Output> row)
        {
            (Output first, Output second) = fn((values[0], values[1]), row[0]);
            return [first, second];
        }
    }
}
