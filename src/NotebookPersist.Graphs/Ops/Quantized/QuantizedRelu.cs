using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Cuts stored integers off where what they stand for leaves an interval that begins at 0.</summary>
internal abstract class QuantizedClampOp(string signature, int min) : QuantizedOp(signature)
{
    public override void InferShapes(ShapeContext c) => Infer(c, c.Input(0));

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        QuantizedRange range = QuantizedRange.Of(c, 0, min, min + 1);
        Tensor result = c.AllocateOutput(0, input.Shape);
        if (result.DType != input.DType)
            throw c.Unsupported(result.DType);
        var integers = new QuantizedType(range.Type);
        int least = range.ToStored(0);
        int most = Most(c) is { } bound ? range.ToStored(bound) : (int)integers.Most;
        for (int i = 0; i < result.Count; i++)
            integers.Write(result, i, Math.Min(Math.Max(input.ItemAt<int>(i), least), most));
        range.Write(c, 1, 2);
    }

    /// <summary>The upper end of the interval; null where there is none.</summary>
    protected abstract float? Most(KernelContext c);
}

internal sealed class QuantizedReluOp() : QuantizedClampOp(
    "QuantizedRelu(features: Tinput, min_features: float, max_features: float) -> (activations: out_type, min_activations: float, max_activations: float) "
    + $"where Tinput: {Types}, out_type: {Types} = quint8", 1)
{
    protected override float? Most(KernelContext c) => null;
}

internal sealed class QuantizedRelu6Op() : QuantizedClampOp(
    "QuantizedRelu6(features: Tinput, min_features: float, max_features: float) -> (activations: out_type, min_activations: float, max_activations: float) "
    + $"where Tinput: {Types}, out_type: {Types} = quint8", 1)
{
    protected override float? Most(KernelContext c) => 6;
}

internal sealed class QuantizedReluXOp() : QuantizedClampOp(
    "QuantizedReluX(features: Tinput, max_value: float, min_features: float, max_features: float) -> (activations: out_type, min_activations: float, max_activations: float) "
    + $"where Tinput: {Types}, out_type: {Types} = quint8", 2)
{
    protected override float? Most(KernelContext c) => QuantizedRange.Single(c, 1);
}
