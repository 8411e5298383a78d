namespace NotebookPersist.Notebooks.Graphs;

/// <summary>A name scope: the operations directly in it, and the scopes within.</summary>
/// <remarks>An operation named like a scope belongs into it: a variable is the head of what is named after it.</remarks>
internal sealed class ScopeTree
{
    // Deeper ones are none that a person made: their operations are shown in the last of these.
    private const int MostDepth = 64;

    private ScopeTree(string path) => Path = path;

    /// <summary>Full name; empty for the whole graph.</summary>
    public string Path { get; }

    /// <summary>The last part of the name.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>Numbers of the operations directly in the scope.</summary>
    public List<int> Nodes { get; } = [];

    /// <summary>Scopes directly within.</summary>
    public List<ScopeTree> Scopes { get; } = [];

    /// <summary>Number of boxes that the scope takes once opened.</summary>
    public int ChildCount => Nodes.Count + Scopes.Count;

    /// <summary>The tree of the given operations.</summary>
    public static ScopeTree Build(GraphModel model, IEnumerable<int> nodes)
    {
        var root = new ScopeTree("");
        var byPath = new Dictionary<string, ScopeTree>(StringComparer.Ordinal) { [""] = root };
        int[] drawn = [.. nodes];
        var homes = new ScopeTree[drawn.Length];
        for (int i = 0; i < drawn.Length; i++)
        {
            string name = model.Nodes[drawn[i]].Name;
            ScopeTree parent = root;
            int depth = 0;
            for (int slash = name.IndexOf('/'); slash > 0 && depth < MostDepth; slash = name.IndexOf('/', slash + 1), depth++)
            {
                string path = name[..slash];
                if (!byPath.TryGetValue(path, out ScopeTree? scope))
                {
                    byPath.Add(path, scope = new ScopeTree(path));
                    parent.Scopes.Add(scope);
                }

                parent = scope;
            }

            homes[i] = parent;
        }

        for (int i = 0; i < drawn.Length; i++)
            (byPath.GetValueOrDefault(model.Nodes[drawn[i]].Name) ?? homes[i]).Nodes.Add(drawn[i]);

        return root;
    }

    /// <summary>Numbers of all operations in the scope and the scopes within. Iterative: names can be deep.</summary>
    public IEnumerable<int> AllNodes()
    {
        var waiting = new Stack<ScopeTree>([this]);
        while (waiting.TryPop(out ScopeTree? scope))
        {
            foreach (int node in scope.Nodes)
                yield return node;
            foreach (ScopeTree inner in scope.Scopes)
                waiting.Push(inner);
        }
    }
}
