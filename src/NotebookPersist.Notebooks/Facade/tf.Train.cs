using System.Runtime.CompilerServices;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Protos;

namespace NotebookPersist;

public static partial class tf
{
    /// <summary>Optimizers, checkpoints and meta graphs, over the default graph.</summary>
    public static partial class Train
    {
        /// <summary>Formats of checkpoints, for <c>writeVersion</c>.</summary>
        public static class SaverDef
        {
            /// <summary>The older form: one file, or one a shard.</summary>
            public const Protos.SaverDef.Types.CheckpointFormatVersion V1 = Protos.SaverDef.Types.CheckpointFormatVersion.V1;

            /// <summary>An index and data files; the default.</summary>
            public const Protos.SaverDef.Types.CheckpointFormatVersion V2 = Protos.SaverDef.Types.CheckpointFormatVersion.V2;
        }

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
        /// <inheritdoc cref="NotebookPersist.Saver(IEnumerable{Variable}, bool, bool, int?, double, string, bool, bool, bool, Protos.SaverDef.Types.CheckpointFormatVersion, bool, bool, string, bool, Graph, TimeProvider)"/>
        public static Saver Saver(
            IEnumerable<Variable>? varList = null,
            bool reshape = false,
            bool sharded = false,
            int? maxToKeep = 5,
            double keepCheckpointEveryNHours = 10000.0,
            string? name = null,
            bool restoreSequentially = false,
            bool deferBuild = false,
            bool allowEmpty = false,
            Protos.SaverDef.Types.CheckpointFormatVersion writeVersion = Protos.SaverDef.Types.CheckpointFormatVersion.V2,
            bool padStepNumber = false,
            bool saveRelativePaths = true,
            string? filename = null,
            bool resumeCheckpoints = true) => new(
                varList, reshape, sharded, maxToKeep, keepCheckpointEveryNHours, name, restoreSequentially, deferBuild, allowEmpty, writeVersion, padStepNumber,
                saveRelativePaths, filename, resumeCheckpoints);

        /// <summary>A saver of variables of the default graph under names of one's own choice.</summary>
        /// <inheritdoc cref="NotebookPersist.Saver(IReadOnlyDictionary{string, Variable}, bool, bool, int?, double, string, bool, bool, Protos.SaverDef.Types.CheckpointFormatVersion, bool, bool, string, bool, Graph, TimeProvider)"/>
        public static Saver Saver(
            IReadOnlyDictionary<string, Variable> varList,
            bool reshape = false,
            bool sharded = false,
            int? maxToKeep = 5,
            double keepCheckpointEveryNHours = 10000.0,
            string? name = null,
            bool restoreSequentially = false,
            bool allowEmpty = false,
            Protos.SaverDef.Types.CheckpointFormatVersion writeVersion = Protos.SaverDef.Types.CheckpointFormatVersion.V2,
            bool padStepNumber = false,
            bool saveRelativePaths = true,
            string? filename = null,
            bool resumeCheckpoints = true) => new(
                varList, reshape, sharded, maxToKeep, keepCheckpointEveryNHours, name, restoreSequentially, allowEmpty, writeVersion, padStepNumber, saveRelativePaths,
                filename, resumeCheckpoints);

        /// <inheritdoc cref="Saver(IReadOnlyDictionary{string, Variable}, bool, bool, int?, double, string, bool, bool, Protos.SaverDef.Types.CheckpointFormatVersion, bool, bool, string, bool)"/>
        [OverloadResolutionPriority(1)]
        public static Saver Saver(
            Dictionary<string, Variable> varList,
            bool reshape = false,
            bool sharded = false,
            int? maxToKeep = 5,
            double keepCheckpointEveryNHours = 10000.0,
            string? name = null,
            bool restoreSequentially = false,
            bool allowEmpty = false,
            Protos.SaverDef.Types.CheckpointFormatVersion writeVersion = Protos.SaverDef.Types.CheckpointFormatVersion.V2,
            bool padStepNumber = false,
            bool saveRelativePaths = true,
            string? filename = null,
            bool resumeCheckpoints = true) => Saver(
                (IReadOnlyDictionary<string, Variable>)varList, reshape, sharded, maxToKeep, keepCheckpointEveryNHours, name, restoreSequentially, allowEmpty, writeVersion, padStepNumber,
                saveRelativePaths, filename, resumeCheckpoints);

