using System.Numerics;

namespace NotebookPersist.Kernels.Linalg;

/// <summary>Work on triangular matrices; the other triangle is never read.</summary>
public static class Triangular
{
    /// <summary>Replaces B by the X of A X = B.</summary>
    /// <param name="a">A triangular matrix.</param>
    /// <param name="b">The right side; becomes the solution.</param>
    /// <param name="lower">Which triangle of <paramref name="a"/> counts.</param>
    /// <param name="adjoint">Solves with the adjoint of that triangle.</param>
    /// <param name="unitDiagonal">Takes the diagonal for ones.</param>
    public static void Solve(ComplexMatrix a, ComplexMatrix b, bool lower, bool adjoint, bool unitDiagonal)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        int n = a.Rows;
        bool forward = lower != adjoint;
        for (int step = 0; step < n; step++)
        {
            Interruption.Check();
            int row = forward ? step : n - 1 - step;
            for (int earlier = 0; earlier < step; earlier++)
            {
                int k = forward ? earlier : n - 1 - earlier;
                Complex factor = adjoint ? Complex.Conjugate(a[k, row]) : a[row, k];
                if (factor == Complex.Zero)
                    continue;
                for (int column = 0; column < b.Columns; column++)
                    b[row, column] -= factor * b[k, column];
            }

            if (unitDiagonal)
                continue;
            Complex diagonal = adjoint ? Complex.Conjugate(a[row, row]) : a[row, row];
            for (int column = 0; column < b.Columns; column++)
                b[row, column] /= diagonal;
        }
    }

    /// <summary>The lower factor of a positive definite matrix, of which the lower triangle is read; null where it is not positive definite.</summary>
    public static ComplexMatrix? Cholesky(ComplexMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        int n = matrix.Rows;
        var factor = new ComplexMatrix(n, n);
        for (int column = 0; column < n; column++)
        {
            Interruption.Check();
            for (int row = column; row < n; row++)
            {
                Complex sum = matrix[row, column];
                for (int k = 0; k < column; k++)
                    sum -= factor[row, k] * Complex.Conjugate(factor[column, k]);
                if (row == column && !(sum.Real > 0))
                    return null;
                factor[row, column] = row == column ? Math.Sqrt(sum.Real) : sum / factor[column, column];
            }
        }

        return factor;
    }

    /// <summary>The square root of an upper triangular matrix, upper triangular itself.</summary>
    /// <remarks>Source: Björck and Hammarling, "A Schur method for the square root of a matrix" (1983).</remarks>
    public static ComplexMatrix SquareRoot(ComplexMatrix upper)
    {
        ArgumentNullException.ThrowIfNull(upper);
        int n = upper.Rows;
        var root = new ComplexMatrix(n, n);
        for (int column = 0; column < n; column++)
        {
            Interruption.Check();
            root[column, column] = Complex.Sqrt(upper[column, column]);
            for (int row = column - 1; row >= 0; row--)
            {
                Complex sum = upper[row, column];
                for (int k = row + 1; k < column; k++)
                    sum -= root[row, k] * root[k, column];
                root[row, column] = sum == Complex.Zero ? Complex.Zero : sum / (root[row, row] + root[column, column]);
            }
        }

        return root;
    }

    /// <summary>Replaces the gradient of a Cholesky factor by that of the matrix, symmetric.</summary>
    /// <remarks>Source: Murray, "Differentiation of the Cholesky decomposition" (2016), row by row.</remarks>
    public static void CholeskyBackprop(ComplexMatrix factor, ComplexMatrix gradient)
    {
        ArgumentNullException.ThrowIfNull(factor);
        ArgumentNullException.ThrowIfNull(gradient);
        int n = factor.Rows;
        for (int k = n - 1; k >= 0; k--)
        {
            Interruption.Check();
            Complex d = factor[k, k];
            for (int row = k + 1; row < n; row++)
                gradient[k, k] -= Complex.Conjugate(factor[row, k]) * gradient[row, k] / d;
            for (int row = k; row < n; row++)
                gradient[row, k] /= d;
            for (int column = 0; column < k; column++)
            {
                for (int row = k; row < n; row++)
                    gradient[k, column] -= Complex.Conjugate(gradient[row, k]) * factor[row, column];
                for (int row = k + 1; row < n; row++)
                    gradient[row, column] -= gradient[row, k] * factor[k, column];
            }

            gradient[k, k] /= 2;
        }

        for (int row = 0; row < n; row++)
        {
            Interruption.Check();
            for (int column = 0; column < row; column++)
            {
                gradient[row, column] *= 0.5;
                gradient[column, row] = gradient[row, column];
            }
        }
    }
}
