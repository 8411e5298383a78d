using System.Globalization;

namespace NotebookPersist.Formats.Text;

/// <summary>Texts of floating-point numbers, as Python and C++ print them.</summary>
internal static class FloatText
{
    // Python's repr goes over to an exponent at this power of ten and below 1e-4.
    private const int PythonMaxExponent = 16;

    private const int MinExponent = -4;

    /// <summary>Python's <c>repr</c>: the shortest digits that read back equal, with a point or an exponent.</summary>
    public static string Python(double value)
    {
        if (!double.IsFinite(value))
            return NotFinite(value);
        string text = Layout(value.ToString("R", CultureInfo.InvariantCulture), PythonMaxExponent);
        return text.AsSpan().IndexOfAny('.', 'e') < 0 ? text + ".0" : text;
    }

    /// <summary>The text of a 32-bit number in C++: <c>%.6g</c>, or <c>%.9g</c> where that does not read back equal.</summary>
    public static string Cpp(float value)
    {
        if (!float.IsFinite(value))
            return NotFinite(value);
        string six = General(value, 6);
        return float.Parse(six, CultureInfo.InvariantCulture) == value ? six : General(value, 9);
    }

    /// <summary>The text of a 64-bit number in C++: <c>%.15g</c>, or <c>%.17g</c> where that does not read back equal.</summary>
    public static string Cpp(double value)
    {
        if (!double.IsFinite(value))
            return NotFinite(value);
        string fifteen = General(value, 15);
        return double.Parse(fifteen, CultureInfo.InvariantCulture) == value ? fifteen : General(value, 17);
    }

    private static string NotFinite(double value) => double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";

    // C's %.<digits>g.
    private static string General(double value, int digits)
        => Layout(value.ToString("E" + (digits - 1).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture), digits);

    // Takes the digits and the power of ten of a text in any form, and lays them out in C's.
    private static string Layout(string text, int maxExponent)
    {
        bool negative = text[0] == '-';
        int end = text.IndexOf('E');
        string mantissaText = (end < 0 ? text : text[..end]).TrimStart('-');
        int power = end < 0 ? 0 : int.Parse(text.AsSpan(end + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        int point = mantissaText.IndexOf('.');
        string all = mantissaText.Replace(".", "", StringComparison.Ordinal);
        int leadingZeros = all.Length - all.TrimStart('0').Length;
        int exponent = power + (point < 0 ? mantissaText.Length : point) - leadingZeros - 1;
        string digits = all.Trim('0');
        if (digits.Length == 0)
            return negative ? "-0" : "0";
        string body;
        if (exponent < MinExponent || exponent >= maxExponent)
        {
            string mantissa = digits.Length == 1 ? digits : $"{digits[0]}.{digits.AsSpan(1)}";
            body = $"{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture)}";
        }
        else if (exponent < 0)
        {
            body = "0." + new string('0', -exponent - 1) + digits;
        }
        else
        {
            body = digits.Length <= exponent + 1 ? digits.PadRight(exponent + 1, '0') : digits.Insert(exponent + 1, ".");
        }

        return negative ? "-" + body : body;
    }
}
