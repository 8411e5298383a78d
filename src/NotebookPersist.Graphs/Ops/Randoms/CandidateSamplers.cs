using System.Globalization;
using NotebookPersist.Formats.Files;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Randoms;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Draws classes, each as likely as any other, to contrast the true ones with.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="trueClasses">Shape: [batch, trueCount]. DType: int64.</param>
    /// <param name="trueCount">True classes of each example.</param>
    /// <param name="sampledCount">How many to draw for the whole batch.</param>
    /// <param name="unique">Each at most once.</param>
    /// <param name="range">Number of classes.</param>
    /// <param name="seed">Makes the classes the same in every session; see <see cref="Graph.Seed"/>.</param>
    /// <param name="name">Node name.</param>
    /// <returns>The classes drawn; how often true ones, and those drawn, are expected among them.</returns>
    /// <remarks>Source: TensorFlow op "UniformCandidateSampler".</remarks>
    public static (Output Sampled, Output TrueExpected, Output SampledExpected) UniformCandidateSampler(
        this Graph graph, Operand trueClasses, int trueCount, int sampledCount, bool unique, int range, int? seed = null, string? name = null) =>
        Candidates<UniformCandidateSamplerOp>(graph, trueClasses, trueCount, sampledCount, unique, range, seed, name);

    /// <summary>Draws classes by roughly Zipf's law, as words that are numbered by falling frequency.</summary>
    /// <inheritdoc cref="UniformCandidateSampler"/>
    /// <remarks>Source: TensorFlow op "LogUniformCandidateSampler".</remarks>
    public static (Output Sampled, Output TrueExpected, Output SampledExpected) LogUniformCandidateSampler(
        this Graph graph, Operand trueClasses, int trueCount, int sampledCount, bool unique, int range, int? seed = null, string? name = null) =>
        Candidates<LogUniformCandidateSamplerOp>(graph, trueClasses, trueCount, sampledCount, unique, range, seed, name);

    private static (Output Sampled, Output TrueExpected, Output SampledExpected) Candidates<TOp>(
        Graph graph, Operand trueClasses, int trueCount, int sampledCount, bool unique, int range, int? seed, string? name)
        where TOp : Op
    {
        ArgumentNullException.ThrowIfNull(graph);
        (long first, long second) = graph.SeedsFor(seed);
        Operation node = graph.AddOperation<TOp>(
            name,
            new AttributeList { { "num_true", trueCount }, { "num_sampled", sampledCount }, { "unique", unique }, { "range_max", range }, { "seed", first }, { "seed2", second } },
            trueClasses);
        return (node[0], node[1], node[2]);
    }
}

/// <summary>Draws classes to contrast the true ones with, and says how often each is expected to be drawn.</summary>
internal abstract class CandidateSamplerOp(string signature) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("classes are drawn, not computed");

    public override void InferShapes(ShapeContext c)
    {
        Shape truths = c.WithRank(0, 2);
        long count = c.Attributes.Int("num_sampled");
        c.Output(0, [count]);
        c.Output(1, [truths[0], c.Merge(truths[1], c.Attributes.Int("num_true"))]);
        c.Output(2, [count]);
    }

    public override void Compute(KernelContext c)
    {
        Tensor truths = c.Input(0);
        long perRow = c.Attributes.Int("num_true");
        if (truths.Rank != 2)
            throw c.InvalidArgument("true_classes must be a matrix");
        if (truths.Shape[1] != perRow)
            throw c.InvalidArgument($"true_classes must have num_true columns, expected: {truths.Shape[1]} was: {perRow}");
        int count = checked((int)c.Attributes.Int("num_sampled"));
        (RandomStream stream, IClassOdds odds) = c.State(() => new Sampler(RandomStream.Make(c), Odds(c)));
        bool unique = c.Attributes.Bool("unique");
        if (unique && count > odds.Range)
            throw c.InvalidArgument("Sampler's range is too small.");
        Span<long> drawn = c.AllocateOutput(0, [count]).MutableData<long>();
        int tries = Draw(c, stream, odds, unique, drawn);
        Span<float> expected = c.AllocateOutput(1, truths.Shape).MutableData<float>();
        for (int i = 0; i < expected.Length; i++)
            expected[i] = Expected(odds, truths.Data<long>()[i], count, tries);
        Span<float> expectedDrawn = c.AllocateOutput(2, [count]).MutableData<float>();
        for (int i = 0; i < count; i++)
            expectedDrawn[i] = Expected(odds, drawn[i], count, tries);
        odds.Learn(truths.Data<long>());
    }

    /// <summary>How likely each class is, at first.</summary>
    protected abstract IClassOdds Odds(KernelContext c);

    /// <summary>Draws, and says in how many tries.</summary>
    protected virtual int Draw(KernelContext c, RandomStream stream, IClassOdds odds, bool unique, Span<long> drawn)
    {
        var numbers = new PhiloxNumbers(stream.Reserve(2048L * drawn.Length / 4));
        int tries = 0;
        var used = new HashSet<long>();
        for (int i = 0; i < drawn.Length; tries++)
        {
            if ((tries & 1023) == 1023)
                c.Workers.Cancellation.ThrowIfCancellationRequested();
            long value = odds.Draw(ref numbers);
            if (!unique || used.Add(value))
                drawn[i++] = value;
        }

        return tries;
    }

    private sealed record Sampler(RandomStream Stream, IClassOdds Odds);

    // As often as once in so many tries where classes are drawn only once.
    private static float Expected(IClassOdds odds, long value, int count, int tries)
    {
        float p = odds.Of(value);
        return tries == count ? p * count : -float.ExpM1(tries * float.LogP1(-p));
    }
}

