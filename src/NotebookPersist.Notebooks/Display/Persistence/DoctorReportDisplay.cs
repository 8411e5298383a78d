using NotebookPersist.Formats.Files;
using NotebookPersist.Notebooks.Html;

namespace NotebookPersist.Notebooks.Persistence;

/// <summary>What the doctor found: repairs, findings with their remedies, and the checkpoints folded.</summary>
internal sealed class DoctorReportDisplay : Display<DoctorReport>
{
    private const int Listed = 100;

    // A table would cut what is wrong, and the remedy, to the width of a column.
    protected override string Text(DoctorReport value)
    {
        IEnumerable<string> lines = value.Checkpoints.Reverse().Take(Listed).Select(static c =>
            $"{(c.IsSound ? "verified" : "damaged "),-8}  {Path.GetFileName(c.Prefix)}  {Figures.Count(c.TensorCount, "tensor")}, {Figures.Bytes(c.ByteCount)}{(c.IsNewest ? ", newest" : "")}");
        string repairable = value.Findings.Any(static f => f.IsRepairable) ? $"'#!doctor {value.Path} --repair' puts right what is marked repairable.\n" : "";
        return $"Doctor {value}\n{repairable}{string.Join('\n', lines)}".TrimEnd('\n');
    }

    protected override string? Html(DoctorReport value) => Report(value).ToBundle().Html;

    private static ReportView Report(DoctorReport value)
    {
        int sound = value.Checkpoints.Count(static c => c.IsSound);
        ReportView report = new ReportView($"Doctor '{value.Path}'")
            .Badge(value.IsHealthy ? "healthy" : Figures.Count(value.Findings.Count(static f => f.Severity != FindingSeverity.Note), "finding"), value.IsHealthy ? CellTone.Good : CellTone.Bad)
            .Badge($"{sound} of {Figures.Count(value.Checkpoints.Count, "checkpoint")} sound", sound == value.Checkpoints.Count ? CellTone.Good : CellTone.Warning);
        if (value.LastGood is { } good)
            report.Badge($"last good: {Path.GetFileName(good)}");
        if (value.Findings.Any(static f => f.IsRepairable))
            report.Line($"'#!doctor {value.Path} --repair' puts right what is marked repairable.");
        var repairs = new TableView("Repair", "") { Caption = "Repairs", RowLimit = Listed };
        foreach (DoctorRepair repair in value.Repairs)
            repairs.Add(repair.What, new TableCell(repair.Problem ?? "done", repair.IsDone ? CellTone.Good : CellTone.Bad));
        var findings = new TableView("", "What", "At byte", "Remedy", "") { Caption = "Findings", RowLimit = Listed };
        foreach (Finding finding in value.Findings)
            findings.Add(Severity(finding.Severity), finding.What, finding.ByteOffset, finding.Remedy, finding.IsRepairable ? new TableCell("repairable", CellTone.Good) : null);
        var checkpoints = new TableView("Checkpoint", "Kind", "Tensors", "Size", "State", "") { Caption = "Checkpoints", RowLimit = Listed };
        foreach (ExaminedCheckpoint c in value.Checkpoints.Reverse())
        {
            checkpoints.Add(
                TableCell.Name(Path.GetFileName(c.Prefix)),
                c.Kind == CheckpointKind.Bundle ? "V2" : "V1",
                c.TensorCount,
                TableCell.Bytes(c.ByteCount),
                c.IsSound ? new TableCell("verified", CellTone.Good) : new TableCell("damaged", CellTone.Bad),
                c.IsNewest ? "newest" : c.IsListed ? "listed" : "");
        }

        return report.Table(repairs).Table(findings).Table(checkpoints, isFolded: !value.IsHealthy);
    }

    private static TableCell Severity(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Error => new TableCell("error", CellTone.Bad),
        FindingSeverity.Warning => new TableCell("warning", CellTone.Warning),
        _ => new TableCell("note", CellTone.Quiet),
    };
}
