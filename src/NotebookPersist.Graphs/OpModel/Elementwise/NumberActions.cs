namespace NotebookPersist.Graphs.OpModel.Elementwise;

/// <summary>Chooses the .NET type for an element type.</summary>
internal static class NumberActions
{
    /// <summary>Does something for real numbers of a type; bfloat16 has no arithmetic of its own and is not among them.</summary>
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
            case DType.Int32:
                action.Run<int>(c);
                break;
            case DType.Int64:
                action.Run<long>(c);
                break;
            case DType.Int8:
                action.Run<sbyte>(c);
                break;
            case DType.Int16:
                action.Run<short>(c);
                break;
            case DType.UInt8:
                action.Run<byte>(c);
                break;
            case DType.UInt16:
                action.Run<ushort>(c);
                break;
            case DType.UInt32:
                action.Run<uint>(c);
                break;
            case DType.UInt64:
                action.Run<ulong>(c);
                break;
            default:
                throw c.Unsupported(type);
        }
    }
}
