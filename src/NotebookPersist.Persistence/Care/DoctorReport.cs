using System.Text;
using NotebookPersist.Formats.Files;

namespace NotebookPersist;

/// <summary>A checkpoint that the doctor looked at.</summary>
/// <param name="Prefix">Its prefix.</param>
/// <param name="Kind">How it is kept.</param>
/// <param name="TensorCount">How many tensors it lists; 0 where the list cannot be read.</param>
/// <param name="ByteCount">Unit: bytes of its index and data files.</param>
/// <param name="IsSound">True where every value can be read and fits its checksum.</param>
/// <param name="IsListed">True where a state file names it.</param>
/// <param name="IsNewest">True where a state file names it as the newest.</param>
public sealed record ExaminedCheckpoint(string Prefix, CheckpointKind Kind, int TensorCount, long ByteCount, bool IsSound, bool IsListed, bool IsNewest);

/// <summary>Something that the doctor did.</summary>
/// <param name="What">What was done, or was tried.</param>
/// <param name="Path">The file or folder concerned.</param>
/// <param name="Problem">Why it could not be done; null where it was.</param>
public sealed record DoctorRepair(string What, string Path, string? Problem = null)
{
    /// <summary>True where it was done.</summary>
    public bool IsDone => Problem is null;
}

/// <summary>What the doctor found in a folder or checkpoint, and what was done about it.</summary>
/// <param name="Path">The folder, or the prefix of one checkpoint.</param>
/// <param name="Checkpoints">All that were looked at, in the order of their steps.</param>
/// <param name="Findings">What was found, the worst first; after a repair, what is left.</param>
/// <param name="Repairs">What was done; empty where nothing was asked for or needed.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record DoctorReport(string Path, IReadOnlyList<ExaminedCheckpoint> Checkpoints, IReadOnlyList<Finding> Findings, IReadOnlyList<DoctorRepair> Repairs)
{
    /// <summary>True where there is nothing but notes.</summary>
    public bool IsHealthy => Findings.All(static f => f.Severity == FindingSeverity.Note);

    /// <summary>Prefix of the newest sound checkpoint; null where there is none.</summary>
    public string? LastGood => (Checkpoints.LastOrDefault(static c => c.IsSound && c.IsNewest) ?? Checkpoints.LastOrDefault(static c => c.IsSound && c.IsListed)
        ?? Checkpoints.LastOrDefault(static c => c.IsSound))?.Prefix;

    /// <summary>The report as text.</summary>
    public override string ToString()
    {
        var text = new StringBuilder($"{Path}: ");
        int faults = Findings.Count(static f => f.Severity != FindingSeverity.Note), sound = Checkpoints.Count(static c => c.IsSound);
        text.Append(IsHealthy ? "healthy" : $"{faults} finding{(faults == 1 ? "" : "s")}");
        if (Checkpoints.Count > 0)
            text.Append($", {sound} of {Checkpoints.Count} checkpoint{(Checkpoints.Count == 1 ? "" : "s")} sound");
        if (LastGood is { } good)
            text.Append($", last good: {System.IO.Path.GetFileName(good)}");
        foreach (DoctorRepair repair in Repairs)
            text.Append($"\n{(repair.IsDone ? "repaired" : "NOT REPAIRED")}: {repair.What}{(repair.IsDone ? "" : $" {repair.Problem}")}");
        foreach (Finding finding in Findings)
            text.Append($"\n{Word(finding.Severity)}: {finding.What}\n    {finding.Remedy}{(finding.IsRepairable ? " (repairable)" : "")}");
        return text.ToString();
    }

    private static string Word(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Error => "error",
        FindingSeverity.Warning => "warning",
        _ => "note",
    };
}
