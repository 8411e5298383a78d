using System.Diagnostics;
using Google.Protobuf;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Bundles;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Persistence;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>Turns a frozen graph back into a graph with variables and a checkpoint of their values, so that it can be trained on.</summary>
/// <remarks>
/// Each chosen constant becomes a reference variable of its name with <c>/Assign</c>, <c>/Initializer/zeros</c> and a read node; consumers of a
/// constant without a read node are led to a new one. Initialising gives zeros: the values are in the checkpoint.
/// Thread safety: all members may be called from any thread.
/// </remarks>
public static class GraphUnfreezer
{
    private const string OwnClass = "loc:@";

    // How the freezer leaves the reads of reference and of resource variables.
    private static readonly string[] ReadSuffixes = ["/read", "/Read/ReadVariableOp"];

    /// <summary>Writes the variables of a frozen graph as a V2 checkpoint with its meta graph.</summary>
    /// <param name="frozenPath">The frozen graph, binary or text.</param>
    /// <param name="prefix">Prefix of the checkpoint; its folder is made where it is missing, and its state file names the checkpoint.</param>
    /// <param name="options">Which constants; by default those that look like former variables.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="CheckpointFormatException">The file does not parse, or a constant's value is damaged.</exception>
    /// <exception cref="ArgumentException">No constant is chosen, or one that cannot be a variable.</exception>
    /// <exception cref="GraphException">The graph is not well formed.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static UnfrozenModel Unfreeze(string frozenPath, string prefix, UnfreezeOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(frozenPath);
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        if (Path.GetFileName(prefix).Length == 0)
            throw new ArgumentException(CheckpointStates.NamesFolder(prefix), nameof(prefix));
        long start = Stopwatch.GetTimestamp();
        ModelKind kind = ModelKinds.Of(frozenPath);
        if (kind != ModelKind.GraphDef)
            throw new ArgumentException($"'{frozenPath}' is no frozen graph but a {kind.Name()}. Give a .pb or .pbtxt file of a graph.", nameof(frozenPath));
        GraphDef frozen = MessageFile.Read<GraphDef>(frozenPath);
        IReadOnlyList<NodeDef> constants = Choose(frozen, options ?? new UnfreezeOptions(), frozenPath);
        var graph = new Graph();
        Saver saver = MetaGraphFiles.Import(WithVariables(frozen, constants, frozenPath), graph: graph)!; // There are variables, so that a saver is made.
        MetaGraphDef metaGraph = MetaGraphFiles.Storable(graph, saver.Definition);

        long byteCount = 0;
        using (BundleWriter writer = BundleWriter.Create(prefix, constants.Sum(static c => (long)c.Attr["value"].Tensor.TensorContent.Length)))
        {
            foreach (NodeDef constant in constants.OrderBy(static c => c.Name, StringComparer.Ordinal))
            {
                Tensor value = TensorProtos.Decode(constant.Attr["value"].Tensor, $"constant '{constant.Name}' of '{frozenPath}'");
                byteCount += value.ByteCount;
                writer.Add(constant.Name, value, cancellation);
            }

            writer.Finish();
        }

