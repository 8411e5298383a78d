using System.Globalization;
using System.Text;

namespace NotebookPersist;

/// <summary>Writes tensors as text: nested brackets, long dimensions cut in the middle.</summary>
public static class TensorText
{
    private const int EdgeItems = 3;
    private const int WholeUpTo = 24;

    /// <summary>One line: element type, shape, elements.</summary>
    public static string Describe(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return $"{tensor.DType.Name()} {tensor.Shape} {Elements(tensor)}";
    }

    /// <summary>The elements as nested brackets; a scalar without any. Tensors of more than a few elements show the edges of each dimension.</summary>
    public static string Elements(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var text = new StringBuilder();
        Append(text, tensor, 0, 0, tensor.Count > WholeUpTo);
        return text.ToString();
    }

    /// <summary>One element as text: numbers in invariant culture, True or False, strings quoted.</summary>
    public static string Element(Tensor tensor, int position)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        IFormatProvider culture = CultureInfo.InvariantCulture;
        return tensor.DType switch
        {
            DType.Float32 => tensor.Data<float>()[position].ToString(culture),
            DType.Float64 => tensor.Data<double>()[position].ToString(culture),
            DType.Float16 => tensor.Data<Half>()[position].ToString(culture),
            DType.BFloat16 => tensor.Data<BFloat16>()[position].ToString(),
            DType.Bool => tensor.Data<bool>()[position] ? "True" : "False",
            DType.String => $"'{Escape(tensor.Strings[position])}'",
            DType.Complex64 => tensor.Data<Complex64>()[position].ToString(),
            DType.Complex128 => tensor.Data<System.Numerics.Complex>()[position].ToString(culture),
            DType.UInt64 => tensor.Data<ulong>()[position].ToString(culture),
            DType.Resource or DType.Variant => tensor.Objects[position]?.ToString() ?? "null",
            _ => tensor.ItemAt<long>(position).ToString(culture),
        };
    }

    private static void Append(StringBuilder text, Tensor tensor, int dimension, int position, bool cut)
    {
        if (dimension == tensor.Rank)
        {
            text.Append(Element(tensor, position));
            return;
        }

        int size = (int)tensor.Shape[dimension];
        int stride = 1;
        for (int d = dimension + 1; d < tensor.Rank; d++)
            stride *= (int)tensor.Shape[d];
        text.Append('[');
        for (int i = 0; i < size; i++)
        {
            if (cut && size > 2 * EdgeItems && i == EdgeItems)
            {
                text.Append(", …");
                i = size - EdgeItems;
            }

            if (i > 0)
                text.Append(", ");
            Append(text, tensor, dimension + 1, position + (i * stride), cut);
        }

        text.Append(']');
    }

    private static string Escape(byte[] bytes)
    {
        var text = new StringBuilder();
        foreach (Rune rune in Encoding.UTF8.GetString(bytes).EnumerateRunes())
        {
            if (rune.Value is '\'' or '\\')
                text.Append('\\').Append(rune);
            else if (Rune.IsControl(rune))
                text.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}");
            else
                text.Append(rune);
        }

        return text.ToString();
    }
}
