using System.Numerics.Tensors;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Half the sum of squares.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="t">DType: floats.</param>
    /// <param name="name">Node name.</param>
    /// <returns>A scalar of the type of <paramref name="t"/>.</returns>
    /// <remarks>Source: TensorFlow op "L2Loss".</remarks>
    public static Output L2Loss(this Graph graph, Operand t, string? name = null) => graph.Add<L2LossOp>(name, t);
}

internal sealed class L2LossOp() : Op("L2Loss(t: T) -> (output: T) where T: half | bfloat16 | float | double")
{
    // How much is summed before a sum is added to the others, for the sake of rounding.
    private const int Block = 4096;

    public override GradientRule Gradient => GradientRule.Via(static g => [g.X(0) * g.Dy(0)]);

    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Scalar);

    public override void Compute(KernelContext c)
    {
        Tensor t = c.Input(0);
        double sum = 0;
        if (t.DType == DType.Float64)
        {
            sum = TensorPrimitives.SumOfSquares(t.Data<double>());
        }
        else
        {
            if (t.DType != DType.Float32)
            {
                Tensor wide = c.Allocate(DType.Float32, t.Shape);
                Casts.Convert(t, wide, c.Workers);
                t = wide;
            }

            ReadOnlySpan<float> values = t.Data<float>();
            for (int at = 0; at < values.Length; at += Block)
                sum += TensorPrimitives.SumOfSquares(values[at..Math.Min(values.Length, at + Block)]);
        }

        Casts.Convert(Tensor.Scalar(sum / 2), c.AllocateOutput(0, Shape.Scalar), c.Workers);
    }
}
