using System.Text;
using NotebookPersist.Notebooks.Html;

namespace NotebookPersist.Notebooks.Graphs;

/// <summary>What there is to say of a graph before any picture: counts, inputs, and what look like its outputs.</summary>
internal sealed class GraphOutline
{
    private const int Listed = 8;

    // Deeper scopes are none that a person made.
    private const int MostDepth = 64;

    public GraphOutline(GraphModel model)
    {
        Model = model;
        IsAuxiliary = FindAuxiliary(model);
        Variables = [.. model.Nodes.Where(static n => n.Kind == NodeKind.Variable)];
        Inputs = [.. model.Nodes.Where((n, i) => n.Type.StartsWith("Placeholder", StringComparison.Ordinal) && n.DType != DType.Resource && !IsAuxiliary[i])];
        bool[] used = new bool[model.Nodes.Count];
        foreach (int input in model.Nodes.SelectMany(static n => n.Inputs))
            used[input] = true;
        Outputs = [.. model.Nodes.Where((n, i) => n.Kind is NodeKind.Compute or NodeKind.Layer && !used[i] && !IsAuxiliary[i] && !IsRead(model, i) && !IsByProduct(n))];
        Types = [.. model.Nodes.CountBy(static n => n.Type).OrderByDescending(static t => t.Value).ThenBy(static t => t.Key, StringComparer.Ordinal)];
    }

    public GraphModel Model { get; }

    /// <summary>By node: true for what belongs to savers, training and start-up rather than to the model.</summary>
    public bool[] IsAuxiliary { get; }

    public IReadOnlyList<GraphNode> Variables { get; }

    public IReadOnlyList<GraphNode> Inputs { get; }

    /// <summary>Values of the model that no operation takes.</summary>
    public IReadOnlyList<GraphNode> Outputs { get; }

    /// <summary>Operation types by how many there are.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> Types { get; }

    /// <summary>Elements of all variables of known shape.</summary>
    public long ParameterCount => Totals.Of(Variables.Select(static v => Totals.ElementsOf(v.Shape)));

    /// <summary>Size of all variables of known shape. Unit: bytes.</summary>
    public long ParameterBytes => Totals.Of(Variables.Select(static v => Totals.BytesOf(v.DType, v.Shape)));

    /// <summary>The facts as text.</summary>
    public string ToText(string what)
    {
        var text = new StringBuilder($"{what}: {Figures.Count(Model.Nodes.Count, "operation")}");
        if (Variables.Count > 0)
            text.Append($", {Figures.Count(Variables.Count, "variable")} ({Figures.Count(ParameterCount, "parameter")}, {Figures.Bytes(ParameterBytes)})");
        if (Model.FunctionCount > 0)
            text.Append($", {Figures.Count(Model.FunctionCount, "function")}");
        AppendList(text, "inputs", Inputs);
        AppendList(text, "outputs", Outputs);
        if (Types.Count > 0)
        {
            text.Append("\ntypes: ").AppendJoin(", ", Types.Take(Listed).Select(static t => $"{t.Key} {t.Value}"));
            if (Types.Count > Listed)
                text.Append($" and {Types.Count - Listed} more");
        }

        return text.ToString();
    }

    /// <summary>The facts as the head of an HTML output.</summary>
    public void Write(HtmlWriter html, string what)
    {
        html.Begin("div", ("class", "np-line")).Element("b", what);
        html.Badge(Figures.Count(Model.Nodes.Count, "operation"));
        if (Variables.Count > 0)
            html.Badge($"{Figures.Count(Variables.Count, "variable")}, {Figures.Count(ParameterCount, "parameter")}, {Figures.Bytes(ParameterBytes)}");
        if (Model.FunctionCount > 0)
            html.Badge(Figures.Count(Model.FunctionCount, "function"));
        if (Model.MissingInputs > 0)
            html.Badge($"{Figures.Count(Model.MissingInputs, "input")} from missing nodes", "bad");
        html.End();
        WriteList(html, "Inputs", Inputs);
        WriteList(html, "Outputs", Outputs);
    }

    private static void AppendList(StringBuilder text, string what, IReadOnlyList<GraphNode> nodes)
    {
        if (nodes.Count == 0)
            return;
        text.Append($"\n{what}: ").AppendJoin("; ", nodes.Take(Listed).Select(static n => $"{n.Name} {n.Value}".TrimEnd()));
        if (nodes.Count > Listed)
            text.Append($" and {Figures.Count(nodes.Count - Listed)} more");
    }

    private static void WriteList(HtmlWriter html, string what, IReadOnlyList<GraphNode> nodes)
    {
        if (nodes.Count == 0)
            return;
        html.Begin("div", ("class", "np-line")).Element("span", what, ("class", "np-dim"));
        foreach (GraphNode node in nodes.Take(Listed))
        {
            html.Begin("span").Begin("code").Element("b", node.Name).End();
            if (node.Value.Length > 0)
                html.Text(" ").Element("code", node.Value, ("class", "np-dim"));
            html.End();
        }

        if (nodes.Count > Listed)
            html.Element("span", $"and {Figures.Count(nodes.Count - Listed)} more", ("class", "np-dim"));
        html.End();
    }

    // Conditionals keep pivots that nothing takes, and layers their penalties: no results of the model.
    private static bool IsByProduct(GraphNode node) =>
        node.ShortName is "switch_t" or "switch_f" or "pred_id" || node.Name.Contains("/Regularizer/", StringComparison.Ordinal);

    // The identity that reads a variable is part of the variable.
    private static bool IsRead(GraphModel model, int node)
    {
        GraphNode read = model.Nodes[node];
        return read.Type is "Identity" or "ReadVariableOp" && read.Inputs.Count > 0 && model.Nodes[read.Inputs[0]].Kind == NodeKind.Variable;
    }

    private static bool[] FindAuxiliary(GraphModel model)
    {
        var scopes = new HashSet<string>(StringComparer.Ordinal);
        foreach (GraphNode node in model.Nodes)
        {
            int slash = node.Name.LastIndexOf('/');
            if (NodeKinds.IsSaver(node.Type) && slash > 0)
                scopes.Add(node.Name[..slash]);
        }

        return [.. model.Nodes.Select(n => n.Kind is NodeKind.State or NodeKind.Training || n.Type == "NoOp" || IsInside(n.Name))];

        bool IsInside(string name)
        {
            int depth = 0;
            for (int start = 0, slash = name.IndexOf('/'); slash > 0 && depth < MostDepth; start = slash + 1, slash = name.IndexOf('/', slash + 1), depth++)
            {
                string scope = name[..slash];
                string last = name[start..slash];
                if (scopes.Contains(scope) || last == "gradients" || last.StartsWith("gradients_", StringComparison.Ordinal) || last == "Initializer")
                    return true;
            }

            return false;
        }
    }
}
