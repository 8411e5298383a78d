using NotebookPersist.Notebooks.Html;

namespace NotebookPersist.Notebooks.Persistence;

/// <summary>What differs between two models: counts as badges, what differs by how far, the equal folded.</summary>
internal sealed class ModelDiffDisplay : Display<ModelDiff>
{
    private const int Listed = 100;
    private const int BarLength = 10;

    protected override string Text(ModelDiff value) => value.Tensors.Count(static t => !t.IsEqual) + (value.Nodes?.Count ?? 0) <= Listed
        ? value.ToString()
        : Report(value).ToString();

    protected override string? Html(ModelDiff value) => Report(value).ToBundle().Html;

    private static ReportView Report(ModelDiff value)
    {
        ReportView report = new ReportView("Diff").Badge(value.IsIdentical ? "identical" : "different", value.IsIdentical ? CellTone.Good : CellTone.Warning);
        foreach (TensorChange change in Enum.GetValues<TensorChange>().Reverse().Where(c => value.Count(c) > 0))
            report.Badge($"{Figures.Count(value.Count(change))} {value.WordOf(change)}", Tone(change));
        if (value.Nodes is { Count: > 0 } nodes)
            report.Badge($"{Figures.Count(nodes.Count, "node")} {(nodes.Count == 1 ? "differs" : "differ")}", CellTone.Warning);
        report.Line($"a: {value.PathA} ({value.KindA})").Line($"b: {value.PathB} ({value.KindB})");
        foreach (string note in value.NotesInWords())
            report.Line(note);
        double greatest = value.Tensors.Select(static t => t.Distance?.RelativeL2 ?? 0).Where(double.IsFinite).DefaultIfEmpty(0).Max();
        var differing = new TableView("Tensor", "", "a", "b", "Relative L2", "", "Max |d|", "Cosine", "Elements") { Caption = "Tensors that differ", RowLimit = Listed };
        var equal = new TableView("Tensor", "", "Type and shape") { Caption = "Tensors that are equal", RowLimit = Listed };
        foreach (TensorDifference t in value.Tensors)
        {
            var change = new TableCell(value.WordOf(t.Change), Tone(t.Change));
            if (t.IsEqual)
                equal.Add(TableCell.Name(t.Name), change, TableCell.Name($"{t.A}"));
            else
                AddDiffering(differing, t, change, greatest);
        }

        var nodeTable = new TableView("Node", "", "Op", "What") { Caption = "Nodes that differ", RowLimit = Listed };
        foreach (NodeDifference n in value.Nodes ?? [])
            nodeTable.Add(TableCell.Name(n.Name), new TableCell(n.Change.ToString().ToLowerInvariant(), Tone(n.Change)), TableCell.Name(n.Op), string.Join("; ", n.Details));
        if (value.OtherConstantCount > 0)
            report.Line($"{Figures.Count(value.OtherConstantCount, "constant")} of the graph had nothing to be compared with.");
        return report.Table(differing).Table(nodeTable).Table(equal, isFolded: true);
    }

    private static void AddDiffering(TableView table, TensorDifference t, TableCell change, double greatest)
    {
        string name = t.NewName is null ? t.Name : $"{t.Name} -> {t.NewName}";
        if (t.Distance is not { } distance)
        {
            table.Add(
                TableCell.Name(name), change, TableCell.Name($"{t.A}"), TableCell.Name($"{t.B}"), null, t.Problem ?? (t.HasSameElements ? "the same elements" : ""), null, null,
                t.DifferingCount > 0 ? TableCell.Count(t.DifferingCount) : null);
            return;
        }

        table.Add(
            TableCell.Name(name),
            change,
            TableCell.Name($"{t.A}"),
            TableCell.Name($"{t.B}"),
            distance.RelativeL2,
            Bar(distance.RelativeL2, greatest),
            distance.Greatest,
            distance.Cosine,
            TableCell.Count(t.DifferingCount));
    }

    // Text in a cell needs no drawing, and reads the same wherever the output is kept.
    private static string Bar(double value, double greatest)
    {
        if (!double.IsFinite(value))
            return new string('█', BarLength);
        int length = greatest == 0 ? 0 : (int)Math.Ceiling(BarLength * value / greatest);
        return new string('█', Math.Clamp(length, 0, BarLength));
    }

    private static CellTone Tone(TensorChange change) => change switch
    {
        TensorChange.Same or TensorChange.Close => CellTone.Good,
        TensorChange.NotCompared => CellTone.Quiet,
        TensorChange.Removed or TensorChange.Unreadable => CellTone.Bad,
        _ => CellTone.Warning,
    };

    private static CellTone Tone(NodeChange change) => change switch
    {
        NodeChange.Added => CellTone.Good,
        NodeChange.Removed => CellTone.Bad,
        _ => CellTone.Warning,
    };
}
