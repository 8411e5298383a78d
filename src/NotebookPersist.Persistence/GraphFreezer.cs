using System.Diagnostics;
using Google.Protobuf;
using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Graphs.Interchange;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>Turns variables into constants, so that a graph and its values are one file.</summary>
/// <remarks>Source: TensorFlow's graph_util and freeze_graph. Thread safety: all members may be called from any thread.</remarks>
public static class GraphFreezer
{
    // Long enough for another process to write its model.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Freezes the part of a session's graph that some outputs need.</summary>
    /// <param name="session">Holds the values.</param>
    /// <param name="outputNames">Operations to keep, without an output number; null to have them inferred.</param>
    /// <param name="cancellation">Stops the reading of values.</param>
    /// <returns>The frozen graph and how its outputs were chosen.</returns>
    /// <exception cref="ArgumentException">An operation is not in the graph, or no outputs can be inferred.</exception>
    /// <exception cref="GraphException">The values are larger than 2 GiB, or the graph does with a variable what a constant does not allow.</exception>
    /// <exception cref="RunException">A variable has no value.</exception>
    public static FrozenGraph Freeze(Session session, IReadOnlyList<string>? outputNames = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        GraphDef graphDef = session.Graph.ToGraphDef();
        (IReadOnlyList<string> outputs, string reason) = Choose(session.Graph, graphDef, outputNames);
        return Freeze(session, graphDef, outputs, reason, cancellation);
    }

    /// <summary>The part of a stored graph that some outputs need, its variables turned into constants by a session's values.</summary>
    /// <exception cref="ArgumentException">An output is not in the graph.</exception>
    /// <exception cref="RunException">A variable has no value.</exception>
    public static GraphDef Convert(Session session, GraphDef graphDef, IReadOnlyList<string> outputNames, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        return Convert(session, graphDef, outputNames, out _, cancellation);
    }

    /// <summary>Freezes a checkpoint with the meta graph beside it.</summary>
    /// <param name="model">A folder, whose newest checkpoint is meant, or the prefix or a file of a checkpoint.</param>
    /// <param name="outputNames">Operations to keep, without an output number; null to have them inferred.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="FileNotFoundException">There is no checkpoint, or no meta graph beside it.</exception>
    /// <exception cref="ArgumentException">An operation is not in the graph, or no outputs can be inferred.</exception>
    /// <exception cref="RestoreException">The checkpoint does not fit the graph.</exception>
    public static FrozenGraph FreezeCheckpoint(string model, IReadOnlyList<string>? outputNames = null, CancellationToken cancellation = default)
    {
        CheckpointPath checkpoint = CheckpointStates.Resolve(model);
        if (!File.Exists(checkpoint.MetaGraphPath))
            throw new FileNotFoundException($"Checkpoint '{checkpoint.Prefix}' has no graph beside it: '{checkpoint.MetaGraphPath}' does not exist. Save it with its meta graph.", checkpoint.MetaGraphPath);
        var graph = new Graph();
        Saver saver = MetaGraphFiles.Import(checkpoint.MetaGraphPath, clearDevices: true, graph: graph)
            ?? throw new ArgumentException($"The graph of '{checkpoint.MetaGraphPath}' has no variables: it is frozen already.", nameof(model));

        // An unknown name is told before the time of a restore is spent.
        GraphDef graphDef = graph.ToGraphDef();
        (IReadOnlyList<string> outputs, string reason) = Choose(graph, graphDef, outputNames);
        using var session = new Session(graph);
        saver.Restore(session, checkpoint.Prefix, cancellation);
        return Freeze(session, graphDef, outputs, reason, cancellation);
    }

