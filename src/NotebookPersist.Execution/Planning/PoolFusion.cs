using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist.Execution.Planning;

/// <summary>Lets convolutions pool their results while those are in the cache: a quarter of them is written, and none is read again.</summary>
/// <remarks>Only those that Winograd's way is for, as it has them in blocks of four by four, which it has not of channels in groups, and where nobody else sees what is pooled.</remarks>
internal sealed class PoolFusion : PlanPass
{
    private const int FewestChannels = 8;

    private static readonly PooledConvolution Pooled = new();

    protected override bool TryReplace(Operation before, Operation now)
    {
        if (now.Type != "MaxPool" || IsFed(before[0]) || !IsUsedOnce(before.Inputs[0]) || !IsPairs(now))
            return false;
        Operation source = now.Inputs[0].Operation;
        if (source.Type != "_FusedConv2D" || !IsSuitable(source))
            return false;
        Operation[] controls = [.. source.ControlInputs.Concat(now.ControlInputs).Distinct()];
        Operation fused = now.Detached(Pooled, source.Attributes, [.. source.Inputs], controls, [(now[0].DType, false)]);
        fused[0].Shape = now[0].Shape;
        Emit(fused);
        Map(before[0], fused[0]);
        return true;
    }

    private static bool IsPairs(Operation pool)
    {
        Attributes attributes = pool.Attributes;
        if (attributes.String("data_format") != "NHWC" || attributes.Ints("ksize") is not [1, 2, 2, 1] || attributes.Ints("strides") is not [1, 2, 2, 1])
            return false;

        // At the edge of an odd size SAME has a window of one position.
        Shape image = pool.Inputs[0].Shape;
        return attributes.String("padding") == "VALID" || (image.Rank == 4 && IsEven(image[1]) && IsEven(image[2]));
    }

    private static bool IsEven(long size) => size > 0 && size % 2 == 0;

    private static bool IsSuitable(Operation convolution)
    {
        Attributes attributes = convolution.Attributes;
        (Shape image, Shape filter) = (convolution.Inputs[0].Shape, convolution.Inputs[1].Shape);
        return convolution[0].DType == DType.Float32
            && attributes.String("data_format") == "NHWC"
            && attributes.Ints("strides") is [1, 1, 1, 1]
            && attributes.Ints("dilations") is [1, 1, 1, 1]
            && attributes.Strings("fused_ops")[0] == "BiasAdd"
            && filter.Rank == 4 && filter[0] == 3 && filter[1] == 3 && filter[2] >= FewestChannels && filter[3] >= FewestChannels
            && image.Rank == 4 && image[3] == filter[2];
    }
}
