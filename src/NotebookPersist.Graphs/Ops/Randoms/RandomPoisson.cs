using NotebookPersist.Kernels.Randoms;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Numbers of events that come at given rates.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="rate">Mean of each distribution.</param>
    /// <param name="shape">Samples to draw for each. Shape: [rank]. DType: int32, int64.</param>
    /// <param name="dtype">float16, float32, float64, int32 or int64.</param>
    /// <param name="seed">Makes the numbers the same in every session; see <see cref="Graph.Seed"/>.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: <paramref name="shape"/>, followed by that of <paramref name="rate"/>.</returns>
    /// <remarks>Source: TensorFlow op "RandomPoissonV2".</remarks>
    public static Output RandomPoisson(this Graph graph, Operand rate, Operand shape, DType dtype = DType.Float32, int? seed = null, string? name = null)
    {
        using (RandomScope(graph, name, "random_poisson"))
        {
            Output sizes = graph.Convert(shape, DType.Invalid, "shape");
            (long first, long second) = graph.SeedsFor(seed);
            return graph.Add<RandomPoissonV2Op>(null, RandomAttributes(dtype, first, second), sizes, rate);
        }
    }
}

internal abstract class RandomPoissonBaseOp(string signature) : RandomSamplesOp(signature)
{
    protected override double Sample(double parameter, DType type, Philox generator, long index) =>
        RandomSamples.Poisson(parameter, Highest(type), generator, index);

    private static double Highest(DType type) => type switch
    {
        DType.Float16 => (double)Half.MaxValue,
        DType.Float32 => float.MaxValue,
        DType.Int32 => int.MaxValue,
        DType.Int64 => long.MaxValue,
        _ => double.MaxValue,
    };
}

internal sealed class RandomPoissonOp() : RandomPoissonBaseOp(
    "RandomPoisson(shape: S, rate: dtype) -> (output: dtype) where seed: int = 0, seed2: int = 0, S: int32 | int64, dtype: half | float | double; stateful");

internal sealed class RandomPoissonV2Op() : RandomPoissonBaseOp(
    "RandomPoissonV2(shape: S, rate: R) -> (output: dtype) where seed: int = 0, seed2: int = 0, S: int32 | int64, R: half | float | double | int32 | int64 = double, dtype: half | float | double | int32 | int64 = int64; stateful");
