using NotebookPersist.Notebooks.Html;

namespace NotebookPersist.Notebooks;

/// <summary>How the values of one type are shown in a notebook.</summary>
/// <remarks>Thread safety: displays hold no state. A value that cannot be shown is named with the reason, never thrown at the cell.</remarks>
public abstract class Display
{
    private protected Display()
    {
    }

    /// <summary>The type shown; its derived types are shown alike.</summary>
    public abstract Type ValueType { get; }

    /// <summary>True where this display has a form for the value; some types hold values of many kinds, such as arrays.</summary>
    public abstract bool CanShow(object value);

    /// <summary>The text/plain form.</summary>
    public string RenderText(object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        try
        {
            return TextOf(value);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return $"{value.GetType().Name} ({Reason(error)})";
        }
    }

    /// <summary>The text/html form; null where text says it all.</summary>
    public string? RenderHtml(object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        try
        {
            return HtmlOf(value);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            var html = new HtmlWriter();
            html.Element("pre", RenderText(value));
            html.Element("small", $"Shown as text: {Reason(error)}.");
            return html.ToString();
        }
    }

    /// <summary>All forms at once.</summary>
    public MimeBundle Render(object value) => new(RenderText(value), RenderHtml(value));

    private protected abstract string TextOf(object value);

    private protected abstract string? HtmlOf(object value);

    private static string Reason(Exception error) =>
        $"it cannot be displayed: {error.GetType().Name}, {error.Message.Split('\n')[0].Trim().TrimEnd('.')}";
}

/// <summary>How values of type <typeparamref name="T"/> are shown in a notebook.</summary>
/// <typeparam name="T">The type shown, derived types included.</typeparam>
/// <remarks>
/// A class that derives from this one in this assembly is found by <see cref="Displays.All"/>; nothing else needs to be changed.
/// Sizes must be bounded, and what was left out is said.
/// </remarks>
public abstract class Display<T> : Display
    where T : notnull
{
    /// <inheritdoc/>
    public sealed override Type ValueType => typeof(T);

    /// <inheritdoc/>
    public sealed override bool CanShow(object value) => value is T shown && Accepts(shown);

    /// <summary>False passes the value on to the notebook's own formatting.</summary>
    protected virtual bool Accepts(T value) => true;

    /// <summary>The value as text; the first line should be enough to recognise it.</summary>
    protected abstract string Text(T value);

    /// <summary>The value as an HTML fragment that needs neither network nor script; null where text says it all.</summary>
    protected virtual string? Html(T value) => null;

    private protected sealed override string TextOf(object value) => Text((T)value);

    private protected sealed override string? HtmlOf(object value) => Html((T)value);
}
