using System.Text;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Bundles;
using NotebookPersist.Formats.Files;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Puts the checkpoints that the devices of a sharded saver wrote together into one.</summary>
/// <remarks>TensorFlow only moves the data files; one data file is written here, which its readers take as well. Source: TensorFlow op "MergeV2Checkpoints".</remarks>
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
        string[] prefixes = [.. c.Input(0).Strings.ToArray().Select(Encoding.UTF8.GetString).Distinct()];
        using (BundleWriter writer = BundleWriter.Create((string)c.Input(1)))
        {
            foreach (string prefix in prefixes)
                AddAll(writer, prefix, c.Workers.Cancellation);
            writer.Finish();
        }

        foreach (string prefix in prefixes)
            Delete(prefix, c.Attributes.Bool("delete_old_dirs"));
    }

    private static void AddAll(BundleWriter writer, string prefix, CancellationToken cancellation)
    {
        using CheckpointReader part = CheckpointFiles.Open(prefix);
        foreach (CheckpointEntry entry in part.Entries)
        {
            if (!entry.IsPartitioned)
                writer.Add(entry.Name, part.Read(entry.Name, cancellation), cancellation);
            foreach (TensorSlice slice in entry.Slices)
                writer.Add(entry.Name, entry.Shape, slice, part.Read(entry.Name, slice, cancellation), cancellation);
        }
    }

    private static void Delete(string prefix, bool withFolder)
    {
        File.Delete(prefix + ".index");
        File.Delete(CheckpointPath.DataPath(prefix, 0, 1));
        string folder = Path.GetDirectoryName(prefix) ?? "";
        if (withFolder && Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
            Directory.Delete(folder);
    }
}
