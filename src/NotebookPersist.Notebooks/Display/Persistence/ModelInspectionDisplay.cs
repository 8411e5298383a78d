using NotebookPersist.Notebooks.Graphs;

namespace NotebookPersist.Notebooks.Persistence;

/// <summary>What a file or folder holds: tensors with their faults, and the graph.</summary>
internal sealed class ModelInspectionDisplay : Display<ModelInspection>
{
    protected override string Text(ModelInspection value)
    {
        string report = Report(value).ToString();
        return value.GraphDef is null ? report : $"{report}\n{new GraphOutline(GraphModel.Of(value.GraphDef)).ToText("Graph")}";
    }

    protected override string? Html(ModelInspection value)
    {
        string? report = Report(value).ToBundle().Html;
        return value.GraphDef is null ? report : report + GraphDisplay.Write(GraphModel.Of(value.GraphDef), "Graph");
    }

    private static ReportView Report(ModelInspection value)
    {
        ReportView report = new ReportView(value.Path).Badge(value.Kind.Name());
        if (!value.IsSound)
            report.Badge("damaged", CellTone.Bad);
        var tensors = new TableView("Tensor", "Type", "Shape", "Size", "State") { RowLimit = 200 };
        foreach (InspectedTensor tensor in value.Tensors ?? [])
        {
            TableCell state = tensor.Fault is not null ? new TableCell(tensor.Fault, CellTone.Bad)
                : tensor.IsVerified ? new TableCell("verified", CellTone.Good)
                : new TableCell("");
            tensors.Add(TableCell.Name(tensor.Name), tensor.DType, tensor.Shape, TableCell.Bytes(tensor.ByteCount), state);
        }

        return report.Table(tensors);
    }
}