/// <summary>A distribution over classes 0 to <see cref="Range"/> - 1.</summary>
internal interface IClassOdds
{
    long Range { get; }

    long Draw(ref PhiloxNumbers numbers);

    float Of(long value);

    /// <summary>Takes in classes that occurred.</summary>
    void Learn(ReadOnlySpan<long> values)
    {
        // Most distributions are fixed.
    }
}

internal sealed class UniformCandidateSamplerOp() : CandidateSamplerOp(
    "UniformCandidateSampler(true_classes: int64) "
    + "-> (sampled_candidates: int64, true_expected_count: float, sampled_expected_count: float) "
    + "where num_true: int >= 1, num_sampled: int >= 1, unique: bool, range_max: int >= 1, seed: int = 0, seed2: int = 0; stateful")
{
    protected override IClassOdds Odds(KernelContext c) => new EqualOdds(c.Attributes.Int("range_max"));

    private sealed class EqualOdds(long range) : IClassOdds
    {
        public long Range => range;

        public long Draw(ref PhiloxNumbers numbers) => (long)numbers.NextLongBelow((ulong)range);

        public float Of(long value) => (float)(1.0 / range);
    }
}

internal sealed class LogUniformCandidateSamplerOp() : CandidateSamplerOp(
    "LogUniformCandidateSampler(true_classes: int64) "
    + "-> (sampled_candidates: int64, true_expected_count: float, sampled_expected_count: float) "
    + "where num_true: int >= 1, num_sampled: int >= 1, unique: bool, range_max: int >= 1, seed: int = 0, seed2: int = 0; stateful")
{
    protected override IClassOdds Odds(KernelContext c) => new ZipfOdds(c.Attributes.Int("range_max"));

    /// <summary>The odds of words numbered by falling frequency, roughly.</summary>
    private sealed class ZipfOdds(long range) : IClassOdds
    {
        private readonly double _logRange = double.LogP1(range);

        public long Range => range;

        public long Draw(ref PhiloxNumbers numbers) => ((long)Math.Exp(numbers.NextDouble() * _logRange) - 1) % range;

        public float Of(long value) => (float)(Math.Log((value + 2.0) / (value + 1.0)) / _logRange);
    }
}

/// <summary>Draws by how often classes occurred so far, each counted once to begin with.</summary>
internal abstract class LearningSamplerOp(string signature) : CandidateSamplerOp(signature)
{
    protected override IClassOdds Odds(KernelContext c)
    {
        long range = c.Attributes.Int("range_max");
        return range < int.MaxValue / 4 ? new LearnedOdds((int)range) : throw c.InvalidArgument($"range_max must be below {int.MaxValue / 4}, got {range}");
    }

    private sealed class LearnedOdds : IClassOdds
    {
        private readonly Lock _gate = new();
        private readonly int[] _sums;
        private readonly int _leaves;
        private readonly int _range;

