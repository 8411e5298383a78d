using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The regularised incomplete beta function, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="a">Above 0. DType: float32 or float64.</param>
    /// <param name="b">Above 0. Shape: that of <paramref name="a"/>, or scalar.</param>
    /// <param name="x">From 0 to 1. Shape: that of <paramref name="a"/>, or scalar.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "Betainc".</remarks>
    public static Output Betainc(this Graph graph, Operand a, Operand b, Operand x, string? name = null) => graph.Add<BetaincOp>(name, a, b, x);
}

internal sealed class BetaincOp() : Op("Betainc(a: T, b: T, x: T) -> (z: T) where T: float | double")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        (Graph graph, Output a, Output b, Output x) = (g.Graph, g.X(0), g.X(1), g.X(2));
        var broadcast = BroadcastGradient.Plain(a, x);
        Output logarithm = graph.Lgamma(a) + graph.Lgamma(b) - graph.Lgamma(a + b);
        Output slope = graph.Exp(((b - 1) * graph.Log(1 - x)) + ((a - 1) * graph.Log(x)) - logarithm);
        return [null, null, broadcast.ToY(slope * g.Dy(0))];
    });

    public override void InferShapes(ShapeContext c)
    {
        Shape shape = Shape.Unknown;
        bool isKnown = true;
        for (int i = 0; i < 3; i++)
        {
            isKnown &= c.Input(i).HasRank;
            if (c.Input(i).Rank > 0)
                shape = c.Merge(shape, c.Input(i));
        }

        c.Output(0, shape.HasRank ? shape : isKnown ? Shape.Scalar : Shape.Unknown);
    }

    public override void Compute(KernelContext c)
    {
        var wide = new double[3][];
        Shape shape = Shape.Scalar;
        for (int i = 0; i < 3; i++)
        {
            Tensor input = c.Input(i);
            if (input.Rank > 0 && shape.Rank > 0 && input.Shape != shape)
                throw c.InvalidArgument("Shapes of a, b and x are inconsistent");
            if (input.Rank > 0)
                shape = input.Shape;
            Tensor doubles = c.Allocate(DType.Float64, input.Shape);
            Casts.Convert(input, doubles, c.Workers);
            wide[i] = doubles.ToArray<double>();
        }

        double[] result = new double[(int)shape.ElementCount];
        for (int i = 0; i < result.Length; i++)
            result[i] = SpecialFunctions.Betainc(At(wide[0], i), At(wide[1], i), At(wide[2], i));
        Casts.Convert(Tensor.Of<double>(shape, result), c.AllocateOutput(0, shape), c.Workers);

        static double At(double[] values, int i) => values[values.Length == 1 ? 0 : i];
    }
}
