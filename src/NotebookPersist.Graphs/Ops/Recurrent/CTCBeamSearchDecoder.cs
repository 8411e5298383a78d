using System.Numerics;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The likeliest label sequences of connectionist temporal classification, by beam search.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="inputs">Logits; the last class is the blank. Shape: [time, batch, classes]. DType: float32, float64.</param>
    /// <param name="sequenceLength">Steps of each sequence. Shape: [batch]. DType: int32.</param>
    /// <param name="beamWidth">How many sequences are followed; at least 1.</param>
    /// <param name="topPaths">How many are given; at most <paramref name="beamWidth"/>.</param>
    /// <param name="mergeRepeated">Equal labels one after another become one in what is given.</param>
    /// <param name="name">Node name.</param>
    /// <returns>For each path a sparse matrix, and log-probabilities [batch, paths].</returns>
    /// <remarks>Source: TensorFlow op "CTCBeamSearchDecoder".</remarks>
    public static (IReadOnlyList<(Output Indices, Output Values, Output Shape)> Paths, Output LogProbabilities) CtcBeamSearchDecoder(
        this Graph graph, Operand inputs, Operand sequenceLength, int beamWidth = 100, int topPaths = 1, bool mergeRepeated = true, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Operation node = graph.AddOperation<CTCBeamSearchDecoderOp>(
            name, new AttributeList { { "beam_width", beamWidth }, { "top_paths", topPaths }, { "merge_repeated", mergeRepeated } }, inputs, sequenceLength);
        return ([.. Enumerable.Range(0, topPaths).Select(i => (node[i], node[topPaths + i], node[(2 * topPaths) + i]))], node[3 * topPaths]);
    }
}

internal sealed class CTCBeamSearchDecoderOp() : FloatingOp(
    "CTCBeamSearchDecoder(inputs: T, sequence_length: int32) "
    + "-> (decoded_indices: top_paths * int64, decoded_values: top_paths * int64, decoded_shape: top_paths * int64, log_probability: T) "
    + "where beam_width: int >= 1, top_paths: int >= 1, merge_repeated: bool = true, T: float | double = float")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("classes are chosen, not computed");

    public override void InferShapes(ShapeContext c)
    {
        Shape inputs = c.WithRank(0, 3);
        int paths = (int)c.Attributes.Int("top_paths");
        for (int i = 0; i < paths; i++)
        {
            c.Output(i, [-1, 2]);
            c.Output(paths + i, [-1]);
            c.Output((2 * paths) + i, [2]);
        }

        c.Output(3 * paths, [c.Merge(inputs[1], c.WithRank(1, 1)[0]), paths]);
    }

    protected override void Compute<T>(KernelContext c)
    {
        (_, int batch, int classes) = TemporalLossOp.Sizes(c, c.Input(0), c.Input(1));
        (int width, int paths) = ((int)c.Attributes.Int("beam_width"), (int)c.Attributes.Int("top_paths"));
        bool merge = c.Attributes.Bool("merge_repeated");
        ReadOnlySpan<T> inputs = c.Input(0).Data<T>();
        Span<T> scores = c.AllocateOutput(3 * paths, [batch, paths]).MutableData<T>();
        int[][][] found = new int[batch][][];
        for (int b = 0; b < batch; b++)
        {
            c.Workers.Cancellation.ThrowIfCancellationRequested();
            var beam = new CtcBeam<T>(classes, width);
            for (int t = 0; t < c.Input<int>(1)[b]; t++)
                beam.Step(inputs.Slice(((t * batch) + b) * classes, classes));
            if (paths > width)
                throw c.InvalidArgument("requested more paths than the beam width.");
            if (paths > beam.Count)
                throw c.InvalidArgument("Less leaves in the beam search than requested.");
            found[b] = [.. Enumerable.Range(0, paths).Select(i => beam.Path(i, merge))];
            for (int i = 0; i < paths; i++)
                scores[(b * paths) + i] = beam.Score(i);
        }

        for (int i = 0; i < paths; i++)
        {
            int count = found.Sum(f => f[i].Length);
            Span<long> indices = c.AllocateOutput(i, [count, 2]).MutableData<long>();
            Span<long> values = c.AllocateOutput(paths + i, [count]).MutableData<long>();
            int at = 0;
            for (int b = 0; b < batch; b++)
            {
                for (int k = 0; k < found[b][i].Length; k++, at++)
                    (indices[2 * at], indices[(2 * at) + 1], values[at]) = (b, k, found[b][i][k]);
            }

            Span<long> shape = c.AllocateOutput((2 * paths) + i, [2]).MutableData<long>();
            (shape[0], shape[1]) = (batch, found.Length == 0 ? 0 : found.Max(f => f[i].Length));
        }
    }
}

