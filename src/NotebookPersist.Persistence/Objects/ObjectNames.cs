using NotebookPersist.Protos;

namespace NotebookPersist.Persistence;

/// <summary>Finds short names for the tensors of an object-based checkpoint.</summary>
/// <remarks>
/// No name is longer than what the checkpoint itself says of the tensor, so a small file cannot ask for much memory.
/// Source of the keys' form: TensorFlow's <c>tracking/graph_view.py</c>.
/// </remarks>
internal sealed class ObjectNames
{
    private const string AttributesPart = "/.ATTRIBUTES/";
    private const string VariableAttribute = "VARIABLE_VALUE";
    private const string SlotPart = ".OPTIMIZER_SLOT";

    // What is claimed for several tensors names none of them.
    private const string Ambiguous = "";

    private readonly Dictionary<string, string> _friendly = new(StringComparer.Ordinal);

    public ObjectNames(TrackableObjectGraph graph, IReadOnlyList<ObjectNode> nodes)
    {
        var full = new Dictionary<string, string>(StringComparer.Ordinal);
        var slots = new Dictionary<string, string>(StringComparer.Ordinal);
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        var attributes = new List<(string Key, string FullName, string? Slot, string Path)>();
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            foreach (TrackableObjectGraph.Types.TrackableObject.Types.SerializedTensor attribute in graph.Nodes[i].Attributes)
            {
                string key = attribute.CheckpointKey;
                string? slot = nodes[i].SlotOf is { } owner ? SlotName(attribute.FullName, FullNameOf(graph, owner.Slot.Variable), owner.Slot.Name) : null;
                string path = PathOf(key);
                attributes.Add((key, attribute.FullName, slot, path));
                Claim(full, attribute.FullName, key);
                if (slot is not null)
                    Claim(slots, slot, key);
                Claim(paths, path, key);
            }
        }

        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, string key) in full.Concat(slots).Concat(paths))
        {
            if (key != Ambiguous)
                map.TryAdd(name, key);
        }

        Map = map;
        foreach ((string key, string fullName, string? slot, string path) in attributes)
            _friendly[key] = new[] { slot, fullName, path }.FirstOrDefault(n => n is not null && map.GetValueOrDefault(n) == key) ?? key;
    }

    /// <summary>Tensors by every name that means just one of them.</summary>
    public IReadOnlyDictionary<string, string> Map { get; }

    /// <summary>The best name of a tensor; null for one that belongs to no object.</summary>
    public string? Of(string key) => _friendly.GetValueOrDefault(key);

    /// <summary>The names of a key from the root on, as they were before they were escaped.</summary>
    public static string PathOf(string key)
    {
        int end = key.LastIndexOf(AttributesPart, StringComparison.Ordinal);
        if (end < 0)
            return key;
        string attribute = key[(end + AttributesPart.Length)..];
        IEnumerable<string> parts = key[..end].Split('/').Where(static p => p != SlotPart).Select(Unescape);
        return string.Join('/', attribute == VariableAttribute ? parts : parts.Append(attribute));
    }

    private static string Unescape(string part)
    {
        if (!part.Contains('.', StringComparison.Ordinal))
            return part;
        var text = new System.Text.StringBuilder(part.Length);
        for (int i = 0; i < part.Length; i++)
        {
            bool isEscape = part[i] == '.' && i + 1 < part.Length && part[i + 1] is '.' or 'S';
            text.Append(isEscape && part[i] == '.' ? part[++i] == 'S' ? '/' : '.' : part[i]);
        }

        return text.ToString();
    }

    // Keras names a slot Adam/dense/kernel/m; it belongs to dense/kernel, whose other slots should be near.
    private static string? SlotName(string fullName, string variable, string slot)
    {
        string tail = $"/{variable}/{slot}";
        return variable.Length > 0 && fullName.Length > tail.Length && fullName.EndsWith(tail, StringComparison.Ordinal)
            ? $"{variable}/{fullName[..^tail.Length]}/{slot}"
            : null;
    }

    private static string FullNameOf(TrackableObjectGraph graph, ObjectNode node) =>
        graph.Nodes[node.Id].Attributes.FirstOrDefault(static a => a.Name == VariableAttribute)?.FullName ?? "";

    private static void Claim(Dictionary<string, string> claims, string name, string key)
    {
        if (name.Length > 0 && !claims.TryAdd(name, key) && claims[name] != key)
            claims[name] = Ambiguous;
    }
}
