using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Images;

public sealed class ImageOpTests
{
    // Source: TensorFlow's non_max_suppression_op_test: three clusters of boxes.
    private static readonly Tensor Boxes = Tensor.Of<float>([6, 4],
        [0, 0, 1, 1, 0, 0.1f, 1, 1.1f, 0, -0.1f, 1, 0.9f, 0, 10, 1, 11, 0, 10.1f, 1, 11.1f, 0, 100, 1, 101]);

    private static readonly Tensor Scores = Tensor.Of<float>([6], [0.9f, 0.75f, 0.6f, 0.95f, 0.5f, 0.3f]);

    [Fact]
    public void Boxes_are_chosen_as_in_the_published_tests()
    {
        Assert.Equal([3, 0, 5], Ints(static g => g.NonMaxSuppression(Boxes, Scores, 3)));
        Assert.Equal([3, 0], Ints(static g => g.NonMaxSuppression(Boxes, Scores, 2)));
        Assert.Equal([3, 0, 5], Ints(static g => g.NonMaxSuppression(Boxes, Scores, 30)));
        Assert.Equal([3, 0], Ints(static g => g.NonMaxSuppression(Boxes, Scores, 3, scoreThreshold: 0.5f)));
        Assert.Equal([3, 0, 5], Ints(static g => g.AddOperation("NonMaxSuppression", null, null, Boxes, Scores, 3)[0]));
        Assert.Equal([3, 0, 5, 0, 0], Ints(static g => g.AddOperation(
            "NonMaxSuppressionV4", null, new NotebookPersist.Graphs.OpModel.AttributeList { { "pad_to_max_output_size", true } }, Boxes, Scores, 5, 0.5f, 0f)[0]));
    }

    [Fact]
    public void Soft_suppression_lowers_scores_as_in_the_published_test()
    {
        var graph = new Graph();
        Operation node = graph.AddOperation("NonMaxSuppressionV5", null, null, Boxes, Scores, 6, 1f, 0f, 0.5f);
        using var session = new Session(graph);
        Assert.Equal([3, 0, 1, 5, 4, 2], session.Run(node[0]).ToArray<int>());
        float[] expected = [0.95f, 0.9f, 0.384f, 0.3f, 0.256f, 0.197f];
        float[] found = session.Run(node[1]).ToArray<float>();
        for (int i = 0; i < 6; i++)
            Assert.Equal(expected[i], found[i], 1e-3f);
    }

    [Fact]
    public void Boxes_are_padded_counted_and_scored_where_that_is_asked_for()
    {
        var graph = new Graph();
        (Output padded, Output count) = graph.NonMaxSuppressionPadded(Boxes, Scores, 5, padToMaxOutputSize: true);
        (Output chosen, Output few) = graph.NonMaxSuppressionPadded(Boxes, Scores, 5);
        (Output soft, Output scores) = graph.NonMaxSuppressionWithScores(Boxes, Scores, 6, 1f, 0f, 0.5f);
        Assert.Equal("non_max_suppression_padded/NonMaxSuppressionV4", padded.Operation.Name);
        Assert.Equal("non_max_suppression/NonMaxSuppressionV3", graph.NonMaxSuppression(Boxes, Scores, 3).Operation.Name);
        using var session = new Session(graph);
        Assert.Equal([3, 0, 5, 0, 0], session.Run(padded).ToArray<int>());
        Assert.Equal(3, (int)session.Run(count)!);
        Assert.Equal([3, 0, 5], session.Run(chosen).ToArray<int>());
        Assert.Equal(3, (int)session.Run(few)!);
        Assert.Equal([3, 0, 1, 5, 4, 2], session.Run(soft).ToArray<int>());
        Assert.Equal([0.95f, 0.9f, 0.384f, 0.3f, 0.256f, 0.197f], session.Run(scores).ToArray<float>(), static (a, b) => Math.Abs(a - b) < 1e-3f);
        // Boxes 0 and 1 overlap by more than 0.5, box 2 with neither.
        Tensor overlaps = Tensor.Of<float>([3, 3], [1, 0.6f, 0.2f, 0.6f, 1, 0.1f, 0.2f, 0.1f, 1]);
        Assert.Equal([1, 2], Ints(g => g.NonMaxSuppressionOverlaps(overlaps, new[] { 0.5f, 0.9f, 0.3f }, 3)));
    }

