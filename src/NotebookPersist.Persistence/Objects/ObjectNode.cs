namespace NotebookPersist;

/// <summary>One object of an object graph.</summary>
/// <remarks>Thread safety: immutable once its graph is made.</remarks>
public sealed class ObjectNode
{
    internal ObjectNode(int id) => Id = id;

    /// <summary>Its number in the graph; 0 is the root.</summary>
    public int Id { get; }

    /// <summary>What it is.</summary>
    public ObjectKind Kind { get; internal set; }

    /// <summary>What more is known of it, such as a variable's type and shape; empty where nothing is.</summary>
    public string Description { get; internal set; } = "";

    /// <summary>Objects that it holds; others may hold them too.</summary>
    public IReadOnlyList<ObjectChild> Children { get; internal set; } = [];

    /// <summary>Its values in the checkpoint.</summary>
    public IReadOnlyList<ObjectAttribute> Attributes { get; internal set; } = [];

    /// <summary>Variables that it, an optimizer, keeps for others.</summary>
    public IReadOnlyList<ObjectSlot> Slots { get; internal set; } = [];

    /// <summary>
    /// Names from the root on, joined by slashes, on the shortest way; empty for the root. A slot's variable lies below the one that it is kept for.
    /// </summary>
    public string Path
    {
        get
        {
            if (SlotOf is { } slot)
                return $"{slot.Slot.Variable.Path}/{slot.Optimizer.Path}/{slot.Slot.Name}";
            if (Parent is null)
                return Id == 0 ? "" : $"(object {Id})";
            var names = new List<string>();
            for (ObjectNode node = this; node.Parent is { } parent; node = parent)
                names.Add(node.LocalName);
            names.Reverse();
            return string.Join('/', names);
        }
    }

    /// <summary>The object that holds it on the shortest way from the root; null for the root and what no object holds.</summary>
    public ObjectNode? Parent { get; internal set; }

    /// <summary>Its name in <see cref="Parent"/>.</summary>
    internal string LocalName { get; set; } = "";

    /// <summary>Steps from the root; negative for what no object holds.</summary>
    internal int Depth { get; set; } = -1;

    /// <summary>The slot whose variable it is; null for others.</summary>
    internal (ObjectNode Optimizer, ObjectSlot Slot)? SlotOf { get; set; }

    /// <inheritdoc/>
    public override string ToString() => $"{Path}: {Kind} {Description}".TrimEnd();
}

/// <summary>An object that another one holds.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Node">The object.</param>
public sealed record ObjectChild(string Name, ObjectNode Node);

/// <summary>A value that a checkpoint keeps for an object.</summary>
/// <param name="Name">Its name in the object; a variable's is VARIABLE_VALUE.</param>
/// <param name="FullName">The variable's name in a graph; empty where it has none.</param>
/// <param name="Key">The tensor's name in the checkpoint.</param>
/// <param name="FriendlyName">A short name for people: the full name where it is unique, else the way from the root.</param>
public sealed record ObjectAttribute(string Name, string FullName, string Key, string FriendlyName);

/// <summary>A variable that an optimizer keeps for another one, such as a moment.</summary>
/// <param name="Name">The slot.</param>
/// <param name="Variable">What it is kept for.</param>
/// <param name="Slot">The variable with the slot's value.</param>
public sealed record ObjectSlot(string Name, ObjectNode Variable, ObjectNode Slot);
