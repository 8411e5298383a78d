using System.Numerics;

namespace NotebookPersist.Kernels;

/// <summary>A loop that does arithmetic on elements of any numeric type.</summary>
public interface INumberLoop
{
    /// <summary>Runs the loop.</summary>
    void Run<T>()
        where T : unmanaged, INumberBase<T>;
}

/// <summary>Runs arithmetic loops with the .NET type of an element type.</summary>
public static class NumberLoops
{
    /// <summary>True for the types that have arithmetic of their own; bfloat16 and complex64 are widened by who needs them.</summary>
    public static bool IsSupported(DType dtype) => dtype.IsInteger() || dtype is DType.Float16 or DType.Float32 or DType.Float64 or DType.Complex128;

    /// <summary>Runs a loop with the .NET type of an element type.</summary>
    /// <exception cref="NotSupportedException">The type has no arithmetic.</exception>
    public static void Run<TLoop>(DType dtype, TLoop loop)
        where TLoop : INumberLoop
    {
        switch (dtype)
        {
            case DType.Float32:
                loop.Run<float>();
                break;
            case DType.Float64:
                loop.Run<double>();
                break;
            case DType.Float16:
                loop.Run<Half>();
                break;
            case DType.Int32:
                loop.Run<int>();
                break;
            case DType.Int64:
                loop.Run<long>();
                break;
            case DType.Int16:
                loop.Run<short>();
                break;
            case DType.Int8:
                loop.Run<sbyte>();
                break;
            case DType.UInt8:
                loop.Run<byte>();
                break;
            case DType.UInt16:
                loop.Run<ushort>();
                break;
            case DType.UInt32:
                loop.Run<uint>();
                break;
            case DType.UInt64:
                loop.Run<ulong>();
                break;
            case DType.Complex128:
                loop.Run<Complex>();
                break;
            default:
                throw new NotSupportedException($"Elements of type '{dtype.Name()}' have no arithmetic.");
        }
    }
}
