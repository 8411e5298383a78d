using System.Text.Json;
using System.Text.Json.Nodes;
using NotebookPersist.Notebooks.Html;
using Plotly.NET;

namespace NotebookPersist.Notebooks.Plots;

/// <summary>A chart: drawn by the embedded script, without network; where scripts do not run, a line of text stands in its place.</summary>
internal sealed class ChartDisplay : Display<GenericChart>
{
    // Transparent paper and middle greys: charts fit light and dark pages alike.
    private const string NeutralTemplate = """
        {"layout":{"paper_bgcolor":"rgba(0,0,0,0)","plot_bgcolor":"rgba(0,0,0,0)","font":{"color":"#808080","size":12,"family":"system-ui,sans-serif"},
        "margin":{"l":60,"r":24,"t":56,"b":52},"modebar":{"bgcolor":"rgba(0,0,0,0)","color":"rgba(128,128,128,0.6)"},
        "colorway":["#3b82c4","#d9702b","#2e9d57","#8562c9","#c98a1b","#d6249f","#5b9aa0","#808080"],
        "xaxis":{"gridcolor":"rgba(128,128,128,0.2)","zerolinecolor":"rgba(128,128,128,0.5)","linecolor":"rgba(128,128,128,0.5)","automargin":true},
        "yaxis":{"gridcolor":"rgba(128,128,128,0.2)","zerolinecolor":"rgba(128,128,128,0.5)","linecolor":"rgba(128,128,128,0.5)","automargin":true}}}
        """;

    private static readonly Lazy<string?> LibraryTemplate = new(static () => TemplateOf(Figure(Plotly.NET.CSharp.Chart.Line<int, int, string>([0], [0]))));

    protected override string Text(GenericChart value)
    {
        JsonObject figure = Figure(value);
        IReadOnlyList<string> kinds = [.. (figure["data"] as JsonArray ?? []).Select(static t => (string?)t?["type"] ?? "scatter").CountBy(static t => t).Select(static t => t.Value == 1 ? t.Key : $"{t.Value} × {t.Key}")];
        string title = figure["layout"]?["title"] is JsonObject heading && (string?)heading["text"] is { Length: > 0 } text ? $" '{text}'" : "";
        return $"chart{title}: {string.Join(", ", kinds)}";
    }

    protected override string Html(GenericChart value)
    {
        JsonObject figure = Figure(value);
        JsonObject layout = figure["layout"] as JsonObject ?? [];
        if (TemplateOf(figure) is null || TemplateOf(figure) == LibraryTemplate.Value)
            layout["template"] = JsonNode.Parse(NeutralTemplate);
        double height = layout["height"]?.GetValue<double>() ?? 420;
        string width = layout["width"] is { } fixedWidth ? $"{Figures.Coordinate(fixedWidth.GetValue<double>())}px" : "100%";
        string id = $"np-chart-{Guid.NewGuid():N}";
        var html = new HtmlWriter();
        html.Element("div", Text(value), ("id", id), ("role", "img"), ("aria-label", Text(value)), ("style", $"width:{width};min-height:{Figures.Coordinate(height)}px"));
        // The serializer escapes '<', so that no text in a chart can end the script.
        string json = new JsonObject { ["data"] = figure["data"]?.DeepClone() ?? new JsonArray(), ["layout"] = layout.DeepClone() }.ToJsonString();
        html.Raw($$"""
            <script>(function draw(tries){var e=document.getElementById("{{id}}");
            if(window.Plotly&&e){var f={{json}};e.textContent="";Plotly.newPlot(e,f.data,f.layout,{responsive:true,displaylogo:false});}
            else if(tries)setTimeout(function(){draw(tries-1);},100);})(200);</script>
            """);
        return html.ToString() + ChartPage.TakeLoader();
    }

    private static JsonObject Figure(GenericChart chart) => JsonNode.Parse(GenericChart.toFigureJson(chart)) as JsonObject
        ?? throw new JsonException("The chart's figure is no object.");

    private static string? TemplateOf(JsonObject figure) => figure["layout"]?["template"]?.ToJsonString();
}
