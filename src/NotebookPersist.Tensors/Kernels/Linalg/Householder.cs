using System.Numerics;

namespace NotebookPersist.Kernels.Linalg;

/// <summary>The factors Q and R of a matrix by reflections, optionally with its columns reordered so that the largest remaining one comes next.</summary>
/// <remarks>Signs are those of Eigen: each diagonal element of R has the sign that the column's leading element has not.</remarks>
public sealed class Householder
{
    private readonly Complex[] _scales;

    /// <summary>Factorises a matrix.</summary>
    public Householder(ComplexMatrix matrix, bool pivoting = false)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        Packed = matrix.Copy();
        int steps = Math.Min(matrix.Rows, matrix.Columns);
        _scales = new Complex[steps];
        ColumnOrder = [.. Enumerable.Range(0, matrix.Columns)];
        for (int k = 0; k < steps; k++)
        {
            Interruption.Check();
            if (pivoting)
            {
                int largest = LargestColumn(k);
                Packed.SwapColumns(k, largest);
                (ColumnOrder[k], ColumnOrder[largest]) = (ColumnOrder[largest], ColumnOrder[k]);
            }

            (_scales[k], Complex beta) = Reflect(Packed, k, k);
            Packed[k, k] = beta;
            Apply(Packed, k, k + 1, Packed, _scales[k]);
        }
    }

    /// <summary>R on and above the diagonal, the reflections below it.</summary>
    public ComplexMatrix Packed { get; }

    /// <summary>Which column of the matrix each column of the factors is.</summary>
    public int[] ColumnOrder { get; }

    /// <summary>The first columns of Q.</summary>
    public ComplexMatrix Q(int columns)
    {
        ComplexMatrix q = ComplexMatrix.Identity(Packed.Rows, columns);
        for (int k = _scales.Length - 1; k >= 0; k--)
        {
            Interruption.Check();
            Apply(Packed, k, 0, q, Complex.Conjugate(_scales[k]));
        }

        return q;
    }

    /// <summary>The first rows of R.</summary>
    public ComplexMatrix R(int rows)
    {
        ComplexMatrix r = Packed.Corner(rows, Packed.Columns);
        for (int row = 1; row < rows; row++)
        {
            for (int column = 0; column < Math.Min(row, r.Columns); column++)
                r[row, column] = 0;
        }

        return r;
    }

    /// <summary>Makes the reflection that leaves of a column only the element at <paramref name="top"/>; its vector replaces what is below.</summary>
    /// <returns>The reflection's scale and what is left.</returns>
    internal static (Complex Scale, double Beta) Reflect(ComplexMatrix matrix, int top, int column)
    {
        Complex lead = matrix[top, column];
        double tail = 0;
        for (int row = top + 1; row < matrix.Rows; row++)
            tail += SquaredMagnitude(matrix[row, column]);
        if (tail <= 2.2250738585072014e-308 && lead.Imaginary * lead.Imaginary <= 2.2250738585072014e-308)
        {
            for (int row = top + 1; row < matrix.Rows; row++)
                matrix[row, column] = 0;
            return (Complex.Zero, lead.Real);
        }

        double beta = Math.Sqrt(SquaredMagnitude(lead) + tail);
        if (lead.Real >= 0)
            beta = -beta;
        for (int row = top + 1; row < matrix.Rows; row++)
            matrix[row, column] /= lead - beta;
        return (Complex.Conjugate((beta - lead) / beta), beta);
    }

    private static double SquaredMagnitude(Complex z) => (z.Real * z.Real) + (z.Imaginary * z.Imaginary);

    private static void Apply(ComplexMatrix reflections, int k, int firstColumn, ComplexMatrix target, Complex scale)
    {
        if (scale == Complex.Zero)
            return;
        for (int column = firstColumn; column < target.Columns; column++)
        {
            Complex sum = target[k, column];
            for (int row = k + 1; row < target.Rows; row++)
                sum += Complex.Conjugate(reflections[row, k]) * target[row, column];
            sum *= scale;
            target[k, column] -= sum;
            for (int row = k + 1; row < target.Rows; row++)
                target[row, column] -= reflections[row, k] * sum;
        }
    }

    private int LargestColumn(int k)
    {
        (int best, double norm) = (k, -1);
        for (int column = k; column < Packed.Columns; column++)
        {
            double sum = 0;
            for (int row = k; row < Packed.Rows; row++)
                sum += SquaredMagnitude(Packed[row, column]);
            if (sum > norm)
                (best, norm) = (column, sum);
        }

        return best;
    }
}