/// <summary>The label sequences that a beam search follows, the likeliest first.</summary>
/// <remarks>Source: Graves, "Supervised Sequence Labelling with Recurrent Neural Networks" (2012), prefix search with a beam, in TensorFlow's order of updates.</remarks>
internal sealed class CtcBeam<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int _classes;
    private readonly int _width;
    private readonly List<Entry> _leaves = [];

    public CtcBeam(int classes, int width)
    {
        (_classes, _width) = (classes, width);
        var root = new Entry(null, -1);
        root.New = new Odds(T.Zero, T.Zero, T.NegativeInfinity);
        _leaves.Add(root);
    }

    /// <summary>How many sequences are followed now.</summary>
    public int Count => _leaves.Count;

    /// <summary>Log-probability of a sequence.</summary>
    public T Score(int index) => _leaves[index].New.Total;

    /// <summary>The labels of a sequence.</summary>
    public int[] Path(int index, bool merge)
    {
        var labels = new List<int>();
        int before = -1;
        for (Entry? at = _leaves[index]; at?.Parent is not null; at = at.Parent)
        {
            if (!merge || at.Label != before)
                labels.Add(at.Label);
            before = at.Label;
        }

        labels.Reverse();
        return [.. labels];
    }

    /// <summary>Takes in the logits of one more step.</summary>
    public void Step(ReadOnlySpan<T> logits)
    {
        T largest = System.Numerics.Tensors.TensorPrimitives.Max(logits);
        T sum = T.Zero;
        foreach (T logit in logits)
            sum += T.Exp(logit - largest);
        T offset = largest + T.Log(sum);

        Entry[] branches = [.. _leaves];
        _leaves.Clear();
        foreach (Entry branch in branches)
            branch.Old = branch.New;
        foreach (Entry branch in branches)
        {
            T label = branch.New.Label;
            if (branch.Parent is { } parent)
            {
                if (parent.IsActive)
                    label = LogSum(label, branch.Label == parent.Label ? parent.Old.Blank : parent.Old.Total);
                label += logits[branch.Label] - offset;
            }

            T blank = branch.Old.Total + logits[_classes - 1] - offset;
            branch.New = new Odds(LogSum(blank, label), blank, label);
            Push(branch);
        }

        foreach (Entry branch in branches)
        {
            if (!IsCandidate(branch.Old.Total))
                continue;
            for (int label = 0; label < _classes - 1; label++)
            {
                Entry child = branch.Child(label);
                if (child.IsActive)
                    continue;
                T odds = logits[label] - offset + (label == branch.Label ? branch.Old.Blank : branch.Old.Total);
                if (!IsCandidate(odds))
                {
                    (child.Old, child.New) = (Odds.None, Odds.None);
                    continue;
                }

                child.New = new Odds(odds, T.NegativeInfinity, odds);
                if (_leaves.Count == _width)
                    _leaves[^1].New = Odds.None;
                Push(child);
            }
        }
    }

    private bool IsCandidate(T total) => total > T.NegativeInfinity && (_leaves.Count < _width || total > _leaves[^1].New.Total);

    private void Push(Entry entry)
    {
        if (_leaves.Count == _width)
            _leaves.RemoveAt(_width - 1);
        int at = _leaves.Count;
        while (at > 0 && entry.New.Total > _leaves[at - 1].New.Total)
            at--;
        _leaves.Insert(at, entry);
    }

    private static T LogSum(T a, T b)
    {
        if (T.IsNegativeInfinity(a) && T.IsNegativeInfinity(b))
            return a;
        return a > b ? a + T.LogP1(T.Exp(b - a)) : b + T.LogP1(T.Exp(a - b));
    }

    private readonly record struct Odds(T Total, T Blank, T Label)
    {
        public static Odds None => new(T.NegativeInfinity, T.NegativeInfinity, T.NegativeInfinity);
    }

    private sealed class Entry(Entry? parent, int label)
    {
        private readonly Dictionary<int, Entry> _children = [];

        public Entry? Parent { get; } = parent;

        public int Label { get; } = label;

        public Odds Old { get; set; } = Odds.None;

        public Odds New { get; set; } = Odds.None;

        public bool IsActive => !T.IsNegativeInfinity(New.Total);

        public Entry Child(int label)
        {
            if (!_children.TryGetValue(label, out Entry? child))
                _children.Add(label, child = new Entry(this, label));
            return child;
        }
    }
}
