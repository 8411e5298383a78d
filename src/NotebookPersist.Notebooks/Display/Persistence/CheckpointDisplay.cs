using NotebookPersist.Formats;
using NotebookPersist.Formats.Files;
using NotebookPersist.Notebooks.Html;

namespace NotebookPersist.Notebooks.Persistence;

/// <summary>A checkpoint: how it is kept, and its tensors with a histogram of each, as long as reading them is quick.</summary>
internal sealed class CheckpointDisplay : Display<Checkpoint>
{
    private const int Listed = 100;
    private const long MostRead = 64L << 20;

    protected override string Text(Checkpoint value) => Report(value, withHistograms: false).ToString();

    protected override string? Html(Checkpoint value) => Report(value, withHistograms: true).ToBundle().Html;

    private static ReportView Report(Checkpoint checkpoint, bool withHistograms)
    {
        ReportView report = new ReportView($"Checkpoint '{checkpoint.Prefix}'")
            .Badge(checkpoint.Kind == CheckpointKind.Bundle ? "V2" : "V1")
            .Badge(Figures.Count(checkpoint.Tensors.Count, "tensor"))
            .Badge(Figures.Bytes(checkpoint.ByteCount));
        var table = withHistograms
            ? new TableView("Name", "Type", "Shape", "Size", "Values") { RowLimit = Listed }
            : new TableView("Name", "Type", "Shape", "Size") { RowLimit = Listed };
        long read = 0;
        foreach (CheckpointEntry entry in checkpoint.Tensors)
        {
            if (!withHistograms)
            {
                table.Add(TableCell.Name(entry.Name), entry.DType, entry.Shape, TableCell.Bytes(entry.ByteCount));
                continue;
            }

            bool isShown = table.Rows.Count < Listed && read + entry.ByteCount <= MostRead;
            read += isShown ? entry.ByteCount : 0;
            table.Add(TableCell.Name(entry.Name), entry.DType, entry.Shape, TableCell.Bytes(entry.ByteCount), isShown ? Values(checkpoint, entry) : null);
        }

        return report.Table(table);
    }

    // One damaged tensor must not hide the others.
    private static TableCell Values(Checkpoint checkpoint, CheckpointEntry entry)
    {
        try
        {
            return TableCell.Histogram(checkpoint.Read(entry.Name));
        }
        catch (CheckpointFormatException fault)
        {
            return new TableCell(fault.Message, CellTone.Bad);
        }
    }
}
