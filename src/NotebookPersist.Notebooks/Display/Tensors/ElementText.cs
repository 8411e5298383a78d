using System.Globalization;
using System.Text;
using NotebookPersist.Notebooks.Html;

namespace NotebookPersist.Notebooks.Tensors;

/// <summary>Single elements as short text.</summary>
internal static class ElementText
{
    private const int StringBytes = 60;

    /// <summary>Numbers with four digits, strings quoted and cut.</summary>
    public static string Short(Tensor tensor, int position) => tensor.DType switch
    {
        DType.String => Quote(tensor.Strings[position]),
        DType.Resource or DType.Variant => Figures.Shorten(tensor.Objects[position]?.ToString() ?? "null", StringBytes),
        DType.Complex64 => Complex(tensor.Data<Complex64>()[position]),
        DType.Complex128 => Complex(tensor.Data<System.Numerics.Complex>()[position]),
        _ when tensor.DType.IsFloating() => Figures.Short(TensorReader.At(tensor, position)),
        DType.Bool => TensorReader.At(tensor, position) == 0 ? "False" : "True",
        _ => TensorText.Element(tensor, position),
    };

    /// <summary>Text in quotes, or bytes in hexadecimal where they are no text; at most 60 bytes of it.</summary>
    public static string Quote(byte[] bytes)
    {
        int length = Math.Min(bytes.Length, StringBytes);
        // Do not cut a character of several bytes.
        while (length < bytes.Length && length > StringBytes - 4 && (bytes[length] & 0xC0) == 0x80)
            length--;
        string rest = length < bytes.Length ? $"… ({Figures.Bytes(bytes.Length)})" : "";
        ReadOnlySpan<byte> shown = bytes.AsSpan(0, length);
        if (!System.Text.Unicode.Utf8.IsValid(shown))
            return $"0x{Convert.ToHexStringLower(shown[..Math.Min(length, 16)])}{(bytes.Length > 16 ? $"… ({Figures.Bytes(bytes.Length)})" : "")}";
        var text = new StringBuilder("'");
        foreach (Rune rune in Encoding.UTF8.GetString(shown).EnumerateRunes())
        {
            if (rune.Value is '\'' or '\\')
                text.Append('\\').Append(rune);
            else if (rune.Value == '\n')
                text.Append("\\n");
            else if (Rune.IsControl(rune))
                text.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}");
            else
                text.Append(rune);
        }

        return text.Append('\'').Append(rest).ToString();
    }

    private static string Complex(System.Numerics.Complex value) =>
        $"{Figures.Short(value.Real)}{(value.Imaginary < 0 ? "-" : "+")}{Figures.Short(Math.Abs(value.Imaginary))}i";
}
