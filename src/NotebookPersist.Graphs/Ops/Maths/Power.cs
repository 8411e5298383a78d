using System.Numerics;
using System.Numerics.Tensors;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>x to the power of y, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: numbers.</param>
    /// <param name="y">DType: that of <paramref name="x"/>. Shape: broadcasts with that of <paramref name="x"/>.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: both broadcast together. A negative power of an integer fails the run.</returns>
    /// <remarks>Source: TensorFlow op "Pow".</remarks>
    public static Output Power(this Graph graph, Operand x, Operand y, string? name = null) => graph.Add<PowOp>(name, x, y);
}

internal sealed class PowOp() : BinaryOp("Pow(x: T, y: T) -> (z: T) where T: bfloat16 | float | half | double | int32 | int64 | complex64 | complex128 + int8 | int16")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        (Output x, Output y, Output dy) = (g.X(0), g.X(1), g.Dy(0));
        var broadcast = BroadcastGradient.Smart(x, y, dy);
        (x, y) = (g.Graph.Conjugate(x), g.Graph.Conjugate(y));
        Output toX = dy * y;
        Output dx = broadcast.ToX(toX * g.Graph.Power(x, y - 1));
        Output z = g.Graph.Conjugate(g.Y(0));
        // The logarithm of what is not positive is left out, so that it does not spoil the sum.
        Output mask = x.DType.IsComplex() ? g.Graph.NotEqual(x, 0) : x > 0;
        Output safe = g.Graph.Where(mask, x, g.Graph.OnesLike(x));
        Output logarithm = g.Graph.Where(mask, g.Graph.Log(safe), g.Graph.ZerosLike(x));
        return [dx, broadcast.ToY(dy * z * logarithm)];
    });

    protected override Func<Complex, Complex, Complex>? ComplexRule => Complex.Pow;

    public override void Compute(KernelContext c)
    {
        switch (c.Input(0).DType)
        {
            case DType.Float32:
                Run<float>(c, TensorPrimitives.Pow);
                break;
            case DType.Float64:
                Run<double>(c, TensorPrimitives.Pow);
                break;
            case DType.Float16:
                Run<Half>(c, TensorPrimitives.Pow);
                break;
            case DType.BFloat16:
                Run(c, Kernels.Elementwise.ElementwiseLoops.Widened(TensorPrimitives.Pow));
                break;
            case DType.Int8:
                Run<sbyte>(c, WholePower);
                break;
            case DType.Int16:
                Run<short>(c, WholePower);
                break;
            case DType.Int32:
                Run<int>(c, WholePower);
                break;
            case DType.Int64:
                Run<long>(c, WholePower);
                break;
            default:
                RunComplex(c);
                break;
        }
    }

    private static void WholePower<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (int i = 0; i < z.Length; i++)
        {
            if (T.IsNegative(y[i]))
                throw new KernelException(RunErrorCode.InvalidArgument, "Integers to negative integer powers are not allowed");
            T square = x[i];
            T power = T.One;
            for (T left = y[i]; left != T.Zero; left >>= 1, square *= square)
            {
                if (T.IsOddInteger(left))
                    power *= square;
            }

            z[i] = power;
        }
    }
}
