using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.DotNet.Interactive.Formatting;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>What the formatting library remembers of each type that it has shown, for as long as the process runs.</summary>
internal static class FormatterTables
{
    private static readonly FieldInfo[] Statics =
    [
        .. typeof(Formatter).Assembly.GetTypes()
            .Where(static t => !t.ContainsGenericParameters)
            .SelectMany(static t => t.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(static f => !f.IsLiteral && !f.FieldType.IsValueType),
    ];

    private static readonly IReadOnlyCollection<IDictionary> Tables = FindTables();

    /// <summary>Forgets the types that cells have declared: each would keep the code of its cell. What is shown again is looked at again.</summary>
    public static void ForgetCellTypes()
    {
        foreach (var table in Tables)
        {
            foreach (var key in table.Keys.Cast<object>().Where(IsOfCell).ToArray())
                table.Remove(key);
        }

        // The formatter of each type waits to be told that all is to be as at first.
        foreach (var field in Statics.Where(static f => f.FieldType.IsAssignableTo(typeof(Delegate)) && !f.IsInitOnly))
        {
            var handlers = ((Delegate?)field.GetValue(null))?.GetInvocationList() ?? [];
            var kept = handlers.Where(static h => h.Method.DeclaringType is not { IsCollectible: true }).ToArray();
            if (kept.Length < handlers.Length)
                field.SetValue(null, Delegate.Combine(kept));
        }
    }

    private static bool IsOfCell(object key) => key switch
    {
        Type type => type.IsCollectible,
        ITuple tuple => Enumerable.Range(0, tuple.Length).Any(i => tuple[i] is Type { IsCollectible: true }),
        _ => false,
    };

    // In static fields, and in what these hold of the library's own kinds.
    private static HashSet<IDictionary> FindTables()
    {
        var library = typeof(Formatter).Assembly;
        var open = new Stack<object>(Statics.Select(static f => f.GetValue(null)).OfType<object>());
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var tables = new HashSet<IDictionary>(ReferenceEqualityComparer.Instance);
        while (open.TryPop(out var found))
        {
            if (found is IDictionary table)
                tables.Add(table);
            if (found.GetType().Assembly != library || !seen.Add(found))
                continue;
            foreach (var field in found.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Where(static f => !f.FieldType.IsValueType))
            {
                if (field.GetValue(found) is { } inner)
                    open.Push(inner);
            }
        }

        return tables;
    }
}