        /// <summary>A saver of partitioned variables of the default graph under names of one's own choice.</summary>
        /// <inheritdoc cref="NotebookPersist.Saver(IReadOnlyDictionary{string, IReadOnlyList{Variable}}, bool, bool, int?, double, string, bool, bool, Protos.SaverDef.Types.CheckpointFormatVersion, bool, bool, string, bool, Graph, TimeProvider)"/>
        public static Saver Saver(
            IReadOnlyDictionary<string, IReadOnlyList<Variable>> varList,
            bool reshape = false,
            bool sharded = false,
            int? maxToKeep = 5,
            double keepCheckpointEveryNHours = 10000.0,
            string? name = null,
            bool restoreSequentially = false,
            bool allowEmpty = false,
            Protos.SaverDef.Types.CheckpointFormatVersion writeVersion = Protos.SaverDef.Types.CheckpointFormatVersion.V2,
            bool padStepNumber = false,
            bool saveRelativePaths = true,
            string? filename = null,
            bool resumeCheckpoints = true) => new(
                varList, reshape, sharded, maxToKeep, keepCheckpointEveryNHours, name, restoreSequentially, allowEmpty, writeVersion, padStepNumber, saveRelativePaths,
                filename, resumeCheckpoints);

        /// <summary>A saver over nodes that the default graph already has.</summary>
        /// <exception cref="KeyNotFoundException">The graph has no such nodes.</exception>
        public static Saver Saver(Protos.SaverDef saverDef, string name = "", bool padStepNumber = false, bool saveRelativePaths = true, bool resumeCheckpoints = true) =>
            new(saverDef, Graph, name, padStepNumber, saveRelativePaths, resumeCheckpoints);

        /// <inheritdoc cref="CheckpointSeries(NotebookPersist.Saver, string, int?, double?, string, TimeProvider)"/>
        public static CheckpointSeries CheckpointManager(
            Saver checkpoint, string directory, int? maxToKeep, double? keepCheckpointEveryNHours = null, string checkpointName = "ckpt") =>
            new(checkpoint, directory, maxToKeep, keepCheckpointEveryNHours, checkpointName);

        /// <inheritdoc cref="CheckpointStates.Latest"/>
        public static string? LatestCheckpoint(string checkpointDir, string? latestFilename = null) => CheckpointStates.Latest(checkpointDir, latestFilename);

        /// <inheritdoc cref="CheckpointStates.Get"/>
        public static CheckpointState? GetCheckpointState(string checkpointDir, string? latestFilename = null) => CheckpointStates.Get(checkpointDir, latestFilename);

        /// <inheritdoc cref="CheckpointStates.Generate"/>
        public static CheckpointState GenerateCheckpointStateProto(
            string saveDir,
            string modelCheckpointPath,
            IEnumerable<string>? allModelCheckpointPaths = null,
            IReadOnlyList<DateTimeOffset>? allModelCheckpointTimestamps = null,
            DateTimeOffset? lastPreservedTimestamp = null,
            bool saveRelativePaths = true) => CheckpointStates.Generate(
                saveDir, modelCheckpointPath, allModelCheckpointPaths, saveRelativePaths, allModelCheckpointTimestamps, lastPreservedTimestamp);

        /// <inheritdoc cref="CheckpointStates.Update"/>
        public static void UpdateCheckpointState(
            string saveDir,
            string modelCheckpointPath,
            IEnumerable<string>? allModelCheckpointPaths = null,
            string? latestFilename = null,
            IReadOnlyList<DateTimeOffset>? allModelCheckpointTimestamps = null,
            DateTimeOffset? lastPreservedTimestamp = null,
            bool saveRelativePaths = true) => CheckpointStates.Update(
                saveDir, modelCheckpointPath, allModelCheckpointPaths ?? [], latestFilename, saveRelativePaths, allModelCheckpointTimestamps, lastPreservedTimestamp);

