using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist.Execution.Planning;

/// <summary>A convolution with its bias and activation, of which only the largest of each two by two results is stored.</summary>
/// <remarks>Images have their channels last.</remarks>
internal sealed class PooledConvolution() : ConvolutionForwardOp(
    "_FusedConv2DMaxPool(input: T, filter: T, args: num_args * T) -> (output: T) "
    + "where T: float | double, num_args: int >= 0, strides: list(int), padding: 'SAME' | 'VALID' | 'EXPLICIT', explicit_paddings: list(int) = [], "
    + "data_format: 'NHWC' | 'NCHW' = 'NHWC', dilations: list(int) = [1, 1, 1, 1], use_cudnn_on_gpu: bool = true, fused_ops: list(string) = [], "
    + "epsilon: float = 0.0001", 2)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("it is made for running only; differentiate the operations it stands for");

    protected override Epilogue<T> EpilogueOf<T>(KernelContext c)
    {
        Epilogue<T> sums = FusedParts.Of(c, c.Input(1).Shape[^1]).Epilogue<T>(c);
        return new Epilogue<T> { Bias = sums.Bias, Activation = sums.Activation, Elu = sums.Elu, MaxPool = true };
    }
}
