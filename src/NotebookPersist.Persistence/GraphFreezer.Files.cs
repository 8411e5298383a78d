using System.Diagnostics;
using System.Text.Json.Nodes;
using NotebookPersist.Formats;
using NotebookPersist.Execution;
using NotebookPersist.Graphs.Interchange;
using NotebookPersist.Persistence;
using NotebookPersist.Protos;

namespace NotebookPersist;

public static partial class GraphFreezer
{
    /// <summary>Freezes a session's graph to a file, verifies it, and writes a note beside it (<c>NAME.pb.json</c>).</summary>
    /// <param name="session">Holds the values, which go to the disk from where they are.</param>
    /// <param name="path">The file; its folder is made where it is missing.</param>
    /// <param name="options">What to keep and how to verify; by default outputs are inferred.</param>
    /// <param name="cancellation">Stops the work; nothing is written.</param>
    /// <exception cref="ArgumentException">An operation or fed tensor is not in the graph, or no outputs can be inferred.</exception>
    /// <exception cref="GraphException">
    /// The graph is larger than 2 GiB, does with a variable what a constant does not allow, needs a table, or computes other values: nothing is written.
    /// </exception>
    /// <exception cref="RunException">A variable has no value, or a graph fails on the feed: nothing is written.</exception>
    /// <exception cref="CheckpointFormatException">The disk does not hold what was written; an old file is unchanged.</exception>
    /// <exception cref="IOException">A file cannot be written; an old one is unchanged.</exception>
    public static FreezeReport FreezeToFile(Session session, string path, FreezeOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        options ??= new FreezeOptions();
        return Write(FreezeSource.Of(session, options.OutputNames), path, options, Stopwatch.GetTimestamp(), cancellation);
    }

    /// <summary>Freezes a model from files to a file, verifies it, and writes a note beside it (<c>NAME.pb.json</c>).</summary>
    /// <param name="model">A folder, whose newest checkpoint is meant, the prefix or a file of a checkpoint with its meta graph, or a SavedModel.</param>
    /// <param name="path">The file; its folder is made where it is missing.</param>
    /// <param name="options">What to keep and how to verify; by default outputs are those of the signature, else inferred.</param>
    /// <param name="cancellation">Stops the work; nothing is written.</param>
    /// <exception cref="FileNotFoundException">There is no model, or no meta graph beside a checkpoint.</exception>
    /// <exception cref="RestoreException">The checkpoint does not fit the graph.</exception>
    /// <inheritdoc cref="FreezeToFile(Session, string, FreezeOptions?, CancellationToken)"/>
    public static FreezeReport FreezeToFile(string model, string path, FreezeOptions? options = null, CancellationToken cancellation = default)
    {
        long start = Stopwatch.GetTimestamp();
        options ??= new FreezeOptions();
        FreezeSource source = FreezeSource.Load(model, options, cancellation);
        using Session session = source.Session;
        return Write(source, path, options, start, cancellation);
    }

    private static FreezeReport Write(FreezeSource source, string path, FreezeOptions options, long start, CancellationToken cancellation)
    {
        bool isThere = File.Exists(path);
        GraphDef needed = GraphTools.ExtractSubGraph(source.GraphDef, source.Outputs);
        FreezeSource.RequireNoTables(needed, source.Name);
        string[] variables = [.. Variables(needed).Select(static v => v.Name).Where(n => IsFrozen(n, options))];
        string[] kept = [.. Variables(needed).Select(static v => v.Name).Except(variables, StringComparer.Ordinal)];
        foreach (string name in (options.OnlyVariables ?? []).Concat(options.ExceptVariables).Where(n => !Variables(needed).Any(v => v.Name == n)))
            throw new ArgumentException($"No output needs a variable '{name}'.{NearNames.Hint(name, Variables(needed).Select(static v => v.Name))}");

        // Until the end nobody may write over the bytes that go to the disk.
        using VariableSnapshot values = Snapshot(source.Session, variables, cancellation);
        GraphDef frozen = Constants(needed, source.Outputs, variables, values);
        OptimizedGraph? optimized = options.Optimization is { } rewrites ? GraphOptimizer.Optimize(frozen, null, source.Outputs, rewrites) : null;
        frozen = optimized?.GraphDef ?? frozen;
        options.Spoil?.Invoke(frozen);
        long? step = Step(source.Session);
        IReadOnlyDictionary<string, int> pruned = Pruned(source.GraphDef, frozen);
        double tolerance = optimized is null ? VerifyOptions.FrozenTolerance : VerifyOptions.OptimizedTolerance;
        (long byteCount, string sha256, GraphVerification verification) = VerifiedGraphFile.Write(
            path,
            frozen,
            stored => GraphVerifier.Verify(source.Session, stored, source.Inputs, source.Outputs, options.Verification, tolerance, cancellation),
            Note);
        return new FreezeReport(
            path,
            VerifiedGraphFile.NotePath(path),
            source.Name,
            step,
            source.Outputs,
            source.Reason,
            variables.Length,
            kept,
            source.GraphDef.Node.Count,
            [.. frozen.Node.Select(static n => (n.Name, n.Op))],
            pruned,
            byteCount,
            sha256,
            optimized?.Steps,
            verification,
            Stopwatch.GetElapsedTime(start))
        {
            HasReplaced = isThere,
        };

        JsonObject Note(long bytes, string sha, GraphVerification verified)
        {
            JsonObject note = ProvenanceNotes.Begin("frozen graph", path, bytes, sha, options.Time);
            note["source"] = source.Name;
            note["step"] = step;
            note["outputs"] = VerifiedGraphFile.Names(source.Outputs);
            note["outputsChosen"] = source.Reason;
            note["nodes"] = frozen.Node.Count;
            note["nodesBefore"] = source.GraphDef.Node.Count;
            note["pruned"] = ProvenanceNotes.Counts(pruned);
            note["variables"] = variables.Length;
            note["keptVariables"] = VerifiedGraphFile.Names(kept);
            if (optimized is not null)
                note["optimization"] = VerifiedGraphFile.ToJson(optimized.Steps);
            note["verification"] = VerifiedGraphFile.ToJson(verified);
            return note;
        }
    }

    private static bool IsFrozen(string variable, FreezeOptions options) =>
        (options.OnlyVariables is null || options.OnlyVariables.Contains(variable)) && !options.ExceptVariables.Contains(variable);

    // The value of the step as TensorFlow names it, where the session has one.
    private static long? Step(Session session) => session.Variables.Find(GraphKeys.GlobalStep)?.Value is { Count: 1 } step && step.DType.IsInteger()
        ? step.ItemAt<long>(0)
        : null;

    private static SortedDictionary<string, int> Pruned(GraphDef before, GraphDef after)
    {
        HashSet<string> kept = [.. after.Node.Select(static n => n.Name)];
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (NodeDef node in before.Node.Where(n => !kept.Contains(n.Name)))
            counts[node.Op] = counts.GetValueOrDefault(node.Op) + 1;
        return counts;
    }
}
