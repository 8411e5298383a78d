using System.Numerics;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>All bits turned over.</summary>
    /// <remarks>Source: TensorFlow op "Invert".</remarks>
    public static Output Invert(this Graph graph, Operand x, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<InvertOp>(name, x);
    }

    /// <summary>How many bits are set, as uint8.</summary>
    /// <remarks>Source: TensorFlow op "PopulationCount".</remarks>
    public static Output PopulationCount(this Graph graph, Operand x, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<PopulationCountOp>(name, x);
    }
}

/// <summary>An operation on the bits of integers.</summary>
internal abstract class BitsOp(string signature) : UndifferentiatedOp(signature, "integers are not differentiated")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(0));

    public override void Compute(KernelContext c)
    {
        switch (c.Input(0).DType)
        {
            case DType.Int32:
                Run<int>(c);
                break;
            case DType.Int64:
                Run<long>(c);
                break;
            case DType.Int8:
                Run<sbyte>(c);
                break;
            case DType.Int16:
                Run<short>(c);
                break;
            case DType.UInt8:
                Run<byte>(c);
                break;
            case DType.UInt16:
                Run<ushort>(c);
                break;
            case DType.UInt32:
                Run<uint>(c);
                break;
            case DType.UInt64:
                Run<ulong>(c);
                break;
            default:
                throw c.Unsupported(c.Input(0).DType);
        }
    }

    /// <summary>Computes the output for integers of a type.</summary>
    protected abstract void Run<T>(KernelContext c)
        where T : unmanaged, IBinaryInteger<T>;
}

internal sealed class InvertOp() : BitsOp("Invert(x: T) -> (y: T) where T: int8 | int16 | int32 | int64 | uint8 | uint16 | uint32 | uint64")
{
    protected override void Run<T>(KernelContext c)
    {
        ReadOnlySpan<T> x = c.Input<T>(0);
        Span<T> y = c.AllocateOutput(0, c.Input(0).Shape).MutableData<T>();
        for (int i = 0; i < y.Length; i++)
            y[i] = ~x[i];
    }
}

internal sealed class PopulationCountOp() : BitsOp("PopulationCount(x: T) -> (y: uint8) where T: int8 | int16 | int32 | int64 | uint8 | uint16 | uint32 | uint64")
{
    protected override void Run<T>(KernelContext c)
    {
        ReadOnlySpan<T> x = c.Input<T>(0);
        Span<byte> y = c.AllocateOutput(0, c.Input(0).Shape).MutableData<byte>();
        for (int i = 0; i < y.Length; i++)
            y[i] = byte.CreateChecked(T.PopCount(x[i]));
    }
}
