using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

internal sealed class ExtractVolumePatchesOp() : NumberOp(
    "ExtractVolumePatches(input: T) -> (patches: T) where ksizes: list(int) >= 5, strides: list(int) >= 5, "
    + "T: float | double | int32 | uint8 | int16 | int8 | int64 | bfloat16 | uint16 | half | uint32 | uint64, padding: 'SAME' | 'VALID'")
{
    public override GradientRule Gradient => PatchGradient.Of<ExtractVolumePatchesOp>(3, "ksizes", "strides", "padding");

    public override void InferShapes(ShapeContext c)
    {
        Shape input = c.WithRank(0, 5);
        WindowRule rule = WindowRule.Of(c.Attributes, 3);
        long[] window = rule.Pick(c.Attributes.Ints("ksizes"));
        long[] sizes = [rule.OutputSize(c, 0, input[1], window[0]), rule.OutputSize(c, 1, input[2], window[1]), rule.OutputSize(c, 2, input[3], window[2])];
        c.Output(0, [input[0], .. sizes, input[4] < 0 ? -1 : input[4] * window[0] * window[1] * window[2]]);
    }

    protected override void Compute<T>(KernelContext c)
    {
        Tensor input = c.Input(0);
        WindowRule rule = WindowRule.Of(c.Attributes, 3);
        long[] window = rule.Pick(c.Attributes.Ints("ksizes"));
        long channels = input.Rank == 5 ? input.Shape[4] * window[0] * window[1] * window[2] : 0;
        WindowShape windows = rule.Windows(input.Shape, window, channels);
        Tensor result = c.AllocateOutput(0, rule.OutputShape(windows));
        if (result.Count > 0)
            Convolution.ExtractPatches(input.Data<T>(), result.MutableData<T>(), windows, c.Workers);
    }
}