        // A binary tree of counts: the children of node i are 2i and 2i + 1.
        public LearnedOdds(int range)
        {
            (_range, _leaves) = (range, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)range));
            _sums = new int[2 * _leaves];
            _sums.AsSpan(_leaves, range).Fill(1);
            for (int i = _leaves - 1; i > 0; i--)
                _sums[i] = _sums[2 * i] + _sums[(2 * i) + 1];
        }

        public long Range => _range;

        public long Draw(ref PhiloxNumbers numbers)
        {
            lock (_gate)
            {
                int position = (int)numbers.NextBelow((uint)_sums[1]);
                int node = 1;
                while (node < _leaves)
                {
                    node *= 2;
                    if (position < _sums[node])
                        continue;
                    position -= _sums[node];
                    node++;
                }

                return node - _leaves;
            }
        }

        public float Of(long value)
        {
            lock (_gate)
                return value >= 0 && value < _range ? (float)_sums[_leaves + value] / _sums[1] : 0;
        }

        public void Learn(ReadOnlySpan<long> values)
        {
            lock (_gate)
            {
                foreach (long value in values)
                {
                    if (value < 0 || value >= _range || _sums[1] == int.MaxValue)
                        continue;
                    for (int node = _leaves + (int)value; node > 0; node /= 2)
                        _sums[node]++;
                }
            }
        }
    }
}

internal sealed class LearnedUnigramCandidateSamplerOp() : LearningSamplerOp(
    "LearnedUnigramCandidateSampler(true_classes: int64) "
    + "-> (sampled_candidates: int64, true_expected_count: float, sampled_expected_count: float) "
    + "where num_true: int >= 1, num_sampled: int >= 1, unique: bool, range_max: int >= 1, seed: int = 0, seed2: int = 0; stateful");

internal sealed class ThreadUnsafeUnigramCandidateSamplerOp() : LearningSamplerOp(
    "ThreadUnsafeUnigramCandidateSampler(true_classes: int64) "
    + "-> (sampled_candidates: int64, true_expected_count: float, sampled_expected_count: float) "
    + "where num_true: int >= 1, num_sampled: int >= 1, unique: bool, range_max: int >= 1, seed: int = 0, seed2: int = 0; stateful");

internal sealed class AllCandidateSamplerOp() : CandidateSamplerOp(
    "AllCandidateSampler(true_classes: int64) "
    + "-> (sampled_candidates: int64, true_expected_count: float, sampled_expected_count: float) "
    + "where num_true: int >= 1, num_sampled: int >= 1, unique: bool, seed: int = 0, seed2: int = 0; stateful")
{
    protected override IClassOdds Odds(KernelContext c) => new Certainty(c.Attributes.Int("num_sampled"));

    protected override int Draw(KernelContext c, RandomStream stream, IClassOdds odds, bool unique, Span<long> drawn)
    {
        for (int i = 0; i < drawn.Length; i++)
            drawn[i] = i;
        // Expected counts are 1, whatever the number of classes.
        return drawn.Length;
    }

    private sealed class Certainty(long range) : IClassOdds
    {
        public long Range => range;

        public long Draw(ref PhiloxNumbers numbers) => 0;

        public float Of(long value) => 1f / range;
    }
}

