using System.Buffers.Binary;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Npy;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Formats.SafeTensors;
using NotebookPersist.Persistence;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>Kinds of files that hold models.</summary>
public enum ModelKind
{
    /// <summary>An index and data files.</summary>
    CheckpointV2,

    /// <summary>The older single file, or its shards.</summary>
    CheckpointV1,

    /// <summary>A graph with collections and saver.</summary>
    MetaGraph,

    /// <summary>A graph alone, frozen or not.</summary>
    GraphDef,

    /// <summary>A folder for serving.</summary>
    SavedModel,

    /// <summary>A safetensors file.</summary>
    SafeTensors,

    /// <summary>NumPy's archive of arrays.</summary>
    Npz,

    /// <summary>NumPy's file of one array.</summary>
    Npy,
}

/// <summary>Tells kinds of files apart.</summary>
public static class ModelKinds
{
    private const string Known = "Give a checkpoint's prefix or one of its files, a .meta, .pb, .pbtxt, .npz, .npy or .safetensors file, or a SavedModel folder.";

    // How a sorted-string table ends, of which V1 checkpoints are made.
    private const ulong TableMagic = 0xDB4775248B80FB57;

    /// <summary>The kind as tools write it.</summary>
    public static string Name(this ModelKind kind) => kind switch
    {
        ModelKind.CheckpointV2 => "checkpoint-v2",
        ModelKind.CheckpointV1 => "checkpoint-v1",
        ModelKind.MetaGraph => "metagraph",
        ModelKind.GraphDef => "graphdef",
        ModelKind.SafeTensors => "safetensors",
        ModelKind.Npz => "npz",
        ModelKind.Npy => "npy",
        _ => "savedmodel",
    };

    /// <summary>What a path means. The parts of a checkpoint are known by their names, other files by what is in them.</summary>
    /// <exception cref="FileNotFoundException">There is nothing there.</exception>
    /// <exception cref="CheckpointFormatException">The file is of no kind that is known.</exception>
    public static ModelKind Of(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (SavedModel.IsAt(path) || (File.Exists(path) && Path.GetFileName(path) is "saved_model.pb" or "saved_model.pbtxt"))
            return ModelKind.SavedModel;
        if (File.Exists(path))
        {
            if (path.EndsWith(".meta", StringComparison.Ordinal))
                return ModelKind.MetaGraph;
            if (ArrayKind(path) is { } arrays)
                return arrays;
            if (CheckpointPath.TryResolve(path) is { Kind: CheckpointKind.SliceFile } && !CheckpointStates.IsPart(path) && !CheckpointStates.IsStateFile(path))
                return EndsAsTable(path) ? ModelKind.CheckpointV1 : KindOfMessage(path);
        }

        return CheckpointStates.Resolve(path).Kind == CheckpointKind.Bundle ? ModelKind.CheckpointV2 : ModelKind.CheckpointV1;
    }

    private static ModelKind? ArrayKind(string path) => NpyFile.IsAt(path) ? ModelKind.Npy
        : NpzReader.IsAt(path) ? ModelKind.Npz
        : SafeTensorsReader.IsAt(path) || path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) ? ModelKind.SafeTensors
        : null;

    private static bool EndsAsTable(string path)
    {
        using FileStream file = RegularFile.OpenRead(path);
        if (file.Length < sizeof(ulong))
            return false;
        Span<byte> magic = stackalloc byte[sizeof(ulong)];
        file.Seek(-sizeof(ulong), SeekOrigin.End);
        file.ReadExactly(magic);
        return BinaryPrimitives.ReadUInt64LittleEndian(magic) == TableMagic;
    }

    // Both kinds are called .pb, and each parses as the other with nonsense for names.
    private static ModelKind KindOfMessage(string path)
    {
        CheckpointFormatException? fault = null;
        try
        {
            if (HasNodes(MessageFile.Read<GraphDef>(path, skipUnknownFields: false)))
                return ModelKind.GraphDef;
        }
        catch (CheckpointFormatException noGraph)
        {
            fault = noGraph;
        }

        // Text of a later release.
        if (fault is not null && MessageFile.IsTextFile(path) && TryRead<GraphDef>(path) is { } later && HasNodes(later))
            return ModelKind.GraphDef;
        try
        {
            if (HasNodes(MessageFile.Read<MetaGraphDef>(path).GraphDef))
                return ModelKind.MetaGraph;
        }
        catch (CheckpointFormatException noMetaGraph)
        {
            fault ??= noMetaGraph;
        }

        if (ForeignFiles.NameOf(path) is { } foreign)
            throw new CheckpointFormatException($"'{path}' holds no model: it is {foreign}. {Known}", CheckpointFault.NotThisFormat, path);
        string size = new FileInfo(path).Length == 0 ? "The file is empty." : fault?.Message ?? "It parses as a graph without nodes.";
        throw new CheckpointFormatException(
            $"'{path}' holds no model: it does not end like a checkpoint and is neither a graph nor a meta graph, binary or text. {size} "
            + Known,
            CheckpointFault.NotThisFormat,
            path,
            fault?.ByteOffset,
            fault);
    }

    private static T? TryRead<T>(string path)
        where T : class, Google.Protobuf.IMessage, new()
    {
        try
        {
            return MessageFile.Read<T>(path);
        }
        catch (CheckpointFormatException)
        {
            return null;
        }
    }

    private static bool HasNodes(GraphDef? graph) => graph is { Node.Count: > 0 } && graph.Node.All(static n => IsName(n.Name) && IsName(n.Op));

    private static bool IsName(string name) => name.Length > 0 && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-' or '/' or '\\' or '>');
}
