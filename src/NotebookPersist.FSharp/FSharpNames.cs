namespace NotebookPersist.FSharpCells;

/// <summary>Types as F# writes them.</summary>
internal static class FSharpNames
{
    /// <summary>The complete name of a type; null where code of a cell cannot name it.</summary>
    public static string? Of(Type type)
    {
        if (type.IsArray)
            return Of(type.GetElementType()!) is { } element ? $"{element}[{new string(',', type.GetArrayRank() - 1)}]" : null; // An array has elements.
        if (!type.IsVisible || type.Assembly.IsDynamic || type.Assembly.Location.Length == 0 || type.IsByRef || type.IsPointer || type.IsGenericParameter || type == typeof(void))
            return null;
        var arguments = type.GetGenericArguments();
        var used = 0;
        var name = type.Namespace is null ? "global" : $"global.{type.Namespace}";
        foreach (var part in Parts(type))
        {
            var tick = part.Name.IndexOf('`', StringComparison.Ordinal);
            name += "." + (tick < 0 ? part.Name : part.Name[..tick]);
            var count = part.GetGenericArguments().Length - used;
            if (count == 0)
                continue;
            string?[] written = [.. arguments[used..(used + count)].Select(Of)];
            if (written.Contains(null))
                return null;
            name += $"<{string.Join(", ", written)}>";
            used += count;
        }

        return name;
    }

    // The outermost type first; each nested one has the parameters of those around it as well.
    private static IEnumerable<Type> Parts(Type type) => type.DeclaringType is { } outer ? Parts(outer).Append(type) : [type];
}
