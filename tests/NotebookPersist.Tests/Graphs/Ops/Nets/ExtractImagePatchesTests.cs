using NotebookPersist.Tests.Graphs.Gradients;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Nets;

public sealed class ExtractImagePatchesTests
{
    [Theory]
    [InlineData("SAME", 1, 1)]
    [InlineData("SAME", 2, 1)]
    [InlineData("VALID", 2, 2)]
    public void The_gradient_is_what_central_differences_give(string padding, int stride, int rate)
    {
        double[] values = [.. Enumerable.Range(0, 120).Select(static i => Math.Sin(i * 1.7))];
        foreach (bool knownShapes in new[] { true, false })
        {
            GradientCheck.Run(
                $"{padding}, stride {stride}, rate {rate}",
                (graph, xs) => graph.ExtractImagePatches(xs[0], [1, 2, 3, 1], [1, stride, 1, 1], [1, 1, rate, 1], padding),
                [Tensor.Of<double>([2, 5, 6, 2], values)],
                knownShapes);
        }
    }
}
