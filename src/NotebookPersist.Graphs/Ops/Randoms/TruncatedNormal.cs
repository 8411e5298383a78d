using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Randoms;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Normally distributed numbers; those beyond two standard deviations are drawn again.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="shape">Shape of the result.</param>
    /// <param name="mean">Shape: [].</param>
    /// <param name="stddev">Shape: []. Before truncation.</param>
    /// <param name="dtype">float16, float32 or float64.</param>
    /// <param name="seed">Makes the numbers the same in every session; see <see cref="Graph.Seed"/>.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow's <c>tf.truncated_normal</c>. Bit for bit its numbers for the same seeds.</remarks>
    public static Output TruncatedNormal(
        this Graph graph,
        Shape shape,
        Operand? mean = null,
        Operand? stddev = null,
        DType dtype = DType.Float32,
        int? seed = null,
        string? name = null)
    {
        using NameScope scope = RandomScope(graph, name, "truncated_normal");
        return ScaledNormal<TruncatedNormalOp>(graph, ShapeConstant(graph, shape), mean, stddev, dtype, seed, scope);
    }

    /// <inheritdoc cref="TruncatedNormal(Graph, Shape, Operand?, Operand?, DType, int?, string?)"/>
    public static Output TruncatedNormal(
        this Graph graph,
        Output shape,
        Operand? mean = null,
        Operand? stddev = null,
        DType dtype = DType.Float32,
        int? seed = null,
        string? name = null)
    {
        using NameScope scope = RandomScope(graph, name, "truncated_normal");
        return ScaledNormal<TruncatedNormalOp>(graph, shape, mean, stddev, dtype, seed, scope);
    }

    /// <summary>Numbers of mean 0 and standard deviation 1, none beyond 2, that follow from the seeds alone.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="shape">Shape: [rank]. DType: int32, int64.</param>
    /// <param name="seed">Shape: [2]. DType: int32, int64.</param>
    /// <param name="dtype">float16, float32 or float64.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "StatelessTruncatedNormal".</remarks>
    public static Output StatelessTruncatedNormal(this Graph graph, Operand shape, Operand seed, DType dtype = DType.Float32, string? name = null) =>
        graph.Add<StatelessTruncatedNormalOp>(name, new AttributeList { { "dtype", dtype } }, shape, seed);
}

internal sealed class TruncatedNormalOp() : RandomOp(
    "TruncatedNormal(shape: T) -> (output: dtype) where seed: int = 0, seed2: int = 0, dtype: half | bfloat16 | float | double, T: int32 | int64; stateful")
{
    protected override void Fill(KernelContext c, Tensor output, Philox generator) => RandomFill.TruncatedNormal(output, generator, c.Workers);
}

internal sealed class StatelessTruncatedNormalOp() : RandomOp(
    "StatelessTruncatedNormal(shape: T, seed: Tseed) -> (output: dtype) where dtype: half | bfloat16 | float | double = float, T: int32 | int64 = int32, Tseed: int32 | int64 = int64")
{
    protected override Philox Generator(KernelContext c, int count) => Seeded(c, 1);

    protected override void Fill(KernelContext c, Tensor output, Philox generator) => RandomFill.TruncatedNormal(output, generator, c.Workers);
}
