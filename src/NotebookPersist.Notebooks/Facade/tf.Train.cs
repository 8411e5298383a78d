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

        /// <summary>Adagrad: steps are divided by the root of the sum of squared gradients.</summary>
        public static Optimizer AdagradOptimizer(Operand learningRate, double initialAccumulatorValue = 0.1, string name = "Adagrad") =>
            new AdagradOptimizer(learningRate, initialAccumulatorValue, name: name);

        /// <summary>Adadelta, by Zeiler.</summary>
        public static Optimizer AdadeltaOptimizer(Operand? learningRate = null, Operand? rho = null, Operand? epsilon = null, string name = "Adadelta") =>
            new AdadeltaOptimizer(learningRate, rho, epsilon, name: name);

        /// <summary>RMSProp: steps are divided by the root of a moving mean of squared gradients.</summary>
        public static Optimizer RMSPropOptimizer(
            Operand learningRate, Operand? decay = null, Operand? momentum = null, Operand? epsilon = null, bool centered = false, string name = "RMSProp") =>
            new RMSPropOptimizer(learningRate, decay, momentum, epsilon, centered: centered, name: name);

        /// <summary>FTRL, by McMahan and others.</summary>
        public static Optimizer FtrlOptimizer(
            Operand learningRate, double learningRatePower = -0.5, double initialAccumulatorValue = 0.1, double l1 = 0, double l2 = 0, string name = "Ftrl") =>
            new FtrlOptimizer(learningRate, learningRatePower, initialAccumulatorValue, l1, l2, name: name);

        /// <inheritdoc cref="tf.ExponentialDecay"/>
        public static Output ExponentialDecay(Operand learningRate, Operand globalStep, Operand decaySteps, Operand decayRate, bool staircase = false, string? name = null) =>
            tf.ExponentialDecay(learningRate, globalStep, decaySteps, decayRate, staircase, name);

        /// <summary>A saver of variables of the default graph, by default of all of them.</summary>
        /// <exception cref="ArgumentException">There are no variables.</exception>
        public static Saver Saver(IEnumerable<Variable>? varList = null, int maxToKeep = 5, double keepCheckpointEveryNHours = 10000.0, string? name = null) =>
            new(varList, maxToKeep, keepCheckpointEveryNHours, name);

        /// <summary>A saver of variables of the default graph under names of one's own choice.</summary>
        /// <exception cref="ArgumentException">There are no variables.</exception>
        public static Saver Saver(IReadOnlyDictionary<string, Variable> varList, int maxToKeep = 5, double keepCheckpointEveryNHours = 10000.0, string? name = null) =>
            new(varList, maxToKeep, keepCheckpointEveryNHours, name);

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
