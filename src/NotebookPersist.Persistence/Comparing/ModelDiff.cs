using System.Globalization;
using System.Text;
using NotebookPersist.Formats.Text;
using NotebookPersist.Persistence;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>What differs between two models: checkpoints, graphs, frozen models or SavedModels, of any two formats.</summary>
/// <param name="PathA">The first.</param>
/// <param name="KindA">What it is, as tools write it.</param>
/// <param name="PathB">The second.</param>
/// <param name="KindB">What it is, as tools write it.</param>
/// <param name="Tensors">Every tensor of both: those that differ first, the greatest relative difference leading; then the equal ones.</param>
/// <param name="Nodes">Nodes that differ, by name; null unless both have a graph.</param>
/// <remarks>
/// Tensors are compared by name; a frozen model's constants are compared with a checkpoint's variables. Two tensors at a time are in memory.
/// Thread safety: immutable.
/// </remarks>
public sealed record ModelDiff(string PathA, string KindA, string PathB, string KindB, IReadOnlyList<TensorDifference> Tensors, IReadOnlyList<NodeDifference>? Nodes)
{
    /// <summary>How many nodes are the same in both graphs.</summary>
    public int SameNodeCount { get; init; }

    /// <summary>Constants of one side's graph that were left out because the other side has no graph in which they could be.</summary>
    public int OtherConstantCount { get; init; }

    /// <summary>What to know of the first one's graph, a sentence each; see <see cref="ModelInspection.Notes"/>.</summary>
    public IReadOnlyList<string> NotesA { get; init; } = [];

    /// <summary>What to know of the second one's graph, a sentence each; see <see cref="ModelInspection.Notes"/>.</summary>
    public IReadOnlyList<string> NotesB { get; init; } = [];

    /// <summary>True where nothing differs beyond the tolerance.</summary>
    public bool IsIdentical => Tensors.All(static t => t.IsEqual) && (Nodes is null || Nodes.Count == 0);

    /// <summary>Compares whatever two paths mean.</summary>
    /// <param name="a">A checkpoint by any of its names, a .meta, .pb, .pbtxt or .npy file, or a folder.</param>
    /// <param name="b">The same, in this or another format.</param>
    /// <param name="options">What counts as different; by default every bit.</param>
    /// <param name="cancellation">Checked at least once for every few thousand elements.</param>
    /// <exception cref="FileNotFoundException">There is nothing there.</exception>
    /// <exception cref="NotebookPersist.Formats.CheckpointFormatException">An index or graph is damaged. A damaged tensor is told as such instead.</exception>
    public static ModelDiff Of(string a, string b, DiffOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(a);
        ArgumentException.ThrowIfNullOrEmpty(b);
        using ModelContents left = ModelContents.Open(a);
        using ModelContents right = ModelContents.Open(b);
        return Compare(left, right, options ?? DiffOptions.Exact, cancellation);
    }

    /// <summary>Compares two graphs in memory.</summary>
    /// <param name="a">The first.</param>
    /// <param name="b">The second.</param>
    /// <param name="options">What counts as different; by default every bit.</param>
    /// <param name="cancellation">Checked at least once for every few thousand elements.</param>
    public static ModelDiff Of(GraphDef a, GraphDef b, DiffOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        using ModelContents left = ModelContents.Of(a, "a");
        using ModelContents right = ModelContents.Of(b, "b");
        return Compare(left, right, options ?? DiffOptions.Exact, cancellation);
    }

    /// <summary>How many tensors relate in a way.</summary>
    public int Count(TensorChange change) => Tensors.Count(t => t.Change == change);

    /// <summary>The counts in words: "1 tensor changed, 2 added, 30 the same".</summary>
    public string Summary()
    {
        // The first count says of what.
        string[] tensors = [.. Enum.GetValues<TensorChange>().Reverse().Where(c => Count(c) > 0).Select((c, i) => $"{(i == 0 ? Counted(Count(c), "tensor") : $"{Count(c)}")} {WordOf(c)}")];
        string[] parts =
        [
            .. tensors,
            .. (Nodes is null ? [] : Enum.GetValues<NodeChange>()).Where(c => Nodes!.Any(n => n.Change == c)).Select(c => $"{Counted(Nodes!.Count(n => n.Change == c), "node")} {Word(c)}"),
        ];
        return parts.Length == 0 ? "nothing to compare" : string.Join(", ", parts);
    }

