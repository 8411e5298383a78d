using System.Numerics;
using System.Runtime.ExceptionServices;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The k largest numbers of each row, and where they are.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">DType: real numbers. Shape: [..., n].</param>
    /// <param name="k">Scalar, at most n.</param>
    /// <param name="sorted">True for descending order.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Values and int32 positions, both [..., k]; of equal numbers the first comes first.</returns>
    /// <remarks>Source: TensorFlow op "TopKV2".</remarks>
    public static (Output Values, Output Indices) TopK(this Graph graph, Operand input, Operand k = default, bool sorted = true, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Operation node = graph.AddOperation<TopKV2Op>(name, new AttributeList { { "sorted", sorted } }, input, k.IsMissing ? 1 : k);
        return (node[0], node[1]);
    }
}

internal abstract class LargestOp(string signature) : Op(signature), INumberAction
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        (Graph graph, Output x, Output indices) = (g.Graph, g.X(0), g.Y(1));
        // Rows are laid out one after another, so that one scatter reaches all.
        Output shape = graph.Shape(x);
        Output width = graph.Reshape(graph.Slice(shape, new[] { x.Shape.Rank - 1 }, new[] { 1 }), Array.Empty<int>());
        Output kept = graph.Shape(indices);
        Output k = graph.Reshape(graph.Slice(kept, new[] { x.Shape.Rank - 1 }, new[] { 1 }), Array.Empty<int>());
        Output count = graph.ReduceProd(shape);
        Output starts = graph.Range(0, graph.FloorDivide(count, width), 1) * width;
        Output places = graph.Reshape(graph.Reshape(indices, graph.Stack([-1, k])) + graph.ExpandDims(starts, -1), new[] { -1, 1 });
        Output flat = graph.AddOperation("ScatterNd", null, null, places, graph.Reshape(g.Dy(0), new[] { -1 }), graph.ExpandDims(count, 0))[0];
        Output dx = graph.Reshape(flat, shape);
        return g.InputCount == 2 ? [dx, null] : [dx];
    });

    public override void InferShapes(ShapeContext c)
    {
        Shape input = c.WithRankAtLeast(0, 1);
        long k = c.InputCount == 1 ? c.Attributes.Int("k") : c.InputInts(1) is [var known] ? known : -1;
        if (input.HasRank && input[^1] >= 0 && k > input[^1])
            throw c.Fault($"input must have last dimension >= k = {k} but is {input[^1]}.");
        Shape result = input.HasRank ? [.. input.Dimensions[..^1], k] : Shape.Unknown;
        c.Output(0, result);
        c.Output(1, result);
    }

    public override void Compute(KernelContext c) => this.RunFor(c.Input(0).DType, c);

    void INumberAction.Run<T>(KernelContext c)
    {
        Tensor input = c.Input(0);
        long k = c.InputCount == 1 ? c.Attributes.Int("k") : IntVectors.Read(c.Input(1)) is [var single] ? single : throw c.InvalidArgument($"k must be scalar, got shape {c.Input(1).Shape}");
        if (k < 0)
            throw c.InvalidArgument($"Need k >= 0, got {k}");
        if (input.Rank < 1)
            throw c.InvalidArgument("input must be >= 1-D, got shape []");
        if (input.Shape[^1] < k)
            throw c.InvalidArgument($"input must have at least k columns. Had {input.Shape[^1]}, needed {k}");
        Shape shape = [.. input.Shape.Dimensions[..^1], k];
        Span<T> values = c.AllocateOutput(0, shape).MutableData<T>();
        Tensor places = c.AllocateOutput(1, shape);
        Span<int> indices = places.DType == DType.Int32 ? places.MutableData<int>() : new int[places.Count];
        int width = (int)input.Shape[^1];
        int[] order = new int[width];
        T[] row = new T[width];
        for (int at = 0; k > 0 && at < values.Length / (int)k; at++)
        {
            Interruption.Check();
            input.Data<T>().Slice(at * width, width).CopyTo(row);
            for (int i = 0; i < width; i++)
                order[i] = i;
            Sort(order, row);
            for (int i = 0; i < (int)k; i++)
            {
                values[(at * (int)k) + i] = row[order[i]];
                indices[(at * (int)k) + i] = order[i];
            }
        }

        if (places.DType != DType.Int32)
            TensorCasts.Convert(Tensor.Of<int>(shape, indices), places.DType, "indices").Bytes.CopyTo(places.MutableBytes);
    }

    // The largest first, of equal ones the foremost.
    private static void Sort<T>(int[] order, T[] row)
        where T : unmanaged, INumber<T>
    {
        int compared = 0;
        try
        {
            Array.Sort(order, (left, right) =>
            {
                Interruption.Check(compared++);
                return row[left] > row[right] ? -1 : row[left] < row[right] ? 1 : left.CompareTo(right);
            });
        }
        catch (InvalidOperationException wrapped) when (wrapped.InnerException is OperationCanceledException stopped)
        {
            ExceptionDispatchInfo.Throw(stopped);
        }
    }
}

internal sealed class TopKV2Op() : LargestOp(
    "TopKV2(input: T, k: int32 + Tk) -> (values: T, indices: int32 + index_type) where sorted: bool = true, T: float | double | int32 | uint8 | int16 | int8 | int64 | bfloat16 | uint16 | half | uint32 | uint64");

internal sealed class TopKOp() : LargestOp(
    "TopK(input: T) -> (values: T, indices: int32) where k: int >= 0, sorted: bool = true, T: float | double | int32 | uint8 | int16 | int8 | int64 | bfloat16 | uint16 | half | uint32 | uint64");
