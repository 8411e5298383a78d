namespace NotebookPersist.Execution.Planning;

/// <summary>Which operations steer the flow of a run rather than compute.</summary>
internal static class ControlFlow
{
    /// <summary>True for the operations of branches and loops.</summary>
    public static bool IsPart(Operation operation) => operation.Type is
        "Switch" or "RefSwitch" or "_SwitchN" or "Merge" or "RefMerge" or "RefSelect" or "Enter" or "RefEnter" or "Exit" or "RefExit"
        or "NextIteration" or "RefNextIteration" or "LoopCond" or "ControlTrigger" or "Abort";

    /// <summary>True for the place where the values of a loop come round.</summary>
    public static bool TakesBackEdge(Operation operation) =>
        operation.Type is "Merge" or "RefMerge" && operation.Inputs.Any(static i => i.Operation.Type is "NextIteration" or "RefNextIteration");

    /// <summary>True where equal inputs give equal outputs and nothing else, whenever and however often it runs.</summary>
    public static bool IsPure(Operation operation) =>
        operation.Definition is { IsPure: true }
        && !IsPart(operation)
        // TensorFlow does not mark these as stateful, but files change.
        && operation.Type is not ("ReadFile" or "WriteFile" or "MatchingFiles")
        && operation.Inputs.All(IsPlain)
        && operation.Outputs.All(IsPlain);

    private static bool IsPlain(Output value) => !value.IsReference && value.DType is not (DType.Resource or DType.Variant);
}
