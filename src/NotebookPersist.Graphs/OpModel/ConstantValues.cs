namespace NotebookPersist.Graphs.OpModel;

/// <summary>Values that can be told while a graph is built, because all they come from is constant.</summary>
internal static class ConstantValues
{
    // Folding serves shapes and axes; whatever is larger than any shape is left to the run.
    private const int LargestFolded = 4096;
    private const int DeepestFolded = 64;

    /// <summary>The value of an output where it is constant; else null.</summary>
    public static Tensor? Of(Output output) => Of(output, 0);

    /// <summary>The shape that a vector of sizes describes, as far as it is known.</summary>
    public static Shape AsShape(Output output)
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

    private static Tensor? Of(Output output, int depth)
    {
        Operation operation = output.Operation;
        if (operation.Definition is not { IsPure: true } op || depth > DeepestFolded)
            return null;
        if (op.Signature.Name == "Const")
            return operation.Attributes.Tensor("value");
        if (output.Index == 0 && op.FoldFromShapes(operation) is { } folded)
            return folded;
        if (operation.Inputs.Count == 0 || operation.ControlInputs.Count > 0 || !IsSmall(output.Shape))
            return null;
        var values = new Tensor[operation.Inputs.Count];
        for (int i = 0; i < values.Length; i++)
        {
            if (!IsSmall(operation.Inputs[i].Shape) || Of(operation.Inputs[i], depth + 1) is not { } value)
                return null;
            values[i] = value;
        }

        var context = new FoldingContext(operation, values);
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
}
