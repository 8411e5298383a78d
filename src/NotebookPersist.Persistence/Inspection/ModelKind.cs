using NotebookPersist.Formats;
using NotebookPersist.Formats.Protobuf;
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
}

/// <summary>Tells kinds of files apart.</summary>
public static class ModelKinds
{
    /// <summary>The kind as tools write it.</summary>
    public static string Name(this ModelKind kind) => kind switch
    {
        ModelKind.CheckpointV2 => "checkpoint-v2",
        ModelKind.CheckpointV1 => "checkpoint-v1",
        ModelKind.MetaGraph => "metagraph",
        ModelKind.GraphDef => "graphdef",
        _ => "savedmodel",
    };

    /// <summary>What a path means.</summary>
    /// <exception cref="FileNotFoundException">There is nothing there.</exception>
    /// <exception cref="CheckpointFormatException">The file is of no kind that is known.</exception>
    public static ModelKind Of(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string name = Path.GetFileName(path);
        if (SavedModel.IsAt(path) || name is "saved_model.pb" or "saved_model.pbtxt")
            return ModelKind.SavedModel;
        if (File.Exists(path) && !IsCheckpointPart(name))
        {
            if (name.EndsWith(".meta", StringComparison.Ordinal))
                return ModelKind.MetaGraph;
            if (name.EndsWith(".pb", StringComparison.Ordinal) || name.EndsWith(".pbtxt", StringComparison.Ordinal))
                return KindOfMessage(path);
        }

        return CheckpointStates.Resolve(path).Kind == Formats.Files.CheckpointKind.Bundle ? ModelKind.CheckpointV2 : ModelKind.CheckpointV1;
    }

    private static bool IsCheckpointPart(string name) => name.EndsWith(".index", StringComparison.Ordinal) || name.Contains(".data-", StringComparison.Ordinal);

    // Both kinds are called .pb. A graph begins with nodes, each of which has a type.
    private static ModelKind KindOfMessage(string path)
    {
        CheckpointFormatException? first = null;
        try
        {
            if (MessageFile.Read<GraphDef>(path, skipUnknownFields: false) is { } graph && graph.Node.Count > 0 && graph.Node.All(static n => n.Op.Length > 0 && n.Name.Length > 0))
                return ModelKind.GraphDef;
        }
        catch (CheckpointFormatException fault)
        {
            first = fault;
        }

        try
        {
            if (MessageFile.Read<MetaGraphDef>(path) is { GraphDef.Node.Count: > 0 })
                return ModelKind.MetaGraph;
        }
        catch (CheckpointFormatException) when (first is not null)
        {
            throw first;
        }

        return first is null ? ModelKind.GraphDef : throw first;
    }
}
