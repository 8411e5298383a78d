using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

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
        bool given = c.Attributes.Bool("range_given");
        (int slices, int inner) = Slices(c, c.Input(0).Shape);
        for (int slice = 0; slice < slices; slice++)
        {
            Interruption.Check(slice);
            (T min, T max) = given ? Range<T>(c, slice) : Extent(x, slice, slices, inner);
            if (given && min > max)
                throw c.InvalidArgument($"Invalid range: input_min {min} > input_max {max}");
            Round(c, x, y, (min, max), given, slice, slices, inner);
        }
    }

    /// <summary>How many ranges there are along the axis of later releases, and how many elements lie behind it; one range where there is no axis.</summary>
    internal static (int Slices, int Inner) Slices(KernelContext c, Shape shape)
    {
        long axis = c.Attributes.Contains("axis") ? c.Attributes.Int("axis") : -1;
        if (axis == -1)
            return (1, IntVectors.Product(shape.Dimensions));
        if (axis < -1 || axis >= shape.Rank)
            throw c.InvalidArgument($"Axis should be at least -1 and less than the input's rank {shape.Rank}, got {axis}");
        return ((int)shape[(int)axis], IntVectors.Product(shape.Dimensions[((int)axis + 1)..]));
    }

    private void Round<T>(KernelContext c, ReadOnlySpan<T> x, Span<T> y, (T Min, T Max) range, bool given, int slice, int slices, int inner)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        bool signed = c.Attributes.Bool("signed_input");
        long bits = Bits(c);
        if (bits < 1 || bits >= (signed ? 64 : 63))
            throw c.InvalidArgument($"num_bits is out of range: {bits} with signed_input_ {(signed ? 1 : 0)}");
        bool narrow = c.Attributes.Contains("narrow_range") && c.Attributes.Bool("narrow_range");
        bool halfUp = c.Attributes.Contains("round_mode") && c.Attributes.String("round_mode") == "HALF_UP";
        (T min, T max) = range;
        T least = T.CreateTruncating(signed ? -Math.ScaleB(1, (int)bits - 1) + (narrow ? 1 : 0) : 0);
        T most = T.CreateTruncating(Math.ScaleB(1, signed ? (int)bits - 1 : (int)bits) - 1);
        T fromMin = least * min > T.Zero ? least / min : T.CreateSaturating(float.MaxValue);
        T fromMax = most * max > T.Zero ? most / max : T.CreateSaturating(float.MaxValue);
        (T scale, T back) = fromMin < fromMax ? (fromMin, min / least) : (fromMax, max / most);
        if (fromMin < fromMax)
            max = most * back;
        else
            min = least * back;
        for (int start = slice * inner; start < x.Length; start += slices * inner)
        {
            for (int i = start; i < start + inner; i++)
            {
                T value = given ? T.Max(T.Min(x[i], max), min) : x[i];
                T scaled = value * scale;
                y[i] = (halfUp ? T.Floor(scaled + T.CreateTruncating(0.5)) : T.Round(scaled, MidpointRounding.ToEven)) * back;
            }
        }
    }

    protected virtual long Bits(KernelContext c) => c.Attributes.Int("num_bits");

    protected virtual (T Min, T Max) Range<T>(KernelContext c, int slice)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T> => slice < c.Input(1).Count && slice < c.Input(2).Count
            ? (c.Input(1).Data<T>()[slice], c.Input(2).Data<T>()[slice])
            : throw c.InvalidArgument($"input_min and input_max must have an element for each slice, got shapes {c.Input(1).Shape} and {c.Input(2).Shape}");

    private static (T Min, T Max) Extent<T>(ReadOnlySpan<T> x, int slice, int slices, int inner)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        (T min, T max) = (x[slice * inner], x[slice * inner]);
        for (int start = slice * inner; start < x.Length; start += slices * inner)
        {
            foreach (T value in x.Slice(start, inner))
                (min, max) = (T.Min(min, value), T.Max(max, value));
        }

        return (min, max);
    }
}

internal sealed class QuantizeAndDequantizeOp() : RoundTripOp(
    "QuantizeAndDequantize(input: T) -> (output: T) where signed_input: bool = true, num_bits: int = 8, range_given: bool = false, input_min: float = 0, input_max: float = 0, T: bfloat16 | half | float | double")
{
    protected override (T Min, T Max) Range<T>(KernelContext c, int slice) =>
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
    public override GradientRule Gradient => GradientRule.Via(static g => g.Attributes.Bool("range_given")
        ? [g.Graph.Add<QuantizeAndDequantizeV4GradOp>(null, g.Copy("axis"), g.Dy(0), g.X(0), g.X(1), g.X(2)), null, null]
        : [g.Dy(0), null, null]);
}

internal sealed class QuantizeAndDequantizeV4GradOp() : FloatingOp(
    "QuantizeAndDequantizeV4Grad(gradients: T, input: T, input_min: T, input_max: T) -> (input_backprop: T, input_min_backprop: T, input_max_backprop: T) "
    + "where T: bfloat16 | half | float | double, axis: int = -1")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no second derivative of it");

    public override void InferShapes(ShapeContext c)
    {
        c.Output(0, c.Merge(c.Input(0), c.Input(1)));
        c.Output(1, c.Input(2));
        c.Output(2, c.Input(3));
    }

    protected override void Compute<T>(KernelContext c)
    {
        (Tensor dy, Tensor input, Tensor least, Tensor most) = (c.Input(0), c.Input(1), c.Input(2), c.Input(3));
        if (dy.Shape != input.Shape)
            throw c.InvalidArgument($"gradient and input must be the same size: {dy.Shape} and {input.Shape}");
        (int slices, int inner) = RoundTripOp.Slices(c, input.Shape);
        if (least.Count != slices || most.Count != slices)
            throw c.InvalidArgument($"input_min and input_max must have {slices} elements, got shapes {least.Shape} and {most.Shape}");
        c.AllocateOutput(1, least.Shape).MutableBytes.Clear();
        c.AllocateOutput(2, most.Shape).MutableBytes.Clear();
        Span<T> dx = c.AllocateOutput(0, input.Shape).MutableData<T>();
        for (int i = 0; i < dx.Length; i++)
        {
            int slice = i / Math.Max(1, inner) % slices;
            T x = input.Data<T>()[i];
            dx[i] = x >= least.Data<T>()[slice] && x <= most.Data<T>()[slice] ? dy.Data<T>()[i] : T.Zero;
        }
    }
}
