using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Randoms;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Integers in [<paramref name="minimum"/>, <paramref name="maximum"/>) that follow from the seeds alone.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="shape">Shape: [rank]. DType: int32, int64.</param>
    /// <param name="seed">Shape: [2]. DType: int32, int64.</param>
    /// <param name="minimum">Smallest number. Shape: []. DType: int32, int64.</param>
    /// <param name="maximum">Above the largest number.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "StatelessRandomUniformInt".</remarks>
    public static Output StatelessRandomUniformInt(this Graph graph, Operand shape, Operand seed, Operand minimum, Operand maximum, string? name = null) =>
        graph.Add<StatelessRandomUniformIntOp>(name, shape, seed, minimum, maximum);
}

internal sealed class RandomUniformIntOp() : RandomOp(
    "RandomUniformInt(shape: T, minval: Tout, maxval: Tout) -> (output: Tout) where seed: int = 0, seed2: int = 0, Tout: int32 | int64, T: int32 | int64; stateful")
{
    protected override void Fill(KernelContext c, Tensor output, Philox generator)
    {
        (long low, long high) = Range(c, 1, 2);
        RandomFill.UniformInt(output, low, high, generator, c.Workers);
    }
}

internal sealed class StatelessRandomUniformIntOp() : RandomOp(
    "StatelessRandomUniformInt(shape: T, seed: Tseed, minval: dtype, maxval: dtype) -> (output: dtype) where dtype: int32 | int64, T: int32 | int64, Tseed: int32 | int64 = int64")
{
    protected override Philox Generator(KernelContext c, int count) => Seeded(c, 1);

    protected override void Fill(KernelContext c, Tensor output, Philox generator)
    {
        (long low, long high) = Range(c, 2, 3);
        RandomFill.UniformInt(output, low, high, generator, c.Workers);
    }
}
