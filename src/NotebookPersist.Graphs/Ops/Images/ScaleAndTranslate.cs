using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Images;

namespace NotebookPersist;

internal sealed class ScaleAndTranslateOp() : NumberOp(
    "ScaleAndTranslate(images: T, size: int32, scale: float, translation: float) -> (resized_images: float) "
    + "where T: int8 | uint8 | int16 | uint16 | int32 | int64 | bfloat16 | half | float | double, kernel_type: string = 'lanczos3', antialias: bool = true")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
        [g.Graph.Add<ScaleAndTranslateGradOp>(null, g.Copy("kernel_type", "antialias"), g.Dy(0), g.X(0), g.X(2), g.X(3)), null, null, null]);

    public override void InferShapes(ShapeContext c) => ResizeOps.InferShapes(c);

    protected override void Compute<T>(KernelContext c)
    {
        Tensor images = c.Input(0);
        (int height, int width) = ResizeOps.Size(c, images);
        Shape s = images.Shape;
        Tensor result = c.AllocateOutput(0, [s[0], height, width, s[3]]);
        if (result.Count == 0)
            return;
        (ResamplingAxis rows, ResamplingAxis columns) = Axes(c, s, height, width);
        Resampling.Run(images.Data<T>(), result.MutableData<float>(), (int)s[0], (int)s[1], (int)s[2], (int)s[3], rows, columns);
    }

    internal static (ResamplingAxis Rows, ResamplingAxis Columns) Axes(KernelContext c, Shape images, int height, int width)
    {
        string kind = c.Attributes.String("kernel_type");
        (Func<float, float> filter, float radius) = ResamplingFilters.Find(kind) ?? throw c.InvalidArgument($"Unrecognized kernel type: {kind}");
        (Tensor scale, Tensor translation) = (c.Input(2), c.Input(3));
        if (scale.Rank != 1 || scale.Count != 2)
            throw c.InvalidArgument($"scale must be 1-dimensional and have two elements{scale.Shape}");
        if (translation.Rank != 1 || translation.Count != 2)
            throw c.InvalidArgument($"translation must be 1-dimensional and have two elements{translation.Shape}");
        ReadOnlySpan<float> by = scale.Data<float>();
        ReadOnlySpan<float> move = translation.Data<float>();
        if (!(by[0] > 0 && by[1] > 0))
            throw c.InvalidArgument("Scale must be greater than zero.");
        bool antialias = c.Attributes.Bool("antialias");
        return (
            ResamplingAxis.Filtered((int)images[1], height, by[0], move[0], antialias, filter, radius),
            ResamplingAxis.Filtered((int)images[2], width, by[1], move[1], antialias, filter, radius));
    }
}

internal sealed class ScaleAndTranslateGradOp() : FloatingOp(
    "ScaleAndTranslateGrad(grads: T, original_image: T, scale: float, translation: float) -> (output: T) where T: float, kernel_type: string = 'lanczos3', antialias: bool = true")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no second derivative of resizing");

    public override void InferShapes(ShapeContext c) => c.Output(0, c.WithRank(1, 4));

    protected override void Compute<T>(KernelContext c)
    {
        (Tensor gradient, Shape s) = (c.Input(0), ResizeOps.Original(c));
        (ResamplingAxis rows, ResamplingAxis columns) = ScaleAndTranslateOp.Axes(c, s, (int)gradient.Shape[1], (int)gradient.Shape[2]);
        Resampling.Backprop(gradient.Data<float>(), c.AllocateOutput(0, s).MutableData<T>(), (int)s[0], (int)s[1], (int)s[2], (int)s[3], rows, columns);
    }
}
