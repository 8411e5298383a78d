using NotebookPersist.Formats;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Persistence;
using NotebookPersist.Protos;
using Reference = NotebookPersist.Protos.TrackableObjectGraph.Types.TrackableObject.Types.ObjectReference;
using SlotReference = NotebookPersist.Protos.TrackableObjectGraph.Types.TrackableObject.Types.SlotVariableReference;

namespace NotebookPersist;

/// <summary>The objects of TensorFlow 2 that a checkpoint or SavedModel was written from, and which tensors hold their values.</summary>
/// <remarks>
/// A graph, not a tree: several objects may hold one, and cycles are common. Numbers and depth are checked when it is read.
/// Thread safety: immutable.
/// </remarks>
public sealed class ObjectGraph
{
    /// <summary>Name of the tensor that keeps the graph in a checkpoint.</summary>
    public const string Key = "_CHECKPOINTABLE_OBJECT_GRAPH";

    // Real graphs take a few megabytes and a dozen steps.
    private const int MostBytes = 64 << 20;
    private const int MostDepth = 1000;
    private const int MostLines = 200;

    private readonly string _path;
    private readonly ObjectNames _names;

    private ObjectGraph(string path, TrackableObjectGraph stored)
    {
        _path = path;
        if (stored.Nodes.Count == 0)
            throw Damaged("it holds no objects.");
        var nodes = new ObjectNode[stored.Nodes.Count];
        for (int i = 0; i < nodes.Length; i++)
            nodes[i] = new ObjectNode(i);
        Nodes = nodes;
        for (int i = 0; i < nodes.Length; i++)
        {
            nodes[i].Kind = stored.Nodes[i].Attributes.Any(static a => a.Name == "VARIABLE_VALUE") ? ObjectKind.Variable : ObjectKind.Object;
            Connect(nodes[i], stored.Nodes[i].Children, stored.Nodes[i].SlotVariables);
        }

        Explore();
        _names = new ObjectNames(stored, nodes);
        for (int i = 0; i < nodes.Length; i++)
            nodes[i].Attributes = [.. stored.Nodes[i].Attributes.Select(a => new ObjectAttribute(a.Name, a.FullName, a.CheckpointKey, _names.Of(a.CheckpointKey)!))]; // Every attribute is named.
    }

    private ObjectGraph(string path, SavedObjectGraph stored, IReadOnlyList<AssetFileDef> assets, ObjectGraph? values)
    {
        _path = path;
        if (stored.Nodes.Count == 0)
            throw Damaged("it holds no objects.");
        var nodes = new ObjectNode[stored.Nodes.Count];
        for (int i = 0; i < nodes.Length; i++)
            nodes[i] = new ObjectNode(i);
        Nodes = nodes;
        for (int i = 0; i < nodes.Length; i++)
        {
            (nodes[i].Kind, nodes[i].Description) = Describe(i, stored.Nodes[i], assets);
            Connect(nodes[i], stored.Nodes[i].Children, stored.Nodes[i].SlotVariables);
        }

        Explore();
        _names = values?._names ?? new ObjectNames(new TrackableObjectGraph(), []);
        if (values is not null)
            TakeValues(values);
    }

    /// <summary>All objects by number.</summary>
    public IReadOnlyList<ObjectNode> Nodes { get; }

    /// <summary>The object that was saved.</summary>
    public ObjectNode Root => Nodes[0];

    /// <summary>Tensors of the checkpoint by names that mean just one: a variable's name in a graph, a slot's, the way from the root.</summary>
    public IReadOnlyDictionary<string, string> NameMap => _names.Map;

