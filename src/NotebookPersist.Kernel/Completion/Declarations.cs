using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NotebookPersist.Kernel.Scripting;

namespace NotebookPersist.Kernel.Completion;

/// <summary>What a cell leaves to later ones.</summary>
internal static class Declarations
{
    /// <summary>Whether later cells can see anything of a cell: names, usings, or what its directives bring.</summary>
    /// <remarks>Most cells of a long session only compute or show: what is typed after them need not know of them.</remarks>
    public static bool AreIn(string code)
    {
        CompilationUnitSyntax root = (CompilationUnitSyntax)CSharpSyntaxTree.ParseText(code, ScriptEngine.ParseOptions).GetRoot();
        return root.ContainsDirectives
            || root.Usings.Count > 0
            || root.Externs.Count > 0
            || root.Members.Any(static m => m is not GlobalStatementSyntax)

            // An expression can declare as well: out variables, patterns, deconstruction.
            || root.DescendantNodes().Any(static n => n is SingleVariableDesignationSyntax);
    }
}
