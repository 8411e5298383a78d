namespace NotebookPersist.Execution.Planning;

/// <summary>Multiplies inference's batch normalisation into the constant filter of the convolution before it.</summary>
/// <remarks>What is left is a convolution with a bias. Rounding differs from the two operations' in the last bits.</remarks>
internal sealed class BatchNormFolding : PlanPass
{
    protected override bool TryReplace(Operation before, Operation now)
    {
        if (now.Type is not ("FusedBatchNorm" or "FusedBatchNormV2" or "FusedBatchNormV3") || now.Attributes.Bool("is_training") || IsFed(before[0]) || !before.Outputs.Skip(1).All(IsUnused) || IsAwaited(before))
            return false;
        Operation product = now.Inputs[0].Operation;
        if (!IsUsedOnce(before.Inputs[0]) || now[0].DType != DType.Float32 || !IsConvolution(product) || product.Attributes.String("data_format") != now.Attributes.String("data_format"))
            return false;
        if (!TryKnown(product.Inputs[1], out Tensor? filter) || Statistics(now) is not { } statistics || filter.Rank != 4 || filter.Shape[3] != statistics.Scale.Length)
            return false;
        float[] shift = new float[statistics.Scale.Length];
        if (product.Inputs.Count == 3)
        {
            if (!TryKnown(product.Inputs[2], out Tensor? bias) || bias.Count != shift.Length)
                return false;
            bias.Data<float>().CopyTo(shift);
        }

        Output folded = Constant(before, Filter(filter, statistics, now.Attributes.Float("epsilon"), shift));
        Output offset = Constant(before, Tensor.Of<float>([shift.Length], shift));
        Operation convolution = product.Detached([product.Inputs[0], folded], [.. product.ControlInputs]);
        Operation fused = FusedOperation.Of(now, convolution, [offset], ["BiasAdd"]);
        Emit(fused);
        Map(before[0], fused[0]);
        return true;
    }

    private bool IsConvolution(Operation operation) =>
        operation.Type == "Conv2D" || (operation.Type == "_FusedConv2D" && operation.Attributes.Strings("fused_ops") is ["BiasAdd"]);

    private (float[] Scale, float[] Offset, float[] Mean, float[] Variance)? Statistics(Operation operation)
    {
        float[][] all = new float[4][];
        for (int i = 0; i < all.Length; i++)
        {
            if (!TryKnown(operation.Inputs[i + 1], out Tensor? constant) || constant.Rank != 1)
                return null;
            all[i] = constant.ToArray<float>();
        }

        return all.All(a => a.Length == all[0].Length) ? (all[0], all[1], all[2], all[3]) : null;
    }

    // Scales the filter; what the normalisation adds goes to the shift, which comes in as the bias.
    private static Tensor Filter(Tensor filter, (float[] Scale, float[] Offset, float[] Mean, float[] Variance) statistics, float epsilon, float[] shift)
    {
        float[] factor = new float[shift.Length];
        for (int c = 0; c < factor.Length; c++)
        {
            factor[c] = statistics.Scale[c] / MathF.Sqrt(statistics.Variance[c] + epsilon);
            shift[c] = ((shift[c] - statistics.Mean[c]) * factor[c]) + statistics.Offset[c];
        }

        Tensor scaled = filter.Clone();
        Span<float> elements = scaled.MutableData<float>();
        for (int i = 0; i < elements.Length; i++)
            elements[i] *= factor[i % factor.Length];
        return scaled;
    }

    private Output Constant(Operation before, Tensor value)
    {
        Output constant = FoldedConstant.Of(before[0], value);
        Emit(constant.Operation);
        return constant;
    }
}
