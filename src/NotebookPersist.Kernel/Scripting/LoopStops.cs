using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>Puts a <see cref="StopPoint"/> into every loop and function of a cell, and at the end of every catch clause, and keeps functions apart.</summary>
/// <remarks>
/// A catch clause that catches everything catches the interrupt too; after its code the interrupt goes on.
/// Lines stay where they are, so that errors and stack traces name the lines that the user wrote; columns move.
/// </remarks>
internal static class LoopStops
{
    private const string Type = "global::NotebookPersist.Kernel.Scripting.StopPoint.";
    private const string Call = Type + "Pass();";
    private const string GentleCall = Type + "PassGently();";
    private const string EnterCall = Type + "Enter();";
    private const int ArrowLength = 2;

    // Code that can be unloaded is compiled once, with all optimizations: functions would vanish into their callers, and with them their lines of a traceback.
    private const string Apart = "[global::System.Runtime.CompilerServices.MethodImpl(global::System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]";
    private const string End = "}";
    private const string ReturnEnd = ";}";

    /// <summary>The code with its stop points; the same text where it has none of these or does not parse.</summary>
    /// <param name="code">C#.</param>
    /// <param name="inExpressions">Whether functions without a block get one: those that are to be expression trees may not have it.</param>
    public static string Insert(string code, bool inExpressions = true)
    {
        var tree = CSharpSyntaxTree.ParseText(code, ScriptEngine.ParseOptions);
        if (tree.GetDiagnostics().Any(static d => d.Severity == DiagnosticSeverity.Error))
            return code;
        var insertions = new List<(int Position, string Text, int Replaced)>();
        foreach (var node in tree.GetRoot().DescendantNodes())
        {
            if (IsFunction(node, out var attributes) && !attributes.Any(static l => l.Attributes.Any(static a => a.Name.ToString().Contains("MethodImpl", StringComparison.Ordinal))))
                insertions.Add((node.SpanStart, Apart, 0));
            switch (node)
            {
                case WhileStatementSyntax loop:
                    Open(loop.Statement, CallIn(loop));
                    break;
                case DoStatementSyntax loop:
                    Open(loop.Statement, CallIn(loop));
                    break;
                case ForStatementSyntax loop:
                    Open(loop.Statement, CallIn(loop));
                    break;
                case CommonForEachStatementSyntax loop:
                    Open(loop.Statement, CallIn(loop));
                    break;
                case AnonymousFunctionExpressionSyntax { Block: { } block }:
                    Open(block, EnterCall);
                    break;
                case AnonymousFunctionExpressionSyntax { ExpressionBody: { } value } when inExpressions && IsValue(value):
                    insertions.Add((value.SpanStart, "{" + EnterCall + "return ", 0));
                    insertions.Add((value.Span.End, ReturnEnd, 0));
                    break;
                case LocalFunctionStatementSyntax { Body: { } block }:
                    Open(block, EnterCall);
                    break;
                case LocalFunctionStatementSyntax { ExpressionBody: { } value } function:
                    Widen(value, function.SemicolonToken, HasNoValue(function.ReturnType, function.Modifiers));
                    break;
                case DestructorDeclarationSyntax:
                    break; // Of no cell, on a thread of the runtime's.
                case BaseMethodDeclarationSyntax { Body: { } block }:
                    Open(block, EnterCall);
                    break;
                case BaseMethodDeclarationSyntax { ExpressionBody: { } value } method:
                    Widen(value, method.SemicolonToken, method is ConstructorDeclarationSyntax || (method is MethodDeclarationSyntax named && HasNoValue(named.ReturnType, named.Modifiers)));
                    break;
                case AccessorDeclarationSyntax { Body: { } block }:
                    Open(block, EnterCall);
                    break;
                case AccessorDeclarationSyntax { ExpressionBody: { } value } accessor:
                    Widen(value, accessor.SemicolonToken, hasNoValue: !accessor.IsKind(SyntaxKind.GetAccessorDeclaration));
                    break;
                case PropertyDeclarationSyntax { ExpressionBody: { } value } property:
                    Widen(value, property.SemicolonToken, hasNoValue: false, "get{", End);
                    break;
                case IndexerDeclarationSyntax { ExpressionBody: { } value } indexer:
                    Widen(value, indexer.SemicolonToken, hasNoValue: false, "get{", End);
                    break;
                case CatchClauseSyntax clause:
                    insertions.Add((clause.Block.CloseBraceToken.SpanStart, CallIn(clause), 0));
                    break;
            }
        }

        if (insertions.Count == 0)
            return code;
        var text = new StringBuilder(code.Length + (insertions.Count * Call.Length));
        var copied = 0;
        foreach (var (position, insertion, replaced) in insertions.OrderBy(static i => i.Position).ThenByDescending(static i => i.Text is End or ReturnEnd or End + End))
        {
            text.Append(code, copied, position - copied).Append(insertion);
            copied = position + replaced;
        }

        return text.Append(code, copied, code.Length - copied).ToString();

        void Open(StatementSyntax body, string call)
        {
            if (body is BlockSyntax block)
            {
                insertions.Add((block.OpenBraceToken.Span.End, call, 0));
                return;
            }

            insertions.Add((body.SpanStart, "{" + call, 0));
            insertions.Add((body.Span.End, End, 0));
        }

        // '=> x;' becomes '{ return x; }', of a property '{ get { return x; }}'.
        void Widen(ArrowExpressionClauseSyntax value, SyntaxToken semicolon, bool hasNoValue, string begin = "", string end = "")
        {
            insertions.Add((value.ArrowToken.SpanStart, "{" + begin + EnterCall + (hasNoValue || value.Expression is ThrowExpressionSyntax ? "" : "return "), ArrowLength));
            insertions.Add((semicolon.Span.End, End + end, 0));
        }
    }

    private static bool HasNoValue(TypeSyntax type, SyntaxTokenList modifiers) => type is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword }
        || (modifiers.Any(SyntaxKind.AsyncKeyword) && type is not (GenericNameSyntax or QualifiedNameSyntax { Right: GenericNameSyntax }));

    private static bool IsFunction(SyntaxNode node, out SyntaxList<AttributeListSyntax> attributes)
    {
        (attributes, var hasCode) = node switch
        {
            MethodDeclarationSyntax method => (method.AttributeLists, method.Body is not null || method.ExpressionBody is not null),
            LocalFunctionStatementSyntax function => (function.AttributeLists, function.Body is not null || function.ExpressionBody is not null),
            _ => (default, false),
        };
        return hasCode;
    }

    // An expression that cannot stand as a statement has a value that the function returns; of calls and assignments only their types tell.
    private static bool IsValue(ExpressionSyntax expression) => expression is BinaryExpressionSyntax or LiteralExpressionSyntax or IdentifierNameSyntax or MemberAccessExpressionSyntax
        or ElementAccessExpressionSyntax or CastExpressionSyntax or ParenthesizedExpressionSyntax or TupleExpressionSyntax or InterpolatedStringExpressionSyntax
        or IsPatternExpressionSyntax or AnonymousObjectCreationExpressionSyntax or ConditionalExpressionSyntax
        or PrefixUnaryExpressionSyntax { OperatorToken.RawKind: (int)SyntaxKind.MinusToken or (int)SyntaxKind.ExclamationToken };

    // What stands in a clean-up, or in a function that a clean-up may call, must not be stopped at once.
    private static string CallIn(SyntaxNode node)
    {
        for (var outer = node.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is FinallyClauseSyntax or BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax or AccessorDeclarationSyntax
                or CatchClauseSyntax)
            {
                return GentleCall;
            }
        }

        return Call;
    }
}
