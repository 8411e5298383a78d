using System.Globalization;
using System.Text;

namespace NotebookPersist;

/// <summary>The first elements of a tensor as TensorFlow's messages write them.</summary>
/// <remarks>Source: TensorFlow's Tensor::SummarizeValue, first form.</remarks>
internal static class TensorSummary
{
    /// <summary>At most so many elements in nested brackets; all where the number is negative.</summary>
    public static string Of(Tensor tensor, long most)
    {
        int limit = (int)Math.Min(most < 0 ? tensor.Count : most, tensor.Count);
        var text = new StringBuilder();
        int at = 0;
        if (tensor.Rank == 0)
            text.Append(limit > 0 ? Element(tensor, 0) : "");
        else
            Append(text, tensor, 0, limit, ref at);
        return tensor.Count > limit ? text.Append("...").ToString() : text.ToString();
    }

    /// <summary>All in nested brackets, so many elements at each end of a dimension; strings in quotes.</summary>
    /// <remarks>Source: TensorFlow's Tensor::SummarizeValue, second form.</remarks>
    public static string Nested(Tensor tensor, long atEnds)
    {
        var text = new StringBuilder();
        Nest(text, tensor, 0, 0, atEnds < 0 ? int.MaxValue / 2 : atEnds);
        return text.ToString();
    }

    private static void Nest(StringBuilder text, Tensor tensor, int dimension, int at, long atEnds)
    {
        if (dimension == tensor.Rank)
        {
            text.Append(tensor.DType == DType.String ? $"\"{Element(tensor, at)}\"" : Element(tensor, at));
            return;
        }

        long size = tensor.Shape[dimension];
        int step = IntVectors.Product(tensor.Shape.Dimensions[(dimension + 1)..]);
        text.Append('[');
        for (long i = 0; i < size; i++)
        {
            if (i > 0 && dimension == tensor.Rank - 1)
                text.Append(' ');
            else if (i > 0)
                text.Append('\n', tensor.Rank - dimension - 1).Append(' ', dimension + 1);
            if (i == atEnds && size > 2 * atEnds)
            {
                text.Append("...");
                i = size - atEnds - 1;
                continue;
            }

            Nest(text, tensor, dimension + 1, at + ((int)i * step), atEnds);
        }

        text.Append(']');
    }

    private static void Append(StringBuilder text, Tensor tensor, int dimension, int limit, ref int at)
    {
        bool isLast = dimension == tensor.Rank - 1;
        for (long i = 0; i < tensor.Shape[dimension]; i++)
        {
            if (at >= limit)
            {
                if (isLast && dimension != 0 && i > 0)
                    text.Append("...");
                return;
            }

            if (isLast)
            {
                text.Append(i > 0 ? " " : "").Append(Element(tensor, at++));
                continue;
            }

            text.Append('[');
            Append(text, tensor, dimension + 1, limit, ref at);
            text.Append(']');
        }
    }

    private static string Element(Tensor tensor, int i) => tensor.DType switch
    {
        DType.String => Escaped(tensor.Strings[i]),
        DType.Float32 => CFormat.Shortest(tensor.Data<float>()[i]),
        DType.Float64 => CFormat.Shortest(tensor.Data<double>()[i]),
        DType.Float16 => CFormat.Shortest((float)tensor.Data<Half>()[i]),
        DType.Bool => tensor.Data<bool>()[i] ? "1" : "0",
        _ when tensor.DType.IsInteger() => tensor.ItemAt<Int128>(i).ToString(CultureInfo.InvariantCulture),
        _ => "?",
    };

    private static string Escaped(byte[] value)
    {
        var text = new StringBuilder();
        foreach (byte b in value)
        {
            text.Append(b switch
            {
                (byte)'\n' => "\\n",
                (byte)'\r' => "\\r",
                (byte)'\t' => "\\t",
                (byte)'"' => "\\\"",
                (byte)'\'' => "\\'",
                (byte)'\\' => "\\\\",
                < 0x20 or >= 0x7F => "\\" + Convert.ToString(b, 8).PadLeft(3, '0'),
                _ => ((char)b).ToString(),
            });
        }

        return text.ToString();
    }
}
