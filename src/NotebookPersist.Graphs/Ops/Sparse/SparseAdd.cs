using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

internal sealed class SparseAddOp() : SparseOp("SparseAdd(a_indices: int64, a_values: T, a_shape: int64, b_indices: int64, b_values: T, b_shape: int64, thresh: Treal) -> (sum_indices: int64, sum_values: T, sum_shape: int64) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, Treal: float | double | int32 | uint8 | int16 | int8 | int64 | bfloat16 | uint16 | half | uint32 | uint64")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Operation gradient = g.Graph.AddOperation("SparseAddGrad", null, null, g.Dy(1), g.X(0), g.X(3), g.Y(0));
        return [null, gradient[0], null, null, gradient[1], null, null];
    });

    public override void Compute(KernelContext c)
    {
        (SparseParts a, SparseParts b) = (SparseParts.Read(c, 0), SparseParts.Read(c, 3));
        if (!a.Sizes.AsSpan().SequenceEqual(b.Sizes))
            throw c.InvalidArgument($"operands' shapes do not match: [{string.Join(',', a.Sizes)}] and [{string.Join(',', b.Sizes)}]");
        (SparseParts sum, int[] fromA, int[] fromB) = SparseUnion.Of(a, b);
        if (!Scattering.TryApply(sum.Values, fromA, 1, a.Values, ScatterKind.Add) || !Scattering.TryApply(sum.Values, fromB, 1, b.Values, ScatterKind.Add))
            throw c.Unsupported(a.Values.DType);
        double threshold = c.Input(6).Count == 1 ? c.Input(6).ItemAt<double>(0) : throw c.InvalidArgument($"The magnitude threshold must be a scalar: got shape {c.Input(6).Shape}");
        List<int> kept = [.. Enumerable.Range(0, sum.Count).Where(i => Magnitude(sum.Values, i) >= threshold)];
        sum.Take(kept).Output(c, 0, 1, 2);
    }

    private static double Magnitude(Tensor values, int i) => values.DType switch
    {
        DType.Complex64 => Complex.Abs(values.Data<Complex64>()[i]),
        DType.Complex128 => Complex.Abs(values.Data<Complex>()[i]),
        _ => Math.Abs(values.ItemAt<double>(i)),
    };
}

/// <summary>The positions that at least one of two sparse tensors has.</summary>
internal static class SparseUnion
{
    /// <summary>Zeros at all positions, in row-major order, and where the entries of each side lie.</summary>
    public static (SparseParts Union, int[] FromA, int[] FromB) Of(SparseParts a, SparseParts b)
    {
        int[] orderA = a.Order();
        int[] orderB = b.Order();
        int[] fromA = new int[a.Count];
        int[] fromB = new int[b.Count];
        var positions = new List<long>();
        int count = 0;
        for (int i = 0, j = 0; i < orderA.Length || j < orderB.Length; count++)
        {
            int order = i == orderA.Length ? 1 : j == orderB.Length ? -1 : SparseParts.Compare(a[orderA[i]], b[orderB[j]]);
            positions.AddRange(order <= 0 ? a[orderA[i]] : b[orderB[j]]);
            if (order <= 0)
                fromA[orderA[i++]] = count;
            if (order >= 0)
                fromB[orderB[j++]] = count;
        }

        return (new SparseParts([.. positions], Tensor.Zeros(a.Values.DType, [count]), a.Sizes), fromA, fromB);
    }
}

internal sealed class SparseAddGradOp() : UndifferentiatedOp("SparseAddGrad(backprop_val_grad: T, a_indices: int64, b_indices: int64, sum_indices: int64) -> (a_val_grad: T, b_val_grad: T) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64", "TensorFlow has no gradient for it")
{
    public override void InferShapes(ShapeContext c)
    {
        c.Output(0, [c.WithRank(1, 2)[0]]);
        c.Output(1, [c.WithRank(2, 2)[0]]);
    }

    public override void Compute(KernelContext c)
    {
        Tensor gradient = c.Input(0);
        Tensor sum = c.Input(3);
        if (sum.Rank != 2 || sum.Shape[0] != gradient.Count)
            throw c.InvalidArgument($"# elements in backprop_val_grad and rows in sum_indices should match (#nnz of sum): got {gradient.Count} and {sum.Shape}");
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < gradient.Count; i++)
            places[Rows.Key(sum, 0, i)] = i;
        int size = gradient.DType.Size();
        for (int side = 0; side < 2; side++)
        {
            Tensor indices = c.Input(1 + side);
            Tensor result = c.AllocateOutput(side, [indices.Shape[0]]);
            result.MutableBytes.Clear();
            // What the threshold took away has no gradient.
            for (int i = 0; i < result.Count; i++)
            {
                if (places.TryGetValue(Rows.Key(indices, 0, i), out int at))
                    gradient.Bytes.Slice(at * size, size).CopyTo(result.MutableBytes[(i * size)..]);
            }
        }
    }
}

/// <summary>The smaller or larger of two sparse tensors, where what one of them lacks counts as 0.</summary>
internal abstract class SparseExtremeOp(string signature, ScatterKind kind) : SparseOp(signature)
{
    public override void Compute(KernelContext c)
    {
        (SparseParts a, SparseParts b) = (SparseParts.Read(c, 0), SparseParts.Read(c, 3));
        if (!a.Sizes.AsSpan().SequenceEqual(b.Sizes))
            throw c.InvalidArgument($"Operands' shapes do not match: got [{string.Join(',', a.Sizes)}] and [{string.Join(',', b.Sizes)}]");
        (SparseParts union, int[] fromA, int[] fromB) = SparseUnion.Of(a, b);
        Tensor other = Tensor.Zeros(union.Values.DType, union.Values.Shape);
        Scattering.TryApply(union.Values, fromA, 1, a.Values, ScatterKind.Update);
        Scattering.TryApply(other, fromB, 1, b.Values, ScatterKind.Update);
        if (!Scattering.TryApply(union.Values, [0], union.Count, other, kind))
            throw c.Unsupported(a.Values.DType);
        union.Output(c, 0, 1);
    }
}

internal sealed class SparseSparseMaximumOp() : SparseExtremeOp("SparseSparseMaximum(a_indices: int64, a_values: T, a_shape: int64, b_indices: int64, b_values: T, b_shape: int64) -> (output_indices: int64, output_values: T) where T: float | double | int32 | uint8 | int16 | int8 | int64 | bfloat16 | uint16 | half | uint32 | uint64", ScatterKind.Maximum);

internal sealed class SparseSparseMinimumOp() : SparseExtremeOp("SparseSparseMinimum(a_indices: int64, a_values: T, a_shape: int64, b_indices: int64, b_values: T, b_shape: int64) -> (output_indices: int64, output_values: T) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64", ScatterKind.Minimum);
