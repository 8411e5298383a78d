using System.Numerics;

namespace NotebookPersist.Kernels.Linalg;

/// <summary>A unitary matrix Q and an upper triangular T with A = Q T Q*, and what is computed by them.</summary>
/// <remarks>Reduction to Hessenberg form, then QR steps shifted by an eigenvalue of the last two rows (Wilkinson).</remarks>
public sealed class Schur
{
    private const double Precision = 2.2204460492503131e-16;
    private const int StepsPerValue = 60;

    /// <summary>Decomposes a square matrix.</summary>
    /// <exception cref="ArithmeticException">The steps do not converge, as where elements are no numbers.</exception>
    public Schur(ComplexMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        int n = matrix.Rows;
        (T, Q) = (matrix.Copy(), ComplexMatrix.Identity(n, n));
        for (int k = 0; k < n - 2; k++)
        {
            Interruption.Check();
            for (int row = n - 1; row > k + 1; row--)
                Empty(row - 1, row, k);
        }

        int end = n - 1;
        for (int step = 0, exceptional = 0; end > 0; step++, exceptional++)
        {
            Interruption.Check();
            int start = end;
            while (start > 0 && !IsNegligible(start))
                start--;
            if (start > 0)
                T[start, start - 1] = 0;
            if (start == end)
            {
                (end, exceptional) = (end - 1, 0);
                continue;
            }

            if (step > StepsPerValue * n)
                throw new ArithmeticException("The QR steps towards the Schur form do not converge; the matrix might hold numbers that are not finite.");
            Step(start, end, exceptional % 11 == 10 ? T[end, end - 1].Real : Shift(end));
        }

        for (int row = 1; row < n; row++)
        {
            for (int column = 0; column < row; column++)
                T[row, column] = 0;
        }
    }

    /// <summary>Upper triangular.</summary>
    public ComplexMatrix T { get; }

    /// <summary>Unitary.</summary>
    public ComplexMatrix Q { get; }

    /// <summary>The principal square root of a matrix.</summary>
    public static ComplexMatrix SquareRoot(ComplexMatrix matrix)
    {
        var schur = new Schur(matrix);
        return schur.Q.Times(Triangular.SquareRoot(schur.T)).Times(schur.Q.Adjoint());
    }

    /// <summary>The principal logarithm of a matrix.</summary>
    /// <remarks>Square roots until the matrix is near 1, then the series of the inverse hyperbolic tangent.</remarks>
    public static ComplexMatrix Logarithm(ComplexMatrix matrix)
    {
        var schur = new Schur(matrix);
        int n = matrix.Rows;
        ComplexMatrix one = ComplexMatrix.Identity(n, n);
        (ComplexMatrix t, double factor) = (schur.T, 2);
        for (int roots = 0; roots < 100 && t.Plus(one, -1).OneNorm() > 0.2; roots++)
            (t, factor) = (Triangular.SquareRoot(t), factor * 2);
        ComplexMatrix z = new LuFactors(t.Plus(one, 1)).Solve(t.Plus(one, -1));
        ComplexMatrix square = z.Times(z);
        (ComplexMatrix power, ComplexMatrix sum) = (z, new ComplexMatrix(n, n));
        for (int k = 1; k < 24; k += 2)
        {
            sum = sum.Plus(power, factor / k);
            power = power.Times(square);
        }

        return schur.Q.Times(sum).Times(schur.Q.Adjoint());
    }

    /// <summary>The exponential of a matrix, by scaling and squaring a Taylor series.</summary>
    public static ComplexMatrix Exponential(ComplexMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        double norm = matrix.OneNorm();
        int squarings = double.IsFinite(norm) ? Math.Max(0, Math.ILogB(norm) + 3) : 0;
        var zero = new ComplexMatrix(matrix.Rows, matrix.Rows);
        ComplexMatrix scaled = zero.Plus(matrix, Math.ScaleB(1, -squarings));
        ComplexMatrix sum = ComplexMatrix.Identity(matrix.Rows, matrix.Rows);
        // Horner's scheme; the norm is below a quarter, so that 16 terms reach double precision.
        for (int k = 16; k >= 1; k--)
            sum = ComplexMatrix.Identity(matrix.Rows, matrix.Rows).Plus(scaled.Times(sum), 1.0 / k);
        for (int i = 0; i < squarings; i++)
            sum = sum.Times(sum);
        return sum;
    }

