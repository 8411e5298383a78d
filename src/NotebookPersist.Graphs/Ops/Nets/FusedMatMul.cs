using NotebookPersist.Kernels;

namespace NotebookPersist.Graphs.OpModel;

/// <summary>A product of matrices with what follows it; plans make it of single operations, and so does TensorFlow's own optimiser.</summary>
internal sealed class FusedMatMulOp() : FloatingOp(
    "_FusedMatMul(a: T, b: T, args: num_args * T) -> (product: T) "
    + "where transpose_a: bool = false, transpose_b: bool = false, T: float, num_args: int >= 0, fused_ops: list(string) = [], epsilon: float = 0.0001")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("it is made for running only; differentiate the operations it stands for");

    public override void InferShapes(ShapeContext c) => MatMulOp.InferProduct(c);

    protected override void Compute<T>(KernelContext c)
    {
        Tensor a = c.Input(0);
        Tensor b = c.Input(1);
        (long m, long n, long k, bool ta, bool tb) = MatMulOp.Sizes(c, a, b);
        Tensor result = c.AllocateOutput(0, [m, n]);
        Epilogue<T> epilogue = FusedParts.Of(c, n).Epilogue<T>(c);
        PackedProducts.Multiply(c, 1, a.Data<T>(), result.MutableData<T>(), m, n, k, ta, tb, epilogue.Early);
        epilogue.Finish(result.MutableData<T>(), (int)n, c.Workers);
    }
}
