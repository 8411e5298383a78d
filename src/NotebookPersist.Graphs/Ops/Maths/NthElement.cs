using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;
using NotebookPersist.Kernels;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The n-th smallest element of each row, counted from 0.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Rows along the last dimension.</param>
    /// <param name="n">A scalar, int32.</param>
    /// <param name="reverse">Whether to count from the largest.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "NthElement".</remarks>
    public static Output NthElement(this Graph graph, Operand input, Operand n, bool reverse = false, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<NthElementOp>(name, new AttributeList { { "reverse", reverse } }, input, n);
    }
}

internal sealed class NthElementOp() : Op("NthElement(input: T, n: int32) -> (values: T) where reverse: bool = false, T: float | double | int32 | uint8 | int16 | int8 | int64 | bfloat16 | uint16 | half | uint32 | uint64"), INumberAction
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Output chosen = g.Graph.Cast(g.Graph.Equal(g.Graph.ExpandDims(g.Y(0), -1), g.X(0)), g.Dy(0).DType);
        Output count = g.Graph.ExpandDims(g.Graph.ReduceSum(chosen, -1), -1);
        return [g.Graph.Divide(chosen, count) * g.Graph.ExpandDims(g.Dy(0), -1), null];
    });

    public override void InferShapes(ShapeContext c)
    {
        Shape input = c.WithRankAtLeast(0, 1);
        c.WithRank(1, 0);
        if (!input.HasRank)
            return;
        if (c.InputInts(1) is [var n] && n >= 0 && input[^1] >= 0 && input[^1] <= n)
            throw c.Fault($"Input must have last dimension > n = {n} but is {input[^1]}.");
        c.Output(0, Shape.Create(input.Dimensions[..^1]));
    }

    public override void Compute(KernelContext c)
    {
        if (c.Input(1).Count != 1)
            throw c.InvalidArgument("N must be scalar but has shape " + c.Input(1).Shape);
        if (c.Input(0).DType != DType.BFloat16)
        {
            this.RunFor(c.Input(0).DType, c);
            return;
        }

        Tensor wide = Tensor.Uninitialized(DType.Float32, c.Input(0).Shape);
        ElementwiseLoops.Widen(c.Input<BFloat16>(0), wide.MutableData<float>());
        Shape shape = Chosen(c);
        float[] chosen = new float[shape.ElementCount];
        Choose<float>(c, wide.Data<float>(), chosen);
        ElementwiseLoops.Round(chosen, c.AllocateOutput(0, shape).MutableData<BFloat16>());
    }

    void INumberAction.Run<T>(KernelContext c) => Choose(c, c.Input<T>(0), c.AllocateOutput(0, Chosen(c)).MutableData<T>());

    private static Shape Chosen(KernelContext c)
    {
        Shape shape = c.Input(0).Shape;
        int n = c.Input<int>(1)[0];
        if (n < 0)
            throw c.InvalidArgument($"Need n >= 0, got {n}");
        if (shape.Rank == 0)
            throw c.InvalidArgument("Input must be >= 1-D, got shape []");
        return shape[^1] > n ? Shape.Create(shape.Dimensions[..^1]) : throw c.InvalidArgument("Input must have at least n+1 columns");
    }

    private static void Choose<T>(KernelContext c, ReadOnlySpan<T> x, Span<T> chosen)
        where T : unmanaged
    {
        int width = (int)c.Input(0).Shape[^1];
        int n = c.Input<int>(1)[0];
        if (c.Attributes.Bool("reverse"))
            n = width - 1 - n;
        T[] row = new T[width];
        for (int i = 0; i < chosen.Length; i++)
        {
            Interruption.Check();
            x.Slice(i * width, width).CopyTo(row);
            Array.Sort(row);
            chosen[i] = row[n];
        }
    }
}
