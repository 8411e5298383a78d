using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>Finds the lines at which an exception can have come about whose own line the runtime has lost.</summary>
/// <remarks>
/// The code that raises exceptions of the processor's kind, such as those of an index, stands apart from the cell's and carries no line. What can
/// raise them is seen in the text.
/// </remarks>
internal static class LostLine
{
    /// <summary>The lines of a cell's own statements that can raise an exception, from 1; empty where nothing can be said.</summary>
    public static IReadOnlyList<int> Candidates(Exception exception, string code)
    {
        Func<SyntaxNode, bool>? raises = exception switch
        {
            IndexOutOfRangeException => static n => n is ElementAccessExpressionSyntax,
            DivideByZeroException => static n => n.Kind() is SyntaxKind.DivideExpression or SyntaxKind.ModuloExpression or SyntaxKind.DivideAssignmentExpression or SyntaxKind.ModuloAssignmentExpression,
            OverflowException => static n => n is CheckedExpressionSyntax or CheckedStatementSyntax or ArrayCreationExpressionSyntax,
            _ => null,
        };
        if (raises is null)
            return [];
        SyntaxNode root = CSharpSyntaxTree.ParseText(CellSplitter.WithoutMagics(code), ScriptEngine.ParseOptions).GetRoot();
        return
        [
            .. root.DescendantNodes(static n => n is not (LocalFunctionStatementSyntax or TypeDeclarationSyntax or MethodDeclarationSyntax))
                .Where(raises)
                .Select(static n => n.GetLocation().GetLineSpan().StartLinePosition.Line + 1)
                .Distinct()
                .Order(),
        ];
    }
}
