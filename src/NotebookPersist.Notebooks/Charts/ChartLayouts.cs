using Plotly.NET;
using Plotly.NET.LayoutObjects;

namespace NotebookPersist.Notebooks.Plots;

/// <summary>Settings that the chart library offers to F# only.</summary>
internal static class ChartLayouts
{
    /// <summary>A small font.</summary>
    public static Font SmallFont
    {
        get
        {
            var font = new Font();
            font.SetProperty("size", 11);
            return font;
        }
    }

    /// <summary>Sets the heading.</summary>
    public static GenericChart Titled(this GenericChart chart, string title) =>
        // F# writes the absent option as null.
        Chart.withTitle(title, TitleFont: null!).Invoke(chart);

    /// <summary>Draws neither axis.</summary>
    public static GenericChart WithoutAxes(this GenericChart chart)
    {
        var axis = new LinearAxis();
        axis.SetProperty("visible", false);
        // As above: null is F#'s absent option.
        return Chart.withYAxis(axis, null!).Invoke(Chart.withXAxis(axis, null!).Invoke(chart));
    }
}
