using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>A tensor under the node's own name.</summary>
/// <remarks>Source: TensorFlow op "TensorSummary".</remarks>
internal sealed class TensorSummaryOp() : SummaryOp(
    "TensorSummary(tensor: T) -> (summary: string) where T: type, description: string = '', labels: list(string) = [], display_name: string = ''")
{
    protected override Summary Make(KernelContext c) =>
        new() { Value = { new Summary.Types.Value { NodeName = c.Operation.Name, Tensor = TensorProtos.Encode(c.Input(0)) } } };
}
