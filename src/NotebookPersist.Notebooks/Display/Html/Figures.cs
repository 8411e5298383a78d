using System.Globalization;

namespace NotebookPersist.Notebooks.Html;

/// <summary>Numbers as people read them, in invariant culture.</summary>
internal static class Figures
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>Four significant digits: -2.118, 0.05, 1.2e-09.</summary>
    public static string Short(double value)
    {
        if (double.IsNaN(value))
            return "NaN";
        if (double.IsInfinity(value))
            return value > 0 ? "∞" : "-∞";
        double size = Math.Abs(value);
        return size is 0 or >= 1e-4 and < 1e6 && value == Math.Round(value)
            ? value.ToString("0", CultureInfo.InvariantCulture)
            : size is >= 1e-4 and < 1e6
                ? value.ToString(size >= 1000 ? "0" : size >= 100 ? "0.#" : size >= 10 ? "0.##" : size >= 1 ? "0.###" : "0.####", CultureInfo.InvariantCulture)
                : value.ToString("0.###e0", CultureInfo.InvariantCulture);
    }

    /// <summary>A count with thousands separated.</summary>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A count with its noun: 1 node, 2 nodes.</summary>
    public static string Count(long value, string noun) => $"{Count(value)} {noun}{(value == 1 ? "" : "s")}";

    /// <summary>A size in bytes with a binary unit.</summary>
    public static string Bytes(long bytes)
    {
        double size = bytes;
        int unit = 0;
        while (size >= 1024 && unit < Units.Length - 1)
        {
            size /= 1024;
            unit++;
        }

        return $"{size.ToString(unit == 0 || size >= 100 ? "0" : "0.#", CultureInfo.InvariantCulture)} {Units[unit]}";
    }

    /// <summary>A coordinate: one decimal is finer than any screen.</summary>
    public static string Coordinate(double value) => Math.Round(value, 1).ToString(CultureInfo.InvariantCulture);

    /// <summary>Text of at most so many characters, the middle left out.</summary>
    public static string Shorten(string text, int length)
    {
        if (text.Length <= length)
            return text;
        int tail = length / 2;
        int head = length - tail - 1;
        // A surrogate pair is not cut in two.
        if (char.IsHighSurrogate(text[head - 1]))
            head--;
        if (char.IsLowSurrogate(text[^tail]))
            tail--;
        return string.Concat(text.AsSpan(0, head), "…", text.AsSpan(text.Length - tail));
    }
}
