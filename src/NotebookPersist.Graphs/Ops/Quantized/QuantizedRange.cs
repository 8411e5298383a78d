using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Which real numbers the stored integers of a tensor stand for.</summary>
/// <param name="Type">The integers' type.</param>
/// <param name="Min">What the least integer stands for.</param>
/// <param name="Max">What the greatest integer stands for.</param>
/// <remarks>The arithmetic, with its roundings between float and double, is that of TensorFlow's quantization_utils.</remarks>
internal readonly record struct QuantizedRange(DType Type, float Min, float Max)
{
    private QuantizedType Integers => new(Type);

    /// <summary>How much one integer more stands for.</summary>
    public float Level => (float)((Max - Min) / (float)(Integers.Most - Integers.Least));

    /// <summary>The range of an input and the two scalars that tell it.</summary>
    public static QuantizedRange Of(KernelContext c, int input, int min, int max) => new(c.Operation.Inputs[input].DType, Single(c, min), Single(c, max));

    /// <summary>The range of the products of integers of two ranges.</summary>
    public static QuantizedRange OfProducts(QuantizedRange x, QuantizedRange y, DType type)
    {
        float level = x.Level * y.Level;
        var integers = new QuantizedType(type);
        return new QuantizedRange(type, level * (float)integers.Least, level * (float)integers.Most);
    }

    /// <summary>A scalar input of type float.</summary>
    public static float Single(KernelContext c, int input) => c.Input(input).Count == 1
        ? c.Input<float>(input)[0]
        : throw c.InvalidArgument($"Input {input} must be a scalar float value, got tensor with shape {c.Input(input).Shape}");

    /// <summary>What an integer stands for.</summary>
    public float ToFloat(int stored)
    {
        if (Min == Max)
            return Min;
        double steps = Integers.Steps;
        double range = (Max - Min) * (steps / (steps - 1));
        double scale = range / steps;
        double first = Math.Round(Min / (float)scale, MidpointRounding.AwayFromZero) * (float)scale;
        return (float)(first + ((stored - Integers.Least) * scale));
    }

    /// <summary>The integer for a number, which may lie outside of the type.</summary>
    public long ToUnclamped(float value)
    {
        double least = Integers.Least;
        if (Min == Max)
            return (long)least;
        double steps = Integers.Steps;
        double scale = steps / ((Max - Min) * (steps / (steps - 1)));
        double quantized = Math.Round(value * scale, MidpointRounding.AwayFromZero) - Math.Round(Min * scale, MidpointRounding.AwayFromZero);
        return (long)quantized + (long)least;
    }

    /// <summary>The nearest integer of the type for a number.</summary>
    public int ToStored(float value) => (int)Math.Clamp(ToUnclamped(value), (long)Integers.Least, (long)Integers.Most);

    /// <summary>Writes the two numbers that tell the range.</summary>
    public void Write(KernelContext c, int min, int max)
    {
        c.AllocateOutput(min, Shape.Scalar).MutableData<float>()[0] = Min;
        c.AllocateOutput(max, Shape.Scalar).MutableData<float>()[0] = Max;
    }

    /// <summary>Writes integers of another range as integers of this one, in the float32 arithmetic of TensorFlow's vector loops.</summary>
    public void Requantize(Tensor from, QuantizedRange range, Tensor to)
    {
        if (range.Type == DType.QInt32 && Type == DType.QUInt8)
        {
            Narrow(from.Data<int>(), range, to.MutableData<byte>());
            return;
        }

        var integers = Integers;
        double fromSteps = new QuantizedType(range.Type).Steps;
        float fromLeast = (float)new QuantizedType(range.Type).Least;
        float fromScale = (float)((range.Max - range.Min) / (fromSteps - 1));
        float first = range.Max == range.Min ? range.Min : MathF.Round(range.Min / fromScale, MidpointRounding.AwayFromZero) * fromScale;
        float scale = Max == Min ? 0 : (float)((integers.Steps - 1) / (Max - Min));
        float scaledMin = MathF.Round(Min * scale, MidpointRounding.AwayFromZero);
        for (int i = 0; i < from.Count; i++)
        {
            float value = (first - (fromLeast * fromScale)) + (from.ItemAt<int>(i) * fromScale);
            float quantized = MathF.Round(value * scale, MidpointRounding.AwayFromZero) - (scaledMin - (float)integers.Least);
            // The greatest int32 has no float32 of its own; the next smaller one is taken.
            integers.Write(to, i, Math.Clamp(quantized, Math.Max((float)integers.Least, -2147483648f), Math.Min((float)integers.Most, 2147483520f)));
        }
    }

    // From 32 to 8 bits TensorFlow computes in fixed point, 16 bits behind the point.
    private void Narrow(ReadOnlySpan<int> from, QuantizedRange range, Span<byte> to)
    {
        const int Point = 16;
        float inputRange = range.Max - range.Min;
        float outputRange = Max - Min;
        float reciprocal = outputRange == 0 ? 0 : (float)(255.0 / outputRange);
        float zero = (float)((range.Min + range.Max) / 2.0);
        long scale = outputRange == 0 ? 0 : (long)(255.0 * (1 << Point) * inputRange / outputRange);
        long inputOffset = (long)(zero * reciprocal * (1 << Point));
        long outputOffset = outputRange == 0 ? 0 : (long)((1 << Point) * (Min * 255.0) / outputRange);
        long offset = inputOffset - outputOffset + (1 << (Point - 1));
        for (int i = 0; i < to.Length; i++)
            to[i] = (byte)Math.Clamp((((from[i] * scale) >> 32) + offset) >> Point, 0, 255);
    }
}
