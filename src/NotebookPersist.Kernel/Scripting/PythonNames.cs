using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>Knows what is called otherwise in C#: <c>global_variables_initializer</c> is <c>GlobalVariablesInitializer</c>.</summary>
internal static class PythonNames
{
    /// <summary>The member that was meant where a type has none of the name in the code; null where there is none, or the error is another.</summary>
    public static string? Meant(Diagnostic error, Compilation compilation)
    {
        // No such member; of a value, no such member or extension.
        if (error.Id is not ("CS0117" or "CS1061")
            || error.Location.SourceTree is not { } tree
            || tree.GetRoot().FindNode(error.Location.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<MemberAccessExpressionSyntax>() is not { } access)
        {
            return null;
        }

        var model = compilation.GetSemanticModel(tree);
        var type = model.GetSymbolInfo(access.Expression).Symbol as INamedTypeSymbol ?? model.GetTypeInfo(access.Expression).Type;
        var name = access.Name.Identifier.ValueText;
        var pascal = string.Concat(name.Split('_', StringSplitOptions.RemoveEmptyEntries).Select(static w => char.ToUpperInvariant(w[0]) + w[1..]));
        var meant = type?.GetMembers().FirstOrDefault(m => m.Name != name && string.Equals(m.Name, pascal, StringComparison.OrdinalIgnoreCase));
        return meant is null ? null : $"{access.Expression}.{meant.Name}";
    }
}
