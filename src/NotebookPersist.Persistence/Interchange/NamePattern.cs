using System.Text.RegularExpressions;

namespace NotebookPersist.Persistence;

/// <summary>Names as users write them: with <c>*</c> for any characters and <c>?</c> for one.</summary>
internal static class NamePattern
{
    // Patterns come from the command line; none that is honest takes this long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>The names that patterns choose, in their order; all where there are no patterns.</summary>
    /// <exception cref="ArgumentException">A pattern fits no name.</exception>
    public static IReadOnlyList<T> Choose<T>(IReadOnlyList<T> items, Func<T, string> nameOf, IReadOnlyList<string>? patterns, string where)
    {
        if (patterns is null)
            return items;
        var chosen = new bool[items.Count];
        foreach (string pattern in patterns)
        {
            Regex expression = Expression(pattern);
            bool any = false;
            for (int i = 0; i < items.Count; i++)
            {
                if (expression.IsMatch(nameOf(items[i])))
                    chosen[i] = any = true;
            }

            if (!any)
                throw new ArgumentException($"'{pattern}' fits no tensor in '{where}'.{NearNames.HintOrList(pattern, [.. items.Select(nameOf)])}", nameof(patterns));
        }

        return [.. items.Where((_, i) => chosen[i])];
    }

    /// <summary>A pattern with <c>*</c> and <c>?</c> as a regular expression that fits whole names.</summary>
    public static Regex Expression(string pattern) => new(
        $"^{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal)}$",
        RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking,
        Patience);
}
