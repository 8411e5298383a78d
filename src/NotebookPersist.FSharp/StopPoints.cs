using System.Globalization;
using System.Text;
using FSharp.Compiler.Syntax;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using Range = FSharp.Compiler.Text.Range;

namespace NotebookPersist.FSharpCells;

/// <summary>Puts calls into the loops and functions of a cell, at which it stops when it is interrupted.</summary>
/// <remarks>
/// Indentation is syntax, so a call goes on a line of its own before a body that begins a line, behind which a line directive restores the count, or
/// into a body that ends on the line it begins on. Other bodies are left as they are. Thread safety: stateless.
/// </remarks>
internal static class StopPoints
{
    private const string Call = "NotebookPersist.Kernel.Scripting.StopPoint.Pass()";

    // A lambda for any other method may be an expression tree, which can hold no call before its value.
    private static readonly HashSet<string> Collections = new(StringComparer.Ordinal) { "Array", "Async", "List", "Map", "Option", "Seq", "Set" };

    /// <summary>The code with the calls.</summary>
    /// <param name="code">The code, its lines separated by line feeds.</param>
    /// <param name="tree">The code, parsed.</param>
    /// <param name="name">What the compiler calls the code.</param>
    public static string Insert(string code, ParsedInput tree, string name)
    {
        var places = new Places(code.Split('\n'), name);
        ParsedInputModule.fold(FuncConvert.FromFunc<Places, FSharpList<SyntaxNode>, SyntaxNode, Places>(Visit), places, tree);
        return places.IsEmpty ? code : places.Apply();
    }

    private static Places Visit(Places places, FSharpList<SyntaxNode> path, SyntaxNode node)
    {
        switch (node)
        {
            case SyntaxNode.SynExpr { Item: SynExpr.While loop } when !IsQuoted(path):
                places.Condition(loop.whileExpr.Range);
                break;
            case SyntaxNode.SynExpr { Item: SynExpr.For loop } when !IsQuoted(path):
                places.LoopBody(loop.doBody.Range);
                break;
            case SyntaxNode.SynExpr { Item: SynExpr.ForEach loop } when !IsQuoted(path):
                places.LoopBody(loop.bodyExpr.Range);
                break;
            case SyntaxNode.SynExpr { Item: SynExpr.Lambda { fromMethod: false, parsedData: { } parsed } } when !IsQuoted(path):
                places.FunctionBody(parsed.Value.Item2.Range, isShortWanted: IsOfCollection(path));
                break;
            case SyntaxNode.SynBinding { Item: { headPat: SynPat.LongIdent { argPats: SynArgPats.Pats { pats.IsEmpty: false } } } binding } when !IsQuoted(path):
                places.FunctionBody((binding.expr is SynExpr.Typed typed ? typed.expr : binding.expr).Range, isShortWanted: true);
                break;
        }

        return places;
    }

    private static bool IsQuoted(FSharpList<SyntaxNode> path) => path.Any(static n => n is SyntaxNode.SynExpr { Item: SynExpr.Quote });

    // (fun …) as an argument of Seq.map and its like.
    private static bool IsOfCollection(FSharpList<SyntaxNode> path) => path
        .SkipWhile(static n => n is SyntaxNode.SynExpr { Item: SynExpr.Paren })
        .FirstOrDefault() is SyntaxNode.SynExpr { Item: SynExpr.App { funcExpr: SynExpr.LongIdent { longDotId: { } called } } }
        && called.LongIdent.Length == 2 && Collections.Contains(called.LongIdent.Head.idText);

    /// <summary>Where the calls go.</summary>
    private sealed class Places(string[] lines, string name)
    {
        private readonly HashSet<int> _before = [];
        private readonly List<(int Line, int Column, string Text)> _within = [];

        public bool IsEmpty => _before.Count == 0 && _within.Count == 0;

        public void Condition(Range condition)
        {
            if (IsShort(condition))
                Enclose(condition);
        }

        public void LoopBody(Range body)
        {
            if (BeginsLine(body))
                _before.Add(body.StartLine);
            else if (IsShort(body) && IsLastOfLine(body) && TextBefore(body).EndsWith("do", StringComparison.Ordinal))
                _within.Add((body.StartLine, body.StartColumn, Call + "; "));
        }

        public void FunctionBody(Range body, bool isShortWanted)
        {
            if (BeginsLine(body))
                _before.Add(body.StartLine);
            else if (isShortWanted && IsShort(body))
                Enclose(body);
        }

        public string Apply()
        {
            var text = new StringBuilder();
            for (var i = 0; i < lines.Length; i++)
            {
                var (number, line) = (i + 1, lines[i]);
                if (_before.Contains(number))
                    text.Append(line.AsSpan(0, line.Length - line.TrimStart().Length)).Append(Call).Append(CultureInfo.InvariantCulture, $"\n# {number} \"{name}\"\n");
                foreach (var (_, column, inserted) in _within.Where(p => p.Line == number).Reverse().OrderByDescending(static p => p.Column))
                    line = line.Insert(column, inserted);
                text.Append(line).Append(i < lines.Length - 1 ? "\n" : "");
            }

            return text.ToString();
        }

        private void Enclose(Range range)
        {
            _within.Add((range.StartLine, range.StartColumn, $"({Call}; "));
            _within.Add((range.EndLine, range.EndColumn, ")"));
        }

        private string TextBefore(Range range) => lines[range.StartLine - 1][..range.StartColumn].TrimEnd();

        private bool BeginsLine(Range range) => IsHere(range) && TextBefore(range).Length == 0;

        private bool IsShort(Range range) => IsHere(range) && range.StartLine == range.EndLine && TextBefore(range).Length > 0;

        private bool IsLastOfLine(Range range) => lines[range.EndLine - 1].Length == range.EndColumn;

        // What the compiler has made up has no place.
        private bool IsHere(Range range) => range.StartLine >= 1 && range.EndLine <= lines.Length && range.StartColumn < lines[range.StartLine - 1].Length;
    }
}
