using System.Globalization;

namespace NotebookPersist;

/// <summary>What rewrites made of a graph file, and whether it computes the same.</summary>
/// <param name="Source">The graph before.</param>
/// <param name="Path">The graph after.</param>
/// <param name="NotePath">The note beside it.</param>
/// <param name="Inputs">Operations to feed.</param>
/// <param name="Outputs">Operations to fetch.</param>
/// <param name="Steps">What each rewrite did.</param>
/// <param name="NodesBefore">Nodes by type before.</param>
/// <param name="NodesAfter">Nodes by type after.</param>
/// <param name="BytesBefore">Unit: bytes.</param>
/// <param name="BytesAfter">Unit: bytes.</param>
/// <param name="Sha256">Of the new file, in hexadecimal.</param>
/// <param name="Verification">Whether the new file computes what the old one does.</param>
/// <param name="Elapsed">Time that all of it took.</param>
public sealed record OptimizeReport(
    string Source,
    string Path,
    string NotePath,
    IReadOnlyList<string> Inputs,
    IReadOnlyList<string> Outputs,
    IReadOnlyList<OptimizationStep> Steps,
    IReadOnlyDictionary<string, int> NodesBefore,
    IReadOnlyDictionary<string, int> NodesAfter,
    long BytesBefore,
    long BytesAfter,
    string Sha256,
    GraphVerification Verification,
    TimeSpan Elapsed)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{NodesBefore.Values.Sum()} operations became {NodesAfter.Values.Sum()}, {BytesBefore} bytes {BytesAfter}. {Verification}");
}
