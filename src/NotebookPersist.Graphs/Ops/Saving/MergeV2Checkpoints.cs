using System.Text;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Bundles;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Puts the checkpoints that the devices of a sharded saver wrote together into one; their data files only get new names.</summary>
/// <remarks>Source: TensorFlow op "MergeV2Checkpoints".</remarks>
internal sealed class MergeV2CheckpointsOp() : Op(
    "MergeV2Checkpoints(checkpoint_prefixes: string, destination_prefix: string) -> () where delete_old_dirs: bool = true; stateful")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("it has no output");

    public override void InferShapes(ShapeContext c)
    {
        // Without outputs there is nothing to tell.
    }

    public override void Compute(KernelContext c)
    {
        string[] prefixes = [.. c.Input(0).Strings.ToArray().Select(Encoding.UTF8.GetString)];
        try
        {
            BundleMerger.Merge(prefixes, (string)c.Input(1), c.Attributes.Bool("delete_old_dirs"), c.Workers.Cancellation);
        }
        catch (CheckpointFormatException damage)
        {
            throw new KernelException(RunErrorCode.DataLoss, damage.Message, damage);
        }
        catch (FileNotFoundException missing)
        {
            throw new KernelException(RunErrorCode.NotFound, missing.Message, missing);
        }
    }
}
