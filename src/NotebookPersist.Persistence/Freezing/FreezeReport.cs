using System.Globalization;

namespace NotebookPersist;

/// <summary>What was frozen to a file, from what, and whether it computes the same.</summary>
/// <param name="Path">The frozen graph.</param>
/// <param name="NotePath">The note beside it.</param>
/// <param name="Source">Where graph and values came from.</param>
/// <param name="Step">The training step, where there is one.</param>
/// <param name="OutputNames">Operations that were kept.</param>
/// <param name="OutputReason">How these were chosen.</param>
/// <param name="VariableCount">Variables that became constants.</param>
/// <param name="KeptVariables">Variables that stay variables.</param>
/// <param name="OriginalNodeCount">Nodes of the graph before.</param>
/// <param name="Operations">Nodes in the file: name and type, in their order.</param>
/// <param name="Pruned">Nodes that are not in the file, by type.</param>
/// <param name="ByteCount">Size of the file. Unit: bytes.</param>
/// <param name="Sha256">Of the file, in hexadecimal.</param>
/// <param name="Optimization">What rewrites did; null where none were asked for.</param>
/// <param name="Verification">Whether the file computes what the original does.</param>
/// <param name="Elapsed">Time that all of it took.</param>
public sealed record FreezeReport(
    string Path,
    string NotePath,
    string Source,
    long? Step,
    IReadOnlyList<string> OutputNames,
    string OutputReason,
    int VariableCount,
    IReadOnlyList<string> KeptVariables,
    int OriginalNodeCount,
    IReadOnlyList<(string Name, string Type)> Operations,
    IReadOnlyDictionary<string, int> Pruned,
    long ByteCount,
    string Sha256,
    IReadOnlyList<OptimizationStep>? Optimization,
    GraphVerification Verification,
    TimeSpan Elapsed)
{
    /// <summary>True where a file of that name was there and was replaced.</summary>
    public bool HasReplaced { get; init; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"Froze {VariableCount} {(VariableCount == 1 ? "variable" : "variables")} of {Source}; kept {Operations.Count} of {OriginalNodeCount} operations for {string.Join(", ", OutputNames)} ({OutputReason}).{(HasReplaced ? " Replaced the file that was there." : "")} {Verification}");
}
