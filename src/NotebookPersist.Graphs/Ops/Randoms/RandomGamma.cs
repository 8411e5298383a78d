using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Randoms;

namespace NotebookPersist;

/// <summary>Samples for each element of a tensor of parameters: the shape asked for, followed by the parameters' shape.</summary>
internal abstract class RandomSamplesOp(string signature) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("the sampling is not differentiated");

    public override void InferShapes(ShapeContext c) => c.Output(0, c.InputAsShape(0).Concatenate(c.Input(1)));

    public override void Compute(KernelContext c)
    {
        Shape shape = RandomOp.ShapeOf(c, 0);
        Tensor parameters = c.Input(1);
        Tensor output = c.AllocateOutput(0, shape.Concatenate(parameters.Shape));
        if (output.Count == 0)
            return;
        Philox generator = RandomStream.Of(c).ReserveOutputs(output.Count);
        int samples = (int)shape.ElementCount;
        c.Workers.For(output.Count, 1024, (start, end) =>
        {
            for (int i = start; i < end; i++)
            {
                int parameter = i / samples;
                Store(output, (i % samples * parameters.Count) + parameter, Sample(parameters.ItemAt<double>(parameter), output.DType, generator, i));
            }
        });
    }

    protected abstract double Sample(double parameter, DType type, Philox generator, long index);

    private static void Store(Tensor output, int position, double value)
    {
        switch (output.DType)
        {
            case DType.Float32:
                output.MutableData<float>()[position] = (float)value;
                break;
            case DType.Float64:
                output.MutableData<double>()[position] = value;
                break;
            case DType.Float16:
                output.MutableData<Half>()[position] = (Half)value;
                break;
            case DType.Int32:
                output.MutableData<int>()[position] = (int)value;
                break;
            default:
                output.MutableData<long>()[position] = (long)value;
                break;
        }
    }
}

internal sealed class RandomGammaOp() : RandomSamplesOp(
    "RandomGamma(shape: S, alpha: T) -> (output: T) where seed: int = 0, seed2: int = 0, S: int32 | int64, T: half | float | double; stateful")
{
    // The sample's slope by its shape parameter, summed over the samples drawn for it.
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        if (g.Y(0).DType == DType.Float16)
            return [null, null];
        (Graph graph, Output alpha) = (g.Graph, g.X(1));
        Output dimensions = graph.Size(g.X(0));
        Output ones = graph.Fill(graph.ExpandDims(dimensions, 0), 1);
        Output spread = graph.Reshape(alpha, graph.Concat([ones, graph.Shape(alpha)], 0));
        Output slope = graph.Add<RandomGammaGradOp>(null, spread, g.Y(0));
        return [null, graph.ReduceSum(g.Dy(0) * slope, graph.Range(0, dimensions))];
    });

    protected override double Sample(double parameter, DType type, Philox generator, long index) => RandomSamples.Gamma(parameter, generator, index);
}
