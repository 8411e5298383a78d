using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Reductions;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The square root of the sum of squares along the given axes.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">DType: numbers.</param>
    /// <param name="axis">One axis or several, negative ones from the end; by default all.</param>
    /// <param name="keepDims">True leaves reduced dimensions with size 1.</param>
    /// <param name="name">Node name.</param>
    /// <returns>DType: that of <paramref name="input"/>. 0 for no elements.</returns>
    /// <exception cref="GraphException">An axis is outside the input's rank.</exception>
    /// <remarks>Source: TensorFlow op "EuclideanNorm".</remarks>
    public static Output ReduceEuclideanNorm(this Graph graph, Operand input, Operand axis = default, bool keepDims = false, string? name = null) =>
        ReductionOp.Build<EuclideanNormOp>(graph, input, axis, keepDims, name);
}

internal sealed class EuclideanNormOp() : NumberReductionOp(
    "EuclideanNorm(input: T, reduction_indices: Tidx) -> (output: T) where keep_dims: bool = false, T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, Tidx: int32 | int64 = int32")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow 1.15 has no gradient for it");

    protected override void Reduce<T>(Tensor x, Tensor y, ReductionPlan plan, KernelContext c)
    {
        Tensor squares = c.Allocate(x.DType, x.Shape);
        System.Numerics.Tensors.TensorPrimitives.Multiply(x.Data<T>(), x.Data<T>(), squares.MutableData<T>());
        ReductionLoops.Reduce<T, SumOf<T>>(squares, y, plan, c.Workers);
        foreach (ref T norm in y.MutableData<T>())
            norm = T.CreateTruncating(Math.Sqrt(double.CreateTruncating(norm)));
    }

    protected override void ReduceComplex(Tensor x, Tensor y, ReductionPlan plan, KernelContext c)
    {
        Tensor squares = c.Allocate(x.DType, x.Shape);
        ReadOnlySpan<Complex> from = x.Data<Complex>();
        Span<Complex> to = squares.MutableData<Complex>();
        for (int i = 0; i < from.Length; i++)
            to[i] = from[i] * Complex.Conjugate(from[i]);
        ReductionLoops.Reduce<Complex, SumOf<Complex>>(squares, y, plan, c.Workers);
        foreach (ref Complex norm in y.MutableData<Complex>())
            norm = Complex.Sqrt(norm);
    }
}
