using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>Knows what is called otherwise in C#: <c>global_variables_initializer</c> is <c>GlobalVariablesInitializer</c>.</summary>
internal static class PythonNames
{
    /// <summary>The member that was meant where a type has none of the name in the code; null where there is none, or the error is another.</summary>
    public static string? Meant(Diagnostic error, Compilation compilation)
    {
        if (error.Id == "CS1739")
            return Parameter(error, compilation);

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
        var meant = type?.GetMembers().FirstOrDefault(m => m.Name != name && IsSame(m.Name, name));
        return meant is null ? null : $"{access.Expression}.{meant.Name}";
    }

    // var_list is varList: of a call, no overload has a parameter of that name.
    private static string? Parameter(Diagnostic error, Compilation compilation)
    {
        if (error.Location.SourceTree is not { } tree
            || tree.GetRoot().FindNode(error.Location.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<ArgumentSyntax>() is not { NameColon: { } given, Parent.Parent: { } call })
        {
            return null;
        }

        var name = given.Name.Identifier.ValueText;
        return compilation.GetSemanticModel(tree).GetSymbolInfo(call).CandidateSymbols
            .OfType<IMethodSymbol>()
            .SelectMany(static m => m.Parameters)
            .Select(static p => p.Name)
            .FirstOrDefault(p => p != name && IsSame(p, name)) is { } meant ? meant + ":" : null;
    }

    private static bool IsSame(string name, string pythonName) => string.Equals(name, pythonName.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
}