    [Fact]
    public void Windows_are_drawn_that_show_enough_of_a_box()
    {
        var graph = new Graph();
        (Output begin, Output size, Output boxes) = graph.SampleDistortedBoundingBox(
            new[] { 40, 50, 3 }, Tensor.Of<float>([1, 1, 4], [0.25f, 0.2f, 0.75f, 0.8f]), seed: 7, minObjectCovered: 0.5f, areaRange: [0.2f, 0.9f]);
        using var session = new Session(graph);
        var windows = new HashSet<(int, int, int, int)>();
        for (int run = 0; run < 20; run++)
        {
            // What is fetched is there.
            Tensor[] drawn = [.. session.Run([begin, size, boxes]).Select(static t => t!)];
            (int top, int left) = (drawn[0].ItemAt<int>(0), drawn[0].ItemAt<int>(1));
            (int height, int width) = (drawn[1].ItemAt<int>(0), drawn[1].ItemAt<int>(1));
            Assert.Equal((0, -1), (drawn[0].ItemAt<int>(2), drawn[1].ItemAt<int>(2)));
            Assert.True(top >= 0 && left >= 0 && top + height <= 40 && left + width <= 50, $"{top} {left} {height} {width}");
            Assert.InRange(height * width, 0.2 * 2000, 0.9 * 2000);
            int seen = Math.Max(0, Math.Min(top + height, 30) - Math.Max(top, 10)) * Math.Max(0, Math.Min(left + width, 40) - Math.Max(left, 10));
            Assert.True(seen >= 0.5 * 20 * 30, $"{seen} of 600");
            Assert.Equal([top / 40f, left / 50f, (top + height) / 40f, (left + width) / 50f], drawn[2].ToArray<float>(), static (a, b) => Math.Abs(a - b) < 1e-6f);
            windows.Add((top, left, height, width));
        }

        Assert.True(windows.Count > 5, "The windows hardly vary.");
    }

    [Fact]
    public void Crops_interpolate_as_in_the_published_tests()
    {
        Tensor image = Tensor.Of<float>([1, 2, 2, 1], [1, 2, 3, 4]);
        int[] first = [0];
        Assert.Equal([2.5f], Floats(g => g.CropAndResize(image, Tensor.Of<float>([1, 4], [0, 0, 1, 1]), first, new[] { 1, 1 })));
        Assert.Equal([1, 1.5f, 2, 2, 2.5f, 3, 3, 3.5f, 4], Floats(g => g.CropAndResize(image, Tensor.Of<float>([1, 4], [0, 0, 1, 1]), first, new[] { 3, 3 })));
        Assert.Equal([4, 3.5f, 3, 3, 2.5f, 2, 2, 1.5f, 1], Floats(g => g.CropAndResize(image, Tensor.Of<float>([1, 4], [1, 1, 0, 0]), first, new[] { 3, 3 })));
        // Half of the crop lies outside.
        Tensor beyond = Tensor.Of<float>([1, 4], [-1, -1, 1, 1]);
        Assert.Equal([-1, -1, -1, -1, 1, 2, -1, 3, 4], Floats(g => g.CropAndResize(image, beyond, first, new[] { 3, 3 }, extrapolationValue: -1)));
    }

    [Fact]
    public void Area_resize_takes_means()
    {
        Tensor image = Tensor.Of<float>([1, 2, 4, 1], [0, 1, 2, 3, 4, 5, 6, 7]);
        Assert.Equal([2.5f, 4.5f], Floats(g => g.ResizeArea(image, new[] { 1, 2 })));
        Assert.Equal(image.ToArray<float>(), Floats(g => g.ResizeArea(image, new[] { 2, 4 })));
    }

