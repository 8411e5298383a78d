using Google.Protobuf;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>A tensor under a tag, for the plugin that its metadata names.</summary>
/// <remarks>Source: TensorFlow op "TensorSummaryV2".</remarks>
internal sealed class TensorSummaryV2Op() : SummaryOp("TensorSummaryV2(tag: string, tensor: T, serialized_summary_metadata: string) -> (summary: string) where T: type")
{
    protected override Summary Make(KernelContext c)
    {
        if (c.Input(2).Rank != 0)
            throw c.InvalidArgument("serialized_summary_metadata must be scalar");
        SummaryMetadata metadata;
        try
        {
            metadata = SummaryMetadata.Parser.ParseFrom(c.Input(2).Strings[0]);
        }
        catch (InvalidProtocolBufferException damage)
        {
            throw new KernelException(RunErrorCode.InvalidArgument, "Could not parse the summary's metadata", damage);
        }

        return new Summary { Value = { new Summary.Types.Value { Tag = Tag(c), Tensor = TensorProtos.Encode(c.Input(1)), Metadata = metadata } } };
    }
}
