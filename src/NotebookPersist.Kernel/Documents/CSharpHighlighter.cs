using System.Net;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NotebookPersist.Kernel.Scripting;

namespace NotebookPersist.Kernel.Documents;

/// <summary>C# as HTML with its words marked, told apart by syntax alone: nothing is compiled.</summary>
internal static class CSharpHighlighter
{
    public static string ToHtml(string code)
    {
        var text = code.ReplaceLineEndings("\n");
        var html = new StringBuilder();
        var position = 0;
        foreach (var (start, length, style) in Spans(CSharpSyntaxTree.ParseText(text, ScriptEngine.ParseOptions).GetRoot()))
        {
            if (start < position || length == 0)
                continue;
            html.Append(WebUtility.HtmlEncode(text[position..start]));
            html.Append("<span class=\"").Append(style).Append("\">").Append(WebUtility.HtmlEncode(text.Substring(start, length))).Append("</span>");
            position = start + length;
        }

        return html.Append(WebUtility.HtmlEncode(text[position..])).ToString();
    }

    private static IEnumerable<(int Start, int Length, string Style)> Spans(SyntaxNode root)
    {
        foreach (var token in root.DescendantTokens())
        {
            foreach (var trivia in token.LeadingTrivia)
            {
                if (StyleOf(trivia) is { } style)
                    yield return (trivia.SpanStart, trivia.Span.Length, style);
            }

            if (StyleOf(token) is { } tokenStyle)
                yield return (token.SpanStart, token.Span.Length, tokenStyle);
            foreach (var trivia in token.TrailingTrivia)
            {
                if (StyleOf(trivia) is { } style)
                    yield return (trivia.SpanStart, trivia.Span.Length, style);
            }
        }
    }

    private static string? StyleOf(SyntaxTrivia trivia) => trivia.Kind() switch
    {
        SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia
            or SyntaxKind.SingleLineDocumentationCommentTrivia or SyntaxKind.MultiLineDocumentationCommentTrivia or SyntaxKind.DisabledTextTrivia => "c",
        _ when trivia.IsDirective => "m",
        _ => null,
    };

    private static string? StyleOf(SyntaxToken token) => token.Kind() switch
    {
        SyntaxKind.NumericLiteralToken => "n",
        SyntaxKind.StringLiteralToken or SyntaxKind.CharacterLiteralToken or SyntaxKind.InterpolatedStringTextToken or SyntaxKind.InterpolatedStringStartToken
            or SyntaxKind.InterpolatedStringEndToken or SyntaxKind.InterpolatedVerbatimStringStartToken or SyntaxKind.InterpolatedSingleLineRawStringStartToken
            or SyntaxKind.InterpolatedMultiLineRawStringStartToken or SyntaxKind.InterpolatedRawStringEndToken or SyntaxKind.SingleLineRawStringLiteralToken
            or SyntaxKind.MultiLineRawStringLiteralToken or SyntaxKind.Utf8StringLiteralToken => "s",
        SyntaxKind.IdentifierToken => StyleOfName(token),
        _ when token.IsKeyword() || SyntaxFacts.IsContextualKeyword(token.Kind()) => "k",
        _ => null,
    };

    private static string? StyleOfName(SyntaxToken token) => token.Parent switch
    {
        IdentifierNameSyntax { IsVar: true } => "k",
        BaseTypeDeclarationSyntax or ConstructorDeclarationSyntax or TypeParameterSyntax => "t",
        MethodDeclarationSyntax or LocalFunctionStatementSyntax => "f",
        SimpleNameSyntax { Parent: InvocationExpressionSyntax } => "f",
        SimpleNameSyntax { Parent: MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax call } access } name when call.Expression == access && access.Name == name => "f",
        SimpleNameSyntax { Parent: ObjectCreationExpressionSyntax or VariableDeclarationSyntax or TypeArgumentListSyntax or ParameterSyntax or ArrayTypeSyntax or NullableTypeSyntax } => "t",
        GenericNameSyntax => "t",
        _ => null,
    };
}
