using System.Text.RegularExpressions;
using Google.Protobuf;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>Nodes that sum up values for TensorBoard; each is listed among the summaries.</summary>
/// <remarks>
/// The tag is the name with the scopes around it. They build in the graph of the value. Thread safety: as that graph.
/// Source: TensorFlow 1.15's <c>tf.summary</c>, with its names of nodes.
/// </remarks>
public static partial class SummaryFunctions
{
    /// <summary>A number.</summary>
    /// <param name="name">Name and tag; characters that a node may not have become "_".</param>
    /// <param name="tensor">Shape: []. DType: numbers.</param>
    /// <param name="collections">Where it is listed; by default among the summaries.</param>
    /// <param name="family">Comes before the tag, so that TensorBoard shows its members together.</param>
    /// <returns>A message of type Summary, as a string. Shape: [].</returns>
    /// <remarks>Source: <c>tf.summary.scalar</c>.</remarks>
    public static Output Scalar(string name, Output tensor, IReadOnlyList<string>? collections = null, string? family = null) =>
        Make(name, tensor, collections, family, "ScalarSummary", "tags", null);

    /// <summary>How often values fall into buckets.</summary>
    /// <param name="name">Name and tag; characters that a node may not have become "_".</param>
    /// <param name="values">Any shape. DType: numbers; they must be finite.</param>
    /// <param name="collections">Where it is listed; by default among the summaries.</param>
    /// <param name="family">Comes before the tag.</param>
    /// <remarks>Source: <c>tf.summary.histogram</c>.</remarks>
    public static Output Histogram(string name, Output values, IReadOnlyList<string>? collections = null, string? family = null) =>
        Make(name, values, collections, family, "HistogramSummary", "tag", null);

    /// <summary>The first images of a batch.</summary>
    /// <param name="name">Name and tag; characters that a node may not have become "_".</param>
    /// <param name="tensor">Shape: [batch, height, width, 1, 3 or 4]. DType: uint8 as it is; float32, float16 or float64 scaled.</param>
    /// <param name="maxOutputs">At most so many.</param>
    /// <param name="collections">Where it is listed; by default among the summaries.</param>
    /// <param name="family">Comes before the tag.</param>
    /// <remarks>Source: <c>tf.summary.image</c>.</remarks>
    public static Output Image(string name, Output tensor, int maxOutputs = 3, IReadOnlyList<string>? collections = null, string? family = null) =>
        Make(name, tensor, collections, family, "ImageSummary", "tag", new AttributeList { { "max_images", maxOutputs } });

    /// <summary>The first clips of a batch.</summary>
    /// <param name="name">Name and tag; characters that a node may not have become "_".</param>
    /// <param name="tensor">Shape: [batch, frames] or [batch, frames, channels], from -1 to 1. DType: float32.</param>
    /// <param name="sampleRate">Unit: hertz.</param>
    /// <param name="maxOutputs">At most so many.</param>
    /// <param name="collections">Where it is listed; by default among the summaries.</param>
    /// <param name="family">Comes before the tag.</param>
    /// <remarks>Source: <c>tf.summary.audio</c>.</remarks>
    public static Output Audio(string name, Output tensor, Operand sampleRate, int maxOutputs = 3, IReadOnlyList<string>? collections = null, string? family = null) =>
        Make(name, tensor, collections, family, "AudioSummaryV2", "tag", new AttributeList { { "max_outputs", maxOutputs } }, g => [g.Convert(sampleRate, DType.Float32, "sample_rate")]);

