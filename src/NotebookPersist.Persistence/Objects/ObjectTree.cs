using System.Text;

namespace NotebookPersist.Persistence;

/// <summary>An object graph told as a tree, a line for each place where an object is held.</summary>
internal static class ObjectTree
{
    // Deeper objects would be indented out of sight.
    private const int MostDepth = 32;

    /// <summary>The lines in the order of a book's contents, at most so many.</summary>
    public static IReadOnlyList<ObjectLine> Lines(ObjectGraph graph, int limit)
    {
        var lines = new List<ObjectLine>();
        var stack = new Stack<Place>([new Place(0, "root", graph.Root, IsShared: false, SlotOf: null)]);
        while (lines.Count < limit && stack.TryPop(out Place place))
        {
            lines.Add(new ObjectLine(place.Depth, Shorten(place.Name), Facts(place), place.Node, place.IsShared));
            if (place.IsShared || place.Depth == MostDepth)
                continue;
            foreach (ObjectSlot slot in place.Node.Slots.Reverse())
                stack.Push(new Place(place.Depth + 1, slot.Name, slot.Slot, slot.Slot.SlotOf?.Slot != slot, slot.Variable));
            foreach (ObjectChild child in place.Node.Children.Reverse())
                stack.Push(new Place(place.Depth + 1, child.Name, child.Node, child.Node.Parent != place.Node || child.Node.LocalName != child.Name, null));
        }

        return lines;
    }

    public static string ToText(ObjectGraph graph, int limit)
    {
        var text = new StringBuilder($"Object graph: {graph.Nodes.Count} objects, {graph.Nodes.Sum(static n => n.Attributes.Count)} values");
        IReadOnlyList<ObjectLine> lines = Lines(graph, limit);
        foreach (ObjectLine line in lines)
            text.Append('\n').Append(' ', 2 * line.Depth).Append($"{line.Name}  {line.Facts}".TrimEnd());
        if (lines.Count == limit)
            text.Append($"\nOnly the first {limit} lines are shown.");
        return text.ToString();
    }

    private static string Facts(Place place)
    {
        var facts = new List<string>();
        if (place.SlotOf is { } variable)
            facts.Add($"of {Shorten(variable.Path)}");
        if (place.IsShared)
            return string.Join("  ", facts.Append($"-> {(place.Node.Id == 0 ? "root" : Shorten(place.Node.Path))}"));
        if (place.Node.Kind is not (ObjectKind.Object or ObjectKind.Variable))
            facts.Add(place.Node.Kind.ToString().ToLowerInvariant());
        facts.Add(Shorten(place.Node.Description));
        facts.AddRange(place.Node.Attributes.Select(static a => a.FriendlyName == a.Key ? Shorten(a.Key) : $"{Shorten(a.FriendlyName)}  [{Shorten(a.Key)}]"));
        return string.Join("  ", facts.Where(static f => f.Length > 0));
    }

    // The end of a name tells more than its beginning.
    private static string Shorten(string text)
    {
        const int most = 160;
        return text.Length <= most ? text : $"...{text.AsSpan(text.Length - most)}";
    }

    /// <summary>A place where an object is held.</summary>
    private readonly record struct Place(int Depth, string Name, ObjectNode Node, bool IsShared, ObjectNode? SlotOf);
}
