using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Linalg;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The principal square root of each matrix.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [..., n, n]. DType: floats or complex numbers.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "MatrixSquareRoot".</remarks>
    public static Output MatrixSquareRoot(this Graph graph, Operand input, string? name = null) => graph.Add<MatrixSquareRootOp>(name, input);

    /// <summary>The principal logarithm of each matrix.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [..., n, n]. DType: complex numbers.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "MatrixLogarithm".</remarks>
    public static Output MatrixLogarithm(this Graph graph, Operand input, string? name = null) => graph.Add<MatrixLogarithmOp>(name, input);
}

internal sealed class MatrixSquareRootOp() : MatrixFunctionOp("MatrixSquareRoot(input: T) -> (output: T) where T: double | float | half | complex64 | complex128")
{
    // A = R R, so dA = R dR + dR R: a linear system for all elements of dR.
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        (Graph graph, Output root) = (g.Graph, g.Y(0));
        Shape shape = root.Shape;
        if (!shape.HasRank || shape[^1] < 0)
            throw new GraphException("The gradient of MatrixSquareRoot needs the size of its matrices.", g.Operation.Name, g.Operation.Type);
        int n = (int)shape[^1];
        Output batch = graph.Slice(graph.Shape(root), new[] { 0 }, new[] { shape.Rank - 2 });
        Output Shaped(Output x, params int[] inner) => graph.Reshape(x, graph.Concat([batch, inner], 0));
        Output Product(Output left, Output right) => Shaped(Shaped(left, n, 1, n, 1) * Shaped(right, 1, n, 1, n), n * n, n * n);
        Output one = BatchEye(graph, root);
        Output system = Product(one, Adjoint(graph, root)) + Product(root, one);
        Output right = Shaped(Adjoint(graph, g.Dy(0)), n * n, 1);
        Output solved = graph.MatrixSolve(system, right);
        return [Adjoint(graph, graph.Reshape(solved, graph.Shape(root)))];
    });

    protected override ComplexMatrix Of(ComplexMatrix matrix) => Schur.SquareRoot(matrix);
}

internal sealed class MatrixLogarithmOp() : MatrixFunctionOp("MatrixLogarithm(input: T) -> (output: T) where T: complex64 | complex128")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no gradient of matrix logarithms");

    protected override ComplexMatrix Of(ComplexMatrix matrix) => Schur.Logarithm(matrix);
}

internal sealed class MatrixExponentialOp() : MatrixFunctionOp("MatrixExponential(input: T) -> (output: T) where T: double | float | half | complex64 | complex128")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no gradient of this operation, which it has replaced by a composition");

    protected override ComplexMatrix Of(ComplexMatrix matrix) => Schur.Exponential(matrix);
}
