using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Local response normalisation: x / (bias + alpha * sum of neighbouring channels' squares) ^ beta.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [batch, height, width, channels]. DType: float16, bfloat16 or float32.</param>
    /// <param name="depthRadius">Neighbours on each side.</param>
    /// <param name="bias">Added to the weighted sum of squares.</param>
    /// <param name="alpha">Weight of the sum of squares.</param>
    /// <param name="beta">Exponent.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "LRN".</remarks>
    public static Output LRN(this Graph graph, Operand input, int depthRadius = 5, float bias = 1, float alpha = 1, float beta = 0.5f, string? name = null) =>
        graph.Add<LRNOp>(name, new AttributeList { { "depth_radius", depthRadius }, { "bias", bias }, { "alpha", alpha }, { "beta", beta } }, input);
}

internal sealed class LRNOp() : FloatingOp(
    "LRN(input: T) -> (output: T) "
    + "where depth_radius: int = 5, bias: float = 1, alpha: float = 1, beta: float = 0.5, T: half | bfloat16 | float = float")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
        [g.Graph.Add<LRNGradOp>(null, g.Copy("depth_radius", "bias", "alpha", "beta"), g.Dy(0), g.X(0), g.Y(0))]);

    public static LocalResponse Rule(Attributes attributes) =>
        new((int)attributes.Int("depth_radius"), attributes.Float("bias"), attributes.Float("alpha"), attributes.Float("beta"));

    public override void InferShapes(ShapeContext c) => c.Output(0, c.WithRank(0, 4));

    protected override void Compute<T>(KernelContext c)
    {
        Tensor input = c.Input(0);
        if (input.Rank != 4)
            throw c.InvalidArgument("in must be 4-dimensional");
        Rule(c.Attributes).Forward(input.Data<T>(), c.AllocateOutput(0, input.Shape).MutableData<T>(), (int)input.Shape[3]);
    }
}

internal sealed class LRNGradOp() : FloatingOp(
    "LRNGrad(input_grads: T, input_image: T, output_image: T) -> (output: T) "
    + "where depth_radius: int = 5, bias: float = 1, alpha: float = 1, beta: float = 0.5, T: half | bfloat16 | float = float")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no second derivative of local response normalisation");

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Merge(c.WithRank(0, 4), c.Merge(c.Input(1), c.Input(2))));

    protected override void Compute<T>(KernelContext c)
    {
        Tensor input = c.Input(1);
        if (input.Rank != 4 || c.Input(0).Shape != input.Shape || c.Input(2).Shape != input.Shape)
            throw c.InvalidArgument($"input_grads, input_image, and out_image should have the same shape: {c.Input(0).Shape}, {input.Shape}, {c.Input(2).Shape}");
        LRNOp.Rule(c.Attributes).Backprop(c.Input<T>(0), input.Data<T>(), c.Input<T>(2), c.AllocateOutput(0, input.Shape).MutableData<T>(), (int)input.Shape[3]);
    }
}
