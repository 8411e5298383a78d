using System.Text;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Bundles;
using NotebookPersist.Formats.Slices;

namespace NotebookPersist.Fuzzing.Targets;

/// <summary>Small checkpoints of every type, of strings, of slices and of two data files, for want of such small ones elsewhere.</summary>
internal static class OwnCheckpoints
{
    private static readonly DType[] _types =
    [
        DType.Float32, DType.Float64, DType.Int32, DType.UInt8, DType.Int16, DType.Int8, DType.Complex64, DType.Int64, DType.Bool, DType.QInt8, DType.QUInt8, DType.QInt32,
        DType.UInt16, DType.Complex128, DType.Float16,
    ];

    /// <summary>V2 checkpoints under a prefix.</summary>
    public static IEnumerable<FuzzInput> Bundles(string prefix)
    {
        foreach (int shards in new[] { 1, 2 })
        {
            yield return Written(folder =>
            {
                using BundleWriter writer = BundleWriter.CreateSharded(Path.Combine(folder, prefix), shards, durable: false);
                for (int shard = 0; shard < shards; shard++)
                {
                    writer.StartShard(shard, 0);
                    foreach ((string name, Tensor tensor) in Tensors().Where((_, i) => i % shards == shard))
                        writer.Add(shard, name, tensor);
                }

                foreach ((Shape full, TensorSlice slice, Tensor tensor) in Parts())
                    writer.Add(shards - 1, "parts", full, slice, tensor);
                writer.Finish();
            });
        }
    }

    /// <summary>A V1 checkpoint.</summary>
    public static IEnumerable<FuzzInput> SliceFiles(string name)
    {
        yield return Written(folder =>
        {
            var writer = new SliceFileWriter(Path.Combine(folder, name), durable: false);
            foreach ((string tensorName, Tensor tensor) in Tensors())
                writer.Add(tensorName, tensor);
            foreach ((Shape full, TensorSlice slice, Tensor tensor) in Parts())
                writer.Add("parts", full, slice, tensor);
            writer.Finish();
        });
    }

    private static IEnumerable<(string Name, Tensor Value)> Tensors()
    {
        foreach (DType type in _types)
        {
            Tensor tensor = Tensor.Uninitialized(type, new long[] { 2, 2 });
            Span<byte> bytes = tensor.MutableBytes;
            for (int i = 0; i < bytes.Length; i++)
                bytes[i] = type == DType.Bool ? (byte)(i & 1) : (byte)((i * 29) + 3);
            yield return ($"scope/{type.Name()}", tensor);
        }

        yield return ("scalar", Tensor.Scalar(1.5f));
        yield return ("empty", Tensor.Zeros(DType.Float32, new long[] { 0, 3 }));
        yield return ("strings", Tensor.OfStrings(new long[] { 3 }, ["one"u8.ToArray(), [], Encoding.UTF8.GetBytes("drei\n")]));
    }

    private static IEnumerable<(Shape FullShape, TensorSlice Slice, Tensor Value)> Parts()
    {
        Shape full = new long[] { 4, 3 };
        yield return (full, TensorSlice.Parse("0,1:-"), Tensor.Of<float>(new long[] { 1, 3 }, [1, 2, 3]));
        yield return (full, TensorSlice.Parse("1,3:0,2"), Tensor.Of<float>(new long[] { 3, 2 }, [4, 5, 6, 7, 8, 9]));
        yield return (full, TensorSlice.Parse("1,3:2,1"), Tensor.Of<float>(new long[] { 3, 1 }, [10, 11, 12]));
    }

    private static FuzzInput Written(Action<string> write)
    {
        string folder = Directory.CreateTempSubdirectory("notebookpersist-fuzzing-").FullName;
        try
        {
            write(folder);
            return FuzzInput.Read(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
