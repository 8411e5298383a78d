using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Randoms;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Normally distributed numbers.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="shape">Shape of the result.</param>
    /// <param name="mean">Shape: [].</param>
    /// <param name="stddev">Shape: [].</param>
    /// <param name="dtype">float16, float32 or float64.</param>
    /// <param name="seed">Makes the numbers the same in every session; see <see cref="Graph.Seed"/>.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow's <c>tf.random_normal</c>. Bit for bit its numbers for the same seeds.</remarks>
    public static Output RandomNormal(
        this Graph graph,
        Shape shape,
        Operand? mean = null,
        Operand? stddev = null,
        DType dtype = DType.Float32,
        int? seed = null,
        string? name = null)
    {
        using NameScope scope = RandomScope(graph, name, "random_normal");
        return ScaledNormal<RandomStandardNormalOp>(graph, ShapeConstant(graph, shape), mean, stddev, dtype, seed, scope);
    }

    /// <inheritdoc cref="RandomNormal(Graph, Shape, Operand?, Operand?, DType, int?, string?)"/>
    public static Output RandomNormal(
        this Graph graph,
        Output shape,
        Operand? mean = null,
        Operand? stddev = null,
        DType dtype = DType.Float32,
        int? seed = null,
        string? name = null)
    {
        using NameScope scope = RandomScope(graph, name, "random_normal");
        return ScaledNormal<RandomStandardNormalOp>(graph, shape, mean, stddev, dtype, seed, scope);
    }

    /// <summary>Numbers of mean 0 and standard deviation 1 that follow from the seeds alone.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="shape">Shape: [rank]. DType: int32, int64.</param>
    /// <param name="seed">Shape: [2]. DType: int32, int64.</param>
    /// <param name="dtype">float16, float32 or float64.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "StatelessRandomNormal".</remarks>
    public static Output StatelessRandomNormal(this Graph graph, Operand shape, Operand seed, DType dtype = DType.Float32, string? name = null) =>
        graph.Add<StatelessRandomNormalOp>(name, new AttributeList { { "dtype", dtype } }, shape, seed);

    private static Output ScaledNormal<TOp>(Graph graph, Output shape, Operand? mean, Operand? stddev, DType dtype, int? seed, NameScope scope)
        where TOp : RandomOp
    {
        Output center = graph.Convert(mean ?? 0, dtype, "mean");
        Output scale = graph.Convert(stddev ?? 1, dtype, "stddev");
        (long first, long second) = graph.SeedsFor(seed);
        Output numbers = graph.Add<TOp>(null, RandomAttributes(dtype, first, second), shape);
        Output scaled = graph.Multiply(numbers, scale, "mul");
        return graph.Add(scaled, center, scope.Name);
    }
}

internal sealed class RandomStandardNormalOp() : RandomOp(
    "RandomStandardNormal(shape: T) -> (output: dtype) where seed: int = 0, seed2: int = 0, dtype: half | bfloat16 | float | double, T: int32 | int64; stateful")
{
    protected override void Fill(KernelContext c, Tensor output, Philox generator) => RandomFill.Normal(output, generator, c.Workers);
}

internal sealed class StatelessRandomNormalOp() : RandomOp(
    "StatelessRandomNormal(shape: T, seed: Tseed) -> (output: dtype) where dtype: half | bfloat16 | float | double = float, T: int32 | int64 = int32, Tseed: int32 | int64 = int64")
{
    protected override Philox Generator(KernelContext c, int count) => Seeded(c, 1);

    protected override void Fill(KernelContext c, Tensor output, Philox generator) => RandomFill.Normal(output, generator, c.Workers);
}
