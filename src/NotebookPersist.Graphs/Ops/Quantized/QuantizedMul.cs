namespace NotebookPersist;

internal sealed class QuantizedMulOp() : QuantizedPairOp("QuantizedMul")
{
    protected override QuantizedRange Range(QuantizedRange x, QuantizedRange y) => QuantizedRange.OfProducts(x, y, DType.QInt32);

    protected override int[] Terms(int[] stored, QuantizedRange range, QuantizedRange result)
    {
        int zero = range.ToStored(0);
        return Array.ConvertAll(stored, s => s - zero);
    }

    protected override int Combine(int x, int y) => unchecked(x * y);
}
