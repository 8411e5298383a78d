using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Batch normalisation in one operation.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="x">Shape: [batch, height, width, channels], or with channels second. DType: float16, bfloat16 or float32.</param>
    /// <param name="scale">Shape: [channels]. DType: float32.</param>
    /// <param name="offset">Shape: [channels]. DType: float32.</param>
    /// <param name="mean">The mean to take off where not training; else left out.</param>
    /// <param name="variance">The variance to divide by where not training; else left out.</param>
    /// <param name="epsilon">Added to the variance; not below 1.001e-5.</param>
    /// <param name="dataFormat">NHWC or NCHW; both run here.</param>
    /// <param name="isTraining">Whether mean and variance are those of the batch.</param>
    /// <param name="name">Node name.</param>
    /// <returns>The normalised input, mean and (unbiased) variance of the batch.</returns>
    /// <exception cref="ArgumentException">Mean and variance are missing though not training, or given though training.</exception>
    /// <remarks>Source: <c>tf.nn.fused_batch_norm</c>; TensorFlow op "FusedBatchNormV3".</remarks>
    public static (Output Y, Output BatchMean, Output BatchVariance) FusedBatchNorm(
        this Graph graph,
        Operand x,
        Operand scale,
        Operand offset,
        Operand mean = default,
        Operand variance = default,
        float epsilon = 0.001f,
        string dataFormat = "NHWC",
        bool isTraining = true,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (!isTraining && (mean.IsMissing || variance.IsMissing))
            throw new ArgumentException("Both mean and variance must be given where not training.", nameof(mean));
        if (isTraining && !(mean.IsMissing && variance.IsMissing))
            throw new ArgumentException("Mean and variance must not be given where training: they are those of the batch.", nameof(mean));
        Output input = graph.AsOutput(x, "input");
        Output scales = graph.AsOutput(scale, "scale");
        Output offsets = graph.AsOutput(offset, "offset");
        Output means = mean.IsMissing ? graph.Constant(Array.Empty<float>()) : graph.AsOutput(mean, "mean");
        Output variances = variance.IsMissing ? graph.Constant(Array.Empty<float>()) : graph.AsOutput(variance, "variance");
        Operation operation = graph.AddOperation<FusedBatchNormV3Op>(
            name,
            new AttributeList { { "epsilon", Math.Max(epsilon, 1.001e-5f) }, { "data_format", dataFormat }, { "is_training", isTraining } },
            input,
            scales,
            offsets,
            means,
            variances);
        return (operation[0], operation[1], operation[2]);
    }
}

internal abstract class FusedBatchNormBase(string signature, int version) : FloatingOp(signature)
{
    public override GradientRule Gradient => GradientRule.Via(g =>
    {
        string format = g.Attributes.String("data_format");
        bool training = g.Attributes.Bool("is_training");
        bool first = !training && format.StartsWith("NC", StringComparison.Ordinal);
        int rank = format.Length;
        Output x = g.X(0);
        Output dy = g.Dy(0);
        AttributeList attributes = g.Copy("epsilon", "is_training");
        attributes.Add("data_format", first ? (rank == 4 ? "NHWC" : "NDHWC") : format);
        if (first)
        {
            int[] last = rank == 4 ? [0, 2, 3, 1] : [0, 2, 3, 4, 1];
            x = g.Graph.Transpose(x, last);
            dy = g.Graph.Transpose(dy, last);
        }

        List<Operand> inputs = [dy, x, g.X(1), training ? g.Y(3) : g.X(3), training ? g.Y(4) : g.X(4)];
        if (version == 3)
            inputs.Add(g.Y(5));
        string type = version == 1 ? "FusedBatchNormGrad" : $"FusedBatchNormGradV{version}";
        Operation gradient = g.Graph.AddOperation(type, null, attributes, [.. inputs]);
        Output dx = first ? g.Graph.Transpose(gradient[0], rank == 4 ? new[] { 0, 3, 1, 2 } : new[] { 0, 4, 1, 2, 3 }) : gradient[0];
        // While training mean and variance take no part, yet TensorFlow passes on the empty gradients of their places.
        return training ? [dx, gradient[1], gradient[2], gradient[3], gradient[4]] : [dx, gradient[1], gradient[2], null, null];
    });