    /// <summary>Texts.</summary>
    /// <param name="name">Name and tag; characters that a node may not have become "_".</param>
    /// <param name="tensor">Any shape. DType: string; TensorBoard reads Markdown.</param>
    /// <param name="collections">Where it is listed; by default among the summaries.</param>
    /// <exception cref="ArgumentException">It holds no strings.</exception>
    /// <remarks>Source: <c>tf.summary.text</c>.</remarks>
    public static Output Text(string name, Output tensor, IReadOnlyList<string>? collections = null)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return tensor.DType == DType.String
            ? Tensor(name, tensor, new SummaryMetadata { PluginData = new SummaryMetadata.Types.PluginData { PluginName = "text" } }, collections)
            : throw new ArgumentException($"Expected tensor {tensor.Name} to have dtype string, got {tensor.DType.Name()}.", nameof(tensor));
    }

    /// <summary>A tensor as it is.</summary>
    /// <param name="name">Name and tag; characters that a node may not have become "_".</param>
    /// <param name="tensor">Any shape and type.</param>
    /// <param name="summaryMetadata">Which plugin shows it; none by default.</param>
    /// <param name="collections">Where it is listed; by default among the summaries.</param>
    /// <param name="family">Comes before the tag.</param>
    /// <remarks>Source: <c>tf.summary.tensor_summary</c>.</remarks>
    public static Output Tensor(string name, Output tensor, SummaryMetadata? summaryMetadata = null, IReadOnlyList<string>? collections = null, string? family = null) =>
        Make(
            name,
            tensor,
            collections,
            family,
            "TensorSummaryV2",
            "tag",
            null,
            g => [g.Constant(NotebookPersist.Tensor.OfStrings(Shape.Scalar, [(summaryMetadata ?? new SummaryMetadata()).ToByteArray()]), name: "serialized_summary_metadata")]);

    /// <summary>Several summaries as one.</summary>
    /// <param name="inputs">At least one; their tags must differ.</param>
    /// <param name="collections">Where it is listed; by default nowhere.</param>
    /// <param name="name">Name scope; by default "Merge".</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    /// <remarks>Source: <c>tf.summary.merge</c>.</remarks>
    public static Output Merge(IReadOnlyList<Output> inputs, IReadOnlyList<string>? collections = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Count == 0)
            throw new ArgumentException("There must be at least one summary to merge.", nameof(inputs));
        Graph graph = inputs[0].Graph;
        using NameScope scope = graph.NameScope(name ?? "Merge");
        Output merged = graph.AddOperation("MergeSummary", "MergeSummary", null, [.. inputs.Select(static i => (Operand)i)])[0];
        foreach (string key in collections ?? [])
            graph.AddToCollection(key, merged);
        return merged;
    }

    /// <summary>All summaries of a collection as one; null where there are none.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="key">The collection.</param>
    /// <param name="scope">Only those whose names begin with this; null for all.</param>
    /// <param name="name">Name scope; by default "Merge".</param>
    /// <remarks>Source: <c>tf.summary.merge_all</c>.</remarks>
    public static Output? MergeAll(Graph graph, string key = GraphKeys.Summaries, string? scope = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Output[] summaries = [.. graph.GetCollection(key).OfType<Output>().Where(s => scope is null || s.Name.StartsWith(scope, StringComparison.Ordinal))];
        return summaries.Length == 0 ? null : Merge(summaries, name: name);
    }

    private static Output Make(
        string name,
        Output tensor,
        IReadOnlyList<string>? collections,
        string? family,
        string operation,
        string tagName,
        AttributeList? attributes,
        Func<Graph, Output[]>? more = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(tensor);
        Graph graph = tensor.Graph;
        string clean = Clean(name);
        string? before = family is null ? null : Clean(family);
        using NameScope scope = graph.NameScope(before is null ? clean : $"{before}/{clean}");
        string tag = scope.Name.TrimEnd('/');
        var inputs = new List<Operand> { graph.Constant(before is null ? tag : $"{before}/{tag}", name: tagName), tensor };
        foreach (Output input in more?.Invoke(graph) ?? [])
            inputs.Add(input);
        Output summary = graph.AddOperation(operation, scope.Name, attributes, [.. inputs])[0];
        foreach (string key in collections ?? [GraphKeys.Summaries])
            graph.AddToCollection(key, summary);
        return summary;
    }

    private static string Clean(string name) => NotForTags().Replace(name, "_").TrimStart('/');

    [GeneratedRegex(@"[^-/\w.]", RegexOptions.CultureInvariant)]
    private static partial Regex NotForTags();
}
