using System.Globalization;
using NotebookPersist.Notebooks.Html;

namespace NotebookPersist.Notebooks.Magics;

/// <summary>How far a save in the background has come: one line, with a bar.</summary>
internal sealed class SaveStatusDisplay : Display<SaveStatus>
{
    protected override string Text(SaveStatus value) => value.ToString();

    protected override string? Html(SaveStatus value)
    {
        var html = new HtmlWriter().Begin("div");
        if (value.Progress.TotalByteCount > 0)
        {
            html.Element(
                "progress",
                "",
                ("max", value.Progress.TotalByteCount.ToString(CultureInfo.InvariantCulture)),
                ("value", value.Progress.WrittenByteCount.ToString(CultureInfo.InvariantCulture)));
            html.Text(" ");
        }

        return html.Text(value.ToString()).End().ToString();
    }
}
