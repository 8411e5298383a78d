using Microsoft.CodeAnalysis.CSharp;

namespace NotebookPersist.Kernel.Jupyter;

/// <summary>Positions in code as the protocol counts them: in Unicode code points, where .NET counts UTF-16 units.</summary>
internal static class CodePosition
{
    public static int ToUtf16(string code, int codePoints)
    {
        var position = 0;
        for (var i = 0; i < codePoints && position < code.Length; i++)
            position += char.IsSurrogatePair(code, position) ? 2 : 1;
        return position;
    }

    public static int FromUtf16(string code, int position)
    {
        var count = 0;
        for (var i = 0; i < position; i++)
        {
            if (!(i > 0 && char.IsSurrogatePair(code, i - 1)))
                count++;
        }

        return count;
    }

    /// <summary>The identifier that ends at or surrounds a position.</summary>
    public static (int Start, int End) IdentifierAt(string code, int position, bool isWhole)
    {
        var start = position;
        while (start > 0 && SyntaxFacts.IsIdentifierPartCharacter(code[start - 1]))
            start--;
        var end = position;
        while (isWhole && end < code.Length && SyntaxFacts.IsIdentifierPartCharacter(code[end]))
            end++;
        return (start, end);
    }
}
