using NotebookPersist.Formats;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>The restoring operations of graphs from before TensorFlow 0.12.</summary>
internal abstract class OldRestoreOp(string signature) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("what a file holds depends on nothing in the graph");

    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Unknown);

    public override void Compute(KernelContext c)
    {
        using CheckpointReader reader = CheckpointFiles.Open((string)c.Input(0));
        string slice = c.InputCount > 2 ? (string)c.Input(2) : "";
        c.Output(0, CheckpointFiles.Read(reader, (string)c.Input(1), slice, c.Attributes.Type("dt"), c.Workers.Cancellation));
    }
}

internal sealed class RestoreOp() : OldRestoreOp(
    "Restore(file_pattern: string, tensor_name: string) -> (tensor: dt) where dt: type, preferred_shard: int = -1; stateful");

internal sealed class RestoreSliceOp() : OldRestoreOp(
    "RestoreSlice(file_pattern: string, tensor_name: string, shape_and_slice: string) -> (tensor: dt) where dt: type, preferred_shard: int = -1; stateful");
