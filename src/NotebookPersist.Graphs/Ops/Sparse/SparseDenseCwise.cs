using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

/// <summary>Combines the entries of a sparse tensor with the elements of a dense one, which is broadcast.</summary>
internal abstract class SparseDenseCwiseOp(string signature, ScatterKind kind) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("TensorFlow has no gradient for it");

    public override void InferShapes(ShapeContext c) => c.Output(0, [c.WithRank(0, 2)[0]]);

    public override void Compute(KernelContext c)
    {
        var parts = SparseParts.Read(c, 0);
        Tensor dense = c.Input(3);
        if (dense.Rank > parts.Rank)
            throw c.InvalidArgument($"SparseDenseBinaryOpShared broadcasts dense to sparse only; got incompatible shapes: [{string.Join(',', parts.Sizes)}] vs. {dense.Shape}");
        int added = parts.Rank - dense.Rank;
        for (int d = 0; d < dense.Rank; d++)
        {
            if (dense.Shape[d] != 1 && dense.Shape[d] != parts.Sizes[added + d])
                throw c.InvalidArgument($"SparseDenseBinaryOpShared broadcasts dense to sparse only; got incompatible shapes: [{string.Join(',', parts.Sizes)}] vs. {dense.Shape}");
        }

        int[] strides = StridedView.RowMajor(dense.Shape.Dimensions);
        var places = new List<int>(parts.Count);
        for (int i = 0; i < parts.Count; i++)
        {
            long place = 0;
            for (int d = 0; d < dense.Rank; d++)
                place += dense.Shape[d] == 1 ? 0 : parts[i][added + d] * strides[d];
            places.Add((int)place);
        }

        Tensor result = parts.OwnValues();
        if (!Scattering.TryApply(result, [0], result.Count, Rows.Take(dense.Reshaped([dense.Count]), 0, places), kind))
            throw c.Unsupported(result.DType);
        c.Output(0, result);
    }

    /// <summary>The dense elements beside the entries, and the sum of what goes back to them.</summary>
    protected static Output?[] Gradients(GradientContext g, Func<Output, (Output ToValues, Output ToDense)> build)
    {
        (Graph graph, Output sizes, Output dense) = (g.Graph, g.X(2), g.X(3));
        Output denseSizes = graph.Cast(graph.AddOperation("Shape", null, null, dense)[0], DType.Int64);
        Output added = graph.ExpandDims(graph.Size(sizes) - graph.Size(denseSizes), 0);
        Output augmented = graph.Concat([graph.Fill(added, graph.Constant(1L)), denseSizes], 0);
        Output scaled = graph.FloorDivide(g.X(0), graph.FloorDivide(sizes, augmented));
        Output zero = graph.Constant(new[] { 0 });
        scaled = graph.Slice(scaled, graph.Concat([zero, added], 0), new[] { -1, -1 });
        (Output toValues, Output toDense) = build(graph.GatherNd(dense, scaled));
        // Places can repeat, so that what goes back is summed.
        Output sum = graph.AddOperation("SparseTensorDenseAdd", null, null, scaled, toDense, denseSizes, graph.ZerosLike(dense))[0];
        return [null, toValues, null, sum];
    }
}

internal sealed class SparseDenseCwiseAddOp() : SparseDenseCwiseOp("SparseDenseCwiseAdd(sp_indices: int64, sp_values: T, sp_shape: int64, dense: T) -> (output: T) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64", ScatterKind.Add);

internal sealed class SparseDenseCwiseMulOp() : SparseDenseCwiseOp("SparseDenseCwiseMul(sp_indices: int64, sp_values: T, sp_shape: int64, dense: T) -> (output: T) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64", ScatterKind.Multiply)
{
    public override GradientRule Gradient => GradientRule.Via(static g => Gradients(g, dense => (g.Dy(0) * dense, g.Dy(0) * g.X(1))));
}

internal sealed class SparseDenseCwiseDivOp() : SparseDenseCwiseOp("SparseDenseCwiseDiv(sp_indices: int64, sp_values: T, sp_shape: int64, dense: T) -> (output: T) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64", ScatterKind.Divide)
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
        Gradients(g, dense => (g.Dy(0) / dense, g.Dy(0) * (-g.X(1) / g.Graph.Square(dense)))));
}

internal sealed class SparseTensorDenseAddOp() : Op("SparseTensorDenseAdd(a_indices: Tindices, a_values: T, a_shape: Tindices, b: T) -> (output: T) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, Tindices: int32 | int64")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [null, g.Graph.GatherNd(g.Dy(0), g.X(0)), null, g.Dy(0)]);

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(3));

    public override void Compute(KernelContext c)
    {
        var parts = SparseParts.Read(c, 0);
        Tensor dense = c.Input(3);
        if (!dense.Shape.Dimensions.SequenceEqual(parts.Sizes))
            throw c.InvalidArgument($"Dimensions of a and b must match: [{string.Join(',', parts.Sizes)}] and {dense.Shape}");
        Tensor sum = dense.Clone();
        if (!Scattering.TryApply(sum, parts.Places(), 1, parts.Values, ScatterKind.Add))
            throw c.Unsupported(sum.DType);
        c.Output(0, sum);
    }
}
