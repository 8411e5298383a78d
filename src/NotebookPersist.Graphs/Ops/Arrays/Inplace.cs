using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

internal sealed class EmptyOp() : UndifferentiatedOp("Empty(shape: int32) -> (output: dtype) where dtype: type, init: bool = false; stateful", "it depends on a shape only")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, c.InputAsShape(0));

    // TensorFlow leaves the elements open unless init is set; here they are 0 either way.
    public override void Compute(KernelContext c)
    {
        if (c.Input(0).Rank != 1)
            throw c.InvalidArgument($"shape must be a vector of int32, got shape {c.Input(0).Shape}");
        long[] sizes = IntVectors.Read(c.Input(0));
        if (sizes.Any(static s => s < 0))
            throw c.InvalidArgument($"shape must not have negative sizes, got [{string.Join(',', sizes)}]");
        c.AllocateOutput(0, sizes).Buffer?.Bytes.Clear();
    }
}

/// <summary>Changes rows of a copy.</summary>
internal abstract class InplaceOp(string signature, ScatterKind kind) : UndifferentiatedOp(signature, "TensorFlow has no gradient for updates in place")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(0));

    public override void Compute(KernelContext c)
    {
        (Tensor x, Tensor indices, Tensor updates) = (c.Input(0), c.Input(1), c.Input(2));
        if (indices.Rank != 1)
            throw c.InvalidArgument($"i must be a vector. {indices.Shape}");
        if (x.Rank == 0 || x.Rank != updates.Rank || !x.Shape.Dimensions[1..].SequenceEqual(updates.Shape.Dimensions[1..]))
            throw c.InvalidArgument($"x and v shape doesn't match (ranks and sizes past the first must be equal): {x.Shape} vs. {updates.Shape}");
        if (indices.Count != updates.Shape[0])
            throw c.InvalidArgument($"i and x shape doesn't match at index 0: {indices.Shape} vs. {updates.Shape}");
        Tensor y = c.AllocateOutput(0, x.Shape);
        StridedCopy.Run(StridedView.Of(x), StridedView.Of(y), x.Shape.Dimensions, c.Workers);
        if (x.Count == 0)
            return;
        int row = IntVectors.Product(x.Shape.Dimensions[1..]);
        int rows = (int)x.Shape[0];
        // Rows wrap around, as in TensorFlow.
        int[] starts = Array.ConvertAll(indices.ToArray<int>(), i => ((i % rows) + rows) % rows * row);
        if (!Scattering.TryApply(y, starts, row, updates, kind))
            throw c.Unsupported(x.DType);
    }
}

internal sealed class InplaceUpdateOp() : InplaceOp("InplaceUpdate(x: T, i: int32, v: T) -> (y: T) where T: type", ScatterKind.Update);

internal sealed class InplaceAddOp() : InplaceOp("InplaceAdd(x: T, i: int32, v: T) -> (y: T) where T: type", ScatterKind.Add);

internal sealed class InplaceSubOp() : InplaceOp("InplaceSub(x: T, i: int32, v: T) -> (y: T) where T: type", ScatterKind.Subtract);
