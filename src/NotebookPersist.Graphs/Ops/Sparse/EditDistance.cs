using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The Levenshtein distance between the sequences along the last dimensions of two sparse tensors.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="hypothesis">Positions, elements and shape.</param>
    /// <param name="truth">Positions, elements and shape.</param>
    /// <param name="normalize">Whether distances are divided by the length of the truth.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "EditDistance".</remarks>
    public static Output EditDistance(
        this Graph graph,
        (Output Indices, Output Values, Output Shape) hypothesis,
        (Output Indices, Output Values, Output Shape) truth,
        bool normalize = true,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<EditDistanceOp>(
            name, new AttributeList { { "normalize", normalize } }, hypothesis.Indices, hypothesis.Values, hypothesis.Shape, truth.Indices, truth.Values, truth.Shape);
    }
}

internal sealed class EditDistanceOp() : UndifferentiatedOp("EditDistance(hypothesis_indices: int64, hypothesis_values: T, hypothesis_shape: int64, truth_indices: int64, truth_values: T, truth_shape: int64) -> (output: float) where normalize: bool = true, T: type", "edits are no continuous values")
{
    public override void InferShapes(ShapeContext c)
    {
        (Shape hypothesis, Shape truth) = (c.InputAsShape(2), c.InputAsShape(5));
        if (hypothesis.Rank > 0 && hypothesis.Rank == truth.Rank && hypothesis.IsFullyKnown && truth.IsFullyKnown)
            c.Output(0, Outer(hypothesis.ToArray(), truth.ToArray()));
    }

    public override void Compute(KernelContext c)
    {
        (SparseParts hypothesis, SparseParts truth) = (SparseParts.Read(c, 0), SparseParts.Read(c, 3));
        if (hypothesis.Rank != truth.Rank || truth.Rank < 2)
            throw c.InvalidArgument($"hypothesis_shape and truth_shape should have the same length, at least 2: [{string.Join(',', hypothesis.Sizes)}] vs. [{string.Join(',', truth.Sizes)}]");
        long[] sizes = Outer(hypothesis.Sizes, truth.Sizes);
        Span<float> distances = c.AllocateOutput(0, sizes).MutableData<float>();
        Dictionary<int, List<string>> said = Sequences(hypothesis, sizes);
        Dictionary<int, List<string>> meant = Sequences(truth, sizes);
        bool normalize = c.Attributes.Bool("normalize");
        for (int i = 0; i < distances.Length; i++)
        {
            Interruption.Check();
            List<string> h = said.GetValueOrDefault(i) ?? [];
            List<string> t = meant.GetValueOrDefault(i) ?? [];
            float distance = Levenshtein(h, t);
            distances[i] = !normalize || distance == 0 ? distance : t.Count == 0 ? float.PositiveInfinity : distance / t.Count;
        }
    }

    private static long[] Outer(long[] hypothesis, long[] truth) =>
        [.. hypothesis.Zip(truth, Math.Max).Take(truth.Length - 1)];

    private static Dictionary<int, List<string>> Sequences(SparseParts parts, long[] sizes)
    {
        var sequences = new Dictionary<int, List<string>>();
        for (int i = 0; i < parts.Count; i++)
        {
            long place = 0;
            for (int d = 0; d < sizes.Length; d++)
                place = (place * sizes[d]) + parts[i][d];
            if (!sequences.TryGetValue((int)place, out List<string>? sequence))
                sequences.Add((int)place, sequence = []);
            sequence.Add(Rows.Key(parts.Values, 0, i));
        }

        return sequences;
    }

    private static int Levenshtein(List<string> a, List<string> b)
    {
        int[] row = [.. Enumerable.Range(0, b.Count + 1)];
        for (int i = 1; i <= a.Count; i++)
        {
            Interruption.Check();
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Count; j++)
            {
                int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
