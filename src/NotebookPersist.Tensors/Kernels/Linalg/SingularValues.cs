using System.Numerics;

namespace NotebookPersist.Kernels.Linalg;

/// <summary>Singular values, descending, and singular vectors of a matrix.</summary>
/// <remarks>Two-sided Jacobi turns after a pivoted QR step where the matrix is not square, in Eigen's order, so that vectors have its signs.</remarks>
public sealed class SingularValues
{
    private const double Precision = 2 * 2.2204460492503131e-16;
    private readonly ComplexMatrix _work;

    /// <summary>Computes all.</summary>
    /// <param name="matrix">Any shape.</param>
    /// <param name="full">Square matrices of singular vectors; else as many as there are values.</param>
    public SingularValues(ComplexMatrix matrix, bool full)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        (int rows, int columns) = (matrix.Rows, matrix.Columns);
        int size = Math.Min(rows, columns);
        double scale = matrix.Largest();
        if (scale == 0)
            scale = 1;
        ComplexMatrix scaled = matrix.Copy();
        foreach (ref Complex element in scaled.Elements)
            element /= scale;
        if (rows > columns)
        {
            var qr = new Householder(scaled, pivoting: true);
            _work = qr.R(columns);
            (U, V) = (qr.Q(full ? rows : columns), Permutation(qr.ColumnOrder));
        }
        else if (columns > rows)
        {
            var qr = new Householder(scaled.Adjoint(), pivoting: true);
            _work = qr.R(rows).Adjoint();
            (U, V) = (Permutation(qr.ColumnOrder), qr.Q(full ? columns : rows));
        }
        else
        {
            (_work, U, V) = (scaled, ComplexMatrix.Identity(size, size), ComplexMatrix.Identity(size, size));
        }

        Turn(size);
        Values = new double[size];
        for (int i = 0; i < size; i++)
        {
            Complex value = _work[i, i];
            double magnitude = Complex.Abs(value);
            Values[i] = magnitude * scale;
            if (magnitude == 0 || value == magnitude)
                continue;
            for (int row = 0; row < U.Rows; row++)
                U[row, i] *= value / magnitude;
        }

        Sort(size);
    }

    /// <summary>Descending.</summary>
    public double[] Values { get; }

    /// <summary>Left singular vectors, one a column.</summary>
    public ComplexMatrix U { get; }

    /// <summary>Right singular vectors, one a column.</summary>
    public ComplexMatrix V { get; }

    private static ComplexMatrix Permutation(int[] order)
    {
        var matrix = new ComplexMatrix(order.Length, order.Length);
        for (int i = 0; i < order.Length; i++)
            matrix[order[i], i] = 1;
        return matrix;
    }

    private void Turn(int size)
    {
        double largest = 0;
        for (int i = 0; i < size; i++)
            largest = Math.Max(largest, Complex.Abs(_work[i, i]));
        // Convergence is quadratic; the bound only ends what is no number.
        bool finished = false;
        for (int sweep = 0; sweep < 100 && !finished; sweep++)
        {
            finished = true;
            for (int p = 1; p < size; p++)
            {
                Interruption.Check();
                for (int q = 0; q < p; q++)
                {
                    double threshold = Math.Max(2.2250738585072014e-308, Precision * largest);
                    if (!(Complex.Abs(_work[p, q]) > threshold || Complex.Abs(_work[q, p]) > threshold))
                        continue;
                    finished = false;
                    MakeReal(p, q);
                    TurnPair(p, q);
                    largest = Math.Max(largest, Math.Max(Complex.Abs(_work[p, p]), Complex.Abs(_work[q, q])));
                }
            }
        }
    }

    private void TurnPair(int p, int q)
    {
        (double pp, double pq, double qp, double qq) = (_work[p, p].Real, _work[p, q].Real, _work[q, p].Real, _work[q, q].Real);
        (double t, double d) = (pp + qq, qp - pq);
        var first = new Rotation(1, 0);
        if (Math.Abs(d) >= 2.2250738585072014e-308)
        {
            double u = t / d;
            double root = Math.Sqrt(1 + (u * u));
            first = new Rotation(u / root, 1 / root);
        }

        double a = (first.C * pp) + (first.S * qp);
        double b = (first.C * pq) + (first.S * qq);
        double e = (first.C * qq) - (first.S * pq);
        Rotation right = Rotation.Jacobi(a, b, e);
        Rotation left = first * right.Transposed;
        left.OnTheLeft(_work, p, q);
        left.Transposed.OnTheRight(U, p, q);
        right.OnTheRight(_work, p, q);
        right.OnTheRight(V, p, q);
    }

    // Phases that make the block of two rows and columns real; nothing to do where it is.
    private void MakeReal(int p, int q)
    {
        if (_work[p, p].Imaginary == 0 && _work[p, q].Imaginary == 0 && _work[q, p].Imaginary == 0 && _work[q, q].Imaginary == 0)
            return;

        // A unitary turn of the two rows empties the corner [q, p]; phases then make the other three real.
        double n = double.Hypot(Complex.Abs(_work[p, p]), Complex.Abs(_work[q, p]));
        if (n > 0)
        {
            Complex c = Complex.Conjugate(_work[p, p]) / n;
            Complex s = Complex.Conjugate(_work[q, p]) / n;
            for (int i = 0; i < _work.Columns; i++)
            {
                (Complex x, Complex y) = (_work[p, i], _work[q, i]);
                _work[p, i] = (c * x) + (s * y);
                _work[q, i] = (Complex.Conjugate(c) * y) - (Complex.Conjugate(s) * x);
            }

            for (int i = 0; i < U.Rows; i++)
            {
                (Complex x, Complex y) = (U[i, p], U[i, q]);
                U[i, p] = (Complex.Conjugate(c) * x) + (Complex.Conjugate(s) * y);
                U[i, q] = (c * y) - (s * x);
            }

            _work[q, p] = 0;
            _work[p, p] = n;
        }

        Complex phase = Phase(_work[p, q]);
        for (int i = 0; i < _work.Rows; i++)
            _work[i, q] *= phase;
        for (int i = 0; i < V.Rows; i++)
            V[i, q] *= phase;
        phase = Phase(_work[q, q]);
        for (int i = 0; i < _work.Columns; i++)
            _work[q, i] *= phase;
        for (int i = 0; i < U.Rows; i++)
            U[i, q] *= Complex.Conjugate(phase);
        foreach ((int row, int column) in new[] { (p, p), (p, q), (q, p), (q, q) })
            _work[row, column] = _work[row, column].Real;
    }

    private static Complex Phase(Complex z) => z == Complex.Zero ? 1 : Complex.Conjugate(z) / Complex.Abs(z);

    private void Sort(int size)
    {
        for (int i = 0; i < size; i++)
        {
            int largest = i;
            for (int j = i + 1; j < size; j++)
            {
                if (Values[j] > Values[largest])
                    largest = j;
            }

            (Values[i], Values[largest]) = (Values[largest], Values[i]);
            U.SwapColumns(i, largest);
            V.SwapColumns(i, largest);
        }
    }
}
