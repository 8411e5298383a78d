using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

internal sealed class ExtractVolumePatchesOp() : NumberOp(
    "ExtractVolumePatches(input: T) -> (patches: T) where ksizes: list(int) >= 5, strides: list(int) >= 5, "
    + "T: float | double | int32 | uint8 | int16 | int8 | int64 | bfloat16 | uint16 | half | uint32 | uint64, padding: 'SAME' | 'VALID'")
{
    // As with patches of images: the patches of a volume of numbers tell where each element came from.
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Graph graph = g.Graph;
        Output shape = graph.Shape(g.X(0));
        (Output batch, Output channels) = (graph.PartOf(shape, ..1), graph.PartOf(shape, 4..));
        Output voxels = graph.ReduceProd(graph.PartOf(shape, 1..4));
        (Output one, Output open) = (graph.Constant(Tensor.Of<int>([1], [1])), graph.Constant(Tensor.Of<int>([1], [-1])));
        Output numbers = graph.Reshape(graph.Range(1, voxels + 1), graph.Concat([one, graph.PartOf(shape, 1..4), one], 0));
        Output shown = graph.Reshape(graph.Add<ExtractVolumePatchesOp>(null, g.Copy("ksizes", "strides", "padding"), numbers), new[] { -1 }) - 1;
        Output arriving = graph.Transpose(graph.Reshape(g.Dy(0), graph.Concat([batch, open, channels], 0)), new[] { 1, 0, 2 });
        return [graph.Reshape(graph.Transpose(graph.UnsortedSegmentSum(arriving, shown, voxels), new[] { 1, 0, 2 }), shape)];
    });

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
