namespace NotebookPersist;

/// <summary>Slices of a tensor along an axis, compared and copied by their bits, strings included.</summary>
internal static class Rows
{
    /// <summary>A text that is equal for equal slices and differs for others.</summary>
    public static string Key(Tensor x, int axis, int index)
    {
        int inner = IntVectors.Product(x.Shape.Dimensions[(axis + 1)..]);
        int outer = IntVectors.Product(x.Shape.Dimensions[..axis]);
        int step = (int)x.Shape[axis] * inner;
        var bytes = new List<byte>();
        for (int o = 0; o < outer; o++)
        {
            int first = (o * step) + (index * inner);
            if (x.DType == DType.String)
            {
                foreach (byte[] text in x.Strings.Slice(first, inner))
                {
                    bytes.AddRange(BitConverter.GetBytes(text.Length));
                    bytes.AddRange(text);
                }
            }
            else
            {
                int size = x.DType.Size();
                bytes.AddRange(x.Bytes.Slice(first * size, inner * size));
            }
        }

        // One character a byte.
        return string.Create(bytes.Count, bytes, static (to, from) =>
        {
            for (int i = 0; i < to.Length; i++)
                to[i] = (char)from[i];
        });
    }

    /// <summary>A tensor of the given slices.</summary>
    public static Tensor Take(Tensor x, int axis, List<int> indices)
    {
        int inner = IntVectors.Product(x.Shape.Dimensions[(axis + 1)..]);
        int outer = IntVectors.Product(x.Shape.Dimensions[..axis]);
        int step = (int)x.Shape[axis] * inner;
        Shape shape = [.. x.Shape.Dimensions[..axis], indices.Count, .. x.Shape.Dimensions[(axis + 1)..]];
        if (x.DType == DType.String)
        {
            var texts = new List<byte[]>();
            for (int o = 0; o < outer; o++)
            {
                foreach (int index in indices)
                    texts.AddRange(x.Strings.Slice((o * step) + (index * inner), inner));
            }

            return Tensor.OfStrings(shape, [.. texts]);
        }

        int size = x.DType.Size() * inner;
        Tensor taken = Tensor.Uninitialized(x.DType, shape);
        Span<byte> to = taken.MutableBytes;
        for (int o = 0, at = 0; o < outer; o++)
        {
            foreach (int index in indices)
            {
                x.Bytes.Slice(((o * (int)x.Shape[axis]) + index) * size, size).CopyTo(to[at..]);
                at += size;
            }
        }

        return taken;
    }
}