    [Fact]
    public void Bicubic_resize_to_the_same_size_changes_nothing_and_weights_sum_to_one()
    {
        Tensor image = Tensor.Of<float>([1, 2, 4, 1], [0, 1, 2, 3, 4, 5, 6, 7]);
        Assert.Equal(image.ToArray<float>(), Floats(g => g.ResizeBicubic(image, new[] { 2, 4 })));
        Tensor flat = Tensor.Of<float>([1, 2, 2, 1], [3, 3, 3, 3]);
        foreach (bool half in new[] { false, true })
            Assert.All(Floats(g => g.ResizeBicubic(flat, new[] { 5, 7 }, halfPixelCenters: half)), static v => Assert.Equal(3, v, 1e-5f));
        // A quarter of the way between pixels 1 and 2 of a row, by the curve with a = -0.75: weights -0.10547, 0.87891, 0.26172, -0.03516.
        float[] row = Floats(g => g.ResizeBicubic(Tensor.Of<float>([1, 1, 4, 1], [1, 10, 100, 1000]), new[] { 1, 16 }));
        Assert.Equal((-0.10546875f * 1) + (0.87890625f * 10) + (0.26171875f * 100) - (0.03515625f * 1000), row[5], 1e-3f);
    }

    [Fact]
    public void Colors_turn_and_come_back()
    {
        Tensor colors = Tensor.Of<float>([4, 3], [1, 0, 0, 0.2f, 0.4f, 0.6f, 0.5f, 0.5f, 0.5f, 0.9f, 0.1f, 0.7f]);
        float[] hsv = Floats(g => g.RgbToHsv(colors));
        Assert.Equal([0, 1, 1, 0.583333f, 0.666667f, 0.6f, 0, 0, 0.5f], hsv[..9], static (a, b) => Math.Abs(a - b) < 1e-5f);
        Assert.Equal(colors.ToArray<float>(), Floats(g => g.HsvToRgb(g.RgbToHsv(colors))), static (a, b) => Math.Abs(a - b) < 1e-6f);
        Tensor red = Tensor.Of<float>([1, 1, 3], [1, 0, 0]);
        Assert.Equal([0, 1, 0], Floats(g => g.AdjustHue(red, 1f / 3)), static (a, b) => Math.Abs(a - b) < 1e-5f);
        Assert.Equal([1, 0.5f, 0.5f], Floats(g => g.AdjustSaturation(red, 0.5f)));
        Assert.Equal([-1, 5], Floats(g => g.AdjustContrast(Tensor.Of<float>([1, 2, 1], [1, 3]), 3f)));
    }

    [Fact]
    public void Outlines_are_drawn_and_clipped()
    {
        float[] drawn = Floats(g => g.DrawBoundingBoxes(Tensor.Zeros(DType.Float32, [1, 4, 4, 1]), Tensor.Of<float>([1, 1, 4], [0, 0, 0.7f, 2])));
        Assert.Equal([1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0], drawn);
    }

    [Fact]
    public void Glimpses_inside_are_exact()
    {
        Tensor image = Tensor.Of<float>([1, 4, 4, 1], [.. Enumerable.Range(0, 16).Select(static i => (float)i)]);
        Assert.Equal([5, 6, 9, 10], Floats(g => g.ExtractGlimpse(image, new[] { 2, 2 }, Tensor.Of<float>([1, 2], [0, 0]))));
        Assert.Equal([10, 11, 14, 15], Floats(g => g.ExtractGlimpse(image, new[] { 2, 2 }, Tensor.Of<float>([1, 2], [3, 3]), centered: false, normalized: false)));
    }

    private static float[] Floats(Func<Graph, Output> build) => OpRuns.Once(build).ToArray<float>();

    private static int[] Ints(Func<Graph, Output> build) => OpRuns.Once(build).ToArray<int>();
}
