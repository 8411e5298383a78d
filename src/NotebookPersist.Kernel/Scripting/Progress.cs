using System.Diagnostics;
using System.Globalization;
using System.Net;
using NotebookPersist.Kernel.Scripting;

namespace NotebookPersist;

/// <summary>Progress bars for loops: <c>foreach (var step in Enumerable.Range(0, 1000).WithProgress("training"))</c>.</summary>
public static class Progress
{
    // Faster than anybody reads, slow enough to cost nothing.
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    /// <summary>The same items, with a bar below the cell that moves as they are taken.</summary>
    /// <param name="items">The items.</param>
    /// <param name="label">What is done with them; may be empty.</param>
    /// <param name="total">How many there are; by default as many as the collection says. Unknown, the bar counts only.</param>
    /// <remarks>Where no cell runs there is no bar. Thread safety: as that of the items.</remarks>
    public static IEnumerable<T> WithProgress<T>(this IEnumerable<T> items, string label = "", int? total = null)
    {
        ArgumentNullException.ThrowIfNull(items);
        return Iterate(items, label, total ?? (items.TryGetNonEnumeratedCount(out int count) ? count : null));
    }

    private static IEnumerable<T> Iterate<T>(IEnumerable<T> items, string label, int? total)
    {
        var context = new CellContext(static () => null);
        string id = Guid.NewGuid().ToString("N");
        long start = Stopwatch.GetTimestamp();
        long shown = start;
        int count = 0;
        context.Show(Bar(label, count, total, TimeSpan.Zero), id, isUpdate: false);
        try
        {
            foreach (T item in items)
            {
                yield return item;
                count++;
                if (Stopwatch.GetElapsedTime(shown) < Between)
                    continue;
                shown = Stopwatch.GetTimestamp();
                context.Show(Bar(label, count, total, Stopwatch.GetElapsedTime(start)), id, isUpdate: true);
            }
        }
        finally
        {
            context.Show(Bar(label, count, total, Stopwatch.GetElapsedTime(start)), id, isUpdate: true);
        }
    }

    private static Dictionary<string, string> Bar(string label, int count, int? total, TimeSpan elapsed)
    {
        string counted = total is { } known ? string.Create(CultureInfo.InvariantCulture, $"{count:N0} of {known:N0}") : string.Create(CultureInfo.InvariantCulture, $"{count:N0}");
        string rate = elapsed.TotalSeconds > 0 && count > 0 ? string.Create(CultureInfo.InvariantCulture, $", {count / elapsed.TotalSeconds:0.#} a second") : "";
        string left = total is { } all && count > 0 && count < all ? string.Create(CultureInfo.InvariantCulture, $", {elapsed * (all - count) / count:mm\\:ss} left") : "";
        string text = $"{(label.Length > 0 ? label + ": " : "")}{counted}{rate}{left}";
        string bar = total is { } most ? string.Create(CultureInfo.InvariantCulture, $"<progress max=\"{most}\" value=\"{count}\"></progress> ") : "";
        return new Dictionary<string, string> { ["text/html"] = $"<div>{bar}{WebUtility.HtmlEncode(text)}</div>", ["text/plain"] = text };
    }
}
