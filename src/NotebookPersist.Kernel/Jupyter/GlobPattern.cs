using System.Text;
using System.Text.RegularExpressions;

namespace NotebookPersist.Kernel.Jupyter;

/// <summary>Patterns of whole texts with <c>*</c>, <c>?</c> and <c>[set]</c>, as consoles search their history by.</summary>
/// <remarks>Source: the operator GLOB of SQLite, in which IPython keeps its history: case matters, and <c>[^set]</c> is what is not in the set.</remarks>
internal static class GlobPattern
{
    /// <summary>The same as a regular expression, whose time grows only with the text.</summary>
    public static Regex ToRegex(string pattern)
    {
        var expression = new StringBuilder(@"\A");
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '[' && EndOfSet(pattern, i) is { } end)
            {
                expression.Append(Set(pattern[(i + 1)..end]));
                i = end;
                continue;
            }

            expression.Append(pattern[i] switch { '*' => ".*", '?' => ".", var c => Regex.Escape(c.ToString()) });
        }

        return new Regex(expression.Append(@"\z").ToString(), RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
    }

    // A bracket that comes first is one of the set.
    private static int? EndOfSet(string pattern, int start)
    {
        var first = start + (start + 1 < pattern.Length && pattern[start + 1] == '^' ? 2 : 1);
        return first + 1 < pattern.Length && pattern.IndexOf(']', first + 1) is > 0 and var end ? end : null;
    }

    private static string Set(string set)
    {
        var isExcluded = set[0] == '^';
        var members = new StringBuilder();
        for (var i = isExcluded ? 1 : 0; i < set.Length; i++)
        {
            if (i + 2 < set.Length && set[i + 1] == '-' && set[i] <= set[i + 2])
            {
                members.Append(Literal(set[i])).Append('-').Append(Literal(set[i + 2]));
                i += 2;
                continue;
            }

            members.Append(Literal(set[i]));
        }

        return $"[{(isExcluded ? "^" : "")}{members}]";
    }

    private static string Literal(char c) => FormattableString.Invariant($"\\u{(int)c:x4}");
}
