using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Integers of one range as integers of another type and range.</summary>
internal abstract class RequantizingOp(string signature) : QuantizedOp(signature)
{
    public override void InferShapes(ShapeContext c) => Infer(c, c.Input(0));

    /// <summary>The range that the integers of an input really take.</summary>
    internal static (float Min, float Max) Used(KernelContext c)
    {
        Tensor input = c.Input(0);
        QuantizedRange range = QuantizedRange.Of(c, 0, 1, 2);
        var integers = new QuantizedType(range.Type);
        (int least, int most) = ((int)integers.Most, (int)integers.Least);
        for (int i = 0; i < input.Count; i++)
        {
            int value = input.ItemAt<int>(i);
            (least, most) = (Math.Min(least, value), Math.Max(most, value));
        }

        return (Math.Min(0, range.ToFloat(least)), range.ToFloat(most));
    }

    protected static void Run(KernelContext c, float min, float max)
    {
        Tensor result = c.AllocateOutput(0, c.Input(0).Shape);
        var range = new QuantizedRange(result.DType, min, max);
        range.Requantize(c.Input(0), QuantizedRange.Of(c, 0, 1, 2), result);
        range.Write(c, 1, 2);
    }
}

internal sealed class QuantizeDownAndShrinkRangeOp() : RequantizingOp(
    "QuantizeDownAndShrinkRange(input: Tinput, input_min: float, input_max: float) -> (output: out_type, output_min: float, output_max: float) "
    + $"where Tinput: {Types}, out_type: {Types}")
{
    public override void Compute(KernelContext c)
    {
        (float min, float max) = Used(c);
        Run(c, min, max);
    }
}

internal sealed class RequantizeOp() : RequantizingOp(
    "Requantize(input: Tinput, input_min: float, input_max: float, requested_output_min: float, requested_output_max: float) -> "
    + $"(output: out_type, output_min: float, output_max: float) where Tinput: {Types}, out_type: {Types}")
{
    public override void Compute(KernelContext c)
    {
        (float min, float max) = (QuantizedRange.Single(c, 3), QuantizedRange.Single(c, 4));
        if (!(min <= 0))
            throw c.InvalidArgument($"requested_output_min must be <= 0, but got {min}");
        if (!(max >= min))
            throw c.InvalidArgument($"requested_output_max must be >= requested_output_min, but got {max} and {min}");
        Run(c, min, max);
    }
}

internal sealed class RequantizationRangeOp() : QuantizedOp(
    $"RequantizationRange(input: Tinput, input_min: float, input_max: float) -> (output_min: float, output_max: float) where Tinput: {Types}")
{
    public override void InferShapes(ShapeContext c) => Infer(c, Shape.Scalar);

    public override void Compute(KernelContext c)
    {
        (float min, float max) = RequantizingOp.Used(c);
        new QuantizedRange(c.Operation.Inputs[0].DType, min, max).Write(c, 0, 1);
    }
}