    /// <summary>The comparison as text, one line for each tensor and node that differs.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append("--- ").Append(PlainNames.Of(PathA)).Append("  (").Append(KindA).Append(")\n+++ ").Append(PlainNames.Of(PathB)).Append("  (").Append(KindB).Append(")\n").Append(Summary());
        foreach (TensorDifference t in Tensors.Where(static t => !t.IsEqual))
            text.Append('\n').Append(Line(t));
        foreach (NodeDifference n in Nodes ?? [])
            text.Append(CultureInfo.InvariantCulture, $"\n{(n.Change == NodeChange.Added ? '+' : n.Change == NodeChange.Removed ? '-' : '~')} node {PlainNames.Of(n.Name)}  {PlainNames.Of(n.Op)}{(n.Details.Count == 0 ? "" : ": ")}{string.Join("; ", n.Details.Select(PlainNames.Of))}");
        if (OtherConstantCount > 0)
            text.Append('\n').Append(Counted(OtherConstantCount, "constant")).Append(OtherConstantCount == 1 ? " of the graph has nothing to be compared with." : " of the graph have nothing to be compared with.");
        foreach (string note in NotesInWords())
            text.Append('\n').Append(PlainNames.Of(note));
        return text.ToString();
    }

    /// <summary>The notes of both sides, those that both have once.</summary>
    public IEnumerable<string> NotesInWords() =>
        NotesA.Select(n => NotesB.Contains(n) ? $"note on both: {n}" : $"note on {PathA}: {n}").Concat(NotesB.Where(n => !NotesA.Contains(n)).Select(n => $"note on {PathB}: {n}"));

    /// <summary>A change in one word, as it reads here: equal tensors beside changed ones of the same run of training were frozen, else they are identical.</summary>
    public string WordOf(TensorChange change) => change == TensorChange.Same && IsOneRun ? "frozen" : Word(change);

    // Two steps of one series of which some tensors moved and none came or went.
    private bool IsOneRun => Count(TensorChange.Changed) > 0
        && Tensors.All(static t => t.Change is TensorChange.Changed or TensorChange.Same or TensorChange.Close)
        && PathA != PathB
        && CheckpointFolder.Step(PathA) is not null
        && CheckpointFolder.Step(PathB) is not null
        && CheckpointFolder.BaseName(PathA) == CheckpointFolder.BaseName(PathB);

    /// <summary>A change in one word.</summary>
    public static string Word(TensorChange change) => change switch
    {
        TensorChange.Same => "identical",
        TensorChange.Close => "within tolerance",
        TensorChange.NotCompared => "without values",
        _ => change.ToString().ToLowerInvariant(),
    };

    private static string Counted(int count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    private static string Word(NodeChange change) => change.ToString().ToLowerInvariant();

    private static string Line(TensorDifference t) => t.Change switch
    {
        TensorChange.Added => $"+ {PlainNames.Of(t.Name)}  {t.B}",
        TensorChange.Removed => $"- {PlainNames.Of(t.Name)}  {t.A}",
        TensorChange.Renamed => $"> {PlainNames.Of(t.Name)} -> {PlainNames.Of(t.NewName!)}  {t.A}",
        TensorChange.Reshaped => $"~ {PlainNames.Of(t.Name)}  reshaped {t.A} -> {t.B}{(t.HasSameElements ? ", the same elements" : "")}",
        TensorChange.Retyped => $"~ {PlainNames.Of(t.Name)}  retyped {t.A} -> {t.B}{Figures(t)}",
        TensorChange.Unreadable => $"! {PlainNames.Of(t.Name)}  {PlainNames.Of(t.Problem!)}",
        _ => $"~ {PlainNames.Of(t.Name)}  {t.A}{Figures(t)}",
    };

    private static string Figures(TensorDifference t) => t.Distance is { } d
        ? string.Create(CultureInfo.InvariantCulture, $"  relative L2 {d.RelativeL2:G4}, max |d| {d.Greatest:G4}, cosine {d.Cosine:G6}, {Counted(t.DifferingCount)}{(d.NonFinite > 0 ? $", {d.NonFinite} not finite on one side" : "")}")
        : string.Create(CultureInfo.InvariantCulture, $"  {Counted(t.DifferingCount)}");

    private static string Counted(long differing) => string.Create(CultureInfo.InvariantCulture, $"{differing} {(differing == 1 ? "element differs" : "elements differ")}");

    private static ModelDiff Compare(ModelContents a, ModelContents b, DiffOptions options, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.Tolerance);
        List<StoredTensor> removed = [.. a.Tensors.Values.Where(t => !b.Tensors.ContainsKey(t.Name))];
        List<StoredTensor> added = [.. b.Tensors.Values.Where(t => !a.Tensors.ContainsKey(t.Name))];
        List<(StoredTensor Old, StoredTensor New)> renamed = RenamedTensors.Find(removed, added, cancellation);
        removed.RemoveAll(t => renamed.Exists(r => r.Old == t));
        added.RemoveAll(t => renamed.Exists(r => r.New == t));

        // Shapes, axes and other constants of a graph are no part of a checkpoint.
        int others = (b.Graph is null ? removed.RemoveAll(static t => t.IsConstant) : 0) + (a.Graph is null ? added.RemoveAll(static t => t.IsConstant) : 0);
        List<TensorDifference> differences =
        [
            .. removed.Select(static t => new TensorDifference(t.Name, TensorChange.Removed, t.Spec, null)),
            .. added.Select(static t => new TensorDifference(t.Name, TensorChange.Added, null, t.Spec)),
            .. renamed.Select(static r => new TensorDifference(r.Old.Name, TensorChange.Renamed, r.Old.Spec, r.New.Spec) { NewName = r.New.Name }),
        ];
        foreach (StoredTensor left in a.Tensors.Values)
        {
            if (b.Tensors.TryGetValue(left.Name, out StoredTensor? right))
                differences.Add(Compare(left, right, options, cancellation));
        }

        (IReadOnlyList<NodeDifference>? nodes, int same) = a.Graph is { } x && b.Graph is { } y ? GraphComparison.Compare(x, y, cancellation) : (null, 0);
        return new ModelDiff(a.Path, a.Kind, b.Path, b.Kind, [.. differences.OrderBy(static t => t.IsEqual).ThenByDescending(Rank).ThenBy(static t => t.Name, StringComparer.Ordinal)], nodes)
        {
            SameNodeCount = same,
            OtherConstantCount = others,
            NotesA = a.Notes,
            NotesB = b.Notes,
        };
    }

    // What has no number comes first: damaged, reshaped, then by how far it moved.
    private static double Rank(TensorDifference t) => t.Change switch
    {
        TensorChange.Unreadable => 1e303,
        TensorChange.Reshaped => 1e302,
        TensorChange.Retyped => 1e301,
        TensorChange.Renamed => -1,
        TensorChange.Added => -2,
        TensorChange.Removed => -3,
        _ when t.Distance is { NonFinite: > 0 } => 1e300,
        _ => t.Distance is { } d && double.IsFinite(d.RelativeL2) ? d.RelativeL2 : 1e299,
    };

    private static TensorDifference Compare(StoredTensor a, StoredTensor b, DiffOptions options, CancellationToken cancellation)
    {
        var difference = new TensorDifference(a.Name, TensorChange.Same, a.Spec, b.Spec);
        if (a.Read is null || b.Read is null)
        {
            return difference with
            {
                Change = a.DType != b.DType ? TensorChange.Retyped : !a.Shape.IsCompatibleWith(b.Shape) ? TensorChange.Reshaped : TensorChange.NotCompared,
            };
        }

        Tensor x, y;
        try
        {
            x = a.Read(cancellation);
            y = b.Read(cancellation);
        }
        catch (IOException fault)
        {
            return difference with { Change = TensorChange.Unreadable, Problem = fault.Message };
        }

        if (a.Shape != b.Shape)
            return difference with { Change = TensorChange.Reshaped, HasSameElements = RenamedTensors.HaveSameBytes(x, y) };
        if (a.DType == b.DType && RenamedTensors.HaveSameBytes(x, y))
            return difference;
        (ValueDistance? distance, long differing) = ValueComparison.Compare(x, y, cancellation);
        bool isClose = a.DType.IsFloating() || a.DType.IsComplex()
            ? distance is { NonFinite: 0 } d && d.Greatest <= options.Tolerance
            : distance is { } whole && whole.Greatest <= options.Tolerance && differing == 0;
        return difference with
        {
            Change = a.DType != b.DType ? TensorChange.Retyped : isClose ? TensorChange.Close : TensorChange.Changed,
            Distance = distance,
            DifferingCount = differing,
        };
    }
}
