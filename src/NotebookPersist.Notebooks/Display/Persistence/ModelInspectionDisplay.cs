using NotebookPersist.Notebooks.Graphs;

namespace NotebookPersist.Notebooks.Persistence;

/// <summary>What a file or folder holds: tensors with their faults, and the graph.</summary>
internal sealed class ModelInspectionDisplay : Display<ModelInspection>
{
    protected override string Text(ModelInspection value)
    {
        string report = Report(value).ToString();
        if (value.ObjectGraph is { } objects)
            report += $"\n\n{objects}";
        return value.GraphDef is null ? report : $"{report}\n{new GraphOutline(GraphModel.Of(value.GraphDef)).ToText("Graph")}";
    }

    protected override string? Html(ModelInspection value)
    {
        string? report = Report(value).ToBundle().Html + (value.ObjectGraph is { } objects ? ObjectGraphDisplay.Write(objects) : null);
        return value.GraphDef is null ? report : report + GraphDisplay.Write(GraphModel.Of(value.GraphDef), "Graph");
    }

    private static ReportView Report(ModelInspection value)
    {
        ReportView report = new ReportView(value.Path).Badge(value.Kind.Name());
        if (!value.IsSound)
            report.Badge("damaged", CellTone.Bad);
        foreach (string note in value.Notes)
            report.Line($"Note: {note}");
        IReadOnlyList<InspectedTensor> tensors = value.Tensors ?? [];
        bool hasStates = tensors.Any(static t => t.IsVerified || t.Fault is not null);
        bool hasNames = tensors.Any(static t => t.FriendlyName is not null);
        List<string> columns = ["Tensor", "Type", "Shape", "Size"];
        if (hasNames)
            columns.Insert(0, "Name");
        if (hasStates)
            columns.Add("State");
        var table = new TableView([.. columns]) { RowLimit = 200 };
        foreach (InspectedTensor tensor in tensors)
        {
            List<object?> cells = [TableCell.Name(tensor.Name), tensor.DType, tensor.Shape, TableCell.Bytes(tensor.ByteCount)];
            if (hasNames)
                cells.Insert(0, TableCell.Name(tensor.FriendlyName ?? ""));
            if (hasStates)
                cells.Add(State(tensor));
            table.Add([.. cells]);
        }

        return report.Table(table);
    }

    private static TableCell State(InspectedTensor tensor) => tensor.Fault is not null ? new TableCell(tensor.Fault, CellTone.Bad)
        : tensor.IsVerified ? new TableCell("verified", CellTone.Good)
        : new TableCell("");
}