        MessageFile.Write(prefix + ".meta", metaGraph);
        string folder = Path.GetDirectoryName(prefix) is { Length: > 0 } parent ? parent : ".";
        CheckpointStates.Update(folder, prefix, []);
        return new UnfrozenModel(prefix, [.. constants.Select(static c => c.Name)], byteCount, graph.Operations.Count, Stopwatch.GetElapsedTime(start));
    }

    /// <summary>A frozen graph's nodes with variables in the place of constants, and the collections that list them.</summary>
    /// <param name="frozen">The graph; left as it is.</param>
    /// <param name="options">Which constants; by default those that look like former variables.</param>
    /// <exception cref="ArgumentException">No constant is chosen, or one that cannot be a variable.</exception>
    public static MetaGraphDef Unfreeze(GraphDef frozen, UnfreezeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(frozen);
        return WithVariables(frozen, Choose(frozen, options ?? new UnfreezeOptions(), "graph"), "graph");
    }

    private static IReadOnlyList<NodeDef> Choose(GraphDef frozen, UnfreezeOptions options, string path)
    {
        NodeDef[] constants = [.. frozen.Node.Where(static n => n.Op == "Const" && n.Attr.TryGetValue("value", out AttrValue? value) && value.Tensor is not null)];
        if (options.Names is { } names)
        {
            IReadOnlyList<NodeDef> named = NamePattern.Choose(constants, static n => n.Name, names, path);
            NodeDef? bound = named.FirstOrDefault(static n => n.Input.Count > 0);
            return bound is null
                ? named
                : throw new ArgumentException($"Constant '{bound.Name}' waits for '{bound.Input[0]}', as those inside of loops and conditions do, and cannot be a variable.", nameof(options));
        }

        HashSet<string> read = [.. frozen.Node.Where(IsRead).Select(static n => n.Input[0])];
        NodeDef[] chosen = [.. constants.Where(n => n.Input.Count == 0 && (read.Contains(n.Name) || IsLargeFloat(n, options.MinElementCount)))];
        return chosen.Length > 0
            ? chosen
            : throw new ArgumentException(
                $"'{path}' holds no constant that looks like a former variable: none of its {constants.Length} has a read node or {options.MinElementCount} floating-point elements. Name those to turn into variables.",
                nameof(options));
    }

    private static bool IsRead(NodeDef node) =>
        node.Op == "Identity" && node.Input.Count > 0 && ReadSuffixes.Any(suffix => node.Name == node.Input[0] + suffix);

    private static bool IsLargeFloat(NodeDef constant, int minElementCount)
    {
        TensorProto value = constant.Attr["value"].Tensor;
        Shape shape = (value.TensorShape ?? new TensorShapeProto()).ToShape(constant.Name);
        return ((DType)value.Dtype).IsFloating() && shape.IsFullyKnown && Totals.ElementsOf(shape) >= minElementCount;
    }

    private static MetaGraphDef WithVariables(GraphDef frozen, IReadOnlyList<NodeDef> constants, string path)
    {
        HashSet<string> chosen = [.. constants.Select(static c => c.Name)];
        HashSet<string> names = [.. frozen.Node.Select(static n => n.Name)];
        Dictionary<string, string> reads = frozen.Node
            .Where(n => IsRead(n) && chosen.Contains(n.Input[0]))
            .GroupBy(static n => n.Input[0], StringComparer.Ordinal)
            .ToDictionary(static n => n.Key, static n => n.First().Name, StringComparer.Ordinal);
        HashSet<string> made = [];
        foreach (NodeDef constant in constants.Where(c => !reads.ContainsKey(c.Name)))
            made.Add(reads[constant.Name] = Unique(constant.Name + ReadSuffixes[0], names));
        var graph = new GraphDef { Library = frozen.Library?.Clone(), Versions = frozen.Versions?.Clone() };
        var variables = new CollectionDef { BytesList = new() };
        foreach (NodeDef node in frozen.Node)
        {
            if (chosen.Contains(node.Name))
                AddVariable(graph, variables, node, reads[node.Name], made, names, path);
            else
                graph.Node.Add(Redirected(node, reads));
        }

        var metaGraph = new MetaGraphDef { MetaInfoDef = new(), GraphDef = graph };
        metaGraph.CollectionDef.Add(GraphKeys.GlobalVariables, variables);
        metaGraph.CollectionDef.Add(GraphKeys.TrainableVariables, variables.Clone());
        return metaGraph;
    }

    private static void AddVariable(
        GraphDef graph, CollectionDef variables, NodeDef constant, string read, HashSet<string> made, HashSet<string> names, string path)
    {
        string name = constant.Name;
        TensorProto value = constant.Attr["value"].Tensor;
        var type = new AttrValue { Type = value.Dtype };
        Shape shape = ShapeOf(value, name, path);
        var variable = new NodeDef { Name = name, Op = "VariableV2", Device = constant.Device };
        variable.Attr.Add("dtype", type);
        variable.Attr.Add("shape", new AttrValue { Shape = shape.ToProto() });
        variable.Attr.Add("container", new AttrValue { S = ByteString.Empty });
        variable.Attr.Add("shared_name", new AttrValue { S = ByteString.Empty });
        graph.Node.Add(variable);

        // One number fills the shape: the values are in the checkpoint.
        NodeDef zeros = Beside(constant, Unique(name + "/Initializer/zeros", names), "Const");
        zeros.Attr.Add("dtype", type);
        zeros.Attr.Add("value", new AttrValue { Tensor = new TensorProto { Dtype = value.Dtype, TensorShape = shape.ToProto() } });
        NodeDef assign = Beside(constant, Unique(name + "/Assign", names), "Assign", name, zeros.Name);
        assign.Attr.Add("T", type);
        assign.Attr.Add("use_locking", new AttrValue { B = true });
        assign.Attr.Add("validate_shape", new AttrValue { B = true });
        graph.Node.AddRange([zeros, assign]);
        if (made.Contains(read))
        {
            NodeDef identity = Beside(constant, read, "Identity", name);
            identity.Attr.Add("T", type);
            graph.Node.Add(identity);
        }

        variables.BytesList.Value.Add(new VariableDef
        {
            VariableName = name + ":0",
            InitialValueName = zeros.Name + ":0",
            InitializerName = assign.Name,
            SnapshotName = read + ":0",
            Trainable = ((DType)value.Dtype).IsFloating(),
        }.ToByteString());
    }

    private static Shape ShapeOf(TensorProto value, string name, string path)
    {
        Shape shape = (value.TensorShape ?? new TensorShapeProto()).ToShape(path);
        return shape.IsFullyKnown ? shape : throw new GraphException($"Constant '{name}' has the shape {shape}, which is not fully known.", name, "Const");
    }

    private static NodeDef Beside(NodeDef constant, string name, string op, params string[] inputs)
    {
        var node = new NodeDef { Name = name, Op = op, Device = constant.Device };
        node.Input.AddRange(inputs);
        var location = new AttrValue { List = new() };
        location.List.S.Add(ByteString.CopyFromUtf8(OwnClass + constant.Name));
        node.Attr.Add("_class", location);
        return node;
    }

    // A variable's handle is read where its constant was used; only the read node itself takes the handle.
    private static NodeDef Redirected(NodeDef node, Dictionary<string, string> reads)
    {
        NodeDef copy = node.Clone();
        for (int i = 0; i < copy.Input.Count; i++)
        {
            string source = copy.Input[i].EndsWith(":0", StringComparison.Ordinal) ? copy.Input[i][..^2] : copy.Input[i];
            if (reads.TryGetValue(source, out string? read) && read != node.Name)
                copy.Input[i] = read;
        }

        return copy;
    }

    private static string Unique(string name, HashSet<string> names)
    {
        string unique = name;
        for (int i = 1; !names.Add(unique); i++)
            unique = $"{name}_{i}";
        return unique;
    }
}
