using NotebookPersist.Tests.Graphs.Gradients;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Linalg;

public sealed class EinsumTests
{
    private static readonly Tensor A = Numbers(2, 3);
    private static readonly Tensor B = Numbers(3, 4);

    [Fact]
    public void Equations_give_what_they_stand_for()
    {
        Assert.Equal(Run(static g => g.MatMul(A, B)), Run(static g => g.Einsum("ij,jk->ik", [A, B])));
        Assert.Equal(Run(static g => g.MatMul(A, B)), Run(static g => g.Einsum("ij,jk", [A, B])));
        Assert.Equal(Run(static g => g.Transpose(A)), Run(static g => g.Einsum("ij->ji", [A])));
        Assert.Equal([21.0], Run(static g => g.Einsum("ij->", [A])));
        Assert.Equal([6.0, 15.0], Run(static g => g.Einsum("ij->i", [A])));
        Assert.Equal([1.0, 5, 9], Run(static g => g.Einsum("ii->i", [Numbers(3, 3)])));
        Assert.Equal([15.0], Run(static g => g.Einsum("ii", [Numbers(3, 3)])));
        Assert.Equal([1.0, 0, 0, 2], Run(static g => g.Einsum("i->ii", [Numbers(2)])));
        Assert.Equal([1.0, 2, 2, 4], Run(static g => g.Einsum("i,j->ij", [Numbers(2), Numbers(2)])));
        Assert.Equal(Run(static g => g.BatchMatMul(Numbers(5, 2, 3), Numbers(5, 3, 4))), Run(static g => g.Einsum("bij,bjk->bik", [Numbers(5, 2, 3), Numbers(5, 3, 4)])));
        Assert.Equal(Run(static g => g.BatchMatMul(Numbers(5, 2, 3), Numbers(1, 3, 4))), Run(static g => g.Einsum("...ij,...jk->...ik", [Numbers(5, 2, 3), Numbers(1, 3, 4)])));
        Assert.Equal(Run(static g => g.BatchMatMul(Numbers(5, 2, 3), Numbers(3, 4))), Run(static g => g.Einsum("...ij,...jk->...ik", [Numbers(5, 2, 3), B])));
        Assert.Equal(Run(static g => g.MatMul(g.MatMul(A, B), Numbers(4, 2))), Run(static g => g.Einsum("ij,jk,kl->il", [A, B, Numbers(4, 2)])));
    }

    [Theory]
    [InlineData("ij,jk->ik")]
    [InlineData("ij,jk->")]
    [InlineData("ij,kl->il")]
    [InlineData("ij,jk->kji")]
    public void Gradients_agree_with_differences(string equation) => GradientCheck.Run(equation, (g, x) => g.Einsum(equation, [x[0], x[1]]), [A, B]);

    [Fact]
    public void Gradients_of_diagonals_and_broadcasts_agree_with_differences()
    {
        GradientCheck.Run("ii->i", static (g, x) => g.Einsum("ii->i", [x[0]]), [Numbers(3, 3)]);
        GradientCheck.Run("iij->j", static (g, x) => g.Einsum("iij->j", [x[0]]), [Numbers(2, 2, 3)]);
        GradientCheck.Run("...ij,...jk", static (g, x) => g.Einsum("...ij,...jk->...ik", [x[0], x[1]]), [Numbers(2, 2, 3), Numbers(1, 3, 2)]);
    }

    [Fact]
    public void Faults_are_told()
    {
        var graph = new Graph();
        Assert.Contains("Expected input 0 to have rank 3", Assert.Throws<GraphException>(() => graph.Einsum("ijk->i", [A])).Message, StringComparison.Ordinal);
        Assert.Contains("dimension", Assert.Throws<GraphException>(() => graph.Einsum("ij,jk->ik", [A, A])).Message, StringComparison.Ordinal);
        Assert.Contains("label", Assert.Throws<GraphException>(() => graph.Einsum("ij->ik", [A])).Message, StringComparison.Ordinal);
    }

    private static Tensor Numbers(params long[] shape) =>
        Tensor.Of<double>(shape, [.. Enumerable.Range(1, (int)shape.Aggregate(1L, static (a, b) => a * b)).Select(static i => (double)i)]);

    private static double[] Run(Func<Graph, Output> build)
    {
        var graph = new Graph();
        Output output = build(graph);
        using var session = new Session(graph);
        Tensor value = session.Run(output);
        Assert.Equal(output.Shape, value.Shape);
        return value.ToArray<double>();
    }
}
