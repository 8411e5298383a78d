using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Whether x is equal to y, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: any of fixed size, or string.</param>
    /// <param name="y">DType: that of <paramref name="x"/>. Shape: broadcasts with that of <paramref name="x"/>.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: both broadcast together. DType: bool. NaN equals nothing.</returns>
    /// <remarks>Source: TensorFlow op "Equal".</remarks>
    public static Output Equal(this Graph graph, Operand x, Operand y, string? name = null) => graph.Add<EqualOp>(name, x, y);
}

internal sealed class EqualOp() : ComparisonOp(
    "Equal(x: T, y: T) -> (z: bool) where T: bfloat16 | half | float | double | uint8 | int8 | int16 | int32 | int64 | complex64 | quint8 | qint8 | qint32 | string | bool | complex128 + uint16 | uint32 | uint64; commutative")
{
    protected override void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<bool> z)
    {
        for (int i = 0; i < z.Length; i++)
            z[i] = x[i] == y[i];
    }

    protected override void ComputeOther(KernelContext c)
    {
        switch (c.Input(0).DType)
        {
            case DType.Bool:
                RunInto<bool, bool>(c, Apply);
                break;
            case DType.Complex64:
                RunInto<Complex64, bool>(c, Apply);
                break;
            case DType.Complex128:
                RunInto<Complex, bool>(c, Apply);
                break;
            case DType.String:
                ObjectBroadcast.Compare(c, static (x, y) => x.AsSpan().SequenceEqual(y));
                break;
            default:
                throw c.Unsupported(c.Input(0).DType);
        }

        static void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<bool> z)
            where T : unmanaged, IEquatable<T>
        {
            for (int i = 0; i < z.Length; i++)
                z[i] = x[i].Equals(y[i]);
        }
    }
}