    /// <summary>An eigenvector of length 1 for each number on the diagonal of <see cref="T"/>, one a column.</summary>
    public ComplexMatrix EigenVectors()
    {
        int n = T.Rows;
        double smallest = Precision * T.OneNorm();
        var vectors = new ComplexMatrix(n, n);
        for (int k = 0; k < n; k++)
        {
            Interruption.Check();
            vectors[k, k] = 1;
            for (int row = k - 1; row >= 0; row--)
            {
                Complex sum = Complex.Zero;
                for (int i = row + 1; i <= k; i++)
                    sum += T[row, i] * vectors[i, k];
                Complex difference = T[k, k] - T[row, row];
                // Equal values: a small disturbance has vectors, if the matrix has none.
                vectors[row, k] = sum / (Complex.Abs(difference) > smallest ? difference : smallest == 0 ? 1 : smallest);
            }
        }

        ComplexMatrix all = Q.Times(vectors);
        for (int k = 0; k < n; k++)
        {
            double squares = 0;
            for (int i = 0; i < n; i++)
                squares += (all[i, k].Real * all[i, k].Real) + (all[i, k].Imaginary * all[i, k].Imaginary);
            double length = Math.Sqrt(squares);
            for (int i = 0; i < n && length > 0; i++)
                all[i, k] /= length;
        }

        return all;
    }

    private bool IsNegligible(int row)
    {
        double around = Complex.Abs(T[row, row]) + Complex.Abs(T[row - 1, row - 1]);
        return Complex.Abs(T[row, row - 1]) <= Precision * (around == 0 ? T.OneNorm() : around);
    }

    private Complex Shift(int end)
    {
        (Complex a, Complex b, Complex c, Complex d) = (T[end - 1, end - 1], T[end - 1, end], T[end, end - 1], T[end, end]);
        Complex half = (a - d) / 2;
        Complex root = Complex.Sqrt((half * half) + (b * c));
        (Complex plus, Complex minus) = (d + half + root, d + half - root);
        return Complex.Abs(plus - d) < Complex.Abs(minus - d) ? plus : minus;
    }

    private void Step(int start, int end, Complex shift)
    {
        (Complex x, Complex y) = (T[start, start] - shift, T[start + 1, start]);
        for (int k = start; k < end; k++)
        {
            Turn(k, k + 1, x, y);
            if (k < end - 1)
                (x, y) = (T[k + 1, k], T[k + 2, k]);
        }
    }

    private void Empty(int p, int q, int column)
    {
        Turn(p, q, T[p, column], T[q, column]);
        T[q, column] = 0;
    }

    // The unitary turn of rows p and q that takes (x, y) to (r, 0), with its adjoint on the columns.
    private void Turn(int p, int q, Complex x, Complex y)
    {
        double n = double.Hypot(Complex.Abs(x), Complex.Abs(y));
        if (n == 0)
            return;
        (Complex c, Complex s) = (x / n, y / n);
        for (int i = 0; i < T.Columns; i++)
        {
            (Complex u, Complex v) = (T[p, i], T[q, i]);
            T[p, i] = (Complex.Conjugate(c) * u) + (Complex.Conjugate(s) * v);
            T[q, i] = (c * v) - (s * u);
        }

        foreach (ComplexMatrix m in new[] { T, Q })
        {
            for (int i = 0; i < m.Rows; i++)
            {
                (Complex u, Complex v) = (m[i, p], m[i, q]);
                m[i, p] = (u * c) + (v * s);
                m[i, q] = (v * Complex.Conjugate(c)) - (u * Complex.Conjugate(s));
            }
        }
    }
}
