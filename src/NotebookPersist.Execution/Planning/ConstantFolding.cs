using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist.Execution.Planning;

/// <summary>Computes once what depends on constants alone.</summary>
/// <remarks>What fails here is left to the run, whose error names the node.</remarks>
internal sealed class ConstantFolding : PlanPass
{
    // 4 MiB of floats: plans are kept, and a constant that is filled, tiled or gathered can be any size.
    private const int MostElements = 1 << 20;

    protected override bool TryReplace(Operation before, Operation now)
    {
        if (now.Inputs.Count == 0 || now.ControlInputs.Count > 0 || !ControlFlow.IsPure(now) || before.Outputs.Any(IsFed))
            return false;
        Tensor?[]? values = Compute(now);
        if (values is null)
            return false;
        for (int i = 0; i < values.Length; i++)
        {
            Output constant = FoldedConstant.Of(before[i], values[i]!); // Compute gives every value or none.
            Emit(constant.Operation);
            Map(before[i], constant);
        }

        return true;
    }

    private Tensor?[]? Compute(Operation operation)
    {
        try
        {
            var inputs = new Tensor[operation.Inputs.Count];
            for (int i = 0; i < inputs.Length; i++)
            {
                if (!TryKnown(operation.Inputs[i], out Tensor? constant))
                    return null;
                inputs[i] = constant;
            }

            var context = new FoldingContext(operation, inputs, MostElements);
            operation.Definition!.Compute(context); // Only what has a definition is pure.
            var values = new Tensor?[operation.Outputs.Count];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = context[i];
                if (values[i] is not { } value || value.Count > MostElements)
                    return null;
            }

            return values.Length > 0 ? values : null;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            return null;
        }
    }
}
