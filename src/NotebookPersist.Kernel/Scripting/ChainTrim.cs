namespace NotebookPersist.Kernel.Scripting;

/// <summary>Finds the submissions that no later cell can need: everything they declare was declared again, and nothing that stays speaks of it.</summary>
/// <remarks>People run the same cells over and over; without this every run would stay, and each later cell would take a little longer.</remarks>
internal static class ChainTrim
{
    /// <summary>The links that stay, in their order.</summary>
    /// <param name="links">The links; the first is the host's own and stays.</param>
    public static bool[] Needed(IReadOnlyList<ChainLink> links)
    {
        // By simple name and key: who declares it, in order.
        var declarers = new Dictionary<string, Dictionary<string, List<int>>>(StringComparer.Ordinal);
        for (var i = 0; i < links.Count; i++)
        {
            foreach (var (name, key) in links[i].Outline.Declared)
            {
                if (!declarers.TryGetValue(name, out var keys))
                    declarers[name] = keys = new Dictionary<string, List<int>>(StringComparer.Ordinal);
                if (!keys.TryGetValue(key, out var places))
                    keys[key] = places = [];
                places.Add(i);
            }
        }

        var needed = new bool[links.Count];
        var open = new Stack<int>();
        Need(0);
        for (var i = 0; i < links.Count; i++)
        {
            if (links[i].Outline.IsPinned)
                Need(i);
        }

        foreach (var places in declarers.Values.SelectMany(static keys => keys.Values))
            Need(places[^1]);
        while (open.TryPop(out var i))
        {
            foreach (var name in links[i].Outline.Used)
            {
                if (links[i].Outline.Hidden.Contains(name) || !declarers.TryGetValue(name, out var keys))
                    continue;
                foreach (var (key, places) in keys)
                {
                    var found = places.BinarySearch(i);

                    // A method takes the place of one with the same parameters.
                    if (found >= 0 && key != name)
                        continue;
                    var before = found >= 0 ? found : ~found;
                    if (before > 0)
                        Need(places[before - 1]);
                }
            }
        }

        return needed;

        void Need(int i)
        {
            if (needed[i])
                return;
            needed[i] = true;
            open.Push(i);
        }
    }

    /// <summary>The variables that can be declared anew behind all other submissions without any name getting another meaning.</summary>
    /// <param name="links">The links that stay; the first is the host's own.</param>
    public static List<MovableVariables> Movable(IReadOnlyList<ChainLink> links)
    {
        var newest = new Dictionary<string, (int Place, string Key)>(StringComparer.Ordinal);
        for (var i = 0; i < links.Count; i++)
        {
            foreach (var (name, key) in links[i].Outline.Declared)
                newest[name] = (i, key);
        }

        var movable = new List<MovableVariables>();
        for (var i = 1; i < links.Count; i++)
        {
            // A variable hides one of the same name before it; a function, which shares its name with others, is no such simple case.
            if (links[i] is { IsReduced: true, Place: > 0 } link && link.Fields() is { } fields && fields.All(f => newest[f.Name].Place == i || newest[f.Name].Key == f.Name))
                movable.Add(new MovableVariables(link, [.. fields.Where(f => newest[f.Name].Place == i)]));
        }

        return movable;
    }
}
