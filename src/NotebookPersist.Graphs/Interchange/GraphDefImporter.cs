using System.Buffers;
using System.Text;
using Google.Protobuf;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.Interchange;

/// <summary>Makes the nodes of one stored graph: checks the whole of it, then makes node by node.</summary>
/// <remarks>Source: TensorFlow graph_constructor.cc; its messages are used where users know them.</remarks>
internal sealed class GraphDefImporter(
    Graph graph,
    GraphDef graphDef,
    StoredNode[] nodes,
    string prefix,
    IReadOnlyDictionary<string, Output>? inputMap,
    OpList? producerOpList,
    bool clearDevices,
    bool takesOver)
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create(@"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.\/>-");

    private readonly Dictionary<NodeInput, Output> _mapped = [];
    private readonly HashSet<NodeInput> _usedMappings = [];
    private readonly Dictionary<string, int> _indexes = new(nodes.Length, StringComparer.Ordinal);
    private readonly ImportedLink[][] _links = new ImportedLink[nodes.Length][];
    private readonly Operation?[] _made = new Operation?[nodes.Length];
    private string[] _names = [];
    private ImportedSignatures? _signatures;

    public void Run()
    {
        CheckVersions();
        IndexNodes();
        ReadInputs();
        CheckMappings();
        int[] order = ImportOrder.Of(nodes, _links);
        _names = ImportedNames.Choose(graph, nodes, prefix, _indexes);
        MergeVersions();
        MergeLibrary();
        _signatures = new ImportedSignatures(graph, producerOpList, _links);
        graph.Expect(order.Length);
        foreach (int at in order)
            _made[at] = Make(at);
        CloseLoops();
    }

    /// <summary>What was made, or mapped, for a stored name.</summary>
    public GraphElement Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var element = NodeInput.Parse(name);
        bool isTensor = name.Contains(':', StringComparison.Ordinal);
        if (isTensor && _mapped.TryGetValue(element, out Output? mapped))
            return new GraphElement(mapped.Operation, mapped);
        if (element.IsControl || !_indexes.TryGetValue(element.Node, out int at))
            throw new GraphException($"Requested return {(isTensor ? "tensor" : "node")} '{name}' not found in graph def.{NearNames.Hint(element.Node, _indexes.Keys)}", name);
        Operation operation = _made[at]!; // Run made every node.
        if (!isTensor)
            return new GraphElement(operation, null);
        return element.Index < operation.Outputs.Count
            ? new GraphElement(operation, operation[element.Index])
            : throw new GraphException($"Invalid return output {element.Index} of node '{element.Node}', which has {operation.Outputs.Count} output(s).", element.Node, operation.Type);
    }

    private void CheckVersions()
    {
        VersionDef versions = graphDef.Versions ?? new VersionDef();
        if (versions.Producer < 0)
            throw new GraphException($"GraphDef producer version {versions.Producer} is below 0; the graph is damaged.");
        if (versions.MinConsumer > Graph.ProducerVersion)
            throw new GraphException($"GraphDef min consumer version {versions.MinConsumer} above current version {Graph.ProducerVersion} for TensorFlow 1.15. The graph needs a newer reader.");
        if (versions.BadConsumers.Contains(Graph.ProducerVersion))
            throw new GraphException($"GraphDef disallows consumer version {Graph.ProducerVersion}. The graph cannot be read by this version.");
    }

    private void IndexNodes()
    {
        for (int i = 0; i < nodes.Length; i++)
        {
            StoredNode node = nodes[i];
            if (!IsNodeName(node.Name))
                throw Fault(node, "Node name contains invalid characters");
            if (!_indexes.TryAdd(node.Name, i))
                throw new GraphException($"Node '{node.Name}' is not unique", node.Name, node.Op);
            if (node.Op.Length == 0)
                throw new GraphException($"Node '{node.Name}' does not specify an operation", node.Name);
        }
    }

    private void ReadInputs()
    {
        foreach ((string key, Output value) in inputMap ?? new Dictionary<string, Output>())
        {
            if (value.Graph != graph)
                throw new ArgumentException($"Input map entry '{key}' leads to {value}, which is not in the graph imported into.", nameof(inputMap));
            _mapped.Add(NodeInput.Parse(key), value);
        }

        for (int i = 0; i < _links.Length; i++)
        {
            StoredNode node = nodes[i];
            var links = new ImportedLink[node.Inputs.Length];
            bool controls = false;
            for (int k = 0; k < links.Length; k++)
            {
                links[k] = Link(node, node.Inputs[k]);
                if (controls && !links[k].IsControl)
                    throw Fault(node, "Control dependencies must come after regular dependencies");
                controls |= links[k].IsControl;
            }

            _links[i] = links;
        }
    }

    private ImportedLink Link(StoredNode node, string text)
    {
        var input = NodeInput.Parse(text);
        if (_mapped.Count > 0 && _mapped.TryGetValue(input, out Output? mapped))
        {
            _usedMappings.Add(input);
            return new ImportedLink(-1, input.Index, mapped);
        }

        return _indexes.TryGetValue(input.Node, out int at)
            ? new ImportedLink(at, input.Index, null)
            : throw Fault(node, $"Unknown input node '{text}'");
    }

    private void CheckMappings()
    {
        string[] missing = [.. _mapped.Keys.Where(k => !_usedMappings.Contains(k) && !_indexes.ContainsKey(k.Node)).Select(static k => k.ToString())];
        if (missing.Length > 0)
            throw new ArgumentException($"Attempted to map inputs that were not found in graph_def: [{string.Join(", ", missing)}]", nameof(inputMap));
    }

    // As in TensorFlow: an empty graph takes over what the file says, another one becomes as old as its oldest part.
    private void MergeVersions()
    {
        VersionDef stored = graphDef.Versions ?? new VersionDef();
        if (graph.Operations.Count == 0)
        {
            graph.Versions = stored.Clone();
            return;
        }

        VersionDef merged = graph.Versions.Clone();
        merged.Producer = Math.Min(merged.Producer, stored.Producer);
        merged.MinConsumer = Math.Max(merged.MinConsumer, stored.MinConsumer);
        merged.BadConsumers.AddRange(stored.BadConsumers.Except(merged.BadConsumers));
        graph.Versions = merged;
    }

    private void MergeLibrary()
    {
        if (graphDef.Library is null)
            return;
        var known = graph.Library.Function.ToDictionary(static f => f.Signature?.Name ?? "", StringComparer.Ordinal);
        foreach (FunctionDef function in graphDef.Library.Function)
        {
            string name = function.Signature?.Name ?? "";
            if (!known.TryGetValue(name, out FunctionDef? other))
            {
                known.Add(name, function);
                graph.Library.Function.Add(function.Clone());
            }
            else if (!other.Equals(function))
            {
                throw new GraphException($"Cannot add function '{name}' because a different function with the same name already exists.");
            }
        }

        graph.Library.Gradient.AddRange(graphDef.Library.Gradient.Except(graph.Library.Gradient).Select(static g => g.Clone()));
    }

    private Operation Make(int at)
    {
        StoredNode node = nodes[at];
        ImportedType type = _signatures!.TypeOf(node.Op); // Run made them.
        Attributes attrs = ImportedAttributes.Of(node, _names[at], type.Signature, takesOver, out AttrValue? shapes);
        RenameColocations(node, attrs);
        (OpSignature signature, Op? definition) = _signatures.Of(node, at, type, attrs, shapes is null ? null : shapes.List?.Shape.Count ?? 0);

        ImportedLink[] links = _links[at];
        int count = Array.FindIndex(links, static l => l.IsControl);
        var inputs = new Output[count < 0 ? links.Length : count];
        bool closesLoop = false;
        for (int i = 0; i < inputs.Length; i++)
        {
            Output? source = Source(node, links[i]);
            closesLoop |= source is null;
            // The value that comes round the loop is put in its place once it exists.
            inputs[i] = source ?? (i > 0 ? inputs[0] : throw new GraphException($"Node '{node.Name}' had a back edge in its first input.", node.Name, node.Op));
        }

        ImportedSignatures.CheckInputs(node, signature, attrs, inputs);
        Operation operation = graph.Register(_names[at], signature, definition, attrs, inputs, Controls(links.AsSpan(inputs.Length), inputs), NodeBuilder.OutputTypes(signature, attrs, node.Name));
        if (node.Device.Length > 0 && !clearDevices)
            operation.Device = node.Device;
        graph.MarkNameUsed(operation.Name);
        graph.NoteMade(operation);
        ImportedShapes.Infer(operation, closesLoop, shapes);
        return operation;
    }

    private Operation[] Controls(ReadOnlySpan<ImportedLink> links, Output[] inputs)
    {
        Operation[] outer = graph.ControlInputsFor(inputs);
        if (links.Length + outer.Length <= 1)
            return links.Length == 0 ? outer : [Control(links[0])];
        var controls = new SortedDictionary<string, Operation>(StringComparer.Ordinal);
        foreach (ImportedLink link in links)
            controls[Control(link).Name] = Control(link);
        foreach (Operation control in outer)
            controls[control.Name] = control;
        return [.. controls.Values];
    }

    private Operation Control(ImportedLink link) => link.Mapped?.Operation ?? _made[link.From]!; // Made before whoever waits for it.

    private Output? Source(StoredNode node, ImportedLink link)
    {
        if (link.Mapped is { } mapped)
            return mapped;
        Operation? source = _made[link.From];
        if (source is null || link.Index < source.Outputs.Count)
            return source?[link.Index];
        throw Fault(node, $"Connecting to invalid output {link.Index} of source node {nodes[link.From].Name} which has {source.Outputs.Count} outputs.");
    }

    private void CloseLoops()
    {
        for (int i = 0; i < _made.Length; i++)
        {
            Operation operation = _made[i]!; // Run made every node.
            if (!ImportOrder.IsMerge(operation.Type))
                continue;
            for (int k = 0; k < operation.Inputs.Count; k++)
            {
                Output source = Source(nodes[i], _links[i][k])!; // All nodes are made by now.
                if (source == operation.Inputs[k])
                    continue;
                if (!ImportedSignatures.TypeFits(source, operation.Inputs[0].DType))
                    throw ImportedSignatures.Mismatch(nodes[i], k, source, operation.Inputs[0].DType, source.IsReference);
                graph.ReplaceInput(operation, k, source);
            }
        }
    }

    private void RenameColocations(StoredNode node, Attributes attrs)
    {
        if (!attrs.TryGetShared("_class", out AttrValue? groups) || groups.List is not { } list)
            return;
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> indexes = _indexes.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> usual = stackalloc char[256];
        for (int i = 0; i < list.S.Count; i++)
        {
            ReadOnlySpan<byte> group = list.S[i].Span;
            if (!group.StartsWith(ColocationPrefix))
                continue;
            group = group[ColocationPrefix.Length..];
            Span<char> characters = group.Length <= usual.Length ? usual : new char[group.Length];
            ReadOnlySpan<char> target = characters[..Encoding.UTF8.GetChars(group, characters)];
            if (!indexes.TryGetValue(target, out int at))
                throw new GraphException($"Node '{node.Name}' expects to be colocated with unknown node '{target}'", node.Name, node.Op);
            // The list belongs to this node alone: it was copied, or the graph was given away.
            if (!target.SequenceEqual(_names[at]))
                list.S[i] = ByteString.CopyFromUtf8($"loc:@{_names[at]}");
        }
    }

    // As TensorFlow: a letter, digit or dot, then also underscores, slashes, dashes and angles.
    private static bool IsNodeName(string name) =>
        name.Length > 0 && (char.IsAsciiLetterOrDigit(name[0]) || name[0] == '.') && !name.AsSpan(1).ContainsAnyExcept(NameCharacters);

    private static ReadOnlySpan<byte> ColocationPrefix => "loc:@"u8;

    private static GraphException Fault(StoredNode node, string message) => new($"Node '{node.Name}': {message}", node.Name, node.Op);
}
