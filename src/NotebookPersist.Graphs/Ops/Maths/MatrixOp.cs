using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist;

/// <summary>An operation on the innermost two dimensions, one matrix after another.</summary>
/// <remarks>Real matrices are worked on in float64, complex ones in complex128, whatever their type: they are small.</remarks>
internal abstract class MatrixOp(string signature) : Op(signature)
{
    /// <summary>The matrices of an input as complex128, row-major, one after another.</summary>
    protected static Complex[] Read(KernelContext c, int index)
    {
        Tensor wide = c.Allocate(DType.Complex128, c.Input(index).Shape);
        Casts.Convert(c.Input(index), wide, c.Workers);
        return wide.ToArray<Complex>();
    }

    /// <summary>Sets an output from complex128; real types take the real parts.</summary>
    protected static void Write(KernelContext c, int index, Shape shape, Complex[] values) =>
        Casts.Convert(Tensor.Of<Complex>(shape, values), c.AllocateOutput(index, shape), c.Workers);

    /// <summary>Number of rows of square matrices.</summary>
    protected static int SquareSize(KernelContext c)
    {
        Shape shape = c.Input(0).Shape;
        if (shape.Rank < 2)
            throw c.InvalidArgument($"Input tensor 0 must have rank >= 2, got {shape.Rank}");
        return shape[^1] == shape[^2] ? (int)shape[^1] : throw c.InvalidArgument($"Input matrix must be square.");
    }

    protected static Shape SquareShape(ShapeContext c)
    {
        Shape shape = c.WithRankAtLeast(0, 2);
        if (shape.HasRank)
            c.Merge(shape[^1], shape[^2]);
        return shape;
    }

    /// <summary>Sign and logarithm of the magnitude of a determinant; the matrix is used up.</summary>
    protected static (Complex Sign, double LogMagnitude) Determinant(Span<Complex> a, int n)
    {
        Complex sign = 1;
        double log = 0;
        for (int k = 0; k < n; k++)
        {
            int pivot = Pivot(a, n, k);
            Complex value = a[(pivot * n) + k];
            if (value == Complex.Zero)
                return (0, double.NegativeInfinity);
            if (pivot != k)
            {
                sign = -sign;
                Swap(a, n, pivot, k);
            }

            double magnitude = Complex.Abs(value);
            sign *= value / magnitude;
            log += Math.Log(magnitude);
            for (int row = k + 1; row < n; row++)
            {
                Complex factor = a[(row * n) + k] / value;
                for (int column = k + 1; column < n; column++)
                    a[(row * n) + column] -= factor * a[(k * n) + column];
            }
        }

        return (sign, log);
    }

    /// <summary>The row at or below k with the largest number in column k.</summary>
    protected static int Pivot(ReadOnlySpan<Complex> a, int n, int k)
    {
        int best = k;
        for (int row = k + 1; row < n; row++)
        {
            if (Complex.Abs(a[(row * n) + k]) > Complex.Abs(a[(best * n) + k]))
                best = row;
        }

        return best;
    }

    protected static void Swap(Span<Complex> a, int n, int i, int j)
    {
        for (int column = 0; column < n && i != j; column++)
            (a[(i * n) + column], a[(j * n) + column]) = (a[(j * n) + column], a[(i * n) + column]);
    }

    protected static Output BatchMatMul(Graph graph, Output x, Output y, bool adjointX = false, bool adjointY = false)
    {
        // MatMul transposes without conjugating.
        bool isPlain = x.Shape.Rank == 2 && y.Shape.Rank == 2 && x.DType is not (DType.Complex64 or DType.Complex128);
        return isPlain
            ? graph.AddOperation("MatMul", null, new AttributeList { { "transpose_a", adjointX }, { "transpose_b", adjointY } }, x, y)[0]
            : graph.AddOperation("BatchMatMul", "MatMul", new AttributeList { { "adj_x", adjointX }, { "adj_y", adjointY } }, x, y)[0];
    }
}
