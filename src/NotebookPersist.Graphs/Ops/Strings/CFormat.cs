using System.Globalization;

namespace NotebookPersist;

/// <summary>Numbers as C's printf writes them.</summary>
internal static class CFormat
{
    /// <summary>%g, or %.Ng with a precision: the shorter of plain and scientific, without trailing zeros.</summary>
    public static string General(double value, int precision = 6)
    {
        if (NotFinite(value) is { } special)
            return special;
        precision = Math.Max(1, precision);
        string scientific = Scientific(value, precision - 1);
        int at = scientific.IndexOf('e', StringComparison.Ordinal);
        int exponent = int.Parse(scientific.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (exponent < -4 || exponent >= precision)
            return WithoutZeros(scientific[..at]) + scientific[at..];
        return WithoutZeros(Fixed(value, precision - 1 - exponent));
    }

    /// <summary>%e: one digit, the others after the point, and an exponent of at least two digits.</summary>
    public static string Scientific(double value, int precision = 6)
    {
        if (NotFinite(value) is { } special)
            return special;
        string text = value.ToString($"e{precision}", CultureInfo.InvariantCulture);
        int at = text.IndexOf('e', StringComparison.Ordinal);
        return $"{text[..(at + 2)]}{text[(at + 2)..].TrimStart('0').PadLeft(2, '0')}";
    }

    /// <summary>%f: plain digits.</summary>
    public static string Fixed(double value, int precision = 6) => NotFinite(value) ?? value.ToString($"F{precision}", CultureInfo.InvariantCulture);

    /// <summary>The shortest of six and nine digits that reads back as the same float, as TensorFlow's messages have it.</summary>
    public static string Shortest(float value)
    {
        string six = General(value);
        return float.IsFinite(value) && float.Parse(six, CultureInfo.InvariantCulture) != value ? General(value, 9) : six;
    }

    /// <summary>The shortest of 15 and 17 digits that reads back as the same double, as TensorFlow's messages have it.</summary>
    public static string Shortest(double value)
    {
        string fifteen = General(value, 15);
        return double.IsFinite(value) && double.Parse(fifteen, CultureInfo.InvariantCulture) != value ? General(value, 17) : fifteen;
    }

    /// <summary>Pads to a width: on the left with spaces or, after the sign, zeros; on the right with '-'; '+' and ' ' add a sign.</summary>
    public static string Pad(string number, int width, string fill)
    {
        bool signed = number.StartsWith('-');
        if (fill is "+" or " " && !signed)
            number = fill + number;
        if (fill == "-")
            return number.PadRight(Math.Max(0, width));
        if (fill != "0" || !char.IsAsciiDigit(number[^1]))
            return number.PadLeft(Math.Max(0, width));
        return signed ? "-" + number[1..].PadLeft(Math.Max(0, width - 1), '0') : number.PadLeft(Math.Max(0, width), '0');
    }

    private static string? NotFinite(double value) => double.IsNaN(value) ? "nan"
        : double.IsPositiveInfinity(value) ? "inf"
        : double.IsNegativeInfinity(value) ? "-inf"
        : null;

    private static string WithoutZeros(string number) => number.Contains('.', StringComparison.Ordinal) ? number.TrimEnd('0').TrimEnd('.') : number;
}