    /// <summary>Writes a graph in binary form, whole or not at all; makes the folder where it is missing.</summary>
    /// <exception cref="GraphException">The graph is larger than 2 GiB, more than its format allows; nothing is written.</exception>
    /// <exception cref="IOException">The file cannot be written; an old one is unchanged.</exception>
    public static void Write(string path, GraphDef graphDef)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(graphDef);
        RequireStorable(graphDef);
        using FolderLock alone = FolderLock.Take(Path.GetDirectoryName(Path.GetFullPath(path))!, Patience); // A file has a folder.
        MessageFile.Write(path, graphDef);
        LeftoverFiles.Sweep(path);
    }

    /// <summary>Size of a stored graph, also of one that is too large to be stored.</summary>
    internal static long ByteCount(GraphDef graphDef)
    {
        // Protobuf counts a whole message in 32 bits. A node comes with its tag and its length.
        long nodes = graphDef.Node.Sum(static n => 1L + CodedOutputStream.ComputeMessageSize(n));
        var rest = new GraphDef { Library = graphDef.Library, Versions = graphDef.Versions };
        return nodes + rest.CalculateSize();
    }

    /// <exception cref="GraphException">The graph is larger than a file of it can be.</exception>
    internal static void RequireStorable(GraphDef graphDef) => RequireStorable(ByteCount(graphDef));

    private static void RequireStorable(long byteCount)
    {
        if (byteCount > int.MaxValue)
        {
            throw new GraphException(
                $"GraphDef cannot be larger than 2GB: this one takes {byteCount} bytes. "
                + "Keep large values in variables, which a checkpoint beside the graph holds, and freeze only outputs that need few of them.");
        }
    }

    private static FrozenGraph Freeze(Session session, GraphDef graphDef, IReadOnlyList<string> outputs, string reason, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        GraphDef frozen = Convert(session, graphDef, outputs, out int variableCount, cancellation);
        return new FrozenGraph(frozen, outputs, reason, variableCount, graphDef.Node.Count, Stopwatch.GetElapsedTime(start));
    }

    private static GraphDef Convert(Session session, GraphDef graphDef, IReadOnlyList<string> outputs, out int variableCount, CancellationToken cancellation)
    {
        GraphDef needed = GraphTools.ExtractSubGraph(graphDef, outputs);
        Dictionary<string, Tensor> values = VariableValues(session, needed, cancellation);
        variableCount = values.Count;
        return GraphTools.ConvertVariablesToConstants(needed, outputs, values);
    }

    private static (IReadOnlyList<string> Names, string Reason) Choose(Graph graph, GraphDef graphDef, IReadOnlyList<string>? given)
    {
        if (given is null || given.Count == 0)
        {
            InferredOutputs inferred = OutputInference.Infer(graphDef);
            return inferred.Names.Count > 0
                ? (inferred.Names, inferred.Reason)
                : throw new ArgumentException($"No output can be inferred: {inferred.Reason} Name the outputs to keep.");
        }

        foreach (string name in given)
        {
            if (name.Contains(':', StringComparison.Ordinal))
                throw new ArgumentException($"Name '{name}' appears to refer to a Tensor, not a Operation. Leave out the part after the colon.");
            if (graph.TryGetOperation(name, out _))
                continue;
            throw new ArgumentException($"'{name}' is not in graph.{NearNames.Hint(name, graph.Operations.Select(static o => o.Name))}");
        }

        return (given, "named by the caller");
    }

    private static Dictionary<string, Tensor> VariableValues(Session session, GraphDef needed, CancellationToken cancellation)
    {
        NodeDef[] nodes = [.. needed.Node.Where(static n => n.Op is "Variable" or "VariableV2" or "VarHandleOp")];
        Fetch[] fetches = [.. nodes.Select(n => FetchOf(session.Graph, n))];
        RequireStorable(fetches.Sum(static f => f.Output is { Shape: { IsFullyKnown: true } shape } known && known.DType.HasFixedSize() ? shape.ElementCount * known.DType.Size() : 0));
        Tensor?[] values = nodes.Length == 0 ? [] : session.Run(fetches, cancellation: cancellation);
        return nodes.Zip(values).ToDictionary(static p => p.First.Name, static p => p.Second!, StringComparer.Ordinal);
    }

    private static Fetch FetchOf(Graph graph, NodeDef node)
    {
        Output handle = graph.GetOperationByName(node.Name)[0];
        if (node.Op != "VarHandleOp")
            return handle;
        return handle.Consumers.FirstOrDefault(static c => c.Type == "ReadVariableOp")?[0]
            ?? throw new ArgumentException($"Resource variable '{node.Name}' is never read in this graph, so that its value cannot be told.");
    }
}
