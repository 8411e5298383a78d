using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal sealed class QuantizedBiasAddOp() : QuantizedOp(
    "QuantizedBiasAdd(input: T1, bias: T2, min_input: float, max_input: float, min_bias: float, max_bias: float) -> (output: out_type, min_out: float, max_out: float) "
    + $"where T1: {Types}, T2: {Types}, out_type: {Types}")
{
    public override void InferShapes(ShapeContext c) => Infer(c, c.Input(0));

    public override void Compute(KernelContext c)
    {
        (Tensor input, Tensor bias) = (c.Input(0), c.Input(1));
        if (input.Rank < 2)
            throw c.InvalidArgument($"Input tensor must be at least 2D: {input.Shape}");
        if (bias.Rank != 1)
            throw c.InvalidArgument($"Biases must be 1D: {bias.Shape}");
        if (bias.Shape[0] != input.Shape[^1])
            throw c.InvalidArgument($"Must provide as many biases as the last dimension of the input tensor: {bias.Shape} vs. {input.Shape}");
        if (c.Operation.Outputs[0].DType != DType.QInt32)
            throw c.Unsupported(c.Operation.Outputs[0].DType);
        QuantizedRange x = QuantizedRange.Of(c, 0, 2, 3), b = QuantizedRange.Of(c, 1, 4, 5);
        // Symmetric, so that zero is zero, with 15 bits for the sums.
        float most = Math.Max(x.Max, Math.Max(-x.Min, Math.Max(b.Max, -b.Min))) * (1 << 17);
        var total = new QuantizedRange(DType.QInt32, -most, most);
        Tensor result = c.AllocateOutput(0, input.Shape);
        total.Requantize(input, x, result);
        Tensor offsets = c.Allocate(DType.QInt32, bias.Shape);
        total.Requantize(bias, b, offsets);
        int zero = total.ToStored(0);
        Span<int> sums = result.MutableData<int>();
        ReadOnlySpan<int> added = offsets.Data<int>();
        for (int i = 0; i < sums.Length; i++)
            sums[i] = unchecked(sums[i] + added[i % added.Length] + zero);
        total.Write(c, 1, 2);
    }
}
