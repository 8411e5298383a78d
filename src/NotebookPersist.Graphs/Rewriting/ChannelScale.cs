using NotebookPersist.Graphs.Interchange;
using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.Rewriting;

/// <summary>What a batch normalisation with fixed statistics does: each channel times a number, plus a number.</summary>
/// <param name="Scale">One number a channel.</param>
/// <param name="Offset">One number a channel; null for none.</param>
internal sealed record ChannelScale(double[] Scale, double[]? Offset)
{
    /// <summary>The scale of a node for so many channels; null where it is none that constants tell.</summary>
    public static ChannelScale? Of(NodeDef node, int channels, bool channelsFirst, Dictionary<string, NodeDef> nodes) => node.Op switch
    {
        "FusedBatchNorm" or "FusedBatchNormV2" or "FusedBatchNormV3" => OfFused(node, channels, channelsFirst, nodes),
        "BatchNormWithGlobalNormalization" => OfGlobal(node, channels, nodes),
        "Mul" => OfProduct(node, channels, channelsFirst, nodes),
        _ => null,
    };

    /// <summary>The float32 values of a constant that an input leads to; null for anything else.</summary>
    public static Tensor? Constant(string input, Dictionary<string, NodeDef> nodes)
    {
        var source = NodeInput.Parse(input);
        return source.Index == 0 && nodes.TryGetValue(source.Node, out NodeDef? node) && node.Op == "Const"
            && node.Attr.TryGetValue("value", out AttrValue? value) && value.Tensor is { Dtype: DataType.DtFloat } stored
                ? Formats.Protobuf.TensorProtos.Decode(stored, $"constant '{node.Name}'")
                : null;
    }

    // Inputs: x, gamma, beta, mean, variance. In training mode, which is the default, the statistics are those of the batch.
    private static ChannelScale? OfFused(NodeDef node, int channels, bool channelsFirst, Dictionary<string, NodeDef> nodes)
    {
        bool isTraining = !node.Attr.TryGetValue("is_training", out AttrValue? training) || training.B;
        if (isTraining || channelsFirst != IsChannelsFirst(node))
            return null;
        const float standard = 1e-4f;
        float epsilon = node.Attr.TryGetValue("epsilon", out AttrValue? stored) ? stored.F : standard;
        return Vector(node, 1, channels, nodes) is { } gamma && Vector(node, 2, channels, nodes) is { } beta
            && Vector(node, 3, channels, nodes) is { } mean && Vector(node, 4, channels, nodes) is { } variance
                ? Normalization(gamma, beta, mean, variance, epsilon)
                : null;
    }

    // Inputs: x, mean, variance, beta, gamma.
    private static ChannelScale? OfGlobal(NodeDef node, int channels, Dictionary<string, NodeDef> nodes)
    {
        if (!node.Attr.TryGetValue("variance_epsilon", out AttrValue? epsilon) || !node.Attr.TryGetValue("scale_after_normalization", out AttrValue? scaled))
            return null;
        return Vector(node, 1, channels, nodes) is { } mean && Vector(node, 2, channels, nodes) is { } variance && Vector(node, 3, channels, nodes) is { } beta
            && Vector(node, 4, channels, nodes) is { } gamma
                ? Normalization(scaled.B ? gamma : null, beta, mean, variance, epsilon.F)
                : null;
    }

    private static ChannelScale? OfProduct(NodeDef node, int channels, bool channelsFirst, Dictionary<string, NodeDef> nodes)
    {
        if (node.Input.Count != 2 || (Constant(node.Input[1], nodes) ?? Constant(node.Input[0], nodes)) is not { } factor)
            return null;
        if (factor.Count == 1 && factor.Rank <= 1)
            return Checked([.. Enumerable.Repeat((double)factor.Data<float>()[0], channels)], null);
        int place = factor.Rank - (channelsFirst ? 3 : 1);
        const int mostDimensions = 2;
        bool fits = place >= 0 && factor.Shape[place] == channels && factor.Count == channels && factor.Rank <= (channelsFirst ? mostDimensions + 2 : mostDimensions);
        return fits ? Checked(ToDoubles(factor), null) : null;
    }

    private static bool IsChannelsFirst(NodeDef node) => node.Attr.TryGetValue("data_format", out AttrValue? format) && format.S.ToStringUtf8() == "NCHW";

    private static ChannelScale? Normalization(double[]? gamma, double[] beta, double[] mean, double[] variance, float epsilon)
    {
        double[] scale = new double[beta.Length];
        double[] offset = new double[beta.Length];
        for (int i = 0; i < scale.Length; i++)
        {
            scale[i] = (gamma is null ? 1 : gamma[i]) / Math.Sqrt(variance[i] + epsilon);
            offset[i] = beta[i] - (mean[i] * scale[i]);
        }

        return Checked(scale, offset);
    }

    // What is not finite stays where it is: multiplied into weights it would spread.
    private static ChannelScale? Checked(double[] scale, double[]? offset) =>
        scale.All(IsFloat) && (offset is null || offset.All(IsFloat)) ? new ChannelScale(scale, offset) : null;

    private static bool IsFloat(double value) => float.IsFinite((float)value);

    private static double[]? Vector(NodeDef node, int input, int channels, Dictionary<string, NodeDef> nodes) =>
        input < node.Input.Count && Constant(node.Input[input], nodes) is { Rank: 1 } value && value.Count == channels ? ToDoubles(value) : null;

    private static double[] ToDoubles(Tensor value) => Array.ConvertAll(value.ToArray<float>(), static v => (double)v);
}
