using System.Diagnostics;
using System.Text.Json.Nodes;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Persistence;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>Rewrites graph files for inference and verifies what comes out.</summary>
/// <remarks>Thread safety: all members may be called from any thread.</remarks>
public static class ModelOptimizer
{
    /// <summary>Rewrites a frozen graph to a new file, with a note beside it.</summary>
    /// <param name="model">The frozen graph, binary or text.</param>
    /// <param name="path">The file to write; may be the same.</param>
    /// <param name="inputs">Operations that will be fed; null for all placeholders.</param>
    /// <param name="outputs">Operations that will be fetched; null to have them inferred.</param>
    /// <param name="options">Which rewrites; by default all.</param>
    /// <param name="verification">How old and new are compared.</param>
    /// <param name="time">Tells the time for the note; by default the system's.</param>
    /// <param name="cancellation">Stops the work; nothing is written.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="CheckpointFormatException">The file does not parse.</exception>
    /// <exception cref="ArgumentException">An input or output is not in the graph, or the file holds none.</exception>
    /// <exception cref="GraphException">The graph is not well formed, or the new one computes other values: nothing is written.</exception>
    /// <exception cref="RunException">A graph fails on the feed: nothing is written.</exception>
    public static OptimizeReport Optimize(
        string model,
        string path,
        IReadOnlyList<string>? inputs = null,
        IReadOnlyList<string>? outputs = null,
        OptimizeOptions? options = null,
        VerifyOptions? verification = null,
        TimeProvider? time = null,
        CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        long start = Stopwatch.GetTimestamp();
        ModelKind kind = ModelKinds.Of(model);
        if (kind != ModelKind.GraphDef)
            throw new ArgumentException($"'{model}' is no frozen graph but a {kind.Name()}. Freeze it first.", nameof(model));
        GraphDef before = MessageFile.Read<GraphDef>(model);
        if (before.Node.FirstOrDefault(static n => n.Op is "Variable" or "VariableV2" or "VarHandleOp") is { } variable)
            throw new ArgumentException($"The graph of '{model}' has variables, such as '{variable.Name}', whose values are not in the file. Freeze it with its checkpoint first.", nameof(model));
        long bytesBefore = GraphFreezer.ByteCount(before);
        OptimizedGraph optimized = GraphOptimizer.Optimize(before, inputs, outputs, options);
        var graph = new Graph();
        graph.ImportGraphDef(before, name: "");
        using var session = new Session(graph);
        (long byteCount, string sha256, GraphVerification verdict) = VerifiedGraphFile.Write(
            path,
            optimized.GraphDef,
            stored => GraphVerifier.Verify(session, stored, [.. optimized.Inputs.Select(static i => i + ":0")], optimized.Outputs, verification ?? new VerifyOptions(), VerifyOptions.OptimizedTolerance, cancellation),
            (bytes, sha, verified) => Note(model, path, bytes, sha, optimized, verified, time ?? TimeProvider.System));
        return new OptimizeReport(
            model,
            path,
            VerifiedGraphFile.NotePath(path),
            optimized.Inputs,
            optimized.Outputs,
            optimized.Steps,
            optimized.NodesBefore,
            optimized.NodesAfter,
            bytesBefore,
            byteCount,
            sha256,
            verdict,
            Stopwatch.GetElapsedTime(start));
    }

    private static JsonObject Note(string model, string path, long byteCount, string sha256, OptimizedGraph optimized, GraphVerification verification, TimeProvider time)
    {
        JsonObject note = ProvenanceNotes.Begin("optimized graph", path, byteCount, sha256, time);
        note["source"] = model;
        note["inputs"] = VerifiedGraphFile.Names(optimized.Inputs);
        note["outputs"] = VerifiedGraphFile.Names(optimized.Outputs);
        note["nodesBefore"] = ProvenanceNotes.Counts(optimized.NodesBefore);
        note["nodesAfter"] = ProvenanceNotes.Counts(optimized.NodesAfter);
        note["optimization"] = VerifiedGraphFile.ToJson(optimized.Steps);
        note["verification"] = VerifiedGraphFile.ToJson(verification);
        return note;
    }
}
