using NotebookPersist.Notebooks.Html;

namespace NotebookPersist.Notebooks.Persistence;

/// <summary>A graph whose variables are constants, not yet in a file.</summary>
internal sealed class FrozenGraphDisplay : Display<FrozenGraph>
{
    protected override string Text(FrozenGraph value) => Report(value).ToString();

    protected override string? Html(FrozenGraph value) => Report(value).ToBundle().Html;

    private static ReportView Report(FrozenGraph value)
    {
        var types = new TableView("Type", "Nodes") { Caption = "Nodes by type" };
        foreach (IGrouping<string, Protos.NodeDef> type in value.GraphDef.Node.GroupBy(static n => n.Op).OrderByDescending(static g => g.Count()))
            types.Add(TableCell.Name(type.Key), type.Count());
        return new ReportView("Frozen graph")
            .Badge("not verified", CellTone.Warning)
            .Badge(Figures.Bytes(value.ByteCount))
            .Line($"Froze {Figures.Count(value.VariableCount, "variable")}; kept {Figures.Count(value.GraphDef.Node.Count)} of {Figures.Count(value.OriginalNodeCount)} operations.")
            .Line($"Outputs: {string.Join(", ", value.OutputNames)} ({value.OutputReason.TrimEnd('.')}).")
            .Line("GraphFreezer.FreezeToFile and '#!freeze' write and verify.")
            .Table(types, isFolded: true);
    }
}
