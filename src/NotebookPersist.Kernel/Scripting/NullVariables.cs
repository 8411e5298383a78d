using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>Names the variable behind an access to null: mostly one whose cell failed before it had a value.</summary>
internal static class NullVariables
{
    /// <summary>A sentence on the variables that are null in some code; null where there are none.</summary>
    /// <param name="code">The line that failed, or the cell.</param>
    /// <param name="variables">The variables of the notebook.</param>
    public static string? Hint(string code, IEnumerable<NotebookVariable> variables)
    {
        var named = SyntaxFactory.ParseTokens(code, options: ScriptEngine.ParseOptions)
            .Where(static t => t.IsKind(SyntaxKind.IdentifierToken))
            .Select(static t => t.ValueText)
            .ToHashSet(StringComparer.Ordinal);
        string[] unset = [.. variables.Where(v => v.Value is null && named.Contains(v.Name)).Select(static v => $"'{v.Name}'").Distinct().Order(StringComparer.Ordinal)];
        return unset.Length switch
        {
            0 => null,
            1 => $"{unset[0]} is null: its cell failed, or was stopped, before it had a value, or has set it to null. Run that cell again.",
            _ => $"{string.Join(" and ", unset)} are null: their cells failed, or were stopped, before they had values, or have set them to null. Run these cells again.",
        };
    }
}
