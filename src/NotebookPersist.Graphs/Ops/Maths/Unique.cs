using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Each value once, in the order they first come, and where each element went.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">Shape: [n].</param>
    /// <param name="indexType">int32 or int64.</param>
    /// <param name="name">Node name.</param>
    /// <returns>The values, and for each element of <paramref name="x"/> the position of its value.</returns>
    /// <remarks>Source: TensorFlow op "Unique".</remarks>
    public static (Output Values, Output Indices) Unique(this Graph graph, Operand x, DType indexType = DType.Int32, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Operation node = graph.AddOperation<UniqueOp>(name, new AttributeList { { "out_idx", indexType } }, x);
        return (node[0], node[1]);
    }

    /// <summary>Each value once, in the order they first come, where each element went, and how often each value is there.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">Shape: [n].</param>
    /// <param name="indexType">int32 or int64.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "UniqueWithCounts".</remarks>
    public static (Output Values, Output Indices, Output Counts) UniqueWithCounts(this Graph graph, Operand x, DType indexType = DType.Int32, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Operation node = graph.AddOperation<UniqueWithCountsOp>(name, new AttributeList { { "out_idx", indexType } }, x);
        return (node[0], node[1], node[2]);
    }
}

internal abstract class DistinctOp(string signature) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no gradient for it");

    public override void InferShapes(ShapeContext c)
    {
        bool alongAxis = c.InputCount == 2;
        if (!alongAxis)
            c.WithRank(0, 1);
        c.Output(0, alongAxis ? c.Input(0).HasRank ? Shape.OfRank(c.Input(0).Rank) : Shape.Unknown : [-1]);
        c.Output(1, c.Input(0).Rank == 1 ? c.Input(0) : [-1]);
        if (c.OutputCount == 3)
            c.Output(2, [-1]);
    }

    public override void Compute(KernelContext c)
    {
        Tensor x = c.Input(0);
        if (c.InputCount == 1 && x.Rank != 1)
            throw c.InvalidArgument("unique expects a 1D vector.");
        long[] axes = c.InputCount == 2 ? IntVectors.Read(c.Input(1)) : [];
        if (axes.Length > 1)
            throw c.InvalidArgument("axis does not support input tensors larger than 1 elements");
        if (axes.Length == 0 && x.Rank != 1)
            throw c.InvalidArgument("unique expects a 1D vector.");
        int axis = axes.Length == 0 ? 0 : (int)(axes[0] < 0 ? axes[0] + x.Rank : axes[0]);
        if (axis < 0 || axis >= x.Rank)
            throw c.InvalidArgument($"axis has to be between 0 and {x.Rank}");

        // Positions in tables are what it is mostly asked for.
        (List<int> firsts, List<long> counts, long[] places) = x is { Rank: 1, DType: DType.Int32 or DType.Int64 }
            ? Sort(IntVectors.Read(x))
            : Sort([.. Enumerable.Range(0, (int)x.Shape[axis]).Select(i => Rows.Key(x, axis, i))]);
        c.Output(0, Rows.Take(x, axis, firsts));
        IntVectors.Write(places, c.AllocateOutput(1, [places.Length]));
        if (c.Operation.Outputs.Count == 3)
            IntVectors.Write(counts.ToArray(), c.AllocateOutput(2, [counts.Count]));
    }

    // Where each value comes first, how often it comes, and where each element went.
    private static (List<int> Firsts, List<long> Counts, long[] Places) Sort<TKey>(TKey[] keys)
        where TKey : notnull
    {
        var known = new Dictionary<TKey, int>();
        var firsts = new List<int>();
        var counts = new List<long>();
        long[] places = new long[keys.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            Interruption.Check(i);
            if (!known.TryGetValue(keys[i], out int place))
            {
                known.Add(keys[i], place = firsts.Count);
                firsts.Add(i);
                counts.Add(0);
            }

            places[i] = place;
            counts[place]++;
        }

        return (firsts, counts, places);
    }
}

internal sealed class UniqueOp() : DistinctOp("Unique(x: T) -> (y: T, idx: out_idx) where T: type, out_idx: int32 | int64 = int32");

internal sealed class UniqueV2Op() : DistinctOp("UniqueV2(x: T, axis: Taxis) -> (y: T, idx: out_idx) where T: type, Taxis: int32 | int64 = int64, out_idx: int32 | int64 = int32");

internal sealed class UniqueWithCountsOp() : DistinctOp("UniqueWithCounts(x: T) -> (y: T, idx: out_idx, count: out_idx) where T: type, out_idx: int32 | int64 = int32");

internal sealed class UniqueWithCountsV2Op() : DistinctOp("UniqueWithCountsV2(x: T, axis: Taxis) -> (y: T, idx: out_idx, count: out_idx) where T: type, Taxis: int32 | int64 = int64, out_idx: int32 | int64 = int32");
