using System.Security.Cryptography;
using System.Text.Json;
using NotebookPersist.Formats.Coding;

namespace NotebookPersist.Tests.Formats;

/// <summary>Reads checkpoints and graphs with code of another language that shares nothing with ours.</summary>
internal static class IndependentCheckpoint
{
    /// <summary>One tensor as that code sees it; no digest where slices are missing.</summary>
    public sealed record Seen(DType DType, Shape Shape, string? Digest, uint Crc, int SliceCount);

    /// <summary>The tensors of a checkpoint; fails where a checksum is wrong.</summary>
    public static Dictionary<string, Seen> Read(string prefix)
    {
        using JsonDocument json = JsonDocument.Parse(Run("checkpoint", prefix));
        return json.RootElement.EnumerateObject().ToDictionary(
            static t => TensorName.Decode(Convert.FromHexString(t.Name)),
            static t => new Seen(
                (DType)t.Value[0].GetInt32(),
                Shape.Create([.. t.Value[1].EnumerateArray().Select(static n => n.GetInt64())]),
                t.Value[2].GetString(),
                t.Value[3].GetUInt32(),
                t.Value[4].GetInt32()),
            StringComparer.Ordinal);
    }

    /// <summary>Names and types of a graph's nodes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="fields">Numbers of the fields that lead to the graph, from the outermost message on.</param>
    public static (string Name, string Op)[] Nodes(string path, params int[] fields)
    {
        using JsonDocument json = JsonDocument.Parse(Run(["graph", path, .. fields.Select(static f => $"{f}")]));
        return [.. json.RootElement.EnumerateArray().Select(static n => (n[0].GetString()!, n[1].GetString()!))];
    }

    /// <summary>SHA-256 of a tensor's values; each string after its length in eight bytes.</summary>
    public static string Digest(Tensor tensor)
    {
        if (tensor.DType != DType.String)
            return Convert.ToHexStringLower(SHA256.HashData(tensor.Bytes));
        using MemoryStream all = new();
        foreach (byte[] text in tensor.Strings)
        {
            all.Write(BitConverter.GetBytes((long)text.Length));
            all.Write(text);
        }

        return Convert.ToHexStringLower(SHA256.HashData(all.ToArray()));
    }

    private static string Run(params string[] arguments) => Python.Run("independent_checkpoint.py", arguments);
}
