using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>What stored integers of a quantized type can be, and how they are written.</summary>
internal readonly record struct QuantizedType(DType Type)
{
    public double Least => Type switch
    {
        DType.QInt8 => sbyte.MinValue,
        DType.QInt16 => short.MinValue,
        DType.QInt32 => int.MinValue,
        _ => 0,
    };

    public double Most => Type switch
    {
        DType.QInt8 => sbyte.MaxValue,
        DType.QUInt8 => byte.MaxValue,
        DType.QInt16 => short.MaxValue,
        DType.QUInt16 => ushort.MaxValue,
        _ => int.MaxValue,
    };

    /// <summary>Number of different integers.</summary>
    public double Steps => Most - Least + 1;

    /// <summary>Half of the numbers of a signed type; 0 for others.</summary>
    public double HalfRange => Least < 0 ? Steps / 2 : 0;

    public void Write(Tensor to, int position, double value)
    {
        value = Math.Clamp(value, Least, Most);
        switch (Type)
        {
            case DType.QInt8:
                to.MutableData<sbyte>()[position] = (sbyte)value;
                break;
            case DType.QUInt8:
                to.MutableData<byte>()[position] = (byte)value;
                break;
            case DType.QInt16:
                to.MutableData<short>()[position] = (short)value;
                break;
            case DType.QUInt16:
                to.MutableData<ushort>()[position] = (ushort)value;
                break;
            default:
                to.MutableData<int>()[position] = (int)value;
                break;
        }
    }
}

internal sealed class QuantizeV2Op() : Op(
    "QuantizeV2(input: float, min_range: float, max_range: float) -> (output: T, output_min: float, output_max: float) "
    + "where T: qint8 | quint8 | qint32 | qint16 | quint16, mode: 'MIN_COMBINED' | 'MIN_FIRST' | 'SCALED' = 'MIN_COMBINED', "
    + "round_mode: 'HALF_AWAY_FROM_ZERO' | 'HALF_TO_EVEN' = 'HALF_AWAY_FROM_ZERO'")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("stored integers are not differentiated");

    public override void InferShapes(ShapeContext c)
    {
        c.Output(0, c.Input(0));
        c.Output(1, Shape.Scalar);
        c.Output(2, Shape.Scalar);
    }

    public override void Compute(KernelContext c)
    {
        string mode = c.Attributes.String("mode");
        bool toEven = c.Attributes.String("round_mode") == "HALF_TO_EVEN";
        if (toEven && mode != "SCALED")
            throw c.InvalidArgument($"Round mode 'HALF_TO_EVEN' only supported for mode 'SCALED', but mode is '{mode}'.");
        (float givenMin, float givenMax) = (Single(c, 1, "min_range"), Single(c, 2, "max_range"));
        if (givenMax < givenMin)
            throw c.InvalidArgument("input_max_range must be larger than input_min_range.");
        float min = Math.Min(0, givenMin);
        float epsilon = Math.Max(1, Math.Max(Math.Abs(givenMin), Math.Abs(givenMax))) / 100;
        float max = Math.Max(0, Math.Max(givenMax, min + epsilon));
        ReadOnlySpan<float> x = c.Input<float>(0);
        Tensor result = c.AllocateOutput(0, c.Input(0).Shape);
        var type = new QuantizedType(result.DType);
        if (mode == "SCALED")
        {
            float fromMin = (float)type.Least * min > 0 ? (float)(type.Least / min) : float.MaxValue;
            float fromMax = (float)type.Most * max > 0 ? (float)(type.Most / max) : float.MaxValue;
            float scale = Math.Min(fromMin, fromMax);
            (min, max) = ((float)(type.Least / scale), (float)(type.Most / scale));
            for (int i = 0; i < x.Length; i++)
                type.Write(result, i, MathF.Round(Clamp(x[i], min, max) * scale, toEven ? MidpointRounding.ToEven : MidpointRounding.AwayFromZero));
        }
        else if (mode == "MIN_FIRST")
        {
            float scale = (float)(type.Steps / ((max - min) * (type.Steps / (type.Steps - 1))));
            double offset = Math.Round((double)min * scale, MidpointRounding.AwayFromZero) - type.Least;
            for (int i = 0; i < x.Length; i++)
                type.Write(result, i, Math.Round((double)Clamp(x[i], min, max) * scale, MidpointRounding.AwayFromZero) - offset);
        }
        else
        {
            float scale = (float)((type.Most - type.Least) / (max - min));
            for (int i = 0; i < x.Length; i++)
            {
                float moved = (Clamp(x[i], min, max) - min) * scale;
                type.Write(result, i, type.Least < 0 ? MathF.Round(moved - (float)type.HalfRange, MidpointRounding.AwayFromZero) : MathF.Truncate(moved + 0.5f));
            }
        }

        c.AllocateOutput(1, Shape.Scalar).MutableData<float>()[0] = min;
        c.AllocateOutput(2, Shape.Scalar).MutableData<float>()[0] = max;
    }

    private static float Clamp(float x, float min, float max) => Math.Max(Math.Min(x, max), min);

    private static float Single(KernelContext c, int input, string name) => c.Input(input).Count == 1
        ? c.Input<float>(input)[0]
        : throw c.InvalidArgument($"{name} must contain a single float element, but it contains {c.Input(input).Count} elements");
}

internal sealed class DequantizeOp() : Op(
    "Dequantize(input: T, min_range: float, max_range: float) -> (output: float) "
    + "where T: qint8 | quint8 | qint32 | qint16 | quint16, mode: 'MIN_COMBINED' | 'MIN_FIRST' | 'SCALED' = 'MIN_COMBINED'")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("stored integers are not differentiated");

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(0));

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        (float min, float max) = (c.Input<float>(1)[0], c.Input<float>(2)[0]);
        var type = new QuantizedType(input.DType);
        Span<float> y = c.AllocateOutput(0, input.Shape).MutableData<float>();
        string mode = c.Attributes.String("mode");
        if (mode == "SCALED")
        {
            float scale = type.Least == 0 ? (float)(max / type.Most) : (float)Math.Max(min / type.Least, max / type.Most);
            for (int i = 0; i < y.Length; i++)
                y[i] = input.ItemAt<int>(i) * scale;
        }
        else if (mode == "MIN_FIRST")
        {
            float scale = (float)((max - (double)min) * (type.Steps / (type.Steps - 1)) / type.Steps);
            double first = scale == 0 ? min : Math.Round(min / scale, MidpointRounding.AwayFromZero) * scale;
            for (int i = 0; i < y.Length; i++)
                y[i] = (float)(first + ((input.ItemAt<int>(i) - type.Least) * scale));
        }
        else
        {
            float scale = (float)((max - min) / (type.Most - type.Least));
            for (int i = 0; i < y.Length; i++)
                y[i] = (((float)input.ItemAt<int>(i) + (float)type.HalfRange) * scale) + min;
        }
    }
}
