using System.Globalization;
using System.Text.RegularExpressions;

namespace NotebookPersist.Tool;

/// <summary>Sizes of memory as people write them: <c>512M</c>, <c>2G</c>, <c>1.5GiB</c>, or a number of bytes.</summary>
internal static partial class MemorySize
{
    // With less not even the compiler of the cells fits in.
    private const long Least = 256L << 20;

    /// <summary>Reads the value of an option.</summary>
    /// <returns>Unit: bytes; null for none.</returns>
    /// <exception cref="UsageException">It is no size, or too small to run anything.</exception>
    public static long? Parse(string option, string? text)
    {
        if (text is null)
            return null;
        if (Form().Match(text.Trim()) is not { Success: true } match
            || !double.TryParse(match.Groups["number"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
        {
            throw new UsageException($"{option} takes a size such as 512M or 2G; '{text}' was given.");
        }

        int power = match.Groups["unit"].Value.ToUpperInvariant() switch { "" => 0, "K" => 10, "M" => 20, "G" => 30, _ => 40 };
        double bytes = number * (1L << power);
        if (bytes >= long.MaxValue)
            throw new UsageException($"{option} takes a size such as 512M or 2G; '{text}' is larger than any memory.");
        return bytes < Least
            ? throw new UsageException($"{option} takes at least 256M, because the compiler of the cells alone needs most of it; '{text}' was given.")
            : (long)bytes;
    }

    [GeneratedRegex("^(?<number>[0-9]+(\\.[0-9]+)?)\\s*(?<unit>[KMGT]?)(i?B)?$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Form();
}