    public static BatchNormalization Plan(KernelContext c, Shape x, long channels)
    {
        string format = c.Attributes.String("data_format");
        if (x.Rank != format.Length)
            throw c.InvalidArgument($"input must be {format.Length}-dimensional{x}");
        ImageLayout layout = ImageLayout.Of(c.Attributes, format.Length - 2);
        if (x[layout.Channels] != channels)
            throw c.InvalidArgument($"scale must have the same number of elements as the channels of x, got {channels} and {x[layout.Channels]}");
        int positions = 1;
        for (int i = 0; i < layout.SpatialRank; i++)
            positions *= (int)x[layout.Spatial(i)];
        return layout.ChannelsFirst
            ? new BatchNormalization((int)x[0], (int)channels, positions)
            : new BatchNormalization((int)x[0] * positions, (int)channels, 1);
    }

    public override void InferShapes(ShapeContext c)
    {
        string format = c.Attributes.String("data_format");
        Shape x = c.WithRank(0, format.Length);
        int axis = format.StartsWith("NC", StringComparison.Ordinal) ? 1 : format.Length - 1;
        long channels = x[axis];
        int count = c.Attributes.Bool("is_training") ? 3 : 5;
        for (int i = 1; i < count; i++)
            channels = c.Merge(channels, c.WithRank(i, 1)[0]);
        long[] sizes = x.ToArray();
        sizes[axis] = channels;
        c.Output(0, sizes);
        for (int i = 1; i < 5; i++)
            c.Output(i, [channels]);
        if (c.OutputCount > 5)
            c.Output(5, Shape.Unknown);
    }

    protected override void Compute<T>(KernelContext c)
    {
        Tensor x = c.Input(0);
        ReadOnlySpan<float> scale = c.Input<float>(1);
        ReadOnlySpan<float> offset = c.Input<float>(2);
        BatchNormalization plan = Plan(c, x.Shape, scale.Length);
        if (offset.Length != scale.Length)
            throw c.InvalidArgument($"offset must have the same number of elements as scale, got {offset.Length} and {scale.Length}");
        float epsilon = c.Attributes.Float("epsilon");
        Shape channels = [scale.Length];
        Tensor y = c.AllocateOutput(0, x.Shape);
        Span<float> batchMean = c.AllocateOutput(1, channels).MutableData<float>();
        Span<float> batchVariance = c.AllocateOutput(2, channels).MutableData<float>();
        Span<float> savedMean = c.AllocateOutput(3, channels).MutableData<float>();
        Span<float> savedVariance = c.AllocateOutput(4, channels).MutableData<float>();
        if (c.Operation.Outputs.Count > 5)
            c.AllocateOutput(5, Shape.Scalar).MutableData<float>().Clear();
        if (c.Attributes.Bool("is_training"))
        {
            plan.Statistics(x.Data<float>(), savedMean, savedVariance);
            savedMean.CopyTo(batchMean);
            // What a moving average collects is the unbiased variance.
            double rest = (double)plan.Outer * plan.Inner;
            float factor = rest > 1 ? (float)(rest / (rest - 1)) : 1;
            for (int i = 0; i < batchVariance.Length; i++)
                batchVariance[i] = savedVariance[i] * factor;
            FollowAverages(c, batchMean, batchVariance);
        }
        else
        {
            if (c.Input(3).Count != scale.Length || c.Input(4).Count != scale.Length)
                throw c.InvalidArgument($"mean and variance must have {scale.Length} elements, got {c.Input(3).Count} and {c.Input(4).Count}");
            c.Input<float>(3).CopyTo(batchMean);
            c.Input<float>(4).CopyTo(batchVariance);
            batchMean.CopyTo(savedMean);
            batchVariance.CopyTo(savedVariance);
        }

        plan.Normalize(x.Data<float>(), scale, offset, savedMean, savedVariance, epsilon, y.MutableData<float>());
        Follow(c, y);
    }

