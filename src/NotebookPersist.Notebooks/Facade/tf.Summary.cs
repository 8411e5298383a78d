using NotebookPersist.Protos;

namespace NotebookPersist;

public static partial class tf
{
    /// <summary>Summaries for TensorBoard, over the default graph.</summary>
    public static class Summary
    {
        /// <inheritdoc cref="SummaryFunctions.Scalar"/>
        public static Output Scalar(string name, Output tensor, IReadOnlyList<string>? collections = null, string? family = null) =>
            SummaryFunctions.Scalar(name, tensor, collections, family);

        /// <inheritdoc cref="SummaryFunctions.Histogram"/>
        public static Output Histogram(string name, Output values, IReadOnlyList<string>? collections = null, string? family = null) =>
            SummaryFunctions.Histogram(name, values, collections, family);

        /// <inheritdoc cref="SummaryFunctions.Image"/>
        public static Output Image(string name, Output tensor, int maxOutputs = 3, IReadOnlyList<string>? collections = null, string? family = null) =>
            SummaryFunctions.Image(name, tensor, maxOutputs, collections, family);

        /// <inheritdoc cref="SummaryFunctions.Audio"/>
        public static Output Audio(string name, Output tensor, Operand sampleRate, int maxOutputs = 3, IReadOnlyList<string>? collections = null, string? family = null) =>
            SummaryFunctions.Audio(name, tensor, sampleRate, maxOutputs, collections, family);

        /// <inheritdoc cref="SummaryFunctions.Text"/>
        public static Output Text(string name, Output tensor, IReadOnlyList<string>? collections = null) =>
            SummaryFunctions.Text(name, tensor, collections);

        /// <inheritdoc cref="SummaryFunctions.Tensor"/>
        public static Output Tensor(string name, Output tensor, SummaryMetadata? summaryMetadata = null, IReadOnlyList<string>? collections = null, string? family = null) =>
            SummaryFunctions.Tensor(name, tensor, summaryMetadata, collections, family);

        /// <inheritdoc cref="SummaryFunctions.Merge"/>
        public static Output Merge(IReadOnlyList<Output> inputs, IReadOnlyList<string>? collections = null, string? name = null) =>
            SummaryFunctions.Merge(inputs, collections, name);

        /// <inheritdoc cref="SummaryFunctions.MergeAll"/>
        public static Output? MergeAll(string key = GraphKeys.Summaries, string? scope = null, string? name = null) =>
            SummaryFunctions.MergeAll(Graph, key, scope, name);

        /// <summary>Appends summaries and graphs to an event file in a folder.</summary>
        /// <inheritdoc cref="SummaryWriter(string, NotebookPersist.Graph, double, string, TimeProvider)"/>
        public static SummaryWriter FileWriter(string logdir, NotebookPersist.Graph? graph = null, double flushSecs = 120, string filenameSuffix = "") =>
            new(logdir, graph, flushSecs, filenameSuffix);
    }
}
