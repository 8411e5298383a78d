using System.Globalization;

namespace NotebookPersist;

/// <summary>What a conversion did.</summary>
/// <param name="Source">What was read.</param>
/// <param name="SourceKind">Its kind in a word.</param>
/// <param name="Target">What was written.</param>
/// <param name="TargetKind">Its kind in a word.</param>
/// <param name="Tensors">What was taken over; empty where a graph was.</param>
/// <param name="Skipped">What the target cannot hold, with the reason.</param>
/// <param name="Elapsed">Time it took.</param>
public sealed record ConversionReport(
    string Source,
    string SourceKind,
    string Target,
    string TargetKind,
    IReadOnlyList<ConvertedTensor> Tensors,
    IReadOnlyList<SkippedTensor> Skipped,
    TimeSpan Elapsed)
{
    /// <summary>Size of all values.</summary>
    /// <returns>Unit: bytes.</returns>
    public long ByteCount => Totals.Of(Tensors.Select(static t => t.ByteCount));

    /// <summary>Nodes of the graph, where one was converted.</summary>
    public int? NodeCount { get; init; }

    /// <summary>Fields of later releases that were left out of a graph, as text cannot name them, and how often each occurred.</summary>
    public IReadOnlyList<string> LostFields { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"Converted {(NodeCount is { } nodes ? $"a graph of {nodes} {(nodes == 1 ? "operation" : "operations")}" : $"{Tensors.Count} {(Tensors.Count == 1 ? "tensor" : "tensors")}, {ByteCount:N0} bytes,")} from {SourceKind} '{Source}' to {TargetKind} '{Target}'{(Skipped.Count > 0 ? $"; left out {Skipped.Count}" : "")}.{(LostFields.Count > 0 ? $" Lost fields of a later release: {string.Join(", ", LostFields)}." : "")}");
}

/// <summary>A tensor that was taken over.</summary>
/// <param name="Name">Name in the source.</param>
/// <param name="NewName">Name in the target.</param>
/// <param name="DType">Element type, the same in both.</param>
/// <param name="Shape">Shape, the same in both.</param>
/// <param name="ByteCount">Unit: bytes of the values.</param>
public sealed record ConvertedTensor(string Name, string NewName, DType DType, Shape Shape, long ByteCount);

/// <summary>A tensor that the target cannot hold.</summary>
/// <param name="Name">Name in the source.</param>
/// <param name="Reason">Why not.</param>
public sealed record SkippedTensor(string Name, string Reason);
