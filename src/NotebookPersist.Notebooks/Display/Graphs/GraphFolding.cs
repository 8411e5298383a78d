using NotebookPersist.Notebooks.Html;

namespace NotebookPersist.Notebooks.Graphs;

/// <summary>Chooses the boxes of a graph's picture: every operation where there are few, folded scopes where there are many.</summary>
internal sealed class GraphFolding
{
    /// <summary>Boxes drawn at most.</summary>
    public const int MaxBoxes = 120;

    // Up to here everything is drawn, constants and savers included.
    private const int SmallGraph = 48;

    // So many alike are one box.
    private const int StackFrom = 8;

    private readonly GraphOutline _outline;
    private readonly GraphModel _model;
    private readonly List<string> _notes = [];

    private GraphFolding(GraphOutline outline)
    {
        _outline = outline;
        _model = outline.Model;
        Boxes = _model.Nodes.Count <= SmallGraph ? [.. Enumerable.Range(0, _model.Nodes.Count).Select(n => Box(n, isLarge: false))] : Fold();
    }

    /// <summary>The boxes.</summary>
    public IReadOnlyList<GraphBox> Boxes { get; }

    /// <summary>What was folded or left out, in sentences.</summary>
    public IReadOnlyList<string> Notes => _notes;

    public static GraphFolding Of(GraphOutline outline) => new(outline);

    private List<GraphBox> Fold()
    {
        bool[] used = new bool[_model.Nodes.Count];
        foreach (int input in _model.Nodes.SelectMany(static n => n.Inputs))
            used[input] = true;
        int[] drawn = [.. Enumerable.Range(0, _model.Nodes.Count).Where(n => _model.Nodes[n].Kind != NodeKind.Constant || !used[n])];
        if (drawn.Length < _model.Nodes.Count)
            _notes.Add($"{Figures.Count(_model.Nodes.Count - drawn.Length, "constant")} not drawn");

        ScopeTree root = ScopeTree.Build(_model, drawn);
        List<GraphBox> boxes = root.ChildCount > MaxBoxes ? StackEnds(root, used) : [];
        List<ScopeTree> folded = Open(root, MaxBoxes - boxes.Count, out List<int> single);
        boxes = [.. boxes, .. single.Select(n => Box(n, isLarge: true)), .. folded.Select(Box)];
        if (boxes.Count > MaxBoxes)
            boxes = FoldRuns(boxes);
        int scopes = folded.Count(s => !IsVariable(s));
        if (scopes > 0)
            _notes.Add($"{Figures.Count(scopes, "scope")} folded");
        if (boxes.Any(static b => b.IsAside))
            _notes.Add("savers, training and start-up stand apart, without their edges");
        return boxes;
    }

    // Where the whole graph is in no scope, what only feeds or only takes is the same many times over: restored values, summaries, random seeds.
    private List<GraphBox> StackEnds(ScopeTree root, bool[] used)
    {
        var stacks = new List<GraphBox>();
        foreach (var group in root.Nodes.Where(n => !used[n] || _model.Nodes[n].Inputs.Count == 0).GroupBy(n => (_model.Nodes[n].Type, IsUsed: used[n])).ToArray())
        {
            int[] nodes = [.. group];
            if (nodes.Length < StackFrom)
                continue;
            GraphNode first = _model.Nodes[nodes[0]];
            string names = string.Join('\n', nodes.Take(12).Select(n => _model.Nodes[n].Name));
            bool isAside = nodes.All(n => _outline.IsAuxiliary[n]);
            stacks.Add(new GraphBox($"{first.Type} × {nodes.Length}", first.Value, first.Kind, nodes, $"{names}\nand {nodes.Length - Math.Min(12, nodes.Length)} more", isAside));
            root.Nodes.RemoveAll(new HashSet<int>(nodes).Contains);
        }

        return stacks;
    }

    // Outer scopes first, and of those the ones that cost least: a picture that is evenly deep.
    private List<ScopeTree> Open(ScopeTree root, int budget, out List<int> single)
    {
        var folded = new List<ScopeTree>();
        var open = new PriorityQueue<ScopeTree, (int Depth, int Cost)>();
        single = [];
        int boxes = root.ChildCount;
        Split(root, 0, single);
        while (open.TryDequeue(out ScopeTree? scope, out (int Depth, int Cost) priority))
        {
            // A scope around a single box says nothing that the box does not.
            if (boxes - 1 + scope.ChildCount > budget && scope.ChildCount > 1)
            {
                folded.Add(scope);
                continue;
            }

            boxes += scope.ChildCount - 1;
            Split(scope, priority.Depth + 1, single);
        }

        return folded;

        void Split(ScopeTree scope, int depth, List<int> nodes)
        {
            nodes.AddRange(scope.Nodes);
            foreach (ScopeTree inner in scope.Scopes)
            {
                if (IsVariable(inner) || inner.AllNodes().All(n => _outline.IsAuxiliary[n]))
                    folded.Add(inner);
                else
                    open.Enqueue(inner, (depth, inner.ChildCount));
            }
        }
    }

