using System.Runtime.InteropServices;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The positions of all elements that are true, or are not zero.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="condition">DType: bool or numbers.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: [number of such elements, rank of <paramref name="condition"/>], in row-major order. DType: int64.</returns>
    /// <remarks>Source: TensorFlow's <c>tf.where</c> with one operand, op "Where".</remarks>
    public static Output Where(this Graph graph, Operand condition, string? name = null) => graph.Add<WhereOp>(name, condition);
}

internal sealed class WhereOp() : Op(
    "Where(input: T) -> (index: int64) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64 | bool = bool")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("positions are not differentiated");

    public override void InferShapes(ShapeContext c) => c.Output(0, [-1, c.Input(0).Rank]);

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        var positions = new List<int>();
        for (int i = 0; i < input.Count; i++)
        {
            Interruption.Check(i);
            if (IsSet(input, i))
                positions.Add(i);
        }

        Span<long> index = c.AllocateOutput(0, [positions.Count, input.Rank]).MutableData<long>();
        for (int row = 0; row < positions.Count; row++)
        {
            Interruption.Check(row);
            int position = positions[row];
            for (int d = input.Rank - 1; d >= 0; d--)
            {
                (position, int at) = Math.DivRem(position, (int)input.Shape[d]);
                index[(row * input.Rank) + d] = at;
            }
        }
    }

    // An element is zero where all its bits are, but for the sign of floats.
    private static bool IsSet(Tensor input, int i) => input.DType switch
    {
        DType.Bool => input.Data<bool>()[i],
        DType.Float32 => input.Data<float>()[i] != 0,
        DType.Float64 => input.Data<double>()[i] != 0,
        DType.Float16 => input.Data<Half>()[i] != Half.Zero,
        DType.BFloat16 => input.Data<BFloat16>()[i] != 0f,
        DType.Complex64 => MemoryMarshal.Cast<byte, float>(input.Bytes).Slice(2 * i, 2).ContainsAnyExcept(0f),
        DType.Complex128 => MemoryMarshal.Cast<byte, double>(input.Bytes).Slice(2 * i, 2).ContainsAnyExcept(0d),
        _ => input.Bytes.Slice(i * input.DType.Size(), input.DType.Size()).ContainsAnyExcept((byte)0),
    };
}
