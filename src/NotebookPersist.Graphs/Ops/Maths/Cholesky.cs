using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Linalg;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The lower triangular factor of each positive definite matrix.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [..., n, n]; only the lower triangle is read. DType: floats or complex numbers.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "Cholesky". A matrix that is not positive definite fails the run.</remarks>
    public static Output Cholesky(this Graph graph, Operand input, string? name = null) => graph.Add<CholeskyOp>(name, input);
}

internal abstract class CholeskyFactorOp(string signature) : MatrixBatchOp(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        (Graph graph, Output l) = (g.Graph, g.Y(0));
        Output inverse = graph.MatrixTriangularSolve(l, BatchEye(graph, l));
        Output middle = BatchMatMul(graph, l, g.Dy(0), adjointX: true);
        middle = Lower(graph, graph.MatrixSetDiag(middle, graph.Multiply(0.5, graph.MatrixDiagPart(middle))));
        Output da = BatchMatMul(graph, BatchMatMul(graph, inverse, middle, adjointX: true), inverse);
        return [graph.Multiply(da + Adjoint(graph, da), 0.5)];
    });

    public override void InferShapes(ShapeContext c) => c.Output(0, SquareShape(c));

    public override void Compute(KernelContext c)
    {
        int n = SquareSize(c);
        Write(c, 0, Array.ConvertAll(Matrices(c, 0), m => Triangular.Cholesky(m)
            ?? throw c.InvalidArgument("Cholesky decomposition was not successful. The input might not be valid.")), n, n);
    }
}

internal sealed class CholeskyOp() : CholeskyFactorOp("Cholesky(input: T) -> (output: T) where T: double | float | half | complex64 | complex128");

internal sealed class BatchCholeskyOp() : CholeskyFactorOp("BatchCholesky(input: T) -> (output: T) where T: double | float");

internal abstract class CholeskyBackpropOp(string signature) : MatrixBatchOp(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no second derivative by this operation");

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Merge(SquareShape(c), c.Input(1)));

    public override void Compute(KernelContext c)
    {
        if (c.Input(0).Shape != c.Input(1).Shape)
            throw c.InvalidArgument("Inputs (L and grad) must have the same shape.");
        (ComplexMatrix[] factors, ComplexMatrix[] gradients) = (SquareMatrices(c, 0), Matrices(c, 1));
        for (int i = 0; i < factors.Length; i++)
            Triangular.CholeskyBackprop(factors[i], gradients[i]);
        int n = SquareSize(c);
        Write(c, 0, gradients, n, n);
    }
}

internal sealed class CholeskyGradOp() : CholeskyBackpropOp("CholeskyGrad(l: T, grad: T) -> (output: T) where T: half | float | double");

internal sealed class BatchCholeskyGradOp() : CholeskyBackpropOp("BatchCholeskyGrad(l: T, grad: T) -> (output: T) where T: float | double");
