namespace NotebookPersist.Execution.Planning;

/// <summary>Which operations steer the flow of a run rather than compute.</summary>
internal static class ControlFlow
{
    /// <summary>True for the place where the values of a loop come round.</summary>
    public static bool TakesBackEdge(Operation operation) =>
        operation.Type is "Merge" or "RefMerge" && operation.Inputs.Any(static i => i.Operation.Type is "NextIteration" or "RefNextIteration");

    /// <summary>True where equal inputs give equal outputs and nothing else, whenever and however often it runs.</summary>
    public static bool IsPure(Operation operation) =>
        operation.Definition is { IsPure: true }
        && operation.Inputs.All(IsPlain)
        && operation.Outputs.All(IsPlain);

    private static bool IsPlain(Output value) => !value.IsReference && value.DType is not (DType.Resource or DType.Variant);
}
