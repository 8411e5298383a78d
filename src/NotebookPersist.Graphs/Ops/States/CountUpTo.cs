using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Gives a counter's value and moves it on, until a limit is reached.</summary>
internal abstract class CountingOp(string signature) : UndifferentiatedOp(signature, "integers are not differentiated")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Scalar);

    protected static void Count(KernelContext c, VariableCell cell, Tensor now)
    {
        if (now.Count != 1)
            throw c.InvalidArgument($"input is not a scalar: {now.Shape}");
        long value = now.ItemAt<long>(0);
        long limit = c.Attributes.Int("limit");
        if (value >= limit)
            throw new KernelException(RunErrorCode.OutOfRange, $"Reached limit of {limit}");
        c.Output(0, IntVectors.ToScalar(value, now.DType));
        cell.Assign(IntVectors.ToTensor([value + 1], now.DType).Reshaped(now.Shape));
    }
}

internal sealed class CountUpToOp() : CountingOp("CountUpTo(ref: ref(T)) -> (output: T) where limit: int, T: int32 | int64")
{
    public override void Compute(KernelContext c) => Count(c, c.Reference(0), c.Reference(0).Read());
}

internal sealed class ResourceCountUpToOp() : CountingOp("ResourceCountUpTo(resource: resource) -> (output: T) where limit: int, T: int32 | int64; stateful")
{
    public override void Compute(KernelContext c) => Count(c, c.Cell(0), c.Value(0));
}