    // Later releases let the operation itself keep the moving averages, of which a part gives way to the batch's.
    private static void FollowAverages(KernelContext c, Span<float> mean, Span<float> variance)
    {
        float part = c.Attributes.Contains("exponential_avg_factor") ? c.Attributes.Float("exponential_avg_factor") : 1;
        if (part == 1)
            return;
        if (c.Input(3).Count != mean.Length || c.Input(4).Count != mean.Length)
            throw c.InvalidArgument($"mean and variance must have {mean.Length} elements where exponential_avg_factor is not 1, got {c.Input(3).Count} and {c.Input(4).Count}");
        ReadOnlySpan<float> oldMean = c.Input<float>(3);
        ReadOnlySpan<float> oldVariance = c.Input<float>(4);
        for (int i = 0; i < mean.Length; i++)
        {
            mean[i] = ((1 - part) * oldMean[i]) + (part * mean[i]);
            variance[i] = ((1 - part) * oldVariance[i]) + (part * variance[i]);
        }
    }

    /// <summary>What is done to the normalised values; nothing, except by operations that stand for several.</summary>
    protected virtual void Follow(KernelContext c, Tensor y)
    {
    }
}

internal sealed class FusedBatchNormOp() : FusedBatchNormBase(
    "FusedBatchNorm(x: T, scale: T, offset: T, mean: T, variance: T) -> (y: T, batch_mean: T, batch_variance: T, reserve_space_1: T, "
    + "reserve_space_2: T) "
    + "where T: float, epsilon: float = 0.0001, data_format: 'NHWC' | 'NCHW' = 'NHWC', is_training: bool = true", 1);

internal sealed class FusedBatchNormV2Op() : FusedBatchNormBase(
    "FusedBatchNormV2(x: T, scale: U, offset: U, mean: U, variance: U) -> (y: T, batch_mean: U, batch_variance: U, reserve_space_1: U, "
    + "reserve_space_2: U) "
    + "where T: half | bfloat16 | float, U: float, epsilon: float = 0.0001, data_format: 'NHWC' | 'NCHW' = 'NHWC', is_training: bool = true", 2);

internal sealed class FusedBatchNormV3Op() : FusedBatchNormBase(
    "FusedBatchNormV3(x: T, scale: U, offset: U, mean: U, variance: U) -> (y: T, batch_mean: U, batch_variance: U, reserve_space_1: U, "
    + "reserve_space_2: U, reserve_space_3: U) "
    + "where T: half | bfloat16 | float, U: float, epsilon: float = 0.0001, data_format: 'NHWC' | 'NCHW' | 'NDHWC' | 'NCDHW' = 'NHWC', "
    + "is_training: bool = true", 3);

