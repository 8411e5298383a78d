using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Elementwise;

namespace NotebookPersist;

internal sealed class SparseMatMulOp() : Op("SparseMatMul(a: Ta, b: Tb) -> (product: float) where transpose_a: bool = false, transpose_b: bool = false, a_is_sparse: bool = false, b_is_sparse: bool = false, Ta: float | bfloat16 = float, Tb: float | bfloat16 = float")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        (Output a, Output b, Output dy) = (g.X(0), g.X(1), g.Dy(0));
        (bool transposeA, bool transposeB) = (g.Attributes.Bool("transpose_a"), g.Attributes.Bool("transpose_b"));
        Output toA = transposeA ? Product(b, dy, transposeB, true) : Product(dy, b, false, !transposeB);
        Output toB = transposeB ? Product(dy, a, true, transposeA) : Product(a, dy, !transposeA, false);
        return [g.Graph.Cast(toA, a.DType), g.Graph.Cast(toB, b.DType)];

        Output Product(Output x, Output y, bool transposeX, bool transposeY)
        {
            var attributes = new AttributeList { { "transpose_a", transposeX }, { "transpose_b", transposeY }, { "a_is_sparse", IsSparse(x) }, { "b_is_sparse", IsSparse(y) } };
            return g.Graph.AddOperation("SparseMatMul", null, attributes, x, y)[0];
        }

        bool IsSparse(Output x) => ReferenceEquals(x, a) ? g.Attributes.Bool("a_is_sparse")
            : ReferenceEquals(x, b) ? g.Attributes.Bool("b_is_sparse")
            : dy.Operation.Type == "ReluGrad";
    });

    public override void InferShapes(ShapeContext c)
    {
        (Shape a, Shape b) = (c.WithRank(0, 2), c.WithRank(1, 2));
        (bool transposeA, bool transposeB) = (c.Attributes.Bool("transpose_a"), c.Attributes.Bool("transpose_b"));
        c.Merge(a[transposeA ? 0 : 1], b[transposeB ? 1 : 0]);
        c.Output(0, [a[transposeA ? 1 : 0], b[transposeB ? 0 : 1]]);
    }

    // The zeros of either side are passed over.
    public override void Compute(KernelContext c)
    {
        (Tensor a, Tensor b) = (Floats(c, 0), Floats(c, 1));
        (bool transposeA, bool transposeB) = (c.Attributes.Bool("transpose_a"), c.Attributes.Bool("transpose_b"));
        if (a.Rank != 2 || b.Rank != 2)
            throw c.InvalidArgument($"a and b must be matrices, not of shapes {a.Shape} and {b.Shape}");
        int inner = (int)a.Shape[transposeA ? 0 : 1];
        if (b.Shape[transposeB ? 1 : 0] != inner)
            throw c.InvalidArgument($"Matrix size incompatible: a: {a.Shape}, b: {b.Shape}");
        (int rows, int columns) = ((int)a.Shape[transposeA ? 1 : 0], (int)b.Shape[transposeB ? 0 : 1]);
        Tensor product = c.AllocateOutput(0, [rows, columns]);
        product.MutableBytes.Clear();
        c.Workers.For(rows, Math.Max(1, (1 << 16) / Math.Max(1, inner * columns)), (first, end) =>
        {
            ReadOnlySpan<float> x = a.Data<float>();
            ReadOnlySpan<float> y = b.Data<float>();
            for (int i = first; i < end; i++)
            {
                Span<float> to = product.MutableData<float>().Slice(i * columns, columns);
                for (int k = 0; k < inner; k++)
                {
                    float value = x[transposeA ? (k * rows) + i : (i * inner) + k];
                    if (value == 0)
                        continue;
                    for (int j = 0; j < columns; j++)
                        to[j] += value * y[transposeB ? (j * inner) + k : (k * columns) + j];
                }
            }
        });
    }

    private static Tensor Floats(KernelContext c, int input)
    {
        Tensor x = c.Input(input);
        if (x.DType == DType.Float32)
            return x;
        Tensor wide = c.Allocate(DType.Float32, x.Shape);
        Casts.Convert(x, wide, c.Workers);
        return wide;
    }
}
