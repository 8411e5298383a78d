namespace NotebookPersist;

public static partial class tf
{
    public static partial class Train
    {
        /// <summary>A session for training: it restores the newest checkpoint of a folder or initialises, saves and writes summaries there, and takes hooks along.</summary>
        /// <param name="checkpointDir">Folder of checkpoints and summaries; null for neither.</param>
        /// <param name="hooks">What goes along with each run besides.</param>
        /// <param name="saveCheckpointSecs">Unit: seconds between two checkpoints; by default 600 where no steps are given. 0 or less for none.</param>
        /// <param name="saveSummariesSteps">Unit: steps between two summaries; 100 by default. 0 or less for none.</param>
        /// <param name="saveSummariesSecs">Unit: seconds between two summaries, instead of steps.</param>
        /// <param name="logStepCountSteps">Unit: steps between two figures of steps in a second; null or 0 for none.</param>
        /// <param name="saveCheckpointSteps">Unit: steps between two checkpoints.</param>
        /// <param name="summaryDir">Folder of summaries; by default that of the checkpoints.</param>
        /// <param name="saver">Saves and restores; by default one of all variables.</param>
        /// <param name="options">Options of the session.</param>
        /// <exception cref="InvalidOperationException">There is a folder, and the graph has no counter of steps.</exception>
        /// <exception cref="RestoreException">Variables are missing in the checkpoint or differ.</exception>
        /// <remarks>Dispose it: that ends the hooks. Source: TensorFlow's <c>tf.train.MonitoredTrainingSession</c> of one process.</remarks>
        public static MonitoredSession MonitoredTrainingSession(
            string? checkpointDir = null,
            IEnumerable<SessionRunHook>? hooks = null,
            double? saveCheckpointSecs = null,
            long? saveSummariesSteps = null,
            double? saveSummariesSecs = null,
            long? logStepCountSteps = 100,
            long? saveCheckpointSteps = null,
            string? summaryDir = null,
            Saver? saver = null,
            SessionOptions? options = null)
        {
            List<SessionRunHook> all = [];
            summaryDir ??= checkpointDir;
            if (saveCheckpointSecs is null && saveCheckpointSteps is null)
                saveCheckpointSecs = 600;
            if (saveSummariesSecs is null && saveSummariesSteps is null)
                saveSummariesSteps = 100;
            saveCheckpointSecs = saveCheckpointSecs > 0 ? saveCheckpointSecs : null;
            saveCheckpointSteps = saveCheckpointSteps > 0 ? saveCheckpointSteps : null;
            saveSummariesSecs = saveSummariesSecs > 0 ? saveSummariesSecs : null;
            saveSummariesSteps = saveSummariesSteps > 0 ? saveSummariesSteps : null;
            if (summaryDir is not null && logStepCountSteps > 0)
                all.Add(new StepCounterHook(logStepCountSteps, outputDir: summaryDir));
            if (summaryDir is not null && (saveSummariesSteps > 0 || saveSummariesSecs > 0))
                all.Add(new SummarySaverHook(saveSummariesSteps, saveSummariesSecs, summaryDir));
            if (checkpointDir is not null && (saveCheckpointSecs > 0 || saveCheckpointSteps > 0))
                all.Add(new CheckpointSaverHook(checkpointDir, saveCheckpointSecs, saveCheckpointSteps, saver));
            return new MonitoredSession(checkpointDir, [.. all, .. hooks ?? []], saver, Graph, options);
        }

        /// <inheritdoc cref="NotebookPersist.MonitoredSession(string, IEnumerable{SessionRunHook}, NotebookPersist.Saver, NotebookPersist.Graph, SessionOptions)"/>
        public static MonitoredSession MonitoredSession(string? checkpointDir = null, IEnumerable<SessionRunHook>? hooks = null, Saver? saver = null, SessionOptions? options = null) =>
            new(checkpointDir, hooks, saver, Graph, options);

        /// <inheritdoc cref="NotebookPersist.MonitoredSession(string, IEnumerable{SessionRunHook}, NotebookPersist.Saver, NotebookPersist.Graph, SessionOptions)"/>
        public static MonitoredSession SingularMonitoredSession(IEnumerable<SessionRunHook>? hooks = null, string? checkpointDir = null, Saver? saver = null, SessionOptions? options = null) =>
            new(checkpointDir, hooks, saver, Graph, options);

        /// <inheritdoc cref="NotebookPersist.StopAtStepHook(long?, long?)"/>
        public static StopAtStepHook StopAtStepHook(long? numSteps = null, long? lastStep = null) => new(numSteps, lastStep);

        /// <inheritdoc cref="NotebookPersist.CheckpointSaverHook(string, double?, long?, NotebookPersist.Saver, string, TimeProvider)"/>
        public static CheckpointSaverHook CheckpointSaverHook(
            string checkpointDir, double? saveSecs = null, long? saveSteps = null, Saver? saver = null, string checkpointBasename = "model.ckpt") =>
            new(checkpointDir, saveSecs, saveSteps, saver, checkpointBasename);

        /// <inheritdoc cref="NotebookPersist.SummarySaverHook(long?, double?, string, SummaryWriter, Output, TimeProvider)"/>
        public static SummarySaverHook SummarySaverHook(
            long? saveSteps = null, double? saveSecs = null, string? outputDir = null, SummaryWriter? summaryWriter = null, Output? summaryOp = null) =>
            new(saveSteps, saveSecs, outputDir, summaryWriter, summaryOp);

        /// <inheritdoc cref="NotebookPersist.LoggingTensorHook(IReadOnlyDictionary{string, Output}, long?, double?, bool, Func{IReadOnlyDictionary{string, Tensor?}, string}, TextWriter, TimeProvider)"/>
        public static LoggingTensorHook LoggingTensorHook(
            IReadOnlyDictionary<string, Output> tensors,
            long? everyNIter = null,
            double? everyNSecs = null,
            bool atEnd = false,
            Func<IReadOnlyDictionary<string, Tensor?>, string>? formatter = null) => new(tensors, everyNIter, everyNSecs, atEnd, formatter);

        /// <inheritdoc cref="NotebookPersist.LoggingTensorHook(IEnumerable{Output}, long?, double?, bool, Func{IReadOnlyDictionary{string, Tensor?}, string}, TextWriter, TimeProvider)"/>
        public static LoggingTensorHook LoggingTensorHook(
            IEnumerable<Output> tensors,
            long? everyNIter = null,
            double? everyNSecs = null,
            bool atEnd = false,
            Func<IReadOnlyDictionary<string, Tensor?>, string>? formatter = null) => new(tensors, everyNIter, everyNSecs, atEnd, formatter);

        /// <inheritdoc cref="NotebookPersist.StepCounterHook(long?, double?, string, SummaryWriter, TextWriter, TimeProvider)"/>
        public static StepCounterHook StepCounterHook(long? everyNSteps = 100, double? everyNSecs = null, string? outputDir = null, SummaryWriter? summaryWriter = null) =>
            new(everyNSteps, everyNSecs, outputDir, summaryWriter);

        /// <inheritdoc cref="NotebookPersist.NanTensorHook(Output, bool)"/>
        public static NanTensorHook NanTensorHook(Output lossTensor, bool failOnNanLoss = true) => new(lossTensor, failOnNanLoss);
    }
}
