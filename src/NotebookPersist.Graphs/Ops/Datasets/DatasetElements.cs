using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Takes elements apart and puts them together.</summary>
internal static class DatasetElements
{
    /// <summary>One row of a tensor, a copy.</summary>
    public static Tensor Row(Tensor tensor, int row)
    {
        Shape shape = Shape.Create(tensor.Shape.Dimensions[1..]);
        int count = IntVectors.Product(shape.Dimensions);
        if (tensor.DType == DType.String)
            return Tensor.OfStrings(shape, [.. tensor.Strings.Slice(row * count, count)]);
        if (tensor.DType == DType.Variant)
            return Tensor.OfObjects(DType.Variant, shape, [.. tensor.Objects.Slice(row * count, count)]);
        Tensor copy = Tensor.Uninitialized(tensor.DType, shape);
        int byteCount = copy.Bytes.Length;
        tensor.Bytes.Slice(row * byteCount, byteCount).CopyTo(copy.MutableBytes);
        copy.Buffer?.Share();
        return copy;
    }

    /// <summary>Elements as the rows of one.</summary>
    /// <exception cref="KernelException">Their shapes differ.</exception>
    public static Tensor[] Batch(List<Tensor[]> elements)
    {
        Tensor[] batch = new Tensor[elements[0].Length];
        for (int i = 0; i < batch.Length; i++)
        {
            for (int k = 1; k < elements.Count; k++)
            {
                if (elements[k][i].Shape != elements[0][i].Shape)
                {
                    throw new KernelException(
                        RunErrorCode.InvalidArgument,
                        $"Cannot batch tensors with different shapes in component {i}. First element had shape {elements[0][i].Shape} and element {k} had shape {elements[k][i].Shape}.");
                }
            }

            batch[i] = Stack([.. elements.Select(e => e[i])]);
        }

        return batch;
    }

    /// <summary>Tensors of one shape as the rows of one.</summary>
    public static Tensor Stack(Tensor[] rows)
    {
        Shape shape = Shape.Create([rows.Length, .. rows[0].Shape.Dimensions]);
        if (rows[0].DType == DType.String)
            return Tensor.OfStrings(shape, [.. rows.SelectMany(static r => r.Strings.ToArray())]);
        if (rows[0].DType == DType.Variant)
            return Tensor.OfObjects(DType.Variant, shape, [.. rows.SelectMany(static r => r.Objects.ToArray())]);
        Tensor whole = Tensor.Uninitialized(rows[0].DType, shape);
        int byteCount = rows[0].Bytes.Length;
        for (int i = 0; i < rows.Length; i++)
            rows[i].Bytes.CopyTo(whole.MutableBytes[(i * byteCount)..]);
        whole.Buffer?.Share();
        return whole;
    }
}
