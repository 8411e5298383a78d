namespace NotebookPersist.Graphs.OpModel.Elementwise;

/// <summary>Chooses the .NET type for an element type.</summary>
internal static class NumberActions
{
    /// <summary>True for the types of real numbers that .NET has; bfloat16 has no arithmetic of its own and is not among them.</summary>
    public static bool IsSupported(DType type) => type.IsInteger() || type.IsQuantized() || type is DType.Float16 or DType.Float32 or DType.Float64;

    /// <summary>Does something for real numbers of a type; quantized numbers count as plain integers, bfloat16 is computed as float32.</summary>
    /// <exception cref="KernelException">Elements of the type are no such numbers.</exception>
    public static void RunFor(this INumberAction action, DType type, KernelContext c)
    {
        switch (type)
        {
            case DType.Float32:
                action.Run<float>(c);
                break;
            case DType.Float64:
                action.Run<double>(c);
                break;
            case DType.Float16:
                action.Run<Half>(c);
                break;
            case DType.Int32 or DType.QInt32:
                action.Run<int>(c);
                break;
            case DType.Int64:
                action.Run<long>(c);
                break;
            case DType.Int8 or DType.QInt8:
                action.Run<sbyte>(c);
                break;
            case DType.Int16 or DType.QInt16:
                action.Run<short>(c);
                break;
            case DType.UInt8 or DType.QUInt8:
                action.Run<byte>(c);
                break;
            case DType.UInt16 or DType.QUInt16:
                action.Run<ushort>(c);
                break;
            case DType.UInt32:
                action.Run<uint>(c);
                break;
            case DType.UInt64:
                action.Run<ulong>(c);
                break;
            case DType.BFloat16:
                var widened = new WideningContext(c);
                action.Run<float>(widened);
                widened.Finish();
                break;
            default:
                throw c.Unsupported(type);
        }
    }
}
