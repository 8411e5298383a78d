using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>How often values fall into TensorFlow's buckets.</summary>
/// <remarks>Source: TensorFlow op "HistogramSummary".</remarks>
internal sealed class HistogramSummaryOp() : SummaryOp(
    "HistogramSummary(tag: string, values: T) -> (summary: string) where T: float | double | int32 | uint8 | int16 | int8 | int64 | bfloat16 | uint16 | half | uint32 | uint64 = float")
{
    protected override Summary Make(KernelContext c)
    {
        string tag = Tag(c);
        double[] values = Numbers(c.Input(1));
        foreach (double value in values)
        {
            if (double.IsNaN(value))
                throw c.InvalidArgument($"Nan in summary histogram for: {c.Operation.Name}");
            if (double.IsInfinity(value))
                throw c.InvalidArgument($"Infinity in summary histogram for: {c.Operation.Name}");
        }

        return new Summary { Value = { new Summary.Types.Value { Tag = tag, Histo = Histograms.Of(values) } } };
    }
}
