using NotebookPersist.Formats;
using NotebookPersist.Formats.Bundles;
using NotebookPersist.Formats.Slices;
using NotebookPersist.Fuzzing;
using NotebookPersist.Fuzzing.Mutation;

namespace NotebookPersist.Tests.Formats;

/// <summary>Checkpoints named <c>m</c>, so small that every bit of them can be tried: numbers, strings, slices, a scalar and an empty tensor.</summary>
internal static class SmallCheckpoints
{
    /// <summary>A checkpoint.</summary>
    /// <param name="kind"><c>bundle</c>, <c>shards</c> for two data files, or <c>slices</c> for V1.</param>
    /// <param name="compressed">Whether its table is compressed, as TensorFlow 1 does it on request only.</param>
    public static FuzzInput Of(string kind, bool compressed)
    {
        using TemporaryFolder folder = new();
        if (kind == "slices")
            WriteSlices(folder["m"]);
        else
            WriteBundle(folder["m"], kind == "shards" ? 2 : 1);
        FuzzInput input = FuzzInput.Read(folder.Path);
        if (!compressed)
            return input;
        string table = kind == "slices" ? "m" : "m.index";
        TableImage image = TableImage.Parse(input.Files[table])!;
        image.IsCompressed = true;
        return input.With(table, image.ToBytes());
    }

    private static IEnumerable<(string Name, Tensor Value)> Tensors()
    {
        yield return ("a/float", Tensor.Of<float>(new long[] { 2, 2 }, [1, -2, 3.5f, float.NaN]));
        yield return ("b/int64", Tensor.Scalar(-5L));
        yield return ("c/bool", Tensor.Of<bool>(new long[] { 3 }, [true, false, true]));
        yield return ("d/empty", Tensor.Zeros(DType.Float64, new long[] { 0, 2 }));
        yield return ("e/strings", SampleTensors.Strings("ab", "", "c"));
    }

    private static IEnumerable<(Shape Full, TensorSlice Slice, Tensor Value)> Parts()
    {
        yield return (new long[] { 3 }, TensorSlice.Parse("0,2"), Tensor.Of<short>(new long[] { 2 }, [7, -8]));
        yield return (new long[] { 3 }, TensorSlice.Parse("2,1"), Tensor.Of<short>(new long[] { 1 }, [9]));
    }

    private static void WriteBundle(string prefix, int shards)
    {
        using BundleWriter writer = BundleWriter.CreateSharded(prefix, shards, durable: false);
        for (int shard = 0; shard < shards; shard++)
            writer.StartShard(shard, 0);
        int at = 0;
        foreach ((string name, Tensor tensor) in Tensors())
            writer.Add(at++ % shards, name, tensor);
        foreach ((Shape full, TensorSlice slice, Tensor tensor) in Parts())
            writer.Add(at++ % shards, "f/parts", full, slice, tensor);
        writer.Finish();
    }

    private static void WriteSlices(string path)
    {
        SliceFileWriter writer = new(path, durable: false);
        foreach ((string name, Tensor tensor) in Tensors())
            writer.Add(name, tensor);
        foreach ((Shape full, TensorSlice slice, Tensor tensor) in Parts())
            writer.Add("f/parts", full, slice, tensor);
        writer.Finish();
    }
}
