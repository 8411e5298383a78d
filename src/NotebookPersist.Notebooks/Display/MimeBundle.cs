namespace NotebookPersist.Notebooks;

/// <summary>One value in the forms that a notebook can show.</summary>
/// <param name="Text">The form as text/plain; never empty.</param>
/// <param name="Html">The form as text/html, a self-contained fragment; null where text says it all.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record MimeBundle(string Text, string? Html = null)
{
    /// <summary>The MIME type of <see cref="Text"/>.</summary>
    public const string TextType = "text/plain";

    /// <summary>The MIME type of <see cref="Html"/>.</summary>
    public const string HtmlType = "text/html";

    /// <summary>The forms by MIME type, as notebook protocols take them.</summary>
    public IReadOnlyDictionary<string, string> ToDictionary()
    {
        var forms = new Dictionary<string, string>(StringComparer.Ordinal) { [TextType] = Text };
        if (Html is not null)
            forms[HtmlType] = Html;
        return forms;
    }
}
