using NotebookPersist.Notebooks.Html;

namespace NotebookPersist.Notebooks.Persistence;

/// <summary>What reports of frozen and of optimised graphs show alike.</summary>
internal static class VerificationParts
{
    private const int Digits = 16;

    /// <summary>The verdict as a badge, with its reason below.</summary>
    public static ReportView Verification(this ReportView report, GraphVerification value)
    {
        (string text, CellTone tone) = value.Outcome switch
        {
            VerificationOutcome.Verified => ("verified", CellTone.Good),
            VerificationOutcome.Different => ("different", CellTone.Bad),
            _ => ("not verified", CellTone.Warning),
        };
        return report.Badge(text, tone).Line(value.ToString());
    }

    /// <summary>Each output's difference, and what was fed.</summary>
    public static ReportView VerificationTables(this ReportView report, GraphVerification value)
    {
        var outputs = new TableView("Output", "Type and shape", "Largest difference", "Relative", "NaN", "") { Caption = "Outputs of both graphs" };
        foreach (OutputComparison o in value.Outputs)
        {
            TableCell verdict = o.Problem is { } problem ? new TableCell(problem, CellTone.Bad)
                : !o.IsReproducible ? new TableCell("not reproducible", CellTone.Warning)
                : o.DifferingCount == 0 ? new TableCell("equal", CellTone.Good)
                : new TableCell($"{Figures.Count(o.DifferingCount, "element")} differ", o.Fits(value.Tolerance) ? CellTone.Plain : CellTone.Bad);
            outputs.Add(TableCell.Name(o.Name), TableCell.Name($"{o.DType.Name()} {o.Shape}"), o.Absolute, o.Relative, o.NaNCount, verdict);
        }

        var feeds = new TableView("Input", "Type and shape", "") { Caption = "Fed to both" };
        foreach (VerificationFeed f in value.Feeds)
            feeds.Add(TableCell.Name(f.Name), TableCell.Name($"{f.DType.Name()} {f.Shape}"), f.IsMade ? "made from the shape" : "given");
        return report.Table(outputs).Table(feeds, isFolded: true);
    }

    /// <summary>What each rewrite did.</summary>
    public static ReportView Steps(this ReportView report, IEnumerable<OptimizationStep>? steps)
    {
        var table = new TableView("Rewrite", "Places", "Nodes before", "Nodes after") { Caption = "Rewrites" };
        foreach (OptimizationStep step in steps ?? [])
            table.Add(step.Name, step.Changed, step.NodesBefore, step.NodesAfter);
        return report.Table(table);
    }

    /// <summary>The files that were written.</summary>
    public static ReportView Files(this ReportView report, string path, string notePath, string sha256) =>
        report.Line($"File '{path}', SHA-256 {sha256[..Digits]}…; note '{notePath}'.");
}
