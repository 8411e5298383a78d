using System.Text;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>Numbers, each under a tag.</summary>
/// <remarks>Source: TensorFlow op "ScalarSummary".</remarks>
internal sealed class ScalarSummaryOp() : SummaryOp(
    "ScalarSummary(tags: string, values: T) -> (summary: string) where T: float | double | int32 | uint8 | int16 | int8 | int64 | bfloat16 | uint16 | half | uint32 | uint64")
{
    protected override Summary Make(KernelContext c)
    {
        Tensor tags = c.Input(0);
        Tensor values = c.Input(1);
        if (tags.Shape != values.Shape && !(tags.Count == 1 && values.Count == 1))
            throw c.InvalidArgument($"tags and values not the same shape: {tags.Shape} != {values.Shape}{(tags.Count == 1 ? $" (tag '{Encoding.UTF8.GetString(tags.Strings[0])}')" : "")}");
        var summary = new Summary();
        double[] numbers = Numbers(values);
        for (int i = 0; i < numbers.Length; i++)
            summary.Value.Add(new Summary.Types.Value { Tag = Encoding.UTF8.GetString(tags.Strings[i]), SimpleValue = (float)numbers[i] });
        return summary;
    }
}
