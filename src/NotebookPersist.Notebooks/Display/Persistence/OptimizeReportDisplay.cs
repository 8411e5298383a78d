using System.Globalization;
using NotebookPersist.Notebooks.Html;

namespace NotebookPersist.Notebooks.Persistence;

/// <summary>What rewrites made of a graph file, by rewrite and by type, and whether it was verified.</summary>
internal sealed class OptimizeReportDisplay : Display<OptimizeReport>
{
    protected override string Text(OptimizeReport value) => Report(value).ToString();

    protected override string? Html(OptimizeReport value) => Report(value).ToBundle().Html;

    private static ReportView Report(OptimizeReport value)
    {
        var types = new TableView("Type", "Before", "After") { Caption = "Nodes by type" };
        foreach (string type in value.NodesBefore.Keys.Union(value.NodesAfter.Keys).Order(StringComparer.Ordinal))
            types.Add(TableCell.Name(type), value.NodesBefore.GetValueOrDefault(type), value.NodesAfter.GetValueOrDefault(type));
        return new ReportView($"Optimised '{value.Source}'")
            .Verification(value.Verification)
            .Badge($"{value.Elapsed.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture)} s")
            .Line($"{Figures.Count(value.NodesBefore.Values.Sum())} operations became {Figures.Count(value.NodesAfter.Values.Sum())}; {Figures.Bytes(value.BytesBefore)} became {Figures.Bytes(value.BytesAfter)}.")
            .Line($"Inputs: {string.Join(", ", value.Inputs)}. Outputs: {string.Join(", ", value.Outputs)}.")
            .Files(value.Path, value.NotePath, value.Sha256)
            .VerificationTables(value.Verification)
            .Steps(value.Steps)
            .Table(types, isFolded: true);
    }
}