        /// <inheritdoc cref="CheckpointStates.Exists"/>
        public static bool CheckpointExists(string checkpointPrefix) => CheckpointStates.Exists(checkpointPrefix);

        /// <inheritdoc cref="CheckpointStates.Times"/>
        public static IReadOnlyList<DateTimeOffset> GetCheckpointMtimes(IEnumerable<string> checkpointPrefixes) => CheckpointStates.Times(checkpointPrefixes);

        /// <inheritdoc cref="CheckpointStates.Remove"/>
        public static void RemoveCheckpoint(string checkpointPrefix, string metaGraphSuffix = "meta") => CheckpointStates.Remove(checkpointPrefix, metaGraphSuffix);

        /// <summary>Opens a checkpoint to read its tensors.</summary>
        /// <inheritdoc cref="Checkpoint.Open"/>
        public static Checkpoint LoadCheckpoint(string ckptDirOrFile) => Checkpoint.Open(ckptDirOrFile);

        /// <summary>Opens a checkpoint to read its tensors; in the module itself in TensorFlow.</summary>
        /// <inheritdoc cref="Checkpoint.Open"/>
        public static Checkpoint NewCheckpointReader(string filepattern) => Checkpoint.Open(filepattern);

        /// <summary>Names and shapes of all tensors of a checkpoint, ordered by name.</summary>
        /// <inheritdoc cref="Checkpoint.Open"/>
        public static IReadOnlyList<(string Name, Shape Shape)> ListVariables(string ckptDirOrFile)
        {
            using Checkpoint checkpoint = Checkpoint.Open(ckptDirOrFile);
            return [.. checkpoint.Tensors.Select(static t => (t.Name, t.Shape))];
        }

        /// <summary>A tensor of a checkpoint.</summary>
        /// <param name="ckptDirOrFile">A prefix, any of its files, or a folder, whose newest checkpoint is meant.</param>
        /// <param name="name">Its name, with or without <c>:0</c>.</param>
        /// <exception cref="FileNotFoundException">There is no such checkpoint.</exception>
        /// <exception cref="KeyNotFoundException">There is no tensor of that name.</exception>
        public static Tensor LoadVariable(string ckptDirOrFile, string name)
        {
            using Checkpoint checkpoint = Checkpoint.Open(ckptDirOrFile);
            return checkpoint.Read(name);
        }

        /// <inheritdoc cref="CheckpointInitializers.InitFromCheckpoint"/>
        public static void InitFromCheckpoint(string ckptDirOrFile, IReadOnlyDictionary<string, InitTarget> assignmentMap) =>
            CheckpointInitializers.InitFromCheckpoint(ckptDirOrFile, assignmentMap, Graph);

        /// <inheritdoc cref="CheckpointInitializers.InitFromCheckpoint"/>
        public static void InitFromCheckpoint(string ckptDirOrFile, IReadOnlyDictionary<string, string> assignmentMap)
        {
            ArgumentNullException.ThrowIfNull(assignmentMap);
            InitFromCheckpoint(ckptDirOrFile, assignmentMap.ToDictionary(static a => a.Key, static a => (InitTarget)a.Value, StringComparer.Ordinal));
        }

        /// <inheritdoc cref="CheckpointInitializers.InitFromCheckpoint"/>
        [OverloadResolutionPriority(1)]
        public static void InitFromCheckpoint(string ckptDirOrFile, Dictionary<string, InitTarget> assignmentMap) =>
            CheckpointInitializers.InitFromCheckpoint(ckptDirOrFile, assignmentMap, Graph);

