using NotebookPersist.Graphs.OpModel;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Gradients;

public sealed class RareGradientTests
{
    [Fact]
    public void The_second_derivative_of_a_determinant_is_what_central_differences_give() => GradientCheck.Run(
        "MatrixDeterminant twice",
        static (graph, xs) => graph.Gradients([graph.AddOperation("MatrixDeterminant", null, null, xs[0])[0]], [xs[0]])[0]!,
        [Tensor.Of<double>([2, 3, 3], [.. Numbers(18)])]);

    [Fact]
    public void The_inverse_of_the_adjoint_is_differentiated() => GradientCheck.Run(
        "MatrixInverse of the adjoint", static (graph, xs) => graph.MatrixInverse(xs[0], adjoint: true), [Tensor.Of<double>([2, 3, 3], [.. Numbers(18)])]);

    [Fact]
    public void The_angle_of_a_complex_number_is_differentiated() => GradientCheck.Run(
        "Angle",
        static (graph, xs) => graph.AddOperation("Angle", null, new AttributeList { { "Tout", DType.Float64 } }, graph.Complex(xs[0], xs[1]))[0],
        [Tensor.Of<double>([2, 3], [.. Numbers(6)]), Tensor.Of<double>([2, 3], [.. Numbers(6).Reverse()])]);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_colours_of_hue_are_differentiated(bool knownShapes) => GradientCheck.Run(
        "RGBToHSV", static (graph, xs) => graph.AddOperation("RGBToHSV", null, null, xs[0])[0],
        [Tensor.Of<double>([2, 4, 3], [0.9, 0.2, 0.4, 0.1, 0.8, 0.3, 0.2, 0.3, 0.7, 0.6, 0.5, 0.1, 0.3, 0.6, 0.59, 0.8, 0.1, 0.79, 0.45, 0.5, 0.55, 0.2, 0.9, 0.1])], knownShapes);

    [Fact]
    public void A_grey_pixel_has_a_gradient_by_its_value_alone()
    {
        var graph = new Graph();
        Output grey = graph.Constant(Tensor.Of<double>([2, 3], [0.5, 0.5, 0.5, 0, 0, 0]));
        Output slope = graph.Gradients([graph.AddOperation("RGBToHSV", null, null, grey)[0]], [grey])[0]!;
        using var session = new Session(graph);
        Assert.All(session.Run(slope).ToArray<double>(), static s => Assert.True(double.IsFinite(s)));
    }

    [Theory]
    [InlineData("SAME")]
    [InlineData("VALID")]
    public void Patches_of_volumes_are_differentiated(string padding) => GradientCheck.Run(
        "ExtractVolumePatches",
        (graph, xs) => graph.AddOperation(
            "ExtractVolumePatches", null, new AttributeList { { "ksizes", Enumerable.Repeat(2, 3).Append(1).Prepend(1) }, { "strides", Enumerable.Repeat(1, 3).Append(1).Prepend(1) }, { "padding", padding } }, xs[0])[0],
        [Tensor.Of<double>([2, 3, 3, 2, 2], [.. Numbers(72)])]);

    [Fact]
    public void Rows_taken_from_a_ragged_tensor_send_their_gradients_back() => GradientCheck.Run(
        "RaggedGather",
        static (graph, xs) =>
        {
            Output rows = graph.Constant(Tensor.Of<long>([4], [0, 2, 2, 3])), splits = graph.Constant(Tensor.Of<long>([4], [0, 1, 3, 5]));
            Operation taken = graph.AddOperation("RaggedGather", null, new AttributeList { { "OUTPUT_RAGGED_RANK", 2 }, { "PARAMS_RAGGED_RANK", 2 } }, rows, splits, xs[0], new[] { 2, 0, 2 });
            return taken.Outputs[^1];
        },
        [Tensor.Of<double>([5, 2], [.. Numbers(10)])]);

    [Theory]
    [InlineData("NHWC", true)]
    [InlineData("NCHW", true)]
    [InlineData("NHWC", false)]
    public void Second_derivatives_of_fused_batch_normalisation_are_those_of_the_same_in_single_steps(string format, bool training)
    {
        var graph = new Graph();
        bool first = format == "NCHW";
        Shape shape = first ? [3, 2, 2, 2] : [3, 2, 2, 2];
        Output x = graph.Constant(Tensor.Of<float>(shape, [.. Numbers(24).Select(static n => (float)n)]));
        Output scale = graph.Constant(Tensor.Of<float>([2], [1.3f, 0.7f])), offset = graph.Constant(Tensor.Of<float>([2], [0.1f, -0.2f]));
        Output mean = graph.Constant(Tensor.Of<float>([2], [0.2f, 0.1f])), variance = graph.Constant(Tensor.Of<float>([2], [0.9f, 1.2f]));
        Output empty = graph.Constant(Tensor.Of<float>([0], []));
        var attributes = new AttributeList { { "data_format", format }, { "is_training", training }, { "epsilon", 0.01f } };
        Output fused = graph.AddOperation("FusedBatchNorm", null, attributes, x, scale, offset, training ? empty : mean, training ? empty : variance)[0];
        int[] axes = first ? [0, 2, 3] : [0, 1, 2];
        Output Spread(Output channels) => first ? graph.Reshape(channels, new[] { 1, 2, 1, 1 }) : channels;
        Output m = training ? graph.ReduceMean(x, axes, keepDims: true) : Spread(mean);
        Output v = training ? graph.ReduceMean(graph.Square(x - m), axes, keepDims: true) : Spread(variance);
        Output plain = ((x - m) * graph.Rsqrt(v + 0.01f) * Spread(scale)) + Spread(offset);
        Output weight = graph.Constant(Tensor.Of<float>(shape, [.. Numbers(24).Reverse().Select(static n => (float)n)]));
        Tensor[] Twice(Output y)
        {
            Output?[] once = graph.Gradients([graph.ReduceSum(weight * graph.Square(y))], [x, scale]);
            Output?[] twice = graph.Gradients([graph.ReduceSum(weight * once[0]!) + graph.ReduceSum(graph.Square(once[1]!))], [x, scale]);
            using var session = new Session(graph);
            return [.. session.Run([.. twice.Select(static t => (Fetch)t!)]).Select(static t => t!)];
        }

        (Tensor[] expected, Tensor[] found) = (Twice(plain), Twice(fused));
        for (int i = 0; i < 2; i++)
        {
            for (int k = 0; k < expected[i].Count; k++)
                Assert.Equal(expected[i].Data<float>()[k], found[i].Data<float>()[k], 2e-4f * MathF.Max(1, MathF.Abs(expected[i].Data<float>()[k])));
        }
    }

    private static IEnumerable<double> Numbers(int count) => Enumerable.Range(0, count).Select(static i => Math.Sin((i * 1.9) + 0.4) + (i % 4 == 0 ? 1.1 : 0));
}
