namespace NotebookPersist.Kernel.Completion;

/// <summary>What can stand at a place in a cell.</summary>
/// <param name="Start">Where the text begins that an item replaces. Unit: UTF-16 units.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Items">The items, best first.</param>
public sealed record CellCompletion(int Start, int End, IReadOnlyList<CompletionItem> Items)
{
    /// <summary>How many items are offered at most: nobody looks through more.</summary>
    internal const int MostItems = 1000;

    /// <summary>Nothing.</summary>
    internal static CellCompletion None(int position) => new(position, position, []);

    /// <summary>The names that begin with what is typed already.</summary>
    internal static CellCompletion OfNames(string code, int start, int end, IEnumerable<string> names, string kind)
    {
        string typed = code[start..end];
        return new CellCompletion(start, end, [.. names
            .Where(n => n.StartsWith(typed, StringComparison.Ordinal))
            .Distinct()
            .Order(StringComparer.Ordinal)
            .Take(MostItems)
            .Select(n => new CompletionItem(n, kind))]);
    }
}

/// <summary>One thing that can stand at a place in a cell.</summary>
/// <param name="Text">What is inserted.</param>
/// <param name="Kind">What it is, in one word: "method", "property", "keyword", "magic", "path", "tensor".</param>
public sealed record CompletionItem(string Text, string Kind);

/// <summary>What is known of the thing at a place in a cell.</summary>
/// <param name="PlainText">As text.</param>
/// <param name="Markdown">As Markdown.</param>
public sealed record CellDescription(string PlainText, string Markdown);
