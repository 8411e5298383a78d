using NotebookPersist.Kernels;

namespace NotebookPersist.Graphs.OpModel;

/// <summary>A convolution with what follows it; plans make it of single operations, and so does TensorFlow's own optimiser.</summary>
internal sealed class FusedConv2DOp() : ConvolutionForwardOp(
    "_FusedConv2D(input: T, filter: T, args: num_args * T) -> (output: T) "
    + "where T: float | double, num_args: int >= 0, strides: list(int), padding: 'SAME' | 'VALID' | 'EXPLICIT', explicit_paddings: list(int) = [], "
    + "data_format: 'NHWC' | 'NCHW' = 'NHWC', dilations: list(int) = [1, 1, 1, 1], use_cudnn_on_gpu: bool = true, fused_ops: list(string) = [], "
    + "epsilon: float = 0.0001", 2)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("it is made for running only; differentiate the operations it stands for");

    protected override Epilogue<T> EpilogueOf<T>(KernelContext c) => FusedParts.Of(c, c.Input(1).Shape[^1]).Epilogue<T>(c);
}