internal abstract class FusedBatchNormGradBase(string signature) : FloatingOp(signature)
{
    // As TensorFlow does: the gradient is built once more of single operations, and those are differentiated.
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Graph graph = g.Graph;
        Output?[] found = graph.Gradients(
            [.. SingleSteps(g, out Output dy, out Output x, out Output scale)],
            [dy, x, scale],
            [g.Dy(0), g.Dy(1), g.Dy(2)]);
        return [found[0], found[1], found[2], .. new Output?[g.InputCount - 3]];
    });

    private static Output[] SingleSteps(GradientContext g, out Output dy, out Output x, out Output scale)
    {
        Graph graph = g.Graph;
        string format = g.Attributes.String("data_format");
        bool first = format.StartsWith("NC", StringComparison.Ordinal);
        int[] axes = [.. Enumerable.Range(0, format.Length).Where(i => i != (first ? 1 : format.Length - 1))];
        // Identities, so that the derivatives end here.
        (dy, x, scale) = (graph.Identity(g.X(0)), graph.Identity(g.X(1)), graph.Identity(g.X(2)));
        Output wideDy = graph.Cast(dy, DType.Float32), wideX = graph.Cast(x, DType.Float32);
        float epsilon = g.Attributes.Float("epsilon");
        Output Spread(Output perChannel) =>
            first ? graph.Reshape(perChannel, new[] { 1, -1 }.Concat(Enumerable.Repeat(1, format.Length - 2)).ToArray()) : perChannel;
        Output factor, dx, offset;
        if (g.Attributes.Bool("is_training"))
        {
            Output mean = graph.ReduceMean(wideX, axes, keepDims: true);
            offset = wideX - mean;
            Output variance = graph.ReduceMean(graph.Square(offset), axes, keepDims: true) + epsilon;
            factor = graph.Rsqrt(variance);
            Output along = graph.ReduceMean(wideDy * offset, axes, keepDims: true);
            dx = Spread(scale) * factor * (wideDy - graph.ReduceMean(wideDy, axes, keepDims: true) - (offset * along / variance));
        }
        else
        {
            offset = wideX - Spread(g.X(3));
            factor = Spread(graph.Rsqrt(g.X(4) + epsilon));
            dx = wideDy * Spread(scale) * factor;
        }

        return [graph.Cast(dx, dy.DType), graph.ReduceSum(wideDy * offset * factor, axes), graph.ReduceSum(wideDy, axes)];
    }

    public override void InferShapes(ShapeContext c)
    {
        string format = c.Attributes.String("data_format");
        Shape x = c.Merge(c.WithRank(0, format.Length), c.WithRank(1, format.Length));
        long channels = c.Merge(x[format.StartsWith("NC", StringComparison.Ordinal) ? 1 : format.Length - 1], c.WithRank(2, 1)[0]);
        c.Output(0, x);
        c.Output(1, [channels]);
        c.Output(2, [channels]);
        long reserved = c.Attributes.Bool("is_training") ? 0 : channels;
        c.Output(3, [reserved]);
        c.Output(4, [reserved]);
    }

    protected override void Compute<T>(KernelContext c)
    {
        Tensor dy = c.Input(0);
        Tensor x = c.Input(1);
        if (dy.Shape != x.Shape)
            throw c.InvalidArgument($"x and y_backprop must have same shape, but x has shape {x.Shape} and y_backprop has shape {dy.Shape}");
        ReadOnlySpan<float> scale = c.Input<float>(2);
        BatchNormalization plan = FusedBatchNormBase.Plan(c, x.Shape, scale.Length);
        if (c.Input(3).Count != scale.Length || c.Input(4).Count != scale.Length)
            throw c.InvalidArgument($"Saved mean and variance must have {scale.Length} elements, got {c.Input(3).Count} and {c.Input(4).Count}");
        Shape channels = [scale.Length];
        Tensor dx = c.AllocateOutput(0, x.Shape);
        Tensor dscale = c.AllocateOutput(1, channels);
        Tensor doffset = c.AllocateOutput(2, channels);
        c.AllocateOutput(3, [0]);
        c.AllocateOutput(4, [0]);
        plan.Backprop(
            dy.Data<float>(),
            x.Data<float>(),
            scale,
            c.Input<float>(3),
            c.Input<float>(4),
            c.Attributes.Float("epsilon"),
            c.Attributes.Bool("is_training"),
            dx.MutableData<float>(),
            dscale.MutableData<float>(),
            doffset.MutableData<float>());
    }
}

internal sealed class FusedBatchNormGradOp() : FusedBatchNormGradBase(
    "FusedBatchNormGrad(y_backprop: T, x: T, scale: T, reserve_space_1: T, reserve_space_2: T) -> (x_backprop: T, scale_backprop: T, "
    + "offset_backprop: T, reserve_space_3: T, reserve_space_4: T) "
    + "where T: float, epsilon: float = 0.0001, data_format: 'NHWC' | 'NCHW' = 'NHWC', is_training: bool = true");

internal sealed class FusedBatchNormGradV2Op() : FusedBatchNormGradBase(
    "FusedBatchNormGradV2(y_backprop: T, x: T, scale: float, reserve_space_1: U, reserve_space_2: U) -> (x_backprop: T, scale_backprop: U, "
    + "offset_backprop: U, reserve_space_3: U, reserve_space_4: U) "
    + "where T: half | bfloat16 | float, U: float, epsilon: float = 0.0001, data_format: 'NHWC' | 'NCHW' = 'NHWC', is_training: bool = true");

internal sealed class FusedBatchNormGradV3Op() : FusedBatchNormGradBase(
    "FusedBatchNormGradV3(y_backprop: T, x: T, scale: float, reserve_space_1: U, reserve_space_2: U, reserve_space_3: U) -> (x_backprop: T, "
    + "scale_backprop: U, offset_backprop: U, reserve_space_4: U, reserve_space_5: U) "
    + "where T: half | bfloat16 | float, U: float, epsilon: float = 0.0001, data_format: 'NHWC' | 'NCHW' | 'NDHWC' | 'NCDHW' = 'NHWC', "
    + "is_training: bool = true");
