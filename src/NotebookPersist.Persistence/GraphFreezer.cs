using System.Diagnostics;
using Google.Protobuf;
using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Execution;
using NotebookPersist.Graphs.Interchange;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Persistence;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>Turns variables into constants, so that a graph and its values are one file.</summary>
/// <remarks>Source: TensorFlow's graph_util and freeze_graph. Thread safety: all members may be called from any thread.</remarks>
public static partial class GraphFreezer
{
    // Long enough for another process to write its model.
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

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
        return Freeze(FreezeSource.Of(session, outputNames), cancellation);
    }

    /// <summary>The part of a stored graph that some outputs need, its variables turned into constants by a session's values.</summary>
    /// <param name="session">Holds the values.</param>
    /// <param name="graphDef">The graph.</param>
    /// <param name="outputNames">Operations to keep.</param>
    /// <param name="onlyVariables">Names of the variables that become constants; null for all.</param>
    /// <param name="exceptVariables">Names of variables that stay variables; null for none.</param>
    /// <param name="cancellation">Stops the reading of values.</param>
    /// <exception cref="ArgumentException">An output is not in the graph.</exception>
    /// <exception cref="RunException">A variable has no value.</exception>
    /// <remarks>Aliasing: the graph shares the values' bytes; the session's next update of a variable writes elsewhere.</remarks>
    public static GraphDef Convert(
        Session session,
        GraphDef graphDef,
        IReadOnlyList<string> outputNames,
        IReadOnlyCollection<string>? onlyVariables = null,
        IReadOnlyCollection<string>? exceptVariables = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        return Convert(session, graphDef, outputNames, new FreezeOptions { OnlyVariables = onlyVariables, ExceptVariables = exceptVariables ?? [] }, out _, cancellation);
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
        FreezeSource source = FreezeSource.LoadCheckpoint(model, outputNames, cancellation);
        using Session session = source.Session;
        return Freeze(source, cancellation);
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

    private static FrozenGraph Freeze(FreezeSource source, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        GraphDef frozen = Convert(source.Session, source.GraphDef, source.Outputs, new FreezeOptions(), out int variableCount, cancellation);
        return new FrozenGraph(frozen, source.Outputs, source.Reason, variableCount, source.GraphDef.Node.Count, Stopwatch.GetElapsedTime(start));
    }

    private static GraphDef Convert(
        Session session, GraphDef graphDef, IReadOnlyList<string> outputs, FreezeOptions options, out int variableCount, CancellationToken cancellation)
    {
        GraphDef needed = GraphTools.ExtractSubGraph(graphDef, outputs);
        string[] variables = [.. Variables(needed).Select(static v => v.Name).Where(n => IsFrozen(n, options))];
        variableCount = variables.Length;

        // The snapshot is not ended: the graph shares the bytes, and the session's next update of a variable writes elsewhere.
        return Constants(needed, outputs, variables, Snapshot(session, variables, cancellation));
    }

    private static GraphDef Constants(GraphDef needed, IReadOnlyList<string> outputs, string[] variables, VariableSnapshot values) =>
        GraphTools.ConvertVariablesToConstants(needed, outputs, variables.Zip(values.Values).ToDictionary(static p => p.First, static p => p.Second, StringComparer.Ordinal));

    private static IEnumerable<NodeDef> Variables(GraphDef needed) => needed.Node.Where(static n => n.Op is "Variable" or "VariableV2" or "VarHandleOp");

    private static VariableSnapshot Snapshot(Session session, string[] variables, CancellationToken cancellation)
    {
        Operation[] operations = [.. variables.Select(session.Graph.GetOperationByName)];
        RequireStorable(operations.Sum(static o => ByteCount(o)));
        foreach (Operation variable in operations.Where(static o => o.Type == "VarHandleOp"))
            RequireValue(session, variable);
        return session.Snapshot([.. operations.Select(static o => o[0])], cancellation);
    }

    private static void RequireValue(Session session, Operation variable)
    {
        string shared = variable.Attributes.String("shared_name"), container = variable.Attributes.String("container");
        string name = shared.Length > 0 ? shared : variable.Name;
        if (session.Variables.Find(name, container) is not { IsInitialized: true })
        {
            throw new RunException(
                $"Error while reading resource variable {name} from Container: {(container.Length > 0 ? container : "localhost")}. This could mean that the variable was uninitialized.",
                RunErrorCode.FailedPrecondition,
                variable);
        }
    }

    private static long ByteCount(Operation variable)
    {
        Shape shape = variable.Type == "VarHandleOp" ? variable.Attributes.Shape("shape") : variable[0].Shape;
        DType type = variable.Attributes.Type("dtype");
        return shape.IsFullyKnown && type.HasFixedSize() ? shape.ElementCount * type.Size() : 0;
    }
}
