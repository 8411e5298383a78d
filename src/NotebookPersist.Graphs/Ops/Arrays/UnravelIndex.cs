using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Turns positions in a row-major array into one position a dimension.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="indices">A scalar or a vector, int32 or int64.</param>
    /// <param name="dims">Sizes of the array.</param>
    /// <param name="name">Node name.</param>
    /// <returns>A row a dimension.</returns>
    /// <remarks>Source: TensorFlow op "UnravelIndex".</remarks>
    public static Output UnravelIndex(this Graph graph, Operand indices, Operand dims, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<UnravelIndexOp>(name, indices, dims);
    }
}

internal sealed class UnravelIndexOp() : UndifferentiatedOp("UnravelIndex(indices: Tidx, dims: Tidx) -> (output: Tidx) where Tidx: int32 | int64 = int32", "positions are no continuous values")
{
    public override void InferShapes(ShapeContext c)
    {
        Shape indices = c.Input(0);
        Shape dims = c.WithRank(1, 1);
        if (indices.HasRank)
            c.Output(0, indices.Rank == 0 ? dims : [dims[0], indices.IsFullyKnown ? indices.ElementCount : -1]);
    }

    public override void Compute(KernelContext c)
    {
        (Tensor indices, Tensor dims) = (c.Input(0), c.Input(1));
        if (dims.Rank != 1)
            throw c.InvalidArgument($"The indices can only be scalar or vector, and dims a vector, got \"{dims.Shape}\"");
        long[] flat = IntVectors.Read(indices);
        long[] sizes = IntVectors.Read(dims);
        Int128 total = 1;
        foreach (long size in sizes)
            total *= size;
        long[] places = new long[flat.Length * sizes.Length];
        for (int i = 0; i < flat.Length; i++)
        {
            if (flat[i] < 0 || flat[i] >= total)
                throw c.InvalidArgument("index is out of bound as with dims");
            long rest = flat[i];
            for (int d = sizes.Length - 1; d >= 0; d--)
                (rest, places[(d * flat.Length) + i]) = Math.DivRem(rest, sizes[d]);
        }

        IntVectors.Write(places, c.AllocateOutput(0, indices.Rank == 0 ? [sizes.Length] : [sizes.Length, flat.Length]));
    }
}
