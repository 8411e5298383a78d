using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Writes each window of an image into the channels of one position.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="images">Shape: [batch, height, width, channels]. DType: real numbers.</param>
    /// <param name="ksizes">Size of the windows along each axis.</param>
    /// <param name="strides">Distance of windows along each axis.</param>
    /// <param name="rates">Distance of a window's elements along each axis.</param>
    /// <param name="padding">SAME or VALID; padding is 0.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: [batch, windows, windows, height * width * channels of a window].</returns>
    /// <exception cref="GraphException">A window is larger than the image.</exception>
    /// <remarks>Source: TensorFlow op "ExtractImagePatches".</remarks>
    public static Output ExtractImagePatches(
        this Graph graph, Operand images, IReadOnlyList<int> ksizes, IReadOnlyList<int> strides, IReadOnlyList<int> rates, string padding, string? name = null) =>
        graph.Add<ExtractImagePatchesOp>(name, new AttributeList { { "ksizes", ksizes }, { "strides", strides }, { "rates", rates }, { "padding", padding } }, images);
}

internal sealed class ExtractImagePatchesOp() : NumberOp(
    "ExtractImagePatches(images: T) -> (patches: T) "
    + "where ksizes: list(int) >= 4, strides: list(int) >= 4, rates: list(int) >= 4, "
    + "T: float | double | int32 | uint8 | int16 | int8 | int64 | bfloat16 | uint16 | half | uint32 | uint64, padding: 'SAME' | 'VALID'")
{
    public override GradientRule Gradient => PatchGradient.Of<ExtractImagePatchesOp>(2, "ksizes", "strides", "rates", "padding");

    public override void InferShapes(ShapeContext c)
    {
        Shape images = c.WithRank(0, 4);
        WindowRule rule = Rule(c.Attributes);
        long[] window = rule.Pick(c.Attributes.Ints("ksizes"));
        c.Output(0,
        [
            images[0],
            rule.OutputSize(c, 0, images[1], window[0]),
            rule.OutputSize(c, 1, images[2], window[1]),
            images[3] < 0 ? -1 : images[3] * window[0] * window[1],
        ]);
    }

    protected override void Compute<T>(KernelContext c)
    {
        Tensor images = c.Input(0);
        WindowRule rule = Rule(c.Attributes);
        long[] window = rule.Pick(c.Attributes.Ints("ksizes"));
        long channels = images.Rank == 4 ? images.Shape[3] * window[0] * window[1] : 0;
        WindowShape windows = rule.Windows(images.Shape, window, channels);
        Tensor result = c.AllocateOutput(0, rule.OutputShape(windows));
        if (result.Count > 0)
            Convolution.ExtractPatches(images.Data<T>(), result.MutableData<T>(), windows, c.Workers);
    }

    private static WindowRule Rule(Attributes attributes) => WindowRule.Of(attributes, 2, dilations: "rates");
}
