using NotebookPersist.Formats;
using NotebookPersist.Formats.Coding;
using Xunit;

namespace NotebookPersist.Tests.Formats;

/// <summary>Compares what was read with TensorFlow's own account.</summary>
internal static class GoldenValues
{
    public static void RequireEntry(GoldenCheckpoint.Row row, CheckpointEntry entry)
    {
        Assert.Equal(row.Type, entry.DType.SignatureName());
        Assert.Equal(row.Shape, $"[{string.Join(',', entry.Shape.ToArray())}]");
        if (entry.IsPartitioned)
        {
            // TensorFlow lists those of V1 in the order of a hash table.
            Assert.Equal(row.Slices.Split(' ').Order(StringComparer.Ordinal), entry.Slices.Select(static s => s.ToString()).Order(StringComparer.Ordinal));
        }
    }

    /// <summary>Compares checksum and values; returns 1.</summary>
    public static int Compare(GoldenCheckpoint golden, GoldenCheckpoint.Row row, Tensor tensor)
    {
        uint crc = 0;
        if (tensor.DType == DType.String)
        {
            foreach (byte[] text in tensor.Strings)
                crc = Crc32C.Extend(crc, text);
            if (golden.Strings(row.Name) is byte[][] expected)
                Assert.Equal(expected, tensor.Strings.ToArray());
        }
        else
        {
            crc = Crc32C.Compute(tensor.Bytes);
            if (golden.Values(row.Name) is Tensor expected)
                Assert.True(expected.Bytes.SequenceEqual(tensor.Bytes), $"{golden.Name}: {row.Name}");
        }

        Assert.True(row.Crc == crc, $"{golden.Name}: {row.Name}: TensorFlow's values have {row.Crc:x8}, these {crc:x8}");
        return 1;
    }
}
