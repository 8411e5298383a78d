using System.Text;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Strings put together along dimensions.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="inputs">Strings.</param>
    /// <param name="axis">The dimensions, in the order in which they are joined; by default all, the last one first.</param>
    /// <param name="keepDims">Whether the dimensions stay, with size 1.</param>
    /// <param name="separator">What stands between.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow's <c>tf.reduce_join</c>, op "ReduceJoin".</remarks>
    public static Output ReduceJoin(this Graph graph, Operand inputs, Operand axis = default, bool keepDims = false, string separator = "", string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Output input = graph.ToOutput(inputs);
        if (axis.IsMissing)
        {
            axis = input.Shape.HasRank
                ? Enumerable.Range(0, input.Shape.Rank).Reverse().ToArray()
                : graph.Range(graph.Rank(input) - 1, -1, -1);
        }

        return graph.Add<ReduceJoinOp>(name ?? "ReduceJoin", new AttributeList { { "keep_dims", keepDims }, { "separator", separator } }, input, axis);
    }
}

internal sealed class ReduceJoinOp() : Op(
    "ReduceJoin(inputs: string, reduction_indices: int32) -> (output: string) where keep_dims: bool = false, separator: string = ''")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("strings are no continuous values");

    public override void InferShapes(ShapeContext c)
    {
        Shape input = c.Input(0);
        if (!input.HasRank || c.InputInts(1) is not { } axes)
            return;
        var reduced = new HashSet<long>();
        foreach (long axis in axes)
        {
            if (axis < -input.Rank || axis >= input.Rank)
                throw c.Fault($"Invalid reduction dimension {axis} for input with {input.Rank} dimension(s).");
            if (!reduced.Add(axis < 0 ? axis + input.Rank : axis))
                throw c.Fault($"Duplicate reduction dimension {axis}.");
        }

        c.Output(0, Reduced(input, reduced.Contains, c.Attributes.Bool("keep_dims")));
    }

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        byte[] separator = Encoding.UTF8.GetBytes(c.Attributes.String("separator"));
        var axes = new List<int>();
        foreach (int axis in c.Input<int>(1))
        {
            if (axis < -input.Rank || axis >= input.Rank)
                throw new KernelException(RunErrorCode.OutOfRange, $"Invalid reduction dimension {axis} for input with {input.Rank} dimension(s)");
            int at = axis < 0 ? axis + input.Rank : axis;
            if (axes.Contains(at))
                throw c.InvalidArgument($"Duplicate reduction dimension {axis}");
            axes.Add(at);
        }

        Shape shape = Reduced(input.Shape, a => axes.Contains((int)a), c.Attributes.Bool("keep_dims"));
        int[] strides = StridedView.RowMajor(input.Shape.Dimensions);
        int[] kept = [.. Enumerable.Range(0, input.Rank).Where(d => !axes.Contains(d))];
        int count = axes.Aggregate(1, (n, d) => n * (int)input.Shape[d]);
        byte[][] joined = new byte[shape.ElementCount][];
        for (int i = 0; i < joined.Length; i++)
        {
            Interruption.Check();
            using var text = new MemoryStream();
            for (int k = 0; k < count; k++)
            {
                if (k > 0)
                    text.Write(separator);
                text.Write(input.Strings[Place(i, kept) + Place(k, axes)]);
            }

            joined[i] = text.ToArray();
        }

        c.Output(0, Tensor.OfStrings(shape, joined));

        // The last one listed runs fastest.
        int Place(int index, IReadOnlyList<int> dimensions)
        {
            int place = 0;
            for (int d = dimensions.Count - 1; d >= 0; d--)
            {
                (index, int position) = Math.DivRem(index, (int)input.Shape[dimensions[d]]);
                place += position * strides[dimensions[d]];
            }

            return place;
        }
    }

    private static Shape Reduced(Shape input, Func<long, bool> isReduced, bool keep)
    {
        var sizes = new List<long>();
        for (int i = 0; i < input.Rank; i++)
        {
            if (!isReduced(i))
                sizes.Add(input[i]);
            else if (keep)
                sizes.Add(1);
        }

        return sizes.ToArray();
    }
}
