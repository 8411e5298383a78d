using System.Globalization;
using System.Numerics;

namespace NotebookPersist.Notebooks.Snapshots;

/// <summary>The .NET types whose values a snapshot holds: those that a tensor can have, and those that are written as text.</summary>
internal static class SnapshotElements
{
    private static readonly Dictionary<string, Type> Types = new[]
    {
        typeof(bool), typeof(sbyte), typeof(byte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong),
        typeof(Half), typeof(float), typeof(double), typeof(Complex), typeof(string),
        typeof(char), typeof(decimal), typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan), typeof(Guid),
    }.ToDictionary(static t => t.Name);

    /// <summary>The type of a name; null for one that no snapshot holds.</summary>
    public static Type? TypeOf(string? name) => name is null ? null : Types.GetValueOrDefault(name);

    /// <summary>Whether tensors hold values of a type as they are.</summary>
    public static bool IsOfTensors(Type type) => Types.ContainsValue(type) && !IsText(type);

    /// <summary>Whether single values of a type are written as text.</summary>
    public static bool IsText(Type type) =>
        type == typeof(char) || type == typeof(decimal) || type == typeof(DateTime) || type == typeof(DateTimeOffset) || type == typeof(TimeSpan) || type == typeof(Guid);

    public static string ToText(object value) => value switch
    {
        char letter => ((int)letter).ToString(CultureInfo.InvariantCulture),
        DateTime or DateTimeOffset => ((IFormattable)value).ToString("O", CultureInfo.InvariantCulture),
        TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"No text stands for values of type {value.GetType()}.", nameof(value)),
    };

    /// <summary>Reads a value back.</summary>
    /// <exception cref="FormatException">The text is none.</exception>
    /// <exception cref="OverflowException">The value is too large for the type.</exception>
    public static object FromText(Type type, string text)
    {
        if (type == typeof(char))
            return (char)ushort.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
        if (type == typeof(decimal))
            return decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (type == typeof(DateTime))
            return DateTime.ParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
        if (type == typeof(DateTimeOffset))
            return DateTimeOffset.ParseExact(text, "O", CultureInfo.InvariantCulture);
        if (type == typeof(TimeSpan))
            return TimeSpan.ParseExact(text, "c", CultureInfo.InvariantCulture);
        return type == typeof(Guid) ? Guid.Parse(text) : throw new FormatException($"No text stands for values of type {type}.");
    }
}
