using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Randoms;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Class numbers drawn by unnormalised log-probabilities.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="logits">Shape: [batch, classes].</param>
    /// <param name="sampleCount">Numbers to draw for each row. Shape: []. DType: int32.</param>
    /// <param name="seed">Makes the numbers the same in every session; see <see cref="Graph.Seed"/>.</param>
    /// <param name="outputType">int32 or int64.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: [batch, samples].</returns>
    /// <remarks>Source: TensorFlow's <c>tf.multinomial</c>.</remarks>
    public static Output Multinomial(this Graph graph, Operand logits, Operand sampleCount, int? seed = null, DType outputType = DType.Int64, string? name = null)
    {
        using (RandomScope(graph, name, "multinomial"))
        {
            Output rows = graph.Convert(logits, DType.Invalid, "logits");
            (long first, long second) = graph.SeedsFor(seed);
            return graph.Add<MultinomialOp>(null, new AttributeList { { "seed", first }, { "seed2", second }, { "output_dtype", outputType } }, rows, sampleCount);
        }
    }
}

internal abstract class MultinomialBaseOp(string signature) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("class numbers are drawn, not computed");

    public override void InferShapes(ShapeContext c)
    {
        Shape logits = c.WithRank(0, 2);
        c.Output(0, [logits[0], c.InputInts(1) is [long count] ? count : -1]);
    }

    public override void Compute(KernelContext c)
    {
        Tensor logits = c.Input(0);
        if (logits.Rank != 2)
            throw c.InvalidArgument($"logits should be a matrix, got shape {logits.Shape}");
        if (c.Input(1).Rank != 0)
            throw c.InvalidArgument($"num_samples should be a scalar, got shape {c.Input(1).Shape}");
        int samples = c.Input(1).Item<int>();
        if (samples < 0)
            throw c.InvalidArgument($"num_samples should be nonnegative, got {samples}");
        (int rows, int classes) = ((int)logits.Shape[0], (int)logits.Shape[1]);
        if (classes <= 0)
            throw c.InvalidArgument($"num_classes should be positive, got {classes}");

        Tensor output = c.AllocateOutput(0, [rows, samples]);
        if (output.Count == 0)
            return;
        Philox generator = Generator(c, rows, samples);
        long[] drawn = new long[output.Count];
        switch (logits.DType)
        {
            case DType.Float32:
                RandomSamples.Multinomial(logits.Data<float>(), classes, samples, generator, drawn);
                break;
            case DType.Float64:
                RandomSamples.Multinomial(logits.Data<double>(), classes, samples, generator, drawn);
                break;
            default:
                double[] widened = new double[logits.Count];
                for (int i = 0; i < widened.Length; i++)
                    widened[i] = logits.ItemAt<double>(i);
                RandomSamples.Multinomial<double>(widened, classes, samples, generator, drawn);
                break;
        }

        if (output.DType == DType.Int64)
        {
            drawn.CopyTo(output.MutableData<long>());
            return;
        }

        Span<int> narrow = output.MutableData<int>();
        for (int i = 0; i < drawn.Length; i++)
            narrow[i] = (int)drawn[i];
    }

    protected abstract Philox Generator(KernelContext c, int rows, int samples);
}

internal sealed class MultinomialOp() : MultinomialBaseOp(
    "Multinomial(logits: T, num_samples: int32) -> (output: output_dtype) where seed: int = 0, seed2: int = 0, T: float | double | int32 | uint8 | int16 | int8 | int64 | bfloat16 | uint16 | half | uint32 | uint64, output_dtype: int32 | int64 = int64; stateful")
{
    // A double takes two numbers, and each row an integral number of steps.
    protected override Philox Generator(KernelContext c, int rows, int samples) =>
        RandomStream.Of(c).ReserveOutputs(rows * ((samples + 3L) / 4 * 4 * 2));
}

internal sealed class StatelessMultinomialOp() : MultinomialBaseOp(
    "StatelessMultinomial(logits: T, num_samples: int32, seed: Tseed) -> (output: output_dtype) where T: float | double | int32 | uint8 | int16 | int8 | int64 | bfloat16 | uint16 | half | uint32 | uint64, Tseed: int32 | int64 = int64, output_dtype: int32 | int64 = int64")
{
    protected override Philox Generator(KernelContext c, int rows, int samples) => RandomOp.Seeded(c, 2);
}