        /// <inheritdoc cref="MetaGraphFiles.Import(string, bool, string?, IReadOnlyDictionary{string, Output}?, Graph?, Predicate{string}?, string)"/>
        public static Saver? ImportMetaGraph(
            string metaGraph,
            bool clearDevices = false,
            string? importScope = null,
            Dictionary<string, Output>? inputMap = null,
            Predicate<string>? restoreCollectionsPredicate = null,
            Graph? graph = null,
            string unboundInputsColName = "unbound_inputs") =>
            MetaGraphFiles.Import(metaGraph, clearDevices, importScope, inputMap, graph ?? Graph, restoreCollectionsPredicate, unboundInputsColName);

        /// <inheritdoc cref="MetaGraphFiles.Import(MetaGraphDef, bool, string?, IReadOnlyDictionary{string, Output}?, Graph?, Predicate{string}?, string)"/>
        public static Saver? ImportMetaGraph(
            MetaGraphDef metaGraph,
            bool clearDevices = false,
            string? importScope = null,
            Dictionary<string, Output>? inputMap = null,
            Predicate<string>? restoreCollectionsPredicate = null,
            Graph? graph = null,
            string unboundInputsColName = "unbound_inputs") =>
            MetaGraphFiles.Import(metaGraph, clearDevices, importScope, inputMap, graph ?? Graph, restoreCollectionsPredicate, unboundInputsColName);

        /// <inheritdoc cref="MetaGraphFiles.Export"/>
        public static MetaGraphDef ExportMetaGraph(
            string? filename = null,
            Saver? saver = null,
            bool asText = false,
            bool clearDevices = false,
            IEnumerable<string>? collectionList = null,
            string? exportScope = null,
            bool clearExtraneousSavers = false,
            bool stripDefaultAttrs = false,
            bool saveDebugInfo = false,
            MetaGraphDef.Types.MetaInfoDef? metaInfoDef = null,
            GraphDef? graphDef = null,
            Protos.SaverDef? saverDef = null,
            Graph? graph = null,
            string unboundInputsColName = "unbound_inputs") =>
            MetaGraphFiles.Export(
                filename, graph ?? saver?.Graph ?? Graph, saverDef ?? saver?.AsSaverDef(), asText, clearDevices, collectionList, exportScope, clearExtraneousSavers, stripDefaultAttrs, saveDebugInfo,
                metaInfoDef, graphDef, unboundInputsColName);

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
        /// <inheritdoc cref="GraphFreezer.Convert(Session, GraphDef, IReadOnlyList{string}, IReadOnlyCollection{string}?, IReadOnlyCollection{string}?, CancellationToken)"/>
        public static GraphDef ConvertVariablesToConstants(
            Session session,
            GraphDef inputGraphDef,
            IReadOnlyList<string> outputNodeNames,
            IReadOnlyCollection<string>? variableNamesWhitelist = null,
            IReadOnlyCollection<string>? variableNamesBlacklist = null) =>
            GraphFreezer.Convert(session, inputGraphDef, outputNodeNames, variableNamesWhitelist, variableNamesBlacklist);

        /// <inheritdoc cref="Graphs.Interchange.GraphTools.RemoveTrainingNodes"/>
        public static GraphDef RemoveTrainingNodes(GraphDef inputGraph, IEnumerable<string>? protectedNodes = null) =>
            Graphs.Interchange.GraphTools.RemoveTrainingNodes(inputGraph, protectedNodes);

        /// <inheritdoc cref="GraphOptimizer.Optimize"/>
        public static OptimizedGraph OptimizeForInference(
            GraphDef inputGraphDef, IReadOnlyList<string>? inputNodeNames = null, IReadOnlyList<string>? outputNodeNames = null, OptimizeOptions? options = null) =>
            GraphOptimizer.Optimize(inputGraphDef, inputNodeNames, outputNodeNames, options);

        /// <inheritdoc cref="Graphs.Interchange.GraphTools.ExtractSubGraph"/>
        public static GraphDef ExtractSubGraph(GraphDef graphDef, IReadOnlyCollection<string> destNodes) =>
            Graphs.Interchange.GraphTools.ExtractSubGraph(graphDef, destNodes);
    }
}
