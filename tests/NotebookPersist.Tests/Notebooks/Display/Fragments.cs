using System.Xml.Linq;
using NotebookPersist.Notebooks;
using Xunit;

namespace NotebookPersist.Tests.Notebooks.Display;

/// <summary>What every HTML output must keep to.</summary>
internal static class Fragments
{
    /// <summary>Renders a value and checks that its HTML is well-formed, bounded and refers to nothing outside.</summary>
    public static MimeBundle Render(object value, int maxBytes = 400_000)
    {
        Assert.True(Displays.TryRender(value, out MimeBundle? bundle), $"No display shows {value.GetType()}.");
        Assert.False(string.IsNullOrWhiteSpace(bundle.Text));
        Assert.DoesNotContain("cannot be displayed", bundle.Text, StringComparison.Ordinal);
        if (bundle.Html is { } html)
        {
            Assert.DoesNotContain("Shown as text", html, StringComparison.Ordinal);
            Assert.DoesNotContain("http:", html, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("https:", html, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
            Assert.InRange(html.Length, 1, maxBytes);
            _ = XElement.Parse($"<root>{html}</root>");
        }

        return bundle;
    }
}
