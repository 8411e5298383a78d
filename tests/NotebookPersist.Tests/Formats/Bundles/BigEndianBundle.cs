using System.Buffers.Binary;
using Google.Protobuf;
using NotebookPersist.Formats.Coding;
using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Formats.Tables;
using NotebookPersist.Protos;

namespace NotebookPersist.Tests.Formats.Bundles;

/// <summary>Writes a bundle as a big-endian machine would, from the rules alone.</summary>
internal static class BigEndianBundle
{
    public static void Write(string prefix, Tensor[] values)
    {
        MemoryStream data = new();
        using FileStream index = File.Create(prefix + ".index");
        TableWriter table = new(index);
        table.Add([], new BundleHeaderProto { NumShards = 1, Endianness = BundleHeaderProto.Types.Endianness.Big, Version = new VersionDef { Producer = 1 } }.ToByteArray());
        for (int i = 0; i < values.Length; i++)
        {
            long offset = data.Length;
            uint crc = values[i].DType == DType.String ? WriteStrings(data, values[i].Strings) : WriteNumbers(data, values[i]);
            BundleEntryProto entry = new()
            {
                Dtype = (DataType)values[i].DType,
                Shape = values[i].Shape.ToProto(),
                Offset = offset,
                Size = data.Length - offset,
                Crc32C = Crc32C.Mask(crc),
            };
            table.Add(TensorName.Encode($"t{i}"), entry.ToByteArray());
        }

        table.Finish();
        File.WriteAllBytes(CheckpointPath.DataPath(prefix, 0, 1), data.ToArray());
    }

    private static uint WriteNumbers(MemoryStream data, Tensor tensor)
    {
        byte[] bytes = tensor.Bytes.ToArray();
        int unit = tensor.DType.IsComplex() ? tensor.DType.Size() / 2 : tensor.DType.Size();
        for (int i = 0; i < bytes.Length; i += unit)
            Array.Reverse(bytes, i, unit);
        data.Write(bytes);
        return Crc32C.Compute(bytes);
    }

    private static uint WriteStrings(MemoryStream data, ReadOnlySpan<byte[]> strings)
    {
        uint crc = 0;
        byte[] word = new byte[4];
        foreach (byte[] text in strings)
        {
            data.WriteByte((byte)text.Length);
            BinaryPrimitives.WriteInt32BigEndian(word, text.Length);
            crc = Crc32C.Extend(crc, word);
        }

        BinaryPrimitives.WriteUInt32BigEndian(word, Crc32C.Mask(crc));
        data.Write(word);
        crc = Crc32C.Extend(crc, word);
        foreach (byte[] text in strings)
        {
            data.Write(text);
            crc = Crc32C.Extend(crc, text);
        }

        return crc;
    }
}
