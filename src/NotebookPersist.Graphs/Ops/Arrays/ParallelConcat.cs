using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

internal sealed class ParallelConcatOp() : UndifferentiatedOp("ParallelConcat(values: N * T) -> (output: T) where N: int >= 1, T: type, shape: shape", "TensorFlow has no gradient for it; Pack and Concat have one")
{
    public override void InferShapes(ShapeContext c)
    {
        Shape shape = c.Attributes.Shape("shape");
        if (!shape.IsFullyKnown || shape.Rank == 0)
            throw c.Fault($"shape attr must be fully defined, of rank 1 or more; it is {shape}.");
        for (int i = 0; i < c.InputCount; i++)
            c.Merge(c.Input(i), [1, .. shape.Dimensions[1..]]);
        c.Output(0, shape);
    }

    public override void Compute(KernelContext c)
    {
        Shape shape = c.Attributes.Shape("shape");
        if (shape.Rank == 0 || shape[0] != c.InputCount)
            throw c.InvalidArgument($"shape {shape} does not hold {c.InputCount} rows");
        Tensor output = c.AllocateOutput(0, shape);
        int row = IntVectors.Product(shape.Dimensions[1..]);
        for (int i = 0; i < c.InputCount; i++)
        {
            if (c.Input(i).Count != row)
                throw c.InvalidArgument($"Input {i} of shape {c.Input(i).Shape} is no row of {shape}");
            Scattering.TryApply(output, [i * row], row, c.Input(i), ScatterKind.Update);
        }
    }
}
