namespace NotebookPersist.Kernels;

/// <summary>A tensor seen as [batches, outer, count, inner], of which slices along <c>count</c> are picked.</summary>
/// <param name="Batches">Product of the dimensions that positions have in common with the tensor.</param>
/// <param name="Outer">Product of the other dimensions before the picked one.</param>
/// <param name="Count">Size of the picked dimension.</param>
/// <param name="Inner">Product of the dimensions after it.</param>
public readonly record struct GatherLayout(int Batches, int Outer, int Count, int Inner);
