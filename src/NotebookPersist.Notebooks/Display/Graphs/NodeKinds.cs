using System.Collections.Frozen;

namespace NotebookPersist.Notebooks.Graphs;

/// <summary>Which operation types are there for what, and how each kind looks.</summary>
internal static class NodeKinds
{
    private static readonly FrozenSet<string> Layers = FrozenSet.ToFrozenSet(
    [
        "MatMul", "BatchMatMul", "BatchMatMulV2", "BiasAdd", "Relu", "Relu6", "Elu", "Selu", "LeakyRelu", "Softmax", "LogSoftmax", "Sigmoid", "Tanh",
        "Softplus", "Softsign", "LRN", "BlockLSTM", "LSTMBlockCell",
    ]);

    private static readonly FrozenSet<string> Controls = FrozenSet.ToFrozenSet(
        ["NoOp", "Switch", "Merge", "Enter", "Exit", "NextIteration", "LoopCond", "RefSwitch", "RefMerge", "RefEnter", "RefExit", "RefNextIteration", "ControlTrigger", "Assert"]);

    private static readonly FrozenSet<string> Savers = FrozenSet.ToFrozenSet(
        ["Save", "SaveV2", "SaveSlices", "Restore", "RestoreV2", "RestoreSlice", "MergeV2Checkpoints", "ShardedFilename", "ShardedFilespec"]);

    /// <summary>The kind of an operation type.</summary>
    public static NodeKind Of(string type) => type switch
    {
        "Placeholder" or "PlaceholderV2" or "PlaceholderWithDefault" => NodeKind.Input,
        "VariableV2" or "Variable" or "VarHandleOp" or "AutoReloadVariable" => NodeKind.Variable,
        "Const" => NodeKind.Constant,
        _ when Controls.Contains(type) => NodeKind.Control,
        _ when Savers.Contains(type) => NodeKind.State,
        _ when type.Contains("Iterator", StringComparison.Ordinal) || type.Contains("Dataset", StringComparison.Ordinal) => NodeKind.Input,
        _ when type.Contains("Assign", StringComparison.Ordinal) || type.EndsWith("Summary", StringComparison.Ordinal) || type is "IsVariableInitialized" or "VarIsInitializedOp" => NodeKind.State,
        _ when type.Contains("Apply", StringComparison.Ordinal) || type.EndsWith("Grad", StringComparison.Ordinal) || type.Contains("Backprop", StringComparison.Ordinal) => NodeKind.Training,
        _ when Layers.Contains(type) || type.Contains("Conv", StringComparison.Ordinal) || type.Contains("Pool", StringComparison.Ordinal) || type.StartsWith("FusedBatchNorm", StringComparison.Ordinal) => NodeKind.Layer,
        _ => NodeKind.Compute,
    };

    /// <summary>True for operations that write or read checkpoints.</summary>
    public static bool IsSaver(string type) => Savers.Contains(type);

    /// <summary>The hue of a kind; null for the page's text colour.</summary>
    public static string? Hue(NodeKind kind) => kind switch
    {
        NodeKind.Input => "#2e9d57",
        NodeKind.Variable => "#c98a1b",
        NodeKind.Layer => "#8562c9",
        NodeKind.Compute => "#3b82c4",
        _ => null,
    };

    /// <summary>What a legend calls a kind.</summary>
    public static string Label(NodeKind kind) => kind switch
    {
        NodeKind.Input => "input",
        NodeKind.Variable => "variable",
        NodeKind.Layer => "layer",
        NodeKind.Compute => "computation",
        NodeKind.Constant => "constant",
        NodeKind.Control => "control",
        NodeKind.State => "state and files",
        _ => "training",
    };
}
