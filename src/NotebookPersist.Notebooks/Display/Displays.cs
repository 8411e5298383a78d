using System.Diagnostics.CodeAnalysis;
using Microsoft.DotNet.Interactive.Formatting;

namespace NotebookPersist.Notebooks;

/// <summary>All displays of this library, and their registration with a notebook's formatters.</summary>
/// <remarks>Thread safety: safe from many threads.</remarks>
public static class Displays
{
    private static readonly Lock Registration = new();

    /// <summary>Every display of this assembly, ordered by the name of the type shown.</summary>
    public static IReadOnlyList<Display> All { get; } = Scan();

    /// <summary>The forms of a value that one of the displays shows.</summary>
    /// <returns>False where the notebook's own formatting has to do.</returns>
    public static bool TryRender(object? value, [NotNullWhen(true)] out MimeBundle? bundle)
    {
        bundle = value is null ? null : Find(value)?.Render(value);
        return bundle is not null;
    }

    /// <summary>The display of a value: that of the nearest base type; null where there is none.</summary>
    public static Display? Find(object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Display? best = null;
        foreach (Display display in All)
        {
            if (display.CanShow(value) && (best is null || best.ValueType.IsAssignableFrom(display.ValueType)))
                best = display;
        }

        return best;
    }

    /// <summary>Registers every display with the formatters of .NET Interactive, as text/html and text/plain.</summary>
    /// <remarks>May be called again: the latest registration of a type counts, and all registrations are alike.</remarks>
    public static void Register()
    {
        lock (Registration)
        {
            Formatter.Register<Registered>(static (_, writer) => writer.Write(Registered.Text), MimeBundle.TextType);
            foreach (Display display in All)
            {
                Formatter.Register(display.ValueType, (value, context) => WriteHtml(display, value, context), MimeBundle.HtmlType);
                Formatter.Register(display.ValueType, (value, context) => WriteText(display, value, context), MimeBundle.TextType);
            }
        }
    }

    /// <summary>Registers them again where a cell has taken all formatters back to their beginning.</summary>
    public static void RegisterAgain()
    {
        if (new Registered().ToDisplayString(MimeBundle.TextType) != Registered.Text)
            Register();
    }

    private static bool WriteHtml(Display display, object value, FormatContext context)
    {
        if (!display.CanShow(value) || display.RenderHtml(value) is not { } html)
            return false;
        context.Writer.Write(html);
        return true;
    }

    private static bool WriteText(Display display, object value, FormatContext context)
    {
        if (!display.CanShow(value))
            return false;
        context.Writer.Write(display.RenderText(value));
        return true;
    }

    /// <summary>Nobody shows it: what becomes of it tells whether registrations are still there.</summary>
    private sealed class Registered
    {
        public const string Text = "registered";
    }

    private static Display[] Scan() =>
    [
        .. typeof(Displays).Assembly.GetTypes()
            .Where(static t => t is { IsAbstract: false, ContainsGenericParameters: false } && t.IsSubclassOf(typeof(Display)))
            .Select(static t => (Display)Activator.CreateInstance(t, nonPublic: true)!)
            .OrderBy(static d => d.ValueType.Name, StringComparer.Ordinal),
    ];
}
