namespace NotebookPersist.Kernel.Scripting;

/// <summary>Types as C# writes them.</summary>
internal static class CSharpNames
{
    /// <summary>The complete name of a type; null where code of a cell cannot name it.</summary>
    public static string? Of(Type type)
    {
        if (type.IsArray)
        {
            // The brackets of an array of arrays stand in the order of the indices, the outermost first.
            var brackets = "";
            for (; type.IsArray; type = type.GetElementType()!) // An array has elements.
                brackets += $"[{new string(',', type.GetArrayRank() - 1)}]";
            return Of(type) is { } element ? element + brackets : null;
        }

        if (!type.IsVisible || type.Assembly.IsDynamic || type.Assembly.Location.Length == 0 || type.IsByRef || type.IsPointer || type.IsGenericParameter || type == typeof(void))
            return null;
        var arguments = type.GetGenericArguments();
        var used = 0;
        var name = "";
        foreach (var part in Parts(type))
        {
            var tick = part.Name.IndexOf('`', StringComparison.Ordinal);
            name += (name.Length == 0 ? "" : ".") + (tick < 0 ? part.Name : part.Name[..tick]);
            var count = part.GetGenericArguments().Length - used;
            if (count == 0)
                continue;
            string?[] written = [.. arguments[used..(used + count)].Select(Of)];
            if (written.Contains(null))
                return null;
            name += $"<{string.Join(", ", written)}>";
            used += count;
        }

        return $"global::{(type.Namespace is null ? "" : type.Namespace + ".")}{name}";
    }

    // The outermost type first; each nested one has the parameters of those around it as well.
    private static IEnumerable<Type> Parts(Type type) => type.DeclaringType is { } outer ? Parts(outer).Append(type) : [type];
}
