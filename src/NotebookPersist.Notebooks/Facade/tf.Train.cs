using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Protos;

namespace NotebookPersist;

public static partial class tf
{
    /// <summary>Optimizers, checkpoints and meta graphs, over the default graph.</summary>
    public static class Train
    {
        /// <summary>Steps against the gradient.</summary>
        public static Optimizer GradientDescentOptimizer(Operand learningRate, string name = "GradientDescent") => new GradientDescentOptimizer(learningRate, name: name);

        /// <summary>Steps against the gradient with momentum.</summary>
        public static Optimizer MomentumOptimizer(Operand learningRate, Operand momentum, bool useNesterov = false, string name = "Momentum") =>
            new MomentumOptimizer(learningRate, momentum, useNesterov: useNesterov, name: name);

        /// <summary>Adam, by Kingma and Ba.</summary>
        public static Optimizer AdamOptimizer(Operand? learningRate = null, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, string name = "Adam") =>
            new AdamOptimizer(learningRate ?? 0.001, beta1, beta2, epsilon, name: name);

        /// <inheritdoc cref="CheckpointStates.Latest"/>
        public static string? LatestCheckpoint(string checkpointDir, string? latestFilename = null) => CheckpointStates.Latest(checkpointDir, latestFilename);

        /// <inheritdoc cref="CheckpointStates.Get"/>
        public static CheckpointState? GetCheckpointState(string checkpointDir, string? latestFilename = null) => CheckpointStates.Get(checkpointDir, latestFilename);

        /// <inheritdoc cref="MetaGraphFiles.Import"/>
        public static Saver? ImportMetaGraph(string metaGraph, bool clearDevices = false, string? importScope = null, IReadOnlyDictionary<string, Output>? inputMap = null) =>
            MetaGraphFiles.Import(metaGraph, clearDevices, importScope, inputMap);

        /// <inheritdoc cref="MetaGraphFiles.Export"/>
        public static MetaGraphDef ExportMetaGraph(string filename, Saver? saver = null, bool asText = false, bool clearDevices = false) =>
            MetaGraphFiles.Export(filename, Graph, saver?.Definition, asText, clearDevices);

        /// <summary>Writes a graph into a folder, which is made where it is missing.</summary>
        /// <returns>The file.</returns>
        /// <exception cref="IOException">The file cannot be written; an old one is unchanged.</exception>
        public static string WriteGraph(GraphDef graphDef, string logdir, string name, bool asText = true)
        {
            Directory.CreateDirectory(logdir);
            string path = Path.Combine(logdir, name);
            MessageFile.Write(path, graphDef, asText);
            return path;
        }

        /// <inheritdoc cref="WriteGraph(GraphDef, string, string, bool)"/>
        public static string WriteGraph(Graph graph, string logdir, string name, bool asText = true)
        {
            ArgumentNullException.ThrowIfNull(graph);
            return WriteGraph(graph.ToGraphDef(), logdir, name, asText);
        }

        /// <inheritdoc cref="Graph.GetOrCreateGlobalStep"/>
        public static Variable GetOrCreateGlobalStep() => Graph.GetOrCreateGlobalStep();
    }

    /// <summary>Works on stored graphs.</summary>
    public static class GraphUtil
    {
        /// <inheritdoc cref="GraphFreezer.Convert"/>
        public static GraphDef ConvertVariablesToConstants(Session session, GraphDef inputGraphDef, IReadOnlyList<string> outputNodeNames) =>
            GraphFreezer.Convert(session, inputGraphDef, outputNodeNames);

        /// <inheritdoc cref="Graphs.Interchange.GraphTools.ExtractSubGraph"/>
        public static GraphDef ExtractSubGraph(GraphDef graphDef, IReadOnlyCollection<string> destNodes) =>
            Graphs.Interchange.GraphTools.ExtractSubGraph(graphDef, destNodes);
    }
}
