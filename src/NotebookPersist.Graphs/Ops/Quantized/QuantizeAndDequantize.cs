using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Numbers rounded as if stored in few bits and read back.</summary>
internal abstract class RoundTripOp(string signature) : FloatingOp(signature)
{
    // Straight through, as if nothing were rounded.
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Dy(0), .. Enumerable.Repeat<Output?>(null, g.InputCount - 1)]);

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(0));

    protected override void Compute<T>(KernelContext c)
    {
        ReadOnlySpan<T> x = c.Input(0).Data<T>();
        Span<T> y = c.AllocateOutput(0, c.Input(0).Shape).MutableData<T>();
        if (x.IsEmpty)
            return;
        bool signed = c.Attributes.Bool("signed_input");
        bool given = c.Attributes.Bool("range_given");
        long bits = Bits(c);
        if (bits < 1 || bits >= (signed ? 64 : 63))
            throw c.InvalidArgument($"num_bits is out of range: {bits} with signed_input_ {(signed ? 1 : 0)}");
        bool narrow = c.Attributes.Contains("narrow_range") && c.Attributes.Bool("narrow_range");
        bool halfUp = c.Attributes.Contains("round_mode") && c.Attributes.String("round_mode") == "HALF_UP";
        (T min, T max) = given ? Range<T>(c) : Extent(x);
        if (given && min > max)
            throw c.InvalidArgument($"Invalid range: input_min {min} > input_max {max}");
        T least = T.CreateTruncating(signed ? -Math.ScaleB(1, (int)bits - 1) + (narrow ? 1 : 0) : 0);
        T most = T.CreateTruncating(Math.ScaleB(1, signed ? (int)bits - 1 : (int)bits) - 1);
        T fromMin = least * min > T.Zero ? least / min : T.CreateSaturating(float.MaxValue);
        T fromMax = most * max > T.Zero ? most / max : T.CreateSaturating(float.MaxValue);
        (T scale, T back) = fromMin < fromMax ? (fromMin, min / least) : (fromMax, max / most);
        if (fromMin < fromMax)
            max = most * back;
        else
            min = least * back;
        for (int i = 0; i < y.Length; i++)
        {
            T value = given ? T.Max(T.Min(x[i], max), min) : x[i];
            T scaled = value * scale;
            y[i] = (halfUp ? T.Floor(scaled + T.CreateTruncating(0.5)) : T.Round(scaled, MidpointRounding.ToEven)) * back;
        }
    }

    protected virtual long Bits(KernelContext c) => c.Attributes.Int("num_bits");

    protected virtual (T Min, T Max) Range<T>(KernelContext c)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T> => (c.Input(1).Data<T>()[0], c.Input(2).Data<T>()[0]);

    private static (T Min, T Max) Extent<T>(ReadOnlySpan<T> x)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        (T min, T max) = (x[0], x[0]);
        foreach (T value in x)
            (min, max) = (T.Min(min, value), T.Max(max, value));
        return (min, max);
    }
}

internal sealed class QuantizeAndDequantizeOp() : RoundTripOp(
    "QuantizeAndDequantize(input: T) -> (output: T) where signed_input: bool = true, num_bits: int = 8, range_given: bool = false, input_min: float = 0, input_max: float = 0, T: bfloat16 | half | float | double")
{
    protected override (T Min, T Max) Range<T>(KernelContext c) =>
        (T.CreateTruncating(c.Attributes.Float("input_min")), T.CreateTruncating(c.Attributes.Float("input_max")));
}

internal sealed class QuantizeAndDequantizeV2Op() : RoundTripOp(
    "QuantizeAndDequantizeV2(input: T, input_min: T, input_max: T) -> (output: T) where signed_input: bool = true, num_bits: int = 8, range_given: bool = false, T: bfloat16 | half | float | double, round_mode: 'HALF_TO_EVEN' | 'HALF_UP' = 'HALF_TO_EVEN', narrow_range: bool = false");

internal sealed class QuantizeAndDequantizeV3Op() : RoundTripOp(
    "QuantizeAndDequantizeV3(input: T, input_min: T, input_max: T, num_bits: int32) -> (output: T) where signed_input: bool = true, range_given: bool = true, T: bfloat16 | half | float | double, narrow_range: bool = false")
{
    protected override long Bits(KernelContext c) => c.Input(3).Item<int>();
}

internal sealed class QuantizeAndDequantizeV4Op() : RoundTripOp(
    "QuantizeAndDequantizeV4(input: T, input_min: T, input_max: T) -> (output: T) where signed_input: bool = true, num_bits: int = 8, range_given: bool = false, "
    + "T: bfloat16 | half | float | double, round_mode: 'HALF_TO_EVEN' | 'HALF_UP' = 'HALF_TO_EVEN', narrow_range: bool = false, axis: int = -1")
{
    // Nothing flows through what is cut off.
    public override GradientRule Gradient => GradientRule.Via(static g => !g.Attributes.Bool("range_given")
        ? [g.Dy(0), null, null]
        : [g.Graph.Where(g.Graph.LogicalAnd(g.Graph.GreaterEqual(g.X(0), g.X(1)), g.Graph.LessEqual(g.X(0), g.X(2))), g.Dy(0), g.Graph.ZerosLike(g.Dy(0))), null, null]);

    protected override void Compute<T>(KernelContext c)
    {
        if (c.Attributes.Int("axis") != -1)
            throw new KernelException(RunErrorCode.Unimplemented, "QuantizeAndDequantizeV4 has no kernel for ranges along an axis.");
        base.Compute<T>(c);
    }
}
