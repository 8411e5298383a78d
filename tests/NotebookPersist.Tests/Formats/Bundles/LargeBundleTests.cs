using Google.Protobuf;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Bundles;
using NotebookPersist.Formats.Coding;
using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Formats.Tables;
using NotebookPersist.Protos;
using Xunit;

namespace NotebookPersist.Tests.Formats.Bundles;

/// <summary>Data files beyond 4 GiB, which are mostly holes here, and names at the edges.</summary>
public sealed class LargeBundleTests
{
    private const long Far = (5L << 30) + 12;

    [Fact]
    public void A_tensor_beyond_four_gigabytes_is_read_verified_and_sliced()
    {
        using TemporaryFolder folder = new();
        Tensor near = Tensor.Of<float>(new long[] { 2 }, [1, 2]), far = Tensor.Of<int>(new long[] { 3, 2 }, [1, 2, 3, 4, 5, 6]);
        WriteSparse(folder["m.ckpt"], near, far);
        using (Checkpoint checkpoint = Checkpoint.Open(folder["m.ckpt"]))
        {
            Assert.Equal(far.ToArray<int>(), checkpoint["far"].ToArray<int>());
            Assert.Equal(near.ToArray<float>(), checkpoint["near"].ToArray<float>());
        }

        var graph = new Graph();
        Operation restore = graph.RestoreV2(folder["m.ckpt"], ["far", "near"], ["3 2 1,2:-", ""], [DType.Int32, DType.Float32]);
        using var session = new Session(graph);
        Assert.Equal([3, 4, 5, 6], session.Run(restore[0]).ToArray<int>());
        ModelInspection inspection = ModelInspection.Of(folder["m.ckpt"], verify: true);
        Assert.True(inspection.IsSound);
        using (FileStream data = File.OpenWrite(CheckpointPath.DataPath(folder["m.ckpt"], 0, 1)))
        {
            data.Position = Far;
            data.WriteByte(9);
        }

        Assert.Contains("Checksum does not match", Assert.ThrowsAny<IOException>(() => Checkpoint.Open(folder["m.ckpt"])["far"]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_any_kind_are_stored_listed_and_read()
    {
        using TemporaryFolder folder = new();
        string[] names = ["/", "//", "a//b", "a/", "/a", "\0", "a\0b", "a\0", "\u00FF", "ÿ\u0001", " ", "größe/\U0001F600", "𐀀\uFFFF", new string('n', 100_000), "checkpoint", "*[?]", "..", "a:0"];
        using (BundleWriter writer = BundleWriter.Create(folder["m"]))
        {
            for (int i = 0; i < names.Length; i++)
                writer.Add(names[i], Tensor.Scalar(i));
            writer.Finish();
        }

        using BundleReader reader = BundleReader.Open(folder["m"]);
        Assert.Equal(names.Order(StringComparer.Ordinal), reader.Entries.Select(static e => e.Name).Order(StringComparer.Ordinal));
        for (int i = 0; i < names.Length; i++)
            Assert.Equal(i, (int)reader.Read(names[i]));
    }

    [Fact]
    public void Parts_of_one_cut_are_read_as_those_of_any_other()
    {
        using TemporaryFolder folder = new();
        long[] shape = [5, 4, 3];
        Tensor whole = SampleTensors.OfType(DType.Int32, shape);
        int[] all = whole.ToArray<int>();
        string[] cut = ["0,2:-:0,1", "0,2:-:1,2", "2,3:0,3:-", "2,3:3,1:0,2", "2,3:3,1:2,1"];
        using (BundleWriter writer = BundleWriter.CreateSharded(folder["m"], 2))
        {
            writer.StartShard(0, 0);
            writer.StartShard(1, 0);
            for (int i = 0; i < cut.Length; i++)
            {
                TensorSlice slice = TensorSlice.Parse(cut[i]);
                writer.Add(i % 2, "p", whole.Shape, slice, Part(all, slice, shape));
            }

            writer.Finish();
        }

        using BundleReader reader = BundleReader.Open(folder["m"]);
        Assert.Equal(all, reader.Read("p").ToArray<int>());
        int slices = 0;
        foreach ((long Start, long Length) x in Cuts(5))
        {
            foreach ((long Start, long Length) y in Cuts(4))
            {
                foreach ((long Start, long Length) z in Cuts(3))
                {
                    TensorSlice slice = TensorSlice.Parse($"{x.Start},{x.Length}:{y.Start},{y.Length}:{z.Start},{z.Length}");
                    Assert.Equal(Part(all, slice, shape).ToArray<int>(), reader.Read("p", slice).ToArray<int>());
                    slices++;
                }
            }
        }

        Assert.Equal(15 * 10 * 6, slices);
    }

    private static IEnumerable<(long Start, long Length)> Cuts(int size)
    {
        for (int start = 0; start < size; start++)
        {
            for (int length = 1; length <= size - start; length++)
                yield return (start, length);
        }
    }

    private static Tensor Part(int[] all, TensorSlice slice, long[] shape)
    {
        (long[] starts, long[] lengths) = slice.Resolve(shape);
        var part = new List<int>();
        for (long x = 0; x < lengths[0]; x++)
        {
            for (long y = 0; y < lengths[1]; y++)
            {
                for (long z = 0; z < lengths[2]; z++)
                    part.Add(all[((starts[0] + x) * shape[1] + starts[1] + y) * shape[2] + starts[2] + z]);
            }
        }

        return Tensor.Of<int>(lengths, [.. part]);
    }

    private static void WriteSparse(string prefix, Tensor near, Tensor far)
    {
        using (FileStream data = File.Create(CheckpointPath.DataPath(prefix, 0, 1)))
        {
            data.Write(near.Bytes);
            data.Position = Far;
            data.Write(far.Bytes);
        }

        using FileStream index = File.Create(prefix + ".index");
        TableWriter table = new(index);
        table.Add([], new BundleHeaderProto { NumShards = 1, Version = new VersionDef { Producer = 1 } }.ToByteArray());
        table.Add(TensorName.Encode("far"), Entry(far, Far).ToByteArray());
        table.Add(TensorName.Encode("near"), Entry(near, 0).ToByteArray());
        table.Finish();
    }

    private static BundleEntryProto Entry(Tensor tensor, long offset) => new()
    {
        Dtype = (DataType)tensor.DType,
        Shape = tensor.Shape.ToProto(),
        Offset = offset,
        Size = tensor.ByteCount,
        Crc32C = Crc32C.Mask(Crc32C.Compute(tensor.Bytes)),
    };
}
