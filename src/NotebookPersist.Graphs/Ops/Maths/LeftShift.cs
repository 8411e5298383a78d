using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>x with its bits moved up by y, element by element.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">DType: integers.</param>
    /// <param name="y">DType: that of <paramref name="x"/>. Shape: broadcasts with that of <paramref name="x"/>.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: both broadcast together. A shift outside the type is brought to its nearest.</returns>
    /// <remarks>Source: TensorFlow op "LeftShift".</remarks>
    public static Output LeftShift(this Graph graph, Operand x, Operand y, string? name = null) => graph.Add<LeftShiftOp>(name, x, y);
}

internal sealed class LeftShiftOp() : IntegerBinaryOp(
    "LeftShift(x: T, y: T) -> (z: T) where T: int8 | int16 | int32 | int64 | uint8 | uint16 | uint32 | uint64")
{
    protected override void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z)
    {
        // What C++ leaves open, TensorFlow clamps.
        int last = (T.Zero.GetByteCount() * 8) - 1;
        for (int i = 0; i < z.Length; i++)
            z[i] = x[i] << Math.Clamp(int.CreateSaturating(y[i]), 0, last);
    }
}
