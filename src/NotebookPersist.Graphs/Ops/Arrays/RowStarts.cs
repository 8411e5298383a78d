namespace NotebookPersist;

/// <summary>Turns positions along a tensor's first dimensions into the places of its elements.</summary>
internal static class RowStarts
{
    /// <summary>Where the slice of each position begins.</summary>
    /// <param name="indices">The last dimension lists a position.</param>
    /// <param name="shape">The tensor they lead into.</param>
    /// <param name="bad">The first one outside; -1 where all are inside.</param>
    public static int[] Of(Tensor indices, Shape shape, out int bad)
    {
        bad = -1;
        int depth = (int)indices.Shape[^1];
        long[] positions = IntVectors.Read(indices);
        int[] starts = new int[IntVectors.Product(indices.Shape.Dimensions[..^1])];
        int row = IntVectors.Product(shape.Dimensions[depth..]);
        for (int i = 0; i < starts.Length; i++)
        {
            long start = 0;
            for (int d = 0; d < depth; d++)
            {
                long position = positions[(i * depth) + d];
                if (position < 0 || position >= shape[d])
                {
                    bad = i;
                    return starts;
                }

                start = (start * shape[d]) + position;
            }

            starts[i] = (int)(start * row);
        }

        return starts;
    }

    /// <summary>A position outside, as TensorFlow writes it: <c>[1] = [2, 5]</c>.</summary>
    public static string Describe(Tensor indices, int bad)
    {
        int depth = (int)indices.Shape[^1];
        Shape outer = Shape.Create(indices.Shape.Dimensions[..^1]);
        return $"{Positions.Describe(outer, bad)} = [{string.Join(", ", IntVectors.Read(indices).AsSpan(bad * depth, depth).ToArray())}]";
    }
}
