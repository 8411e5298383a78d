using System.Text;
using Google.Protobuf;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>An operation whose only output is a summary in TensorBoard's message.</summary>
internal abstract class SummaryOp(string signature) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("summaries are strings, no continuous values");

    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Scalar);

    public override void Compute(KernelContext c)
    {
        Summary summary = Make(c);
        c.Output(0, Tensor.OfStrings(Shape.Scalar, [summary.ToByteArray()]));
    }

    protected abstract Summary Make(KernelContext c);

    /// <summary>The tag, a single string.</summary>
    protected static string Tag(KernelContext c, int index = 0) => c.Input(index).Count == 1 && c.Input(index).Rank == 0
        ? Encoding.UTF8.GetString(c.Input(index).Strings[0])
        : throw c.InvalidArgument("tag must be scalar");

    /// <summary>Numbers of any type as doubles.</summary>
    protected static double[] Numbers(Tensor tensor)
    {
        double[] numbers = new double[tensor.Count];
        if (tensor.DType == DType.Float32)
        {
            ReadOnlySpan<float> floats = tensor.Data<float>();
            for (int i = 0; i < numbers.Length; i++)
                numbers[i] = floats[i];
            return numbers;
        }

        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = tensor.ItemAt<double>(i);
        return numbers;
    }
}
