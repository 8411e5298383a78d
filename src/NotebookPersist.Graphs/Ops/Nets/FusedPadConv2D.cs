using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

/// <summary>A convolution of an image with mirrored borders.</summary>
internal abstract class PaddedConvolutionOp(string signature, int paddings) : ConvolutionForwardOp(signature, 2)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow differentiates the single operations only");

    public override void InferShapes(ShapeContext c)
    {
        Shape image = Image(c), filter = c.WithRank(paddings + 1, 4);
        c.Merge(image[3], filter[2]);
        long[] padded = image.ToArray();
        long[]? table = c.InputInts(paddings);
        if (table is not null && table.Length != 8)
            throw c.Fault("Paddings must be a matrix of 4 rows and 2 columns.");
        for (int i = 0; i < padded.Length; i++)
            padded[i] = table is null || padded[i] < 0 ? -1 : padded[i] + table[2 * i] + table[(2 * i) + 1];
        WindowRule rule = Rule(c.Attributes);
        c.Output(0, [image[0], rule.OutputSize(c, 0, padded[1], filter[0]), rule.OutputSize(c, 1, padded[2], filter[1]), filter[3]]);
    }

    protected sealed override void Compute<T>(KernelContext c)
    {
        Tensor image = Image<T>(c);
        Tensor table = c.Input(paddings);
        if (table.Rank != 2 || table.Shape[1] != 2 || table.Shape[0] != 4)
            throw c.InvalidArgument($"paddings must be a matrix of 4 rows and 2 columns: {table.Shape}");
        long[] around = IntVectors.Read(table);
        int border = c.Attributes.String("mode") == "REFLECT" ? 1 : 0;
        long[] sizes = image.Shape.ToArray();
        for (int i = 0; i < sizes.Length; i++)
        {
            (long before, long after) = (around[2 * i], around[(2 * i) + 1]);
            if (before < 0 || after < 0)
                throw c.InvalidArgument($"paddings must be non-negative: {before} {after}");
            if (before > sizes[i] - border || after > sizes[i] - border)
                throw c.InvalidArgument($"paddings must be no greater than the dimension size{(border == 1 ? " minus one" : "")}: {before}, {after} for {sizes[i]}");
            if (i is 0 or 3 && before + after > 0)
                throw c.InvalidArgument("Fused mirror padding only supports spatial padding, not batches and channels.");
            sizes[i] += before + after;
        }

        Tensor padded = c.Allocate(image.DType, sizes);
        Mirroring.Pad(image, padded, around, border);
        base.Compute<T>(new PaddedContext(c, padded, paddings + 1));
    }

    /// <summary>What is known of the image that is padded.</summary>
    protected virtual Shape Image(ShapeContext c) => c.WithRank(0, 4);

    /// <summary>The image that is padded.</summary>
    protected virtual Tensor Image<T>(KernelContext c)
        where T : unmanaged => c.Input(0) is { Rank: 4, Count: > 0 } image ? image : throw c.InvalidArgument($"Input tensor can't be empty, and must have 4 dimensions: {c.Input(0).Shape}");

    // The convolution sees the padded image in place of the input.
    private sealed class PaddedContext(KernelContext inner, Tensor image, int filter) : KernelContext
    {
        public override Operation Operation => inner.Operation;

        public override int InputCount => 2;

        public override Workers Workers => inner.Workers;

        public override bool IsExact => inner.IsExact;

        public override Tensor Input(int index) => index == 0 ? image : inner.Input(filter);

        public override VariableCell Reference(int index) => inner.Reference(filter);

        public override void Output(int index, Tensor value) => inner.Output(index, value);

        public override void OutputReference(int index, VariableCell cell) => inner.OutputReference(index, cell);

        public override Tensor Allocate(DType dtype, Shape shape) => inner.Allocate(dtype, shape);

        public override T State<T>(Func<T> create) => inner.State(create);

        public override VariableCell Variable(string container, string name, DType dtype, Shape shape) => inner.Variable(container, name, dtype, shape);

        public override T Derived<T>(int input, string purpose, Func<Tensor, T?, T> make)
            where T : class => inner.Derived(filter, purpose, make);

        public override T? DerivedOfLasting<T>(int input, string purpose, Func<Tensor, T?, T> make)
            where T : class => inner.DerivedOfLasting(filter, purpose, make);
    }
}

internal sealed class FusedPadConv2DOp() : PaddedConvolutionOp(
    "FusedPadConv2D(input: T, paddings: int32, filter: T) -> (output: T) where T: half | float | double, mode: 'REFLECT' | 'SYMMETRIC', strides: list(int), padding: 'SAME' | 'VALID'", 1);

/// <summary>The same after the image was resized.</summary>
internal sealed class FusedResizeAndPadConv2DOp() : PaddedConvolutionOp(
    "FusedResizeAndPadConv2D(input: T, size: int32, paddings: int32, filter: T) -> (output: T) "
    + "where T: half | float | double, resize_align_corners: bool = false, mode: 'REFLECT' | 'SYMMETRIC', strides: list(int), padding: 'SAME' | 'VALID'", 2)
{
    protected override Shape Image(ShapeContext c)
    {
        Shape image = c.WithRank(0, 4), size = c.Merge(c.InputAsShape(1), Shape.OfRank(2));
        return [image[0], size[0], size[1], image[3]];
    }

    protected override Tensor Image<T>(KernelContext c)
    {
        Tensor image = base.Image<T>(c);
        (int height, int width) = ResizeOps.Size(c, image);
        Shape shape = image.Shape;
        Tensor resized = c.Allocate(DType.Float32, [shape[0], height, width, shape[3]]);
        var mapping = new ResizeMapping(c.Attributes.Bool("resize_align_corners"), false);
        (int batch, int rows, int columns, int channels) = ((int)shape[0], (int)shape[1], (int)shape[2], (int)shape[3]);
        if (image.DType == DType.Float64)
            ImageResize.Bilinear(image.Data<double>(), resized.MutableData<float>(), batch, rows, columns, channels, height, width, mapping);
        else
            ImageResize.Bilinear(image.Data<float>(), resized.MutableData<float>(), batch, rows, columns, channels, height, width, mapping);
        return TensorCasts.Convert(resized, image.DType, "resizing");
    }
}
