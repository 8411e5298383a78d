using System.Globalization;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Bundles;
using NotebookPersist.Formats.Slices;

namespace NotebookPersist.Fuzzing.Targets;

/// <summary>What V1 and V2 checkpoints have in common: all values are read, whole, in parts and at once, and written in both formats.</summary>
internal abstract class CheckpointTarget(string name, bool verifyChecksums) : FuzzTarget(name)
{
    protected const string Prefix = "m";

    public override object Read(string folder, Action<long> accept)
    {
        using CheckpointReader reader = CheckpointReader.Open(Path.Combine(folder, Prefix), verifyChecksums);
        var tensors = new List<(CheckpointEntry Entry, Tensor Value)>();
        CheckpointFormatException? refused = null;
        foreach (CheckpointEntry entry in reader.Entries)
        {
            try
            {
                Tensor tensor = reader.Read(entry.Name);
                accept(Size(tensor));
                tensors.Add((entry, tensor));
                if (entry.Shape.Rank > 0 && entry.Shape[0] > 1)
                {
                    Tensor part = reader.Read(entry.Name, TensorSlice.Parse(FromSecondRow(entry.Shape)));
                    accept(Size(part));
                }
            }
            catch (CheckpointFormatException fault)
            {
                refused = fault;
            }
        }

        if (refused is not null)
            throw refused;
        foreach (Tensor tensor in reader.ReadAll([.. reader.Entries.Select(static e => new TensorRequest(e.Name))]))
            accept(Size(tensor));
        return tensors;
    }

    public override void Rewrite(object value, string folder)
    {
        var tensors = (List<(CheckpointEntry Entry, Tensor Value)>)value;
        try
        {
            using BundleWriter bundle = BundleWriter.CreateSharded(Path.Combine(folder, "v2"), 1, durable: false);
            bundle.StartShard(0, 0);
            foreach ((CheckpointEntry entry, Tensor tensor) in tensors)
                bundle.Add(entry.Name, tensor);
            bundle.Finish();
        }
        catch (ArgumentException)
        {
            // Names and types that a file may have and a writer refuses.
        }

        try
        {
            var slices = new SliceFileWriter(Path.Combine(folder, "v1"), durable: false);
            foreach ((CheckpointEntry entry, Tensor tensor) in tensors)
                slices.Add(entry.Name, tensor);
            slices.Finish();
        }
        catch (ArgumentException)
        {
        }
    }

    private static string FromSecondRow(Shape shape) =>
        string.Create(CultureInfo.InvariantCulture, $"1,{shape[0] - 1}{string.Concat(Enumerable.Repeat(":-", shape.Rank - 1))}");

    // Strings cost their object and their place in an array, in memory but not in the file.
    private static long Size(Tensor tensor) => tensor.ByteCount + (tensor.DType == DType.String ? 48L * tensor.Count : 0);
}
