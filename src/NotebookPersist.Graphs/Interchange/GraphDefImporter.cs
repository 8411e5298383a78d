using System.Text.RegularExpressions;
using Google.Protobuf;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.Interchange;

/// <summary>Makes the nodes of one stored graph: checks the whole of it, then makes node by node.</summary>
/// <remarks>Source: TensorFlow graph_constructor.cc; its messages are used where users know them.</remarks>
internal sealed partial class GraphDefImporter(
    Graph graph,
    GraphDef graphDef,
    string prefix,
    IReadOnlyDictionary<string, Output>? inputMap,
    OpList? producerOpList)
{
    private const string ColocationPrefix = "loc:@";

    private readonly Dictionary<NodeInput, Output> _mapped = [];
    private readonly HashSet<NodeInput> _usedMappings = [];
    private readonly Dictionary<string, int> _indexes = new(StringComparer.Ordinal);
    private readonly NodeInput[][] _inputs = new NodeInput[graphDef.Node.Count][];
    private readonly Operation?[] _made = new Operation?[graphDef.Node.Count];
    private string[] _names = [];
    private ImportedSignatures? _signatures;

    public void Run()
    {
        CheckVersions();
        IndexNodes();
        ReadInputs();
        CheckMappings();
        IReadOnlyList<int>[] sources = [.. _inputs.Select(Sources)];
        int[] order = ImportOrder.Of(graphDef.Node, sources);
        _names = ImportedNames.Choose(graph, graphDef.Node, prefix, _indexes);
        MergeVersions();
        MergeLibrary();
        _signatures = new ImportedSignatures(graph, graphDef, producerOpList, _inputs);
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
        for (int i = 0; i < graphDef.Node.Count; i++)
        {
            NodeDef node = graphDef.Node[i];
            if (!NodeName().IsMatch(node.Name))
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

        for (int i = 0; i < graphDef.Node.Count; i++)
        {
            NodeDef node = graphDef.Node[i];
            _inputs[i] = new NodeInput[node.Input.Count];
            bool controls = false;
            for (int k = 0; k < node.Input.Count; k++)
            {
                var input = NodeInput.Parse(node.Input[k]);
                if (controls && !input.IsControl)
                    throw Fault(node, "Control dependencies must come after regular dependencies");
                controls |= input.IsControl;
                if (_mapped.ContainsKey(input))
                    _usedMappings.Add(input);
                else if (!_indexes.ContainsKey(input.Node))
                    throw Fault(node, $"Unknown input node '{node.Input[k]}'");
                _inputs[i][k] = input;
            }

            foreach (string target in Colocations(node))
            {
                if (!_indexes.ContainsKey(target))
                    throw new GraphException($"Node '{node.Name}' expects to be colocated with unknown node '{target}'", node.Name, node.Op);
            }
        }
    }

    private void CheckMappings()
    {
        string[] missing = [.. _mapped.Keys.Where(k => !_usedMappings.Contains(k) && !_indexes.ContainsKey(k.Node)).Select(static k => k.ToString())];
        if (missing.Length > 0)
            throw new ArgumentException($"Attempted to map inputs that were not found in graph_def: [{string.Join(", ", missing)}]", nameof(inputMap));
    }

    private IReadOnlyList<int> Sources(NodeInput[] inputs) => [.. inputs.Where(i => !_mapped.ContainsKey(i)).Select(i => _indexes[i.Node])];

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
        NodeDef node = graphDef.Node[at];
        var attrs = node.Attr.ToDictionary(static a => a.Key, static a => a.Value.Clone(), StringComparer.Ordinal);
        // Kept as the outputs' shapes, and written again from there where it is asked for.
        attrs.Remove("_output_shapes", out AttrValue? shapes);
        RenameColocations(attrs);
        (OpSignature signature, Op? definition) = _signatures!.Of(at, attrs);

        var data = new List<Output>();
        var controls = new SortedDictionary<string, Operation>(StringComparer.Ordinal);
        bool closesLoop = false;
        foreach (NodeInput input in _inputs[at])
        {
            if (input.IsControl)
            {
                Operation control = _mapped.TryGetValue(input, out Output? other) ? other.Operation : _made[_indexes[input.Node]]!;
                controls[control.Name] = control;
                continue;
            }

            Output? source = Source(node, input);
            closesLoop |= source is null;
            // The value that comes round the loop is put in its place once it exists.
            data.Add(source ?? data.FirstOrDefault() ?? throw new GraphException($"Node '{node.Name}' had a back edge in its first input.", node.Name, node.Op));
        }

        ImportedSignatures.CheckInputs(node, signature, attrs, data);
        Output[] inputs = [.. data];
        foreach (Operation control in graph.ControlInputsFor(inputs))
            controls[control.Name] = control;
        (DType Type, bool IsReference)[] outputs = NodeBuilder.OutputTypes(signature, attrs, node.Name);
        Operation operation = graph.Register(_names[at], signature, definition, attrs, inputs, [.. controls.Values], outputs);
        if (node.Device.Length > 0)
            operation.Device = node.Device;
        graph.MarkNameUsed(operation.Name);
        graph.NoteMade(operation);
        ImportedShapes.Infer(operation, closesLoop, shapes);
        return operation;
    }

    private Output? Source(NodeDef node, NodeInput input)
    {
        if (_mapped.TryGetValue(input, out Output? mapped))
            return mapped;
        Operation? source = _made[_indexes[input.Node]];
        if (source is null || input.Index < source.Outputs.Count)
            return source?[input.Index];
        throw Fault(node, $"Connecting to invalid output {input.Index} of source node {input.Node} which has {source.Outputs.Count} outputs.");
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
                Output source = Source(graphDef.Node[i], _inputs[i][k])!; // All nodes are made by now.
                if (source == operation.Inputs[k])
                    continue;
                if (!ImportedSignatures.TypeFits(source, operation.Inputs[0].DType))
                    throw ImportedSignatures.Mismatch(graphDef.Node[i], k, source, operation.Inputs[0].DType, source.IsReference);
                graph.ReplaceInput(operation, k, source);
            }
        }
    }

    private static IEnumerable<string> Colocations(NodeDef node) => node.Attr.TryGetValue("_class", out AttrValue? groups) && groups.List is { } list
        ? list.S.Select(static s => s.ToStringUtf8()).Where(static s => s.StartsWith(ColocationPrefix, StringComparison.Ordinal)).Select(static s => s[ColocationPrefix.Length..])
        : [];

    private void RenameColocations(Dictionary<string, AttrValue> attrs)
    {
        if (!attrs.TryGetValue("_class", out AttrValue? groups) || groups.List is not { } list)
            return;
        for (int i = 0; i < list.S.Count; i++)
        {
            string group = list.S[i].ToStringUtf8();
            if (group.StartsWith(ColocationPrefix, StringComparison.Ordinal))
                list.S[i] = ByteString.CopyFromUtf8(ColocationPrefix + _names[_indexes[group[ColocationPrefix.Length..]]]);
        }
    }

    private static GraphException Fault(NodeDef node, string message) => new($"Node '{node.Name}': {message}", node.Name, node.Op);

    [GeneratedRegex(@"^[A-Za-z0-9.][A-Za-z0-9_.\\/>-]*$", RegexOptions.CultureInvariant)]
    private static partial Regex NodeName();
}
