using Microsoft.DotNet.Interactive.Formatting;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>Formats values for display: always as plain text, and in the richer forms registered for the type.</summary>
internal static class ValueBundle
{
    private const string PlainText = "text/plain";

    /// <summary>The forms of <paramref name="value"/> by MIME type. Never throws because of a faulty formatter: it degrades to text that says why.</summary>
    /// <param name="value">The value.</param>
    /// <param name="mimeTypes">The forms that are wanted; none for those that the type prefers. Plain text is always among them, for clients that draw no other.</param>
    public static IReadOnlyDictionary<string, string> Of(object? value, params string[] mimeTypes)
    {
        if (value is null)
            return new Dictionary<string, string> { [PlainText] = "null" };

        var bundle = new Dictionary<string, string>();
        try
        {
            foreach (var mimeType in (mimeTypes.Length > 0 ? mimeTypes : Formatter.GetPreferredMimeTypesFor(value.GetType())).Append(PlainText).Distinct())
            {
                // A formatter that declines writes nothing.
                if (value.ToDisplayString(mimeType) is { Length: > 0 } form)
                    bundle[mimeType] = form;
            }

            if (!bundle.ContainsKey(PlainText))
                bundle[PlainText] = value.ToString() is { Length: > 0 } text ? text : $"{value.GetType()}";
        }
        catch (Exception e) when (e is not (OperationCanceledException or ThreadInterruptedException))
        {
            var root = e.GetBaseException();
            bundle.Clear();
            bundle[PlainText] = $"{value.GetType()} (its display failed: {root.GetType().Name}: {root.Message})";
        }

        return bundle;
    }
}
