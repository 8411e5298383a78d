using Google.Protobuf;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>Several summaries as one.</summary>
/// <remarks>Source: TensorFlow op "MergeSummary".</remarks>
internal sealed class MergeSummaryOp() : SummaryOp("MergeSummary(inputs: N * string) -> (summary: string) where N: int >= 1")
{
    protected override Summary Make(KernelContext c)
    {
        var merged = new Summary();
        var tags = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < c.InputCount; i++)
        {
            foreach (byte[] part in c.Input(i).Strings)
            {
                Summary summary;
                try
                {
                    summary = Summary.Parser.ParseFrom(part);
                }
                catch (InvalidProtocolBufferException damage)
                {
                    throw new KernelException(RunErrorCode.InvalidArgument, "Could not parse one of the summary inputs", damage);
                }

                foreach (Summary.Types.Value value in summary.Value)
                {
                    if (!tags.Add(value.Tag))
                        throw c.InvalidArgument($"Duplicate tag {value.Tag} found in summary inputs");
                    merged.Value.Add(value);
                }
            }
        }

        return merged;
    }
}
