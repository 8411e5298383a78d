using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The older batch normalisation with a given mean and variance.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="t">Shape: [batch, height, width, channels]. DType: floats.</param>
    /// <param name="m">Mean. Shape: [channels].</param>
    /// <param name="v">Variance. Shape: [channels].</param>
    /// <param name="beta">Offset. Shape: [channels].</param>
    /// <param name="gamma">Scale, where it is used. Shape: [channels].</param>
    /// <param name="varianceEpsilon">Added to the variance.</param>
    /// <param name="scaleAfterNormalization">Whether the scale is used.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "BatchNormWithGlobalNormalization".</remarks>
    public static Output BatchNormWithGlobalNormalization(
        this Graph graph, Operand t, Operand m, Operand v, Operand beta, Operand gamma, float varianceEpsilon, bool scaleAfterNormalization, string? name = null) =>
        graph.Add<BatchNormWithGlobalNormalizationOp>(
            name,
            new AttributeList { { "variance_epsilon", varianceEpsilon }, { "scale_after_normalization", scaleAfterNormalization } },
            t,
            m,
            v,
            beta,
            gamma);
}

internal sealed class BatchNormWithGlobalNormalizationOp() : FloatingOp(
    "BatchNormWithGlobalNormalization(t: T, m: T, v: T, beta: T, gamma: T) -> (result: T) "
    + "where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 |"
    + " half | uint32 | uint64, variance_epsilon: float, scale_after_normalization: bool")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Operation gradient = g.Graph.AddOperation<BatchNormWithGlobalNormalizationGradOp>(
            null, g.Copy("variance_epsilon", "scale_after_normalization"), g.X(0), g.X(1), g.X(2), g.X(4), g.Dy(0));
        return [gradient[0], gradient[1], gradient[2], gradient[3], gradient[4]];
    });

    public override void InferShapes(ShapeContext c)
    {
        Shape t = c.WithRank(0, 4);
        long channels = t[3];
        for (int i = 1; i < 5; i++)
            channels = c.Merge(channels, c.WithRank(i, 1)[0]);
        c.Output(0, [t[0], t[1], t[2], channels]);
    }

    protected override void Compute<T>(KernelContext c)
    {
        Tensor t = c.Input(0);
        if (t.Rank != 4)
            throw c.InvalidArgument($"input must be 4-dimensional{t.Shape}");
        int channels = (int)t.Shape[3];
        for (int i = 1; i < 5; i++)
        {
            if (c.Input(i).Count != channels)
                throw c.InvalidArgument($"Input {i} of a batch normalisation of {channels} channels has shape {c.Input(i).Shape}");
        }

        ReadOnlySpan<T> x = t.Data<T>(), mean = c.Input<T>(1), variance = c.Input<T>(2), beta = c.Input<T>(3), gamma = c.Input<T>(4);
        T epsilon = T.CreateTruncating(c.Attributes.Float("variance_epsilon"));
        bool scaled = c.Attributes.Bool("scale_after_normalization");
        T[] factors = new T[channels];
        for (int i = 0; i < channels; i++)
            factors[i] = (scaled ? gamma[i] : T.One) / T.Sqrt(variance[i] + epsilon);
        Span<T> y = c.AllocateOutput(0, t.Shape).MutableData<T>();
        for (int i = 0; i < y.Length; i++)
            y[i] = ((x[i] - mean[i % channels]) * factors[i % channels]) + beta[i % channels];
    }
}

internal sealed class BatchNormWithGlobalNormalizationGradOp() : FloatingOp(
    "BatchNormWithGlobalNormalizationGrad(t: T, m: T, v: T, gamma: T, backprop: T) -> (dx: T, dm: T, dv: T, db: T, dg: T) "
    + "where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 |"
    + " half | uint32 | uint64, variance_epsilon: float, scale_after_normalization: bool")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no second derivative of it");

    public override void InferShapes(ShapeContext c)
    {
        Shape t = c.Merge(c.WithRank(0, 4), c.WithRank(4, 4));
        c.Output(0, t);
        for (int i = 1; i < 5; i++)
            c.Output(i, [t[3]]);
    }

    protected override void Compute<T>(KernelContext c)
    {
        Tensor t = c.Input(0);
        if (t.Rank != 4 || c.Input(4).Shape != t.Shape)
            throw c.InvalidArgument($"input and backprop must be 4-dimensional and alike: {t.Shape}, {c.Input(4).Shape}");
        int channels = (int)t.Shape[3];
        ReadOnlySpan<T> x = t.Data<T>(), mean = c.Input<T>(1), variance = c.Input<T>(2), gamma = c.Input<T>(3), dy = c.Input<T>(4);
        T epsilon = T.CreateTruncating(c.Attributes.Float("variance_epsilon"));
        bool scaled = c.Attributes.Bool("scale_after_normalization");
        Shape one = [channels];
        Span<T> dx = c.AllocateOutput(0, t.Shape).MutableData<T>();
        Span<T> dm = c.AllocateOutput(1, one).MutableData<T>();
        Span<T> dv = c.AllocateOutput(2, one).MutableData<T>();
        Span<T> db = c.AllocateOutput(3, one).MutableData<T>();
        Span<T> dg = c.AllocateOutput(4, one).MutableData<T>();
        db.Clear();
        dg.Clear();
        for (int i = 0; i < dx.Length; i++)
        {
            db[i % channels] += dy[i];
            dg[i % channels] += dy[i] * (x[i] - mean[i % channels]);
        }

        T[] factors = new T[channels];
        for (int i = 0; i < channels; i++)
        {
            T inverse = T.One / T.Sqrt(variance[i] + epsilon);
            factors[i] = scaled ? gamma[i] * inverse : inverse;
            dm[i] = -db[i] * factors[i];
            dv[i] = dg[i] * factors[i] * T.CreateTruncating(-0.5) / (variance[i] + epsilon);
            dg[i] = scaled ? dg[i] * inverse : T.Zero;
        }

        for (int i = 0; i < dx.Length; i++)
            dx[i] = dy[i] * factors[i % channels];
    }
}
