using System.Numerics;

namespace NotebookPersist.Kernels.Linalg;

/// <summary>A small dense matrix; real ones have zero imaginary parts throughout.</summary>
/// <remarks>Thread safety: none; each computation has its own.</remarks>
public sealed class ComplexMatrix
{
    private readonly Complex[] _elements;

    /// <summary>A matrix of zeros.</summary>
    public ComplexMatrix(int rows, int columns) => (Rows, Columns, _elements) = (rows, columns, new Complex[rows * columns]);

    /// <summary>A matrix of the given elements, row-major.</summary>
    public ComplexMatrix(int rows, int columns, ReadOnlySpan<Complex> elements)
        : this(rows, columns) => elements.CopyTo(_elements);

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of columns.</summary>
    public int Columns { get; }

    /// <summary>All elements, row-major.</summary>
    public Span<Complex> Elements => _elements;

    /// <summary>One element.</summary>
    public Complex this[int row, int column]
    {
        get => _elements[(row * Columns) + column];
        set => _elements[(row * Columns) + column] = value;
    }

    /// <summary>Ones on the diagonal, zeros elsewhere.</summary>
    public static ComplexMatrix Identity(int rows, int columns)
    {
        var matrix = new ComplexMatrix(rows, columns);
        for (int i = 0; i < Math.Min(rows, columns); i++)
            matrix[i, i] = 1;
        return matrix;
    }

    /// <summary>A copy.</summary>
    public ComplexMatrix Copy() => new(Rows, Columns, _elements);

    /// <summary>The transposed and conjugated matrix.</summary>
    public ComplexMatrix Adjoint()
    {
        var adjoint = new ComplexMatrix(Columns, Rows);
        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < Columns; column++)
                adjoint[column, row] = Complex.Conjugate(this[row, column]);
        }

        return adjoint;
    }

    /// <summary>The first rows and columns.</summary>
    public ComplexMatrix Corner(int rows, int columns)
    {
        var corner = new ComplexMatrix(rows, columns);
        for (int row = 0; row < rows; row++)
            _elements.AsSpan(row * Columns, columns).CopyTo(corner._elements.AsSpan(row * columns));
        return corner;
    }

    /// <summary>The product of two matrices.</summary>
    public ComplexMatrix Times(ComplexMatrix right)
    {
        ArgumentNullException.ThrowIfNull(right);
        var product = new ComplexMatrix(Rows, right.Columns);
        for (int row = 0; row < Rows; row++)
        {
            Interruption.Check();
            Span<Complex> target = product._elements.AsSpan(row * right.Columns, right.Columns);
            for (int k = 0; k < Columns; k++)
            {
                Complex factor = this[row, k];
                ReadOnlySpan<Complex> source = right._elements.AsSpan(k * right.Columns, right.Columns);
                for (int column = 0; column < target.Length; column++)
                    target[column] += factor * source[column];
            }
        }

        return product;
    }

    /// <summary>This matrix plus another one times a number.</summary>
    public ComplexMatrix Plus(ComplexMatrix other, Complex factor)
    {
        ArgumentNullException.ThrowIfNull(other);
        ComplexMatrix sum = Copy();
        for (int i = 0; i < _elements.Length; i++)
            sum._elements[i] += other._elements[i] * factor;
        return sum;
    }

    /// <summary>Exchanges two rows.</summary>
    public void SwapRows(int i, int j)
    {
        for (int column = 0; column < Columns && i != j; column++)
            (this[i, column], this[j, column]) = (this[j, column], this[i, column]);
    }

    /// <summary>Exchanges two columns.</summary>
    public void SwapColumns(int i, int j)
    {
        for (int row = 0; row < Rows && i != j; row++)
            (this[row, i], this[row, j]) = (this[row, j], this[row, i]);
    }

    /// <summary>The largest sum of magnitudes of a column.</summary>
    public double OneNorm()
    {
        double norm = 0;
        for (int column = 0; column < Columns; column++)
        {
            double sum = 0;
            for (int row = 0; row < Rows; row++)
                sum += Complex.Abs(this[row, column]);
            // Also where a sum is no number.
            if (!(sum <= norm))
                norm = sum;
        }

        return norm;
    }

    /// <summary>The largest magnitude.</summary>
    public double Largest()
    {
        double largest = 0;
        foreach (Complex element in _elements)
            largest = Math.Max(largest, Complex.Abs(element));
        return largest;
    }
}
