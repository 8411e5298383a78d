using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.DotNet.Interactive.Formatting;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>What the formatting library remembers of each type that it has shown, for as long as the process runs.</summary>
internal static class FormatterTables
{
    private static readonly IDictionary[] Tables =
    [
        .. typeof(Formatter).Assembly.GetTypes()
            .Where(static t => !t.ContainsGenericParameters)
            .SelectMany(static t => t.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(static f => !f.IsLiteral && f.FieldType.IsAssignableTo(typeof(IDictionary)))
            .Select(static f => f.GetValue(null))
            .OfType<IDictionary>(),
    ];

    /// <summary>Forgets the types that cells have declared: each would keep the code of its cell. What is shown again is looked at again.</summary>
    public static void ForgetCellTypes()
    {
        foreach (var table in Tables)
        {
            foreach (var key in table.Keys.Cast<object>().Where(IsOfCell).ToArray())
                table.Remove(key);
        }
    }

    private static bool IsOfCell(object key) => key switch
    {
        Type type => type.IsCollectible,
        ITuple tuple => Enumerable.Range(0, tuple.Length).Any(i => tuple[i] is Type { IsCollectible: true }),
        _ => false,
    };
}
