using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;
using NotebookPersist.Kernels;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Elements of x where the condition is true, of y where it is false.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="condition">DType: bool. Shape: that of <paramref name="x"/>, or a vector that chooses whole rows, or a scalar.</param>
    /// <param name="x">Where true.</param>
    /// <param name="y">Where false. DType and shape: those of <paramref name="x"/>.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow's <c>tf.where</c> with three operands, op "Select".</remarks>
    public static Output Where(this Graph graph, Operand condition, Operand x, Operand y, string? name = null) => graph.Add<SelectOp>(name, condition, x, y);

    /// <summary>Elements of x where the condition is true, of y where it is false, all three broadcast together.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="condition">DType: bool.</param>
    /// <param name="x">Where true.</param>
    /// <param name="y">Where false. DType: that of <paramref name="x"/>.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow's <c>tf.where_v2</c>, op "SelectV2".</remarks>
    public static Output WhereV2(this Graph graph, Operand condition, Operand x, Operand y, string? name = null) => graph.Add<SelectV2Op>(name, condition, x, y);
}

internal sealed class SelectOp() : Op("Select(condition: bool, t: T, e: T) -> (output: T) where T: type")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Output zeros = g.Graph.ZerosLike(g.X(1));
        Output toX = g.Graph.Where(g.X(0), g.Dy(0), zeros);
        return [null, toX, g.Graph.Where(g.X(0), zeros, g.Dy(0))];
    });

    public override void InferShapes(ShapeContext c)
    {
        Shape data = c.Merge(c.Input(1), c.Input(2));
        Shape condition = c.Input(0);
        if (condition.HasRank && condition.Rank > 1)
            data = c.Merge(data, condition);
        else if (condition.Rank == 1 && data.Rank >= 1 && condition[0] >= 0 && data[0] >= 0 && condition[0] != data[0])
            throw c.Fault($"Number of batches of 'then' must match size of 'cond', but saw: {data[0]} vs. {condition[0]}.");
        c.Output(0, data);
    }

    public override void Compute(KernelContext c)
    {
        Tensor condition = c.Input(0);
        Tensor t = c.Input(1);
        Tensor e = c.Input(2);
        if (t.Shape != e.Shape)
            throw c.InvalidArgument($"'then' and 'else' must have the same size.  but received: {t.Shape} vs. {e.Shape}");
        if (condition.Rank == 0)
        {
            c.Output(0, condition.Data<bool>()[0] ? t : e);
            return;
        }

        bool byRow = condition.Shape != t.Shape;
        if (byRow && condition.Rank != 1)
            throw c.InvalidArgument($"'cond' must be a vector, but saw shape: {condition.Shape}");
        if (byRow && (t.Rank == 0 || t.Shape[0] != condition.Count))
            throw c.InvalidArgument($"Number of batches of 'then' must match size of 'cond', but saw: {(t.Rank == 0 ? 1 : t.Shape[0])} vs. {condition.Count}");
        if (t.DType.HasFixedSize())
            Selection.Blocks(condition.Data<bool>(), t, e, c.AllocateOutput(0, t.Shape));
        else
            SelectV2Op.SelectObjects(c, t.Shape, i => condition.Data<bool>()[i / (t.Count / condition.Count)], i => i, i => i);
    }
}

internal sealed class SelectV2Op() : Op("SelectV2(condition: bool, t: T, e: T) -> (output: T) where T: type")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        (Output c, Output x, Output y) = (g.X(0), g.X(1), g.X(2));
        Output zeros = g.Graph.Zeros(NotebookPersist.Shape.Scalar, g.Dy(0).DType);
        Output dx = g.Graph.WhereV2(c, g.Dy(0), zeros);
        Output xShape = g.Graph.Shape(x);
        Output shape = g.Graph.Shape(g.Y(0));
        dx = BroadcastGradient.OfShapes(g.Graph, xShape, shape).ToX(dx, keepDims: true);
        Output dy = g.Graph.WhereV2(c, zeros, g.Dy(0));
        Output yShape = g.Graph.Shape(y);
        dy = BroadcastGradient.OfShapes(g.Graph, yShape, shape).ToX(dy, keepDims: true);
        return [null, dx, dy];
    });

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Broadcast(c.Broadcast(c.Input(1), c.Input(2)), c.Input(0)));

    public override void Compute(KernelContext c)
    {
        Tensor condition = c.Input(0);
        Tensor t = c.Input(1);
        Tensor e = c.Input(2);
        if ((BroadcastPlan.TryCreate(t.Shape, e.Shape) is { } data ? BroadcastPlan.TryCreate(data.Shape, condition.Shape) : null) is not { Shape: var shape })
            throw c.InvalidArgument($"condition {condition.Shape}, then {t.Shape}, and else {e.Shape} must be broadcastable");
        Func<int, int> conditionAt = PositionIn(condition.Shape, shape);
        Func<int, int> tAt = PositionIn(t.Shape, shape);
        Func<int, int> eAt = PositionIn(e.Shape, shape);
        if (!t.DType.HasFixedSize())
        {
            SelectObjects(c, shape, i => condition.Data<bool>()[conditionAt(i)], tAt, eAt);
            return;
        }

        Span<byte> to = c.AllocateOutput(0, shape).MutableBytes;
        int size = t.DType.Size();
        for (int i = 0; i * size < to.Length; i++)
        {
            Interruption.Check(i);
            bool chosen = condition.Data<bool>()[conditionAt(i)];
            (chosen ? t : e).Bytes.Slice((chosen ? tAt(i) : eAt(i)) * size, size).CopyTo(to[(i * size)..]);
        }
    }

    internal static void SelectObjects(KernelContext c, Shape shape, Func<int, bool> chosen, Func<int, int> tAt, Func<int, int> eAt)
    {
        Tensor t = c.Input(1);
        Tensor e = c.Input(2);
        if (t.DType == DType.String)
        {
            byte[][] texts = new byte[(int)shape.ElementCount][];
            for (int i = 0; i < texts.Length; i++)
                texts[i] = chosen(i) ? t.Strings[tAt(i)] : e.Strings[eAt(i)];
            c.Output(0, Tensor.OfStrings(shape, texts));
        }
        else
        {
            object?[] values = new object?[(int)shape.ElementCount];
            for (int i = 0; i < values.Length; i++)
                values[i] = chosen(i) ? t.Objects[tAt(i)] : e.Objects[eAt(i)];
            c.Output(0, Tensor.OfObjects(t.DType, shape, values));
        }
    }

    // Which element of a broadcast tensor stands at a position of the result.
    private static Func<int, int> PositionIn(Shape from, Shape shape)
    {
        if (from == shape)
            return static i => i;
        return position =>
        {
            int at = 0;
            int step = 1;
            for (int d = 1; d <= from.Rank; d++)
            {
                (position, int index) = Math.DivRem(position, (int)shape[^d]);
                at += from[^d] == 1 ? 0 : index * step;
                step *= (int)from[^d];
            }

            return at;
        };
    }
}
