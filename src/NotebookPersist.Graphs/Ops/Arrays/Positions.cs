using System.Globalization;

namespace NotebookPersist;

/// <summary>Where in a tensor something was found, for messages.</summary>
internal static class Positions
{
    /// <summary>A row-major position as TensorFlow writes it: [1,0], nothing for a scalar.</summary>
    public static string Describe(Shape shape, int position)
    {
        if (shape.Rank == 0)
            return "";
        long[] index = new long[shape.Rank];
        long rest = position;
        for (int i = index.Length - 1; i >= 0; i--)
            (rest, index[i]) = Math.DivRem(rest, Math.Max(1, shape[i]));
        return $"[{string.Join(',', index.Select(static i => i.ToString(CultureInfo.InvariantCulture)))}]";
    }
}
