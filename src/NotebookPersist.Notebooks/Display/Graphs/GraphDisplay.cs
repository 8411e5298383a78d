using NotebookPersist.Notebooks.Html;
using NotebookPersist.Notebooks.Tables;
using NotebookPersist.Protos;

namespace NotebookPersist.Notebooks.Graphs;

/// <summary>A graph: counts, inputs, inferred outputs, a picture.</summary>
internal sealed class GraphDisplay : Display<Graph>
{
    protected override string Text(Graph value) => new GraphOutline(GraphModel.Of(value)).ToText("Graph");

    protected override string Html(Graph value) => Write(GraphModel.Of(value), "Graph");

    /// <summary>The output for a graph of any origin.</summary>
    internal static string Write(GraphModel model, string what)
    {
        var outline = new GraphOutline(model);
        var html = new HtmlWriter();
        html.BeginOutput(what);
        outline.Write(html, what);
        GraphDrawing.Draw(html, outline);
        if (outline.Variables.Count > 0)
        {
            var variables = new TableView("Variable", "Type", "Shape", "Parameters") { RowLimit = 60 };
            foreach (GraphNode variable in outline.Variables)
                variables.Add(TableCell.Name(variable.Name), variable.DType, variable.Shape, variable.Shape.IsFullyKnown ? variable.Shape.ElementCount : null);
            Fold(html, "Variables", variables);
        }

        if (outline.Types.Count > 0)
        {
            var types = new TableView("Operation type", "Count") { RowLimit = 60 };
            foreach ((string type, int count) in outline.Types)
                types.Add(TableCell.Name(type), count);
            Fold(html, "Operations by type", types);
        }

        return html.End().ToString();
    }

    private static void Fold(HtmlWriter html, string title, TableView table)
    {
        html.Begin("details").Element("summary", $"{title} ({Figures.Count(table.Rows.Count)})");
        TableDisplay.Write(html, table);
        html.End();
    }
}

/// <summary>A stored graph, shown without being imported.</summary>
internal sealed class GraphDefDisplay : Display<GraphDef>
{
    protected override string Text(GraphDef value) => new GraphOutline(GraphModel.Of(value)).ToText("GraphDef");

    protected override string Html(GraphDef value) => GraphDisplay.Write(GraphModel.Of(value), "GraphDef");
}

/// <summary>A stored meta graph: its graph, and what it is called.</summary>
internal sealed class MetaGraphDefDisplay : Display<MetaGraphDef>
{
    protected override string Text(MetaGraphDef value) => new GraphOutline(GraphModel.Of(value.GraphDef ?? new GraphDef())).ToText("MetaGraph");

    protected override string Html(MetaGraphDef value) => GraphDisplay.Write(GraphModel.Of(value.GraphDef ?? new GraphDef()), "MetaGraph");
}
