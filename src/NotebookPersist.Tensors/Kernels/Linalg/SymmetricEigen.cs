using System.Numerics;

namespace NotebookPersist.Kernels.Linalg;

/// <summary>Eigenvalues, ascending, and eigenvectors of a self-adjoint matrix, of which the lower triangle is read.</summary>
/// <remarks>Reduction to three diagonals by reflections, then shifted QR steps, in Eigen's order, so that vectors have its signs.</remarks>
public sealed class SymmetricEigen
{
    private const int MostSweeps = 30;
    private const double Precision = 2 * 2.2204460492503131e-16;
    private readonly double[] _off;

    /// <summary>Computes both.</summary>
    /// <exception cref="ArithmeticException">The steps do not converge, as where elements are no numbers.</exception>
    public SymmetricEigen(ComplexMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        int n = matrix.Rows;
        Values = new double[n];
        _off = new double[Math.Max(0, n - 1)];
        Vectors = ComplexMatrix.Identity(n, n);
        if (n <= 1)
        {
            if (n == 1)
                Values[0] = matrix[0, 0].Real;
            return;
        }

        ComplexMatrix a = Symmetric(matrix);
        double scale = a.Largest();
        if (scale == 0)
            scale = 1;
        foreach (ref Complex element in a.Elements)
            element /= scale;
        Tridiagonalize(a);
        Diagonalize();
        Sort();
        for (int i = 0; i < n; i++)
            Values[i] *= scale;
    }

    /// <summary>Ascending.</summary>
    public double[] Values { get; }

    /// <summary>One column for each value.</summary>
    public ComplexMatrix Vectors { get; }

    private static ComplexMatrix Symmetric(ComplexMatrix matrix)
    {
        ComplexMatrix a = matrix.Copy();
        for (int row = 0; row < a.Rows; row++)
        {
            a[row, row] = a[row, row].Real;
            for (int column = row + 1; column < a.Rows; column++)
                a[row, column] = Complex.Conjugate(a[column, row]);
        }

        return a;
    }

    private void Tridiagonalize(ComplexMatrix a)
    {
        int n = a.Rows;
        var scales = new Complex[n - 1];
        for (int k = 0; k < n - 1; k++)
        {
            Interruption.Check();
            (scales[k], double beta) = Householder.Reflect(a, k + 1, k);
            _off[k] = beta;
            Complex[] v = new Complex[n];
            v[k + 1] = 1;
            for (int row = k + 2; row < n; row++)
                v[row] = a[row, k];
            // A' = H A H*, with H = 1 - h v v*: a rank-two update of what remains.
            Complex h = Complex.Conjugate(scales[k]);
            Complex[] w = new Complex[n];
            Complex dot = 0;
            for (int row = k + 1; row < n; row++)
            {
                for (int column = k + 1; column < n; column++)
                    w[row] += a[row, column] * v[column];
                w[row] *= h;
                dot += Complex.Conjugate(w[row]) * v[row];
            }

            for (int row = k + 1; row < n; row++)
                w[row] -= h * 0.5 * dot * v[row];
            for (int row = k + 1; row < n; row++)
            {
                for (int column = k + 1; column < n; column++)
                    a[row, column] -= (v[row] * Complex.Conjugate(w[column])) + (w[row] * Complex.Conjugate(v[column]));
            }
        }

        for (int i = 0; i < n; i++)
            Values[i] = a[i, i].Real;
        for (int k = n - 2; k >= 0; k--)
        {
            Interruption.Check();
            ApplyReflection(a, k, Complex.Conjugate(scales[k]));
        }
    }

    private void ApplyReflection(ComplexMatrix a, int k, Complex scale)
    {
        int n = a.Rows;
        for (int column = k + 1; column < n; column++)
        {
            Complex sum = Vectors[k + 1, column];
            for (int row = k + 2; row < n; row++)
                sum += Complex.Conjugate(a[row, k]) * Vectors[row, column];
            sum *= scale;
            Vectors[k + 1, column] -= sum;
            for (int row = k + 2; row < n; row++)
                Vectors[row, column] -= a[row, k] * sum;
        }
    }

    private void Diagonalize()
    {
        int n = Values.Length;
        (int end, int start, int steps) = (n - 1, 0, 0);
        while (end > 0)
        {
            Interruption.Check();
            for (int i = start; i < end; i++)
            {
                if (Math.Abs(_off[i]) <= (Math.Abs(Values[i]) + Math.Abs(Values[i + 1])) * Precision || Math.Abs(_off[i]) <= 2.2250738585072014e-308)
                    _off[i] = 0;
            }

            while (end > 0 && _off[end - 1] == 0)
                end--;
            if (end <= 0)
                break;
            if (++steps > MostSweeps * n)
                throw new ArithmeticException("Self-adjoint eigen decomposition was not successful. The input might not be valid.");
            start = end - 1;
            while (start > 0 && _off[start - 1] != 0)
                start--;
            Step(start, end);
        }
    }

    private void Step(int start, int end)
    {
        double[] d = Values;
        double td = (d[end - 1] - d[end]) * 0.5;
        double e = _off[end - 1];
        double mu = d[end];
        if (td == 0)
        {
            mu -= Math.Abs(e);
        }
        else if (e != 0)
        {
            double h = double.Hypot(td, e);
            mu -= e * e == 0 ? e / (td + (td > 0 ? 1 : -1)) * (e / h) : e * e / (td + (td > 0 ? h : -h));
        }

        (double x, double z) = (d[start] - mu, _off[start]);
        for (int k = start; k < end; k++)
        {
            var turn = Rotation.Givens(x, z);
            (double c, double s) = (turn.C, turn.S);
            double sdk = (s * d[k]) + (c * _off[k]);
            double dkp1 = (s * _off[k]) + (c * d[k + 1]);
            d[k] = (c * ((c * d[k]) - (s * _off[k]))) - (s * ((c * _off[k]) - (s * d[k + 1])));
            d[k + 1] = (s * sdk) + (c * dkp1);
            _off[k] = (c * sdk) - (s * dkp1);
            if (k > start)
                _off[k - 1] = (c * _off[k - 1]) - (s * z);
            x = _off[k];
            if (k < end - 1)
            {
                z = -s * _off[k + 1];
                _off[k + 1] = c * _off[k + 1];
            }

            turn.OnTheRight(Vectors, k, k + 1);
        }
    }

    private void Sort()
    {
        for (int i = 0; i < Values.Length - 1; i++)
        {
            int smallest = i;
            for (int j = i + 1; j < Values.Length; j++)
            {
                if (Values[j] < Values[smallest])
                    smallest = j;
            }

            (Values[i], Values[smallest]) = (Values[smallest], Values[i]);
            Vectors.SwapColumns(i, smallest);
        }
    }
}
