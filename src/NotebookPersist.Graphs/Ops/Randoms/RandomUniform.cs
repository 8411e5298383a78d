using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Randoms;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Numbers that are equally likely anywhere in [<paramref name="minimum"/>, <paramref name="maximum"/>).</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="shape">Shape of the result.</param>
    /// <param name="minimum">Smallest number.</param>
    /// <param name="maximum">Above the largest number; must be given for integers, 1 by default for others.</param>
    /// <param name="dtype">float16, float32, float64, int32 or int64.</param>
    /// <param name="seed">Makes the numbers the same in every session; see <see cref="Graph.Seed"/>.</param>
    /// <param name="name">Node name.</param>
    /// <exception cref="ArgumentException">Integers are asked for without a maximum.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.random_uniform</c>. Bit for bit its numbers for the same seeds.</remarks>
    public static Output RandomUniform(
        this Graph graph,
        Shape shape,
        Operand? minimum = null,
        Operand? maximum = null,
        DType dtype = DType.Float32,
        int? seed = null,
        string? name = null)
    {
        using NameScope scope = RandomScope(graph, name, "random_uniform");
        return RandomUniform(graph, ShapeConstant(graph, shape), minimum, maximum, dtype, seed, scope);
    }

    /// <inheritdoc cref="RandomUniform(Graph, Shape, Operand?, Operand?, DType, int?, string?)"/>
    public static Output RandomUniform(
        this Graph graph,
        Output shape,
        Operand? minimum = null,
        Operand? maximum = null,
        DType dtype = DType.Float32,
        int? seed = null,
        string? name = null)
    {
        using NameScope scope = RandomScope(graph, name, "random_uniform");
        return RandomUniform(graph, shape, minimum, maximum, dtype, seed, scope);
    }

    /// <summary>Uniform numbers in [0, 1) that follow from the seeds alone.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="shape">Shape: [rank]. DType: int32, int64.</param>
    /// <param name="seed">Shape: [2]. DType: int32, int64.</param>
    /// <param name="dtype">float16, float32 or float64.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "StatelessRandomUniform".</remarks>
    public static Output StatelessRandomUniform(this Graph graph, Operand shape, Operand seed, DType dtype = DType.Float32, string? name = null) =>
        graph.Add<StatelessRandomUniformOp>(name, new AttributeList { { "dtype", dtype } }, shape, seed);

    private static Output RandomUniform(Graph graph, Output shape, Operand? minimum, Operand? maximum, DType dtype, int? seed, NameScope scope)
    {
        if (dtype.IsInteger() && maximum is null)
            throw new ArgumentException($"Must specify maxval for integer dtype {dtype.Name()}.", nameof(maximum));
        Output low = graph.Convert(minimum ?? 0, dtype, "min");
        Output high = graph.Convert(maximum ?? 1, dtype, "max");
        (long first, long second) = graph.SeedsFor(seed);
        if (dtype.IsInteger())
            return graph.Add<RandomUniformIntOp>(scope.Name, new AttributeList { { "seed", first }, { "seed2", second } }, shape, low, high);
        Output numbers = graph.Add<RandomUniformOp>(null, RandomAttributes(dtype, first, second), shape);
        Output range = graph.Subtract(high, low, "sub");
        Output scaled = graph.Multiply(numbers, range, "mul");
        return graph.Add(scaled, low, scope.Name);
    }

    private static NameScope RandomScope(Graph graph, string? name, string fallback)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.NameScope(name ?? fallback);
    }

    private static Output ShapeConstant(Graph graph, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return shape.IsFullyKnown
            ? graph.Constant(Tensor.Of([shape.Rank], Array.ConvertAll(shape.ToArray(), static d => checked((int)d))), name: "shape")
            : throw new ArgumentException($"Random numbers need a fully known shape; {shape} is not. Give the shape as a symbolic value.", nameof(shape));
    }

    private static AttributeList RandomAttributes(DType dtype, long seed, long seed2) => new() { { "seed", seed }, { "seed2", seed2 }, { "dtype", dtype } };
}

internal sealed class RandomUniformOp() : RandomOp(
    "RandomUniform(shape: T) -> (output: dtype) where seed: int = 0, seed2: int = 0, dtype: half | bfloat16 | float | double, T: int32 | int64; stateful")
{
    protected override void Fill(KernelContext c, Tensor output, Philox generator) => RandomFill.Uniform(output, generator, c.Workers);
}

internal sealed class StatelessRandomUniformOp() : RandomOp(
    "StatelessRandomUniform(shape: T, seed: Tseed) -> (output: dtype) where dtype: half | bfloat16 | float | double = float, T: int32 | int64 = int32, Tseed: int32 | int64 = int64")
{
    protected override Philox Generator(KernelContext c, int count) => Seeded(c, 1);

    protected override void Fill(KernelContext c, Tensor output, Philox generator) => RandomFill.Uniform(output, generator, c.Workers);
}
