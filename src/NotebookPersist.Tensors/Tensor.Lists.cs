using NotebookPersist.Kernels;

namespace NotebookPersist;

public sealed partial class Tensor
{
    /// <summary>A tensor written as a list: of numbers a vector, of lists a matrix, and so on.</summary>
    /// <param name="values">All of one shape. DType: one, or int32, int64, float32 and float64 mixed, of which the widest becomes that of all.</param>
    /// <returns>DType: float32 where there are no elements.</returns>
    /// <exception cref="ArgumentException">The elements have several shapes, or types that do not go together.</exception>
    public static Tensor Create(ReadOnlySpan<Tensor> values)
    {
        if (values.IsEmpty)
            return Uninitialized(DType.Float32, [0]);
        DType[] widening = [DType.Int32, DType.Int64, DType.Float32, DType.Float64];
        DType type = values[0].DType;
        foreach (Tensor value in values)
        {
            if (value.Shape != values[0].Shape)
                throw new ArgumentException($"Elements of shapes {values[0].Shape} and {value.Shape} cannot be one tensor.", nameof(values));
            if (value.DType == type)
                continue;
            int rank = Math.Max(Array.IndexOf(widening, type), Array.IndexOf(widening, value.DType));
            if (Math.Min(Array.IndexOf(widening, type), Array.IndexOf(widening, value.DType)) < 0)
                throw new ArgumentException($"Elements of types {type.Name()} and {value.DType.Name()} cannot be one tensor.", nameof(values));
            type = widening[rank];
        }

        Tensor[] parts = new Tensor[values.Length];
        for (int i = 0; i < parts.Length; i++)
            parts[i] = values[i].DType == type ? values[i] : values[i].Widened(type);
        Tensor whole = Zeros(type, [parts.Length, .. parts[0].Shape]);
        Joining.Join(parts, whole, 1, Workers.Single);
        return whole;
    }

    /// <summary>The rows: for each index of the first dimension a tensor with a copy of its elements.</summary>
    /// <exception cref="InvalidOperationException">The tensor is a scalar.</exception>
    public IEnumerator<Tensor> GetEnumerator()
    {
        if (Shape.Rank == 0)
            throw new InvalidOperationException("A scalar has no rows to go through. Item<T>() gives its value.");
        Tensor[] rows = new Tensor[Shape[0]];
        Shape shape = Shape.Dimensions[1..].ToArray();
        for (int i = 0; i < rows.Length; i++)
            rows[i] = Zeros(DType, shape);
        Joining.Split(this, rows, 1, Workers.Single);
        return ((IEnumerable<Tensor>)rows).GetEnumerator();
    }

    private Tensor Widened(DType type)
    {
        Tensor wide = Uninitialized(type, Shape);
        for (int i = 0; i < Count; i++)
        {
            if (type == DType.Int64)
                wide.MutableData<long>()[i] = ItemAt<long>(i);
            else if (type == DType.Float32)
                wide.MutableData<float>()[i] = ItemAt<float>(i);
            else
                wide.MutableData<double>()[i] = ItemAt<double>(i);
        }

        return wide;
    }
}
