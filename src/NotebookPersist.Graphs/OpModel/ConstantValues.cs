namespace NotebookPersist.Graphs.OpModel;

/// <summary>Values that can be told while a graph is built, because all they come from is constant.</summary>
internal static class ConstantValues
{
    // Folding serves shapes and axes; whatever is larger than any shape is left to the run.
    private const int LargestFolded = 4096;
    private const int DeepestFolded = 64;

    [ThreadStatic]
    private static Folding? _folding;

    /// <summary>The value of an output where it is constant; else null.</summary>
    public static Tensor? Of(Output output)
    {
        // Most questions are about one of these two, which need no looking around.
        Operation operation = output.Operation;
        if (operation.Definition is ConstOp)
            return operation.Attributes.Tensor("value");
        return operation.Definition is { IsPure: true } ? Look(output, static f => f.Values, Fold, null) : null;
    }

    /// <summary>The shape that a vector of sizes describes, as far as it is known.</summary>
    public static Shape AsShape(Output output) => Look(output, static f => f.Shapes, ReadShape, Shape.Unknown);

    // Rules ask about their inputs' inputs and so on: each output is looked at once, and nothing deeper than the stack bears.
    private static T Look<T>(Output output, Func<Folding, Dictionary<Output, T>> answers, Func<Output, T> find, T whereTooDeep)
    {
        Folding folding = _folding ??= new Folding();
        if (answers(folding).TryGetValue(output, out T? known))
            return known;
        if (folding.Depth >= DeepestFolded)
            return whereTooDeep;
        folding.Depth++;
        try
        {
            return answers(folding)[output] = find(output);
        }
        finally
        {
            if (--folding.Depth == 0)
                _folding = null;
        }
    }

    private static Shape ReadShape(Output output)
    {
        Tensor? value = Of(output);
        if (value is not null && value.Rank <= 1 && value.DType.IsInteger())
        {
            long[] sizes = new long[value.Count];
            for (int i = 0; i < sizes.Length; i++)
                sizes[i] = Math.Max(-1, value.ItemAt<long>(i));
            return sizes;
        }

        if (output.Index == 0 && output.Operation.Definition?.ValueAsShape(output.Operation) is { } partial)
            return partial;
        return output.Shape.Rank == 1 && output.Shape[0] >= 0 && output.Shape[0] <= 64 ? Shape.OfRank((int)output.Shape[0]) : Shape.Unknown;
    }

    private static Tensor? Fold(Output output)
    {
        Operation operation = output.Operation;
        Op op = operation.Definition!; // Of asks only about those that have one.
        if (output.Index == 0 && op.FoldFromShapes(operation) is { } folded)
            return folded;
        if (operation.Inputs.Count == 0 || operation.ControlInputs.Count > 0 || !IsSmall(output.Shape))
            return null;
        var values = new Tensor[operation.Inputs.Count];
        for (int i = 0; i < values.Length; i++)
        {
            if (!IsSmall(operation.Inputs[i].Shape) || Of(operation.Inputs[i]) is not { } value)
                return null;
            values[i] = value;
        }

        var context = new FoldingContext(operation, values, LargestFolded);
        try
        {
            op.Compute(context);
        }
        catch (KernelException)
        {
            // The run will say what is wrong, with the node's name.
            return null;
        }

        return context[output.Index];
    }

    private static bool IsSmall(Shape shape) => !shape.IsFullyKnown || shape.ElementCount <= LargestFolded;

    // What one question from outside has found so far.
    private sealed class Folding
    {
        public int Depth { get; set; }

        public Dictionary<Output, Tensor?> Values { get; } = [];

        public Dictionary<Output, Shape> Shapes { get; } = [];
    }
}