    private bool IsVariable(ScopeTree scope) => scope.Nodes.Any(n => _model.Nodes[n].Kind == NodeKind.Variable && _model.Nodes[n].Name == scope.Path);

    // Without scopes to go by: neighbours in the order of computing become one box.
    private List<GraphBox> FoldRuns(List<GraphBox> boxes)
    {
        List<GraphBox> main = [.. boxes.Where(static b => !b.IsAside)];
        List<GraphBox> aside = [.. boxes.Where(static b => b.IsAside)];
        int[] depth = Depths();
        GraphBox[] ordered = [.. main.OrderBy(b => b.Nodes.Max(n => depth[n])).ThenBy(static b => b.Nodes[0])];
        var runs = new List<GraphBox>();
        foreach (GraphBox[] run in Chunks(ordered, MaxBoxes - 1))
            runs.Add(run.Length == 1 ? run[0] : Merge(run, isAside: false));
        if (aside.Count > 1)
            runs.Add(Merge([.. aside], isAside: true));
        else
            runs.AddRange(aside);
        _notes.Add($"{Figures.Count(main.Count)} operations and scopes drawn as runs of up to {(ordered.Length + MaxBoxes - 2) / (MaxBoxes - 1)}, in the order of computing");
        return runs;
    }

    private static IEnumerable<GraphBox[]> Chunks(GraphBox[] boxes, int count) => boxes.Chunk(Math.Max(1, (boxes.Length + count - 1) / count));

    private static GraphBox Merge(GraphBox[] run, bool isAside)
    {
        int[] nodes = [.. run.SelectMany(static b => b.Nodes)];
        NodeKind kind = run.CountBy(static b => b.Kind).MaxBy(static k => k.Value).Key;
        string names = string.Join('\n', run.Take(12).Select(static b => b.Title)) + (run.Length > 12 ? $"\nand {run.Length - 12} more" : "");
        return new GraphBox(isAside ? "start-up, savers, training" : $"{run[0].Title} …", Figures.Count(nodes.Length, "operation"), kind, nodes, names, isAside);
    }

    private int[] Depths()
    {
        int[] depth = new int[_model.Nodes.Count];
        int[] waiting = new int[depth.Length];
        ILookup<int, int> users = Enumerable.Range(0, depth.Length).SelectMany(n => _model.Nodes[n].Inputs.Select(i => (i, n))).ToLookup(static p => p.i, static p => p.n);
        for (int n = 0; n < depth.Length; n++)
            waiting[n] = _model.Nodes[n].Inputs.Count;
        var ready = new Queue<int>(Enumerable.Range(0, depth.Length).Where(n => waiting[n] == 0));
        while (ready.TryDequeue(out int node))
        {
            foreach (int user in users[node])
            {
                depth[user] = Math.Max(depth[user], depth[node] + 1);
                if (--waiting[user] == 0)
                    ready.Enqueue(user);
            }
        }

        return depth;
    }

    private GraphBox Box(int number, bool isLarge)
    {
        GraphNode node = _model.Nodes[number];
        string tooltip = $"{node.Name}\n{node.Type}{(node.Value.Length > 0 ? $" → {node.Value}" : "")}";
        bool isAside = isLarge && _outline.IsAuxiliary[number];
        return node.Kind == NodeKind.Constant
            ? new GraphBox(node.Value, "", NodeKind.Constant, [number], tooltip, isAside)
            : new GraphBox(isLarge ? node.ShortName : node.Name, node.Kind == NodeKind.Input ? node.Value : node.Type, node.Kind, [number], tooltip, isAside);
    }

    private GraphBox Box(ScopeTree scope)
    {
        int[] nodes = [.. scope.AllNodes()];
        bool isAside = nodes.All(n => _outline.IsAuxiliary[n]);
        if (IsVariable(scope))
        {
            GraphNode variable = _model.Nodes[scope.Nodes.Find(n => _model.Nodes[n].Kind == NodeKind.Variable)];
            return new GraphBox(scope.Name, variable.Value, NodeKind.Variable, nodes, $"{scope.Path}\n{variable.Type} {variable.Value}\n{Figures.Count(nodes.Length, "operation")}", isAside);
        }

        NodeKind kind = isAside ? NodeKind.State
            : nodes.Any(n => _model.Nodes[n].Kind == NodeKind.Layer) ? NodeKind.Layer
            : nodes.CountBy(n => _model.Nodes[n].Kind).MaxBy(static k => k.Value).Key;
        long parameters = Totals.Of(nodes.Where(n => _model.Nodes[n].Kind == NodeKind.Variable).Select(n => Totals.ElementsOf(_model.Nodes[n].Shape)));
        string types = string.Join(", ", nodes.CountBy(n => _model.Nodes[n].Type).OrderByDescending(static t => t.Value).Take(6).Select(static t => $"{t.Key} {t.Value}"));
        string tooltip = $"{scope.Path}\n{types}{(parameters > 0 ? $"\n{Figures.Count(parameters, "parameter")}" : "")}";
        return new GraphBox(scope.Name, Figures.Count(nodes.Length, "operation"), kind, nodes, tooltip, isAside);
    }
}
