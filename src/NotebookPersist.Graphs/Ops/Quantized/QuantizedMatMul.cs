using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal sealed class QuantizedMatMulOp() : QuantizedOp(
    "QuantizedMatMul(a: T1, b: T2, min_a: float, max_a: float, min_b: float, max_b: float) -> (out: Toutput, min_out: float, max_out: float) "
    + $"where T1: {Types}, T2: {Types}, Toutput: {Types} = qint32, transpose_a: bool = false, transpose_b: bool = false, Tactivation: {Types} = quint8")
{
    public override void InferShapes(ShapeContext c)
    {
        Shape a = c.WithRank(0, 2), b = c.WithRank(1, 2);
        (int aRow, int bRow) = (c.Attributes.Bool("transpose_a") ? 1 : 0, c.Attributes.Bool("transpose_b") ? 1 : 0);
        c.Merge(a[1 - aRow], b[bRow]);
        Infer(c, [a[aRow], b[1 - bRow]]);
    }

    public override void Compute(KernelContext c)
    {
        (Tensor a, Tensor b) = (c.Input(0), c.Input(1));
        QuantizedRange aRange = QuantizedRange.Of(c, 0, 2, 3), bRange = QuantizedRange.Of(c, 1, 4, 5);
        if (!(aRange.Max > aRange.Min))
            throw c.InvalidArgument("max_a must be larger than min_a.");
        if (!(bRange.Max > bRange.Min))
            throw c.InvalidArgument("max_b must be larger than min_b.");
        if (a.Rank != 2)
            throw c.InvalidArgument("In[0] is not a matrix");
        if (b.Rank != 2)
            throw c.InvalidArgument("In[1] is not a matrix");
        if (c.Operation.Outputs[0].DType != DType.QInt32)
            throw c.Unsupported(c.Operation.Outputs[0].DType);
        (bool aTurned, bool bTurned) = (c.Attributes.Bool("transpose_a"), c.Attributes.Bool("transpose_b"));
        (int rows, int inner) = ((int)a.Shape[aTurned ? 1 : 0], (int)a.Shape[aTurned ? 0 : 1]);
        int columns = (int)b.Shape[bTurned ? 0 : 1];
        if (b.Shape[bTurned ? 1 : 0] != inner)
            throw c.InvalidArgument($"Matrix size-incompatible: In[0]: {a.Shape}, In[1]: {b.Shape}");
        int[] left = Ints(a), right = Ints(b);
        (int aZero, int bZero) = ((int)aRange.ToUnclamped(0), (int)bRange.ToUnclamped(0));
        Tensor result = c.AllocateOutput(0, [rows, columns]);
        int[] sums = new int[columns];
        for (int row = 0; row < rows; row++)
        {
            c.Workers.Cancellation.ThrowIfCancellationRequested();
            Array.Clear(sums);
            for (int k = 0; k < inner; k++)
            {
                int factor = left[aTurned ? (k * rows) + row : (row * inner) + k] - aZero;
                for (int column = 0; column < columns; column++)
                    sums[column] = unchecked(sums[column] + (factor * (right[bTurned ? (column * inner) + k : (k * columns) + column] - bZero)));
            }

            sums.CopyTo(result.MutableData<int>().Slice(row * columns, columns));
        }

        QuantizedRange.OfProducts(aRange, bRange, DType.QInt32).Write(c, 1, 2);
    }
}
