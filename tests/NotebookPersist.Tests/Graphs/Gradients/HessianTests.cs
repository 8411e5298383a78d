using Xunit;

namespace NotebookPersist.Tests.Graphs.Gradients;

public sealed class HessianTests
{
    [Fact]
    public void Second_derivatives_of_each_pair_are_there()
    {
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float64, [3]);
        // x0^2 x1 + exp(x2) x0
        Output y = graph.Add(graph.Multiply(graph.Square(x[0]), x[1]), graph.Multiply(graph.Exp(x[2]), x[0]));
        IReadOnlyList<Output> hessians = graph.Hessians(y, [x]);
        Assert.Equal([3L, 3], hessians[0].Shape.ToArray());
        using var session = new Session(graph);
        double[] found = session.Run(hessians[0], new() { { x, new[] { 2.0, 5, 1 } } }).ToArray<double>();
        double[] expected = [10, 4, Math.E, 4, 0, 0, Math.E, 0, 2 * Math.E];
        for (int i = 0; i < 9; i++)
            Assert.Equal(expected[i], found[i], 1e-12);
    }

    [Fact]
    public void A_matrix_has_four_axes_of_them()
    {
        var graph = new Graph();
        Output x = graph.Constant(new[,] { { 1.0, 2 }, { 3, 4 } });
        Output y = graph.ReduceSum(graph.MatMul(x, x));
        Output hessian = graph.Hessians(y, [x])[0];
        using var session = new Session(graph);
        double[] found = session.Run(hessian).ToArray<double>();
        Assert.Equal([2L, 2, 2, 2], hessian.Shape.ToArray());
        // The sum over i, j, k of x[i,j] x[j,k]: for a pair (a,b), (c,d) one for b = c and one for d = a.
        for (int a = 0; a < 2; a++)
        {
            for (int b = 0; b < 2; b++)
            {
                for (int c = 0; c < 2; c++)
                {
                    for (int d = 0; d < 2; d++)
                        Assert.Equal((b == c ? 1 : 0) + (d == a ? 1 : 0), found[(a * 8) + (b * 4) + (c * 2) + d]);
                }
            }
        }

        Assert.Throws<GraphException>(() => graph.Hessians(graph.Constant(1.0), [x]));
    }
}
