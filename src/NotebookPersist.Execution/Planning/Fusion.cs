namespace NotebookPersist.Execution.Planning;

/// <summary>Joins products with the bias and the activation behind them, so that the result is written once.</summary>
/// <remarks>Only where nobody else sees what lies between.</remarks>
internal sealed class Fusion : PlanPass
{
    protected override bool TryReplace(Operation before, Operation now)
    {
        Operation? fused = now.Type switch
        {
            "BiasAdd" => Bias(before, now, 0, 1),
            "Add" or "AddV2" => IsBias(now.Inputs[0], now.Inputs[1]) ? Bias(before, now, 0, 1) : IsBias(now.Inputs[1], now.Inputs[0]) ? Bias(before, now, 1, 0) : null,
            "Relu" or "Relu6" or "Elu" => Activated(before, now),
            _ => null,
        };
        if (fused is null)
            return false;
        Emit(fused);
        Map(before[0], fused[0]);
        return true;
    }

    private static bool IsBias(Output product, Output bias) =>
        product.Operation.Type == "MatMul" && bias.Shape.Rank == 1 && bias.Shape[0] > 0 && product.Shape.Rank == 2 && product.Shape[1] == bias.Shape[0];

    private Operation? Bias(Operation before, Operation now, int product, int bias)
    {
        Operation source = now.Inputs[product].Operation;
        if (!IsUsedOnce(before.Inputs[product]) || IsFed(before[0]) || source.Inputs.Any(static i => i.IsReference) || now.Inputs[bias].IsReference)
            return null;
        bool fits = source.Type switch
        {
            "Conv2D" => source[0].DType is DType.Float32 or DType.Float64 && ChannelsFirst(source) == ChannelsFirst(now),
            "MatMul" => source[0].DType == DType.Float32 && !ChannelsFirst(now),
            _ => false,
        };
        return fits ? FusedOperation.Of(now, source, [now.Inputs[bias]], ["BiasAdd"]) : null;
    }

    private Operation? Activated(Operation before, Operation now)
    {
        Operation source = now.Inputs[0].Operation;
        if (source.Type is not ("_FusedConv2D" or "_FusedMatMul") || !IsUsedOnce(before.Inputs[0]) || IsFed(before[0]))
            return null;
        IReadOnlyList<string> parts = source.Attributes.Strings("fused_ops");
        return parts.Count == 1 ? FusedOperation.Of(now, source, source.Inputs.Skip(2), [.. parts, now.Type]) : null;
    }

    private static bool ChannelsFirst(Operation operation) => operation.Attributes.Contains("data_format") && operation.Attributes.String("data_format") == "NCHW";
}
