using System.Text;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>Puts a <see cref="StopPoint"/> into every loop of a cell.</summary>
/// <remarks>Lines stay where they are, so that errors and stack traces name the lines that the user wrote; columns move.</remarks>
internal static class LoopStops
{
    private const string Call = "global::NotebookPersist.Kernel.Scripting.StopPoint.Pass();";

    /// <summary>The code with its stop points; the same text where it has no loops or does not parse.</summary>
    public static string Insert(string code)
    {
        var tree = CSharpSyntaxTree.ParseText(code, ScriptEngine.ParseOptions);
        if (tree.GetDiagnostics().Any(static d => d.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error))
            return code;
        var insertions = new List<(int Position, string Text)>();
        foreach (var node in tree.GetRoot().DescendantNodes())
        {
            var body = node switch
            {
                WhileStatementSyntax loop => loop.Statement,
                DoStatementSyntax loop => loop.Statement,
                ForStatementSyntax loop => loop.Statement,
                CommonForEachStatementSyntax loop => loop.Statement,
                _ => null,
            };
            if (body is BlockSyntax block)
            {
                insertions.Add((block.OpenBraceToken.Span.End, Call));
            }
            else if (body is not null)
            {
                insertions.Add((body.SpanStart, "{" + Call));
                insertions.Add((body.Span.End, "}"));
            }
        }

        if (insertions.Count == 0)
            return code;
        var text = new StringBuilder(code.Length + (insertions.Count * Call.Length));
        var copied = 0;
        foreach (var (position, insertion) in insertions.OrderBy(static i => i.Position))
        {
            text.Append(code, copied, position - copied).Append(insertion);
            copied = position;
        }

        return text.Append(code, copied, code.Length - copied).ToString();
    }
}