internal sealed class FixedUnigramCandidateSamplerOp() : CandidateSamplerOp(
    "FixedUnigramCandidateSampler(true_classes: int64) "
    + "-> (sampled_candidates: int64, true_expected_count: float, sampled_expected_count: float) "
    + "where num_true: int >= 1, num_sampled: int >= 1, unique: bool, range_max: int >= 1, vocab_file: string = '', distortion: float = 1, "
    + "num_reserved_ids: int = 0, num_shards: int >= 1 = 1, shard: int >= 0 = 0, unigrams: list(float) = [], seed: int = 0, seed2: int = 0; stateful")
{
    protected override IClassOdds Odds(KernelContext c) => new GivenOdds(Weights(c));

    private static IEnumerable<string> Lines(string file)
    {
        RegularFile.Require(file);
        return RegularFile.ReadLines(file);
    }

    private static float[] Weights(KernelContext c)
    {
        string file = c.Attributes.String("vocab_file");
        IReadOnlyList<float> listed = c.Attributes.Floats("unigrams");
        if (file.Length == 0 == (listed.Count == 0))
            throw c.InvalidArgument("Must provide either vocab_file or unigrams.");
        float[] given = listed.Count > 0 ? [.. listed] : [.. Lines(file).Select(l => Weight(c, l))];
        (long reserved, long shards, long shard) = (c.Attributes.Int("num_reserved_ids"), c.Attributes.Int("num_shards"), c.Attributes.Int("shard"));
        if (reserved < 0 || shards < 1)
            throw c.InvalidArgument($"num_reserved_ids must not be negative and num_shards at least 1, got {reserved} and {shards}");
        float distortion = c.Attributes.Float("distortion");
        var weights = new List<float>();
        for (long id = 0; id < reserved; id++)
        {
            if (id % shards == shard)
                weights.Add(0);
        }

        for (int i = 0, id = weights.Count; i < given.Length; i++, id++)
        {
            if (id % shards == shard)
                weights.Add(MathF.Pow(given[i], distortion));
        }

        return weights.Count == c.Attributes.Int("range_max") ? [.. weights] : throw c.InvalidArgument($"range_max is {c.Attributes.Int("range_max")}, and there are {weights.Count} weights");
    }

    private static float Weight(KernelContext c, string line) => float.TryParse(line.AsSpan(line.LastIndexOf(',') + 1), CultureInfo.InvariantCulture, out float weight)
        ? weight
        : throw c.InvalidArgument($"Wrong vocabulary format at line: {line}");

    /// <summary>Odds in a given relation, drawn by the method of aliases.</summary>
    private sealed class GivenOdds : IClassOdds
    {
        private readonly float[] _weights;
        private readonly float _total;
        private readonly float[] _kept;
        private readonly int[] _alias;

        public GivenOdds(float[] weights)
        {
            _weights = weights;
            foreach (float weight in weights)
                _total += weight;
            int n = weights.Length;
            double sum = weights.Sum(static w => (double)w);
            double[] odds = [.. weights.Select(w => w * (float)n / sum)];
            (_kept, _alias) = (new float[n], new int[n]);
            var high = new Stack<int>();
            var low = new Stack<int>();
            for (int i = 0; i < n; i++)
                (odds[i] < 1 ? low : high).Push(i);
            while (high.Count > 0 && low.Count > 0)
            {
                (int l, int h) = (low.Pop(), high.Pop());
                _alias[l] = h;
                odds[h] -= 1 - odds[l];
                (odds[h] < 1 ? low : high).Push(h);
            }

            for (int i = 0; i < n; i++)
                _kept[i] = (float)odds[i];
            foreach (int i in high.Concat(low))
                (_kept[i], _alias[i]) = (1, i);
        }

        public long Range => _weights.Length;

        public long Draw(ref PhiloxNumbers numbers)
        {
            float r = numbers.NextSingle();
            int i = (int)numbers.NextBelow((uint)_weights.Length);
            return r < _kept[i] ? i : _alias[i];
        }

        public float Of(long value) => value >= 0 && value < _weights.Length ? _weights[value] / _total : 0;
    }
}

internal sealed class ComputeAccidentalHitsOp() : UndifferentiatedOp(
    "ComputeAccidentalHits(true_classes: int64, sampled_candidates: int64) "
    + "-> (indices: int32, ids: int64, weights: float) "
    + "where num_true: int, seed: int = 0, seed2: int = 0", "hits are found, not computed")
{
    public override void InferShapes(ShapeContext c)
    {
        c.WithRank(0, 2);
        c.WithRank(1, 1);
        for (int i = 0; i < 3; i++)
            c.Output(i, [-1]);
    }

    public override void Compute(KernelContext c)
    {
        (Tensor truths, Tensor drawn) = (c.Input(0), c.Input(1));
        long perRow = c.Attributes.Int("num_true");
        if (truths.Rank != 2 || truths.Shape[1] != perRow)
            throw c.InvalidArgument("true_candidates must be a batch_size * num_true matrix");
        if (drawn.Rank != 1)
            throw c.InvalidArgument("sampled_candidates must be a vector, which is typically an output from CandidateSampler");
        var places = new Dictionary<long, long>();
        for (int i = 0; i < drawn.Count; i++)
            places[drawn.Data<long>()[i]] = i;
        var rows = new List<int>();
        var ids = new List<long>();
        for (int i = 0; i < truths.Count; i++)
        {
            if (!places.TryGetValue(truths.Data<long>()[i], out long place))
                continue;
            rows.Add((int)(i / perRow));
            ids.Add(place);
        }

        rows.CopyTo(c.AllocateOutput(0, [rows.Count]).MutableData<int>());
        ids.CopyTo(c.AllocateOutput(1, [rows.Count]).MutableData<long>());
        c.AllocateOutput(2, [rows.Count]).MutableData<float>().Fill(-float.MaxValue);
    }
}
