using System.Numerics;

namespace NotebookPersist.Kernels;

/// <summary>Equally spaced numbers.</summary>
public static class Sequences
{
    /// <summary>start, start + step, start + 2 step, ... each from the one before, as TensorFlow adds them.</summary>
    public static void Arithmetic(Tensor start, Tensor step, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(target);
        switch (target.DType)
        {
            case DType.Int32:
                Add<int>(start, step, target);
                break;
            case DType.Int64:
                Add<long>(start, step, target);
                break;
            case DType.Float32:
                Add<float>(start, step, target);
                break;
            case DType.Float64:
                Add<double>(start, step, target);
                break;
            case DType.BFloat16:
                float value = start.Data<BFloat16>()[0];
                foreach (ref BFloat16 to in target.MutableData<BFloat16>())
                {
                    to = (BFloat16)value;
                    value = (BFloat16)(value + step.Data<BFloat16>()[0]);
                }

                break;
            default:
                throw new NotSupportedException($"Elements of type '{target.DType.Name()}' have no sequences.");
        }
    }

    /// <summary><paramref name="target"/> numbers from start to stop, both included.</summary>
    public static void Linear<T>(T start, T stop, Span<T> target)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (target.Length == 0)
            return;
        target[0] = start;
        if (target.Length == 1)
            return;
        T step = (stop - start) / T.CreateChecked(target.Length - 1);
        for (int i = 1; i < target.Length - 1; i++)
            target[i] = start + (step * T.CreateChecked(i));
        // Rounding must not keep the last number from being the one asked for.
        target[^1] = stop;
    }

    private static void Add<T>(Tensor start, Tensor step, Tensor target)
        where T : unmanaged, INumber<T>
    {
        T value = start.Data<T>()[0];
        T delta = step.Data<T>()[0];
        foreach (ref T to in target.MutableData<T>())
        {
            to = value;
            value = unchecked(value + delta);
        }
    }
}