    /// <summary>Reads the graph as checkpoints keep it.</summary>
    /// <param name="message">Its bytes; nobody may change them afterwards.</param>
    /// <param name="path">Where they came from, for messages.</param>
    /// <exception cref="CheckpointFormatException">The bytes are damaged, name objects that are not there, or lead too deep.</exception>
    public static ObjectGraph Parse(byte[] message, string path)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.Length > MostBytes)
            throw new CheckpointFormatException($"The object graph of '{path}' has {message.Length} bytes; at most {MostBytes} are read.", CheckpointFault.LimitExceeded, path);
        return new ObjectGraph(path, MessageFile.Parse<TrackableObjectGraph>(message, path));
    }

    /// <summary>A short name of a checkpoint's tensor.</summary>
    /// <param name="key">The tensor's name in the checkpoint.</param>
    /// <returns>Null for a tensor that belongs to no object.</returns>
    public string? FriendlyName(string key) => _names.Of(key);

    /// <summary>The objects as a tree, a line for each place where one is held; each is told once.</summary>
    /// <param name="limit">Lines at most.</param>
    public IReadOnlyList<ObjectLine> ToLines(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return ObjectTree.Lines(this, limit);
    }

    /// <summary>The objects as a tree; each is told once, and where else it is held.</summary>
    public override string ToString() => ObjectTree.ToText(this, MostLines);

    /// <summary>Reads the graph as SavedModels keep it.</summary>
    /// <param name="stored">The graph.</param>
    /// <param name="assets">Files that it refers to.</param>
    /// <param name="values">The graph of its variables' checkpoint; null for none.</param>
    /// <param name="path">Where it came from, for messages.</param>
    /// <exception cref="CheckpointFormatException">It names objects that are not there, or leads too deep.</exception>
    internal static ObjectGraph Of(SavedObjectGraph stored, IReadOnlyList<AssetFileDef> assets, ObjectGraph? values, string path) => new(path, stored, assets, values);

    private CheckpointFormatException Damaged(string fault, CheckpointFault kind = CheckpointFault.BadMessage) => new($"The object graph of '{_path}' is damaged: {fault}", kind, _path);

    private (ObjectKind Kind, string Description) Describe(int id, SavedObject stored, IReadOnlyList<AssetFileDef> assets)
    {
        switch (stored.KindCase)
        {
            case SavedObject.KindOneofCase.UserObject:
                return (ObjectKind.Object, stored.UserObject.Identifier);
            case SavedObject.KindOneofCase.Variable:
                SavedVariable variable = stored.Variable;
                var type = (DType)variable.Dtype;
                if (!Enum.IsDefined(type))
                    throw Damaged($"object {id} is a variable of type {variable.Dtype}, which does not exist.");
                return (ObjectKind.Variable, $"{type.Name()} {variable.Shape.ToShape(_path)} {variable.Name}".TrimEnd());
            case SavedObject.KindOneofCase.Function:
                return (ObjectKind.Function, stored.Function.ConcreteFunctions.Count == 1 ? stored.Function.ConcreteFunctions[0] : $"{stored.Function.ConcreteFunctions.Count} variants");
            case SavedObject.KindOneofCase.BareConcreteFunction:
                return (ObjectKind.Function, stored.BareConcreteFunction.ConcreteFunctionName);
            case SavedObject.KindOneofCase.Asset:
                int index = stored.Asset.AssetFileDefIndex;
                return index >= 0 && index < assets.Count
                    ? (ObjectKind.Asset, assets[index].Filename)
                    : throw Damaged($"object {id} is asset {index}, but there are {assets.Count}.");
            case SavedObject.KindOneofCase.Constant:
                return (ObjectKind.Constant, stored.Constant.Operation);
            case SavedObject.KindOneofCase.Resource:
                return (ObjectKind.Resource, stored.Resource.Device);
            default:
                return (ObjectKind.Unknown, "");
        }
    }

    private void Connect(ObjectNode node, IReadOnlyCollection<Reference> children, IReadOnlyCollection<SlotReference> slots)
    {
        node.Children = [.. children.Select(c => new ObjectChild(c.LocalName, Find(node, c.NodeId, "child")))];
        node.Slots =
        [
            .. slots.Select(s => new ObjectSlot(s.SlotName, Find(node, s.OriginalVariableNodeId, "variable with slot"), Find(node, s.SlotVariableNodeId, "slot"))),
        ];
    }

    private ObjectNode Find(ObjectNode from, int id, string what) => id >= 0 && id < Nodes.Count
        ? Nodes[id]
        : throw Damaged($"a {what} of object {from.Id} is object {id}, but there are {Nodes.Count} objects.");

    // Breadth first: the shortest way is the one that names a tensor.
    private void Explore()
    {
        Root.Depth = 0;
        var queue = new Queue<ObjectNode>([Root]);
        while (queue.TryDequeue(out ObjectNode? node))
        {
            foreach (ObjectChild child in node.Children)
            {
                if (child.Node.Depth >= 0)
                    continue;
                if (node.Depth == MostDepth)
                    throw Damaged($"an object lies more than {MostDepth} steps from the root.", CheckpointFault.LimitExceeded);
                (child.Node.Depth, child.Node.Parent, child.Node.LocalName) = (node.Depth + 1, node, child.Name);
                queue.Enqueue(child.Node);
            }
        }

        foreach (ObjectNode optimizer in Nodes.Where(static n => n.Depth >= 0))
        {
            foreach (ObjectSlot slot in optimizer.Slots.Where(static s => s.Variable.Depth >= 0 && s.Slot.Depth < 0))
                slot.Slot.SlotOf = (optimizer, slot);
        }
    }

    // The checkpoint numbers its objects by itself: only names tell which are the same.
    private void TakeValues(ObjectGraph values)
    {
        var seen = new HashSet<ObjectNode> { Root };
        var queue = new Queue<(ObjectNode Here, ObjectNode There)>([(Root, values.Root)]);
        while (queue.TryDequeue(out (ObjectNode Here, ObjectNode There) pair))
        {
            pair.Here.Attributes = pair.There.Attributes;
            var named = new Dictionary<string, ObjectNode>(StringComparer.Ordinal);
            foreach (ObjectChild child in pair.There.Children)
                named.TryAdd(child.Name, child.Node);
            foreach (ObjectChild child in pair.Here.Children)
            {
                if (named.TryGetValue(child.Name, out ObjectNode? there) && seen.Add(child.Node))
                    queue.Enqueue((child.Node, there));
            }
        }
    }
}
