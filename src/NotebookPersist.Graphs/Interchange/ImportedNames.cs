using NotebookPersist.Formats.Protobuf;

namespace NotebookPersist.Graphs.Interchange;

/// <summary>Names that stored nodes get in a graph that has names already.</summary>
internal static class ImportedNames
{
    /// <summary>One name a node: prefix and stored name, numbered where the graph has that name or scope.</summary>
    public static string[] Choose(Graph graph, StoredNode[] nodes, string prefix, IReadOnlyDictionary<string, int> stored)
    {
        string[] names = [.. nodes.Select(n => prefix + n.Name)];
        if (graph.Operations.Count == 0)
            return names;
        HashSet<string> taken = WithScopes(graph.Operations.Select(static o => o.Name));
        if (!Array.Exists(names, taken.Contains))
            return names;

        HashSet<string> coming = WithScopes(stored.Keys.Select(k => prefix + k));
        for (int i = 0; i < names.Length; i++)
        {
            if (!taken.Contains(names[i]))
                continue;
            int number = 1;
            string unique;
            do
                unique = $"{names[i]}_{number++}";
            while (taken.Contains(unique) || coming.Contains(unique));
            names[i] = unique;
        }

        return names;
    }

    private static HashSet<string> WithScopes(IEnumerable<string> names)
    {
        var all = new HashSet<string>(StringComparer.Ordinal);
        foreach (string name in names)
        {
            all.Add(name);
            for (int slash = name.LastIndexOf('/'); slash > 0 && all.Add(name[..slash]); slash = name.LastIndexOf('/', slash - 1))
            {
                // Each enclosing scope is a name taken; once one is known, so are those around it.
            }
        }

        return all;
    }
}
