using System.Numerics;
using NotebookPersist.Graphs.OpModel;

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

internal sealed class CholeskyOp() : MatrixOp("Cholesky(input: T) -> (output: T) where T: double | float | half | complex64 | complex128")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("its gradient needs triangular solves, which are not built here");

    public override void InferShapes(ShapeContext c) => c.Output(0, SquareShape(c));

    public override void Compute(KernelContext c)
    {
        int n = SquareSize(c);
        Complex[] matrices = Read(c, 0);
        for (int at = 0; at < matrices.Length; at += n * n)
        {
            Span<Complex> a = matrices.AsSpan(at, n * n);
            for (int column = 0; column < n; column++)
            {
                for (int row = 0; row < column; row++)
                    a[(row * n) + column] = 0;
                for (int row = column; row < n; row++)
                {
                    Complex sum = a[(row * n) + column];
                    for (int k = 0; k < column; k++)
                        sum -= a[(row * n) + k] * Complex.Conjugate(a[(column * n) + k]);
                    if (row == column && !(sum.Real > 0))
                        throw c.InvalidArgument("Cholesky decomposition was not successful. The input might not be valid.");
                    a[(row * n) + column] = row == column ? Math.Sqrt(sum.Real) : sum / a[(column * n) + column];
                }
            }
        }

        Write(c, 0, c.Input(0).Shape, matrices);
    }
}
