using System.Numerics;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Looks at each image through a projective transform: where each new pixel lies in the old image.</summary>
internal abstract class ProjectiveTransformOp(string signature) : NumberOp(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow differentiates it in its Python layer alone");

    public override void InferShapes(ShapeContext c)
    {
        Shape images = c.WithRank(0, 4);
        Shape size = c.Merge(c.InputAsShape(2), Shape.OfRank(2));
        c.Output(0, [images[0], size[0], size[1], images[3]]);
    }

    protected override void Compute<T>(KernelContext c)
    {
        (Tensor images, Tensor transforms, Tensor size) = (c.Input(0), c.Input(1), c.Input(2));
        if (images.Rank != 4)
            throw c.InvalidArgument($"Input images must have rank 4, got shape {images.Shape}");
        if (transforms.Rank != 2 || transforms.Shape[1] != 8 || (transforms.Shape[0] != 1 && transforms.Shape[0] != images.Shape[0]))
            throw c.InvalidArgument($"Input transform should be num_images x 8 or 1 x 8, got {transforms.Shape}");
        if (size.Rank != 1 || size.Count != 2 || size.Data<int>()[0] < 0 || size.Data<int>()[1] < 0)
            throw c.InvalidArgument($"output shape must be two sizes that are not negative, got {size.Shape}");
        string interpolation = c.Attributes.String("interpolation"), mode = c.Attributes.String("fill_mode");
        if (interpolation is not ("NEAREST" or "BILINEAR"))
            throw c.InvalidArgument($"interpolation must be NEAREST or BILINEAR, got '{interpolation}'");
        if (mode is not ("CONSTANT" or "REFLECT" or "WRAP" or "NEAREST"))
            throw c.InvalidArgument($"fill_mode must be CONSTANT, REFLECT, WRAP or NEAREST, got '{mode}'");
        float fill = c.InputCount > 3 ? c.Input(3).Item<float>() : 0;
        (int height, int width, int channels) = ((int)images.Shape[1], (int)images.Shape[2], (int)images.Shape[3]);
        (int rows, int columns) = (size.Data<int>()[0], size.Data<int>()[1]);
        Tensor output = c.AllocateOutput(0, [images.Shape[0], rows, columns, channels]);
        Span<T> to = output.MutableData<T>();
        int at = 0;
        for (int image = 0; image < images.Shape[0] && to.Length > 0; image++)
        {
            ReadOnlySpan<float> t = transforms.Data<float>().Slice(transforms.Shape[0] == 1 ? 0 : 8 * image, 8);
            var pixels = new Pixels<T>(images.Data<T>().Slice(image * height * width * channels, height * width * channels), height, width, channels, T.CreateSaturating(fill));
            for (int y = 0; y < rows; y++)
            {
                for (int x = 0; x < columns; x++, at += channels)
                {
                    float projection = (t[6] * x) + (t[7] * y) + 1;
                    if (projection == 0)
                    {
                        to.Slice(at, channels).Fill(T.CreateSaturating(fill));
                        continue;
                    }

                    float column = Inside(((t[0] * x) + (t[1] * y) + t[2]) / projection, width, mode);
                    float row = Inside(((t[3] * x) + (t[4] * y) + t[5]) / projection, height, mode);
                    for (int k = 0; k < channels; k++)
                        to[at + k] = interpolation == "NEAREST" ? pixels.At(Rounded(row), Rounded(column), k) : pixels.Between(row, column, k);
                }
            }
        }
    }

    private static float Rounded(float x) => MathF.Round(x, MidpointRounding.AwayFromZero);

    // Where a place outside of the image is looked up.
    private static float Inside(float at, int size, string mode)
    {
        switch (mode)
        {
            case "NEAREST":
                return Math.Clamp(at, 0, size - 1);
            case "REFLECT" when at < 0 || at > size - 1:
                if (size <= 1)
                    return 0;
                int twice = 2 * size;
                if (at < 0)
                {
                    at = at < twice ? (twice * (int)(-at / twice)) + at : at;
                    at = at < -size ? at + twice : -at - 1;
                }
                else
                {
                    at -= twice * (int)(at / twice);
                    at = at >= size ? twice - at - 1 : at;
                }

                return Math.Clamp(at, 0, size - 1);
            case "WRAP" when at < 0 || at > size - 1:
                if (size <= 1)
                    return 0;
                at += at < 0 ? size * ((int)(-at / (size - 1)) + 1) : -size * (int)(at / (size - 1));
                return Math.Clamp(at, 0, size - 1);
            default:
                return at;
        }
    }

    private readonly ref struct Pixels<T>(ReadOnlySpan<T> image, int height, int width, int channels, T fill)
        where T : unmanaged, INumber<T>
    {
        private readonly ReadOnlySpan<T> _image = image;

        public T At(float row, float column, int channel) =>
            row >= 0 && row < height && column >= 0 && column < width ? _image[(((((int)row) * width) + (int)column) * channels) + channel] : fill;

        public T Between(float row, float column, int channel)
        {
            (float top, float left) = (MathF.Floor(row), MathF.Floor(column));
            float above = ((left + 1 - column) * float.CreateTruncating(At(top, left, channel))) + ((column - left) * float.CreateTruncating(At(top, left + 1, channel)));
            float below = ((left + 1 - column) * float.CreateTruncating(At(top + 1, left, channel))) + ((column - left) * float.CreateTruncating(At(top + 1, left + 1, channel)));
            return T.CreateTruncating(((top + 1 - row) * above) + ((row - top) * below));
        }
    }
}

internal sealed class ImageProjectiveTransformV2Op() : ProjectiveTransformOp(
    "ImageProjectiveTransformV2(images: dtype, transforms: float, output_shape: int32) "
    + "-> (transformed_images: dtype) "
    + "where dtype: uint8 | int32 | int64 | half | bfloat16 | float | double, interpolation: string, fill_mode: string = 'CONSTANT'")
{
    // As TensorFlow's contrib has it: the gradient goes the way back, which is exact where no pixel is interpolated.
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Graph graph = g.Graph;
        Output flat = graph.Reshape(g.X(1), new[] { -1, 8 });
        Output ones = graph.Fill(graph.Concat([graph.Slice(graph.Shape(flat), new[] { 0 }, new[] { 1 }), new[] { 1 }], 0), 1f);
        Output matrices = graph.Reshape(graph.Concat([flat, ones], 1), new[] { -1, 3, 3 });
        Output inverse = graph.Reshape(graph.AddOperation("MatrixInverse", null, null, matrices)[0], new[] { -1, 9 });
        Output back = graph.Slice(inverse / graph.Slice(inverse, new[] { 0, 8 }, new[] { -1, 1 }), new[] { 0, 0 }, new[] { -1, 8 });
        Output size = graph.Slice(graph.Shape(g.X(0)), new[] { 1 }, new[] { 2 });
        return [graph.Add<ImageProjectiveTransformV2Op>(null, g.Copy("interpolation", "fill_mode"), g.Dy(0), back, size), null, null];
    });
}

internal sealed class ImageProjectiveTransformV3Op() : ProjectiveTransformOp(
    "ImageProjectiveTransformV3(images: dtype, transforms: float, output_shape: int32, fill_value: float) "
    + "-> (transformed_images: dtype) "
    + "where dtype: uint8 | int32 | int64 | half | bfloat16 | float | double, interpolation: string, fill_mode: string = 'CONSTANT'");
