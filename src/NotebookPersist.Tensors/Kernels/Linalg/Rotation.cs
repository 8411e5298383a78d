using System.Numerics;

namespace NotebookPersist.Kernels.Linalg;

/// <summary>A turn in the plane of two rows or columns.</summary>
/// <param name="C">Cosine.</param>
/// <param name="S">Sine.</param>
/// <remarks>Conventions and order of operations are Eigen's, so that signs come out as there.</remarks>
internal readonly record struct Rotation(double C, double S)
{
    public Rotation Transposed => new(C, -S);

    /// <summary>The turn that makes the second of two numbers zero.</summary>
    public static Rotation Givens(double p, double q)
    {
        if (q == 0)
            return new Rotation(p < 0 ? -1 : 1, 0);
        if (p == 0)
            return new Rotation(0, q < 0 ? 1 : -1);
        if (Math.Abs(p) > Math.Abs(q))
        {
            double t = q / p;
            double u = Math.Sqrt(1 + (t * t));
            if (p < 0)
                u = -u;
            return new Rotation(1 / u, -t / u);
        }
        else
        {
            double t = p / q;
            double u = Math.Sqrt(1 + (t * t));
            if (q < 0)
                u = -u;
            return new Rotation(t / u, -1 / u);
        }
    }

    /// <summary>The turn that makes [x, y; y, z] diagonal.</summary>
    public static Rotation Jacobi(double x, double y, double z)
    {
        double twice = 2 * Math.Abs(y);
        if (twice < 2.2250738585072014e-308)
            return new Rotation(1, 0);
        double tau = (x - z) / twice;
        double w = Math.Sqrt((tau * tau) + 1);
        double t = tau > 0 ? 1 / (tau + w) : 1 / (tau - w);
        double n = 1 / Math.Sqrt((t * t) + 1);
        return new Rotation(n, (t > 0 ? -1 : 1) * (y / Math.Abs(y)) * Math.Abs(t) * n);
    }

    public static Rotation operator *(Rotation left, Rotation right) =>
        new((left.C * right.C) - (left.S * right.S), (left.C * right.S) + (left.S * right.C));

    /// <summary>Turns two rows.</summary>
    public void OnTheLeft(ComplexMatrix m, int p, int q)
    {
        for (int i = 0; i < m.Columns; i++)
        {
            (Complex x, Complex y) = (m[p, i], m[q, i]);
            m[p, i] = (C * x) + (S * y);
            m[q, i] = (C * y) - (S * x);
        }
    }

    /// <summary>Turns two columns.</summary>
    public void OnTheRight(ComplexMatrix m, int p, int q)
    {
        for (int i = 0; i < m.Rows; i++)
        {
            (Complex x, Complex y) = (m[i, p], m[i, q]);
            m[i, p] = (C * x) - (S * y);
            m[i, q] = (S * x) + (C * y);
        }
    }
}
