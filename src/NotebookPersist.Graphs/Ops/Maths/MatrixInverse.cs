using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The inverse of each matrix.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [..., n, n]. DType: floats or complex numbers.</param>
    /// <param name="adjoint">True inverts the adjoint.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "MatrixInverse". A matrix that has none fails the run.</remarks>
    public static Output MatrixInverse(this Graph graph, Operand input, bool adjoint = false, string? name = null) =>
        graph.Add<MatrixInverseOp>(name, new AttributeList { { "adjoint", adjoint } }, input);
}

internal abstract class InverseOp(string signature) : MatrixOp(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Output inverse = g.Y(0);
        // The adjoint of the inverse: what arrives is turned as well.
        if (g.Attributes.Bool("adjoint"))
            return [-BatchMatMul(g.Graph, inverse, BatchMatMul(g.Graph, g.Dy(0), inverse, adjointX: true))];
        Output right = BatchMatMul(g.Graph, g.Dy(0), inverse, adjointY: true);
        return [-BatchMatMul(g.Graph, inverse, right, adjointX: true)];
    });

    public override void InferShapes(ShapeContext c) => c.Output(0, SquareShape(c));

    public override void Compute(KernelContext c)
    {
        int n = SquareSize(c);
        Complex[] matrices = Read(c, 0);
        Complex[] inverses = new Complex[matrices.Length];
        for (int at = 0; at < matrices.Length; at += n * n)
            Invert(c, matrices.AsSpan(at, n * n), inverses.AsSpan(at, n * n), n);
        if (c.Attributes.Bool("adjoint"))
        {
            Complex[] adjoint = new Complex[inverses.Length];
            for (int i = 0; i < adjoint.Length; i++)
                adjoint[i] = Complex.Conjugate(inverses[i - (i % (n * n)) + (i % n * n) + (i % (n * n) / n)]);
            inverses = adjoint;
        }

        Write(c, 0, c.Input(0).Shape, inverses);
    }

    // Gauss and Jordan, with the largest pivot of each column.
    private static void Invert(KernelContext c, Span<Complex> a, Span<Complex> inverse, int n)
    {
        for (int i = 0; i < n; i++)
            inverse[(i * n) + i] = 1;
        for (int k = 0; k < n; k++)
        {
            Interruption.Check();
            int pivot = Pivot(a, n, k);
            if (a[(pivot * n) + k] == Complex.Zero)
                throw c.InvalidArgument("Input is not invertible.");
            Swap(a, n, pivot, k);
            Swap(inverse, n, pivot, k);
            Complex scale = 1 / a[(k * n) + k];
            for (int column = 0; column < n; column++)
            {
                a[(k * n) + column] *= scale;
                inverse[(k * n) + column] *= scale;
            }

            for (int row = 0; row < n; row++)
            {
                Complex factor = a[(row * n) + k];
                for (int column = 0; column < n && row != k; column++)
                {
                    a[(row * n) + column] -= factor * a[(k * n) + column];
                    inverse[(row * n) + column] -= factor * inverse[(k * n) + column];
                }
            }
        }
    }
}

internal sealed class MatrixInverseOp() : InverseOp("MatrixInverse(input: T) -> (output: T) where adjoint: bool = false, T: double | float | half | complex64 | complex128");

internal sealed class BatchMatrixInverseOp() : InverseOp(
    "BatchMatrixInverse(input: T) -> (output: T) where adjoint: bool = false, T: double | float");
