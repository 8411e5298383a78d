using System.Collections;
using System.Globalization;
using System.Reflection;
using NotebookPersist.Notebooks.Html;

namespace NotebookPersist.Notebooks.Tables;

/// <summary>Items as a table: a column for each of their properties, or one for the items themselves where these say all.</summary>
internal static class ItemTable
{
    private const int Listed = 100;
    private const int LongestValue = 200;

    // A table of more columns is read by nobody.
    private const int MostColumns = 30;

    /// <summary>Fills a table.</summary>
    /// <param name="items">The items; all are counted, and those that are shown are asked for their properties.</param>
    /// <param name="type">Their declared type.</param>
    /// <param name="caption">The caption, which may tell the number of the items.</param>
    public static TableView Of(IEnumerable items, Type type, Func<int, string> caption)
    {
        PropertyInfo[] properties = PropertiesOf(type);
        var rows = new List<object?[]>();
        int count = 0;
        foreach (object? item in items)
        {
            // Rows that are not shown are counted only.
            if (count < Listed)
                rows.Add([count, .. properties.Length == 0 ? [Shown(item)] : properties.Select(p => item is null ? null : ValueOf(p, item))]);
            count++;
        }

        string[] columns = properties.Length == 0 ? ["Value"] : [.. properties.Select(static p => p.Name)];
        var table = new TableView(["", .. columns]) { Caption = caption(count), RowLimit = Listed, UnlistedCount = count - rows.Count };
        foreach (object?[] row in rows)
            table.Add(row);
        return table;
    }

    /// <summary>The properties that tell what an item is; none where its text does.</summary>
    private static PropertyInfo[] PropertiesOf(Type type)
    {
        if (type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(object) || type.IsAssignableTo(typeof(IFormattable)) || type.IsAssignableTo(typeof(IEnumerable))
            || type.IsAssignableTo(typeof(Type)) || Nullable.GetUnderlyingType(type) is not null || Displays.All.Any(d => d.ValueType.IsAssignableFrom(type)))
        {
            return [];
        }

        return [.. type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(static p => p.GetMethod is { IsPublic: true } && p.GetIndexParameters().Length == 0 && !p.PropertyType.IsByRef).Take(MostColumns)];
    }

    private static object? ValueOf(PropertyInfo property, object item)
    {
        try
        {
            return property.GetValue(item) is { } value ? Shown(value) : null;
        }
        catch (TargetInvocationException fault)
        {
            // What one property fails at does not hide the others.
            return $"{fault.InnerException?.GetType().Name}: {fault.InnerException?.Message}";
        }
    }

    private static object Shown(object? item) => item switch
    {
        null => "null",
        bool or byte or sbyte or short or ushort or int or uint or long or ulong or float or double or decimal => Plain((IConvertible)item),
        string text => Figures.Shorten(text, LongestValue),
        _ when Displays.Find(item) is { } display => Figures.Shorten(display.RenderText(item), LongestValue),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        ICollection items => $"{TypeOf(item.GetType())} of {items.Count}",
        _ => Figures.Shorten(item.ToString() ?? "", LongestValue),
    };

    // As code writes it: these are data of somebody, and no figures of ours.
    private static TableCell Plain(IConvertible value) => new(value.ToString(CultureInfo.InvariantCulture)) { IsNumber = value is not bool };

    private static string TypeOf(Type type) => type.Name.Split('`')[0];
}
