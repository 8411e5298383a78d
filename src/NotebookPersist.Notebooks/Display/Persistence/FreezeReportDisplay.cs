using System.Globalization;
using NotebookPersist.Notebooks.Html;

namespace NotebookPersist.Notebooks.Persistence;

/// <summary>What was frozen, whether it was verified, and what is no longer there.</summary>
internal sealed class FreezeReportDisplay : Display<FreezeReport>
{
    protected override string Text(FreezeReport value) => Report(value).ToString();

    protected override string? Html(FreezeReport value) => Report(value).ToBundle().Html;

    private static ReportView Report(FreezeReport value)
    {
        ReportView report = new ReportView($"Frozen '{value.Path}'")
            .Verification(value.Verification)
            .Badge(Figures.Bytes(value.ByteCount))
            .Badge($"{value.Elapsed.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture)} s")
            .Line($"Froze {Figures.Count(value.VariableCount, "variable")} of {value.Source}{(value.Step is { } step ? string.Create(CultureInfo.InvariantCulture, $" at step {step}") : "")}; "
                + $"kept {Figures.Count(value.Operations.Count)} of {Figures.Count(value.OriginalNodeCount)} operations.")
            .Line($"Outputs: {string.Join(", ", value.OutputNames)} ({value.OutputReason.TrimEnd('.')}).");
        if (value.HasReplaced)
            report.Badge("replaced a file").Line($"'{value.Path}' was there already and was replaced.");
        if (value.KeptVariables.Count > 0)
            report.Badge($"{Figures.Count(value.KeptVariables.Count, "variable")} kept", CellTone.Warning).Line($"Still variables: {string.Join(", ", value.KeptVariables)}.");
        var pruned = new TableView("Type", "Nodes") { Caption = "Left out, by type" };
        foreach ((string type, int count) in value.Pruned.OrderByDescending(static p => p.Value))
            pruned.Add(TableCell.Name(type), count);
        return report.Files(value.Path, value.NotePath, value.Sha256).VerificationTables(value.Verification).Steps(value.Optimization).Table(pruned, isFolded: true);
    }
}
