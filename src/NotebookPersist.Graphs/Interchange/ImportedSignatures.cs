using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.Interchange;

/// <summary>Finds what inputs, outputs and attributes each stored node has.</summary>
/// <remarks>In order: a type known here, a function of the graph, the producer's own definition, what the node itself shows.</remarks>
internal sealed class ImportedSignatures
{
    // Where types that nobody describes keep the element types of their outputs, most telling first.
    private static readonly string[] OutputTypeAttrs = ["DstT", "out_type", "output_type", "dtype", "Tout", "output_types", "T", "value_dtype", "Tparams", "element_dtype"];

    private readonly Graph _graph;
    private readonly GraphDef _graphDef;
    private readonly Dictionary<string, OpDef> _producer;
    private readonly Dictionary<string, OpDef> _functions;
    private readonly Dictionary<string, OpSignature> _converted = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _outputsUsed = new(StringComparer.Ordinal);

    public ImportedSignatures(Graph graph, GraphDef graphDef, OpList? producer, NodeInput[][] inputs)
    {
        (_graph, _graphDef) = (graph, graphDef);
        _producer = ByName(producer?.Op ?? []);
        _functions = ByName(graph.Library.Function.Select(static f => f.Signature).OfType<OpDef>());
        foreach (NodeInput input in inputs.SelectMany(static i => i))
            _outputsUsed[input.Node] = Math.Max(_outputsUsed.GetValueOrDefault(input.Node), input.Index + 1);
    }

    /// <summary>The signature of a node, whose attributes are completed and checked on the way.</summary>
    public (OpSignature Signature, Op? Definition) Of(int at, Dictionary<string, AttrValue> attrs)
    {
        NodeDef node = _graphDef.Node[at];
        _producer.TryGetValue(node.Op, out OpDef? produced);
        if (_graph.Registry.TryGet(node.Op, out Op? op))
        {
            RemoveNewDefaults(op.Signature, produced, attrs);
            if (produced is not null && IsLater(op.Signature, produced, attrs))
            {
                OpSignature later = Convert(produced);
                Complete(node, later, null, attrs);
                return (later, null);
            }

            Complete(node, op.Signature, produced, attrs);
            return (op.Signature, op);
        }

        OpDef? described = _functions.GetValueOrDefault(node.Op) ?? produced;
        if (described is null)
            return (Invent(node, attrs), null);
        OpSignature signature = Convert(described);
        Complete(node, signature, null, attrs);
        return (signature, _functions.ContainsKey(node.Op) ? new FunctionCallOp(signature) : null);
    }

    /// <summary>Checks number and types of a node's data inputs.</summary>
    /// <exception cref="GraphException">They do not fit the signature.</exception>
    public static void CheckInputs(NodeDef node, OpSignature signature, Dictionary<string, AttrValue> attrs, IReadOnlyList<Output> inputs)
    {
        if (signature.IsInvented)
            return;
        List<(DType Type, bool IsReference)> expected = InputTypes(node, signature, attrs, inputs.Count);
        if (expected.Count != inputs.Count)
        {
            throw new GraphException(
                $"Node '{node.Name}': NodeDef expected inputs '{string.Join(", ", expected.Select(static e => Text(e.Type, e.IsReference)))}' do not match {inputs.Count} inputs specified (op: '{node.Op}').",
                node.Name,
                node.Op);
        }

        for (int i = 0; i < inputs.Count; i++)
        {
            Output input = inputs[i];
            // Freezing tools put constants in the place of variables without a look at who assigns to them.
            bool referenceFits = !expected[i].IsReference || input.IsReference || input.Operation.Type is "Const" or "Identity" or "Enter" or "Switch" or "Merge";
            if (!TypeFits(input, expected[i].Type) || !referenceFits)
                throw Mismatch(node, i, input, expected[i].Type, expected[i].IsReference);
        }
    }

    /// <summary>Whether a value is of the type wanted, or of one that nobody can tell.</summary>
    public static bool TypeFits(Output input, DType expected) =>
        input.DType == expected || expected == DType.Invalid || input.DType == DType.Invalid || input.Operation.Signature.IsInvented;

    public static GraphException Mismatch(NodeDef node, int index, Output input, DType expected, bool isReference) => new(
        $"Input {index} of node {node.Name} was passed {Text(input.DType, input.IsReference)} from {input.Name} incompatible with expected {Text(expected, isReference)}.",
        node.Name,
        node.Op);

    private static List<(DType Type, bool IsReference)> InputTypes(NodeDef node, OpSignature signature, Dictionary<string, AttrValue> attrs, int given)
    {
        var types = new List<(DType, bool)>();
        foreach (ArgSignature arg in signature.Inputs)
        {
            if (arg.TypeListAttr is not null)
            {
                types.AddRange((attrs[arg.TypeListAttr].List?.Type ?? []).Select(t => ((DType)t, arg.IsReference)));
                continue;
            }

            DType type = arg.TypeAttr is null ? arg.Type : (DType)attrs[arg.TypeAttr].Type;
            long count = arg.NumberAttr is null ? 1 : attrs[arg.NumberAttr].I;
            if (count < 0 || count > given)
                throw new GraphException($"Node '{node.Name}': attribute '{arg.NumberAttr}' asks for {count} inputs '{arg.Name}', but only {given} inputs are specified (op: '{node.Op}').", node.Name, node.Op);
            for (long i = 0; i < count; i++)
                types.Add((type, arg.IsReference));
        }

        return types;
    }

    private OpSignature Convert(OpDef described)
    {
        if (_converted.TryGetValue(described.Name, out OpSignature? signature))
            return signature;
        try
        {
            signature = OpSignature.FromOpDef(described);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw new GraphException($"The definition of op type '{described.Name}' in the graph is damaged: {e.Message}", null, described.Name, e);
        }

        _converted.Add(described.Name, signature);
        return signature;
    }

    private OpSignature Invent(NodeDef node, Dictionary<string, AttrValue> attrs)
    {
        int shapes = node.Attr.TryGetValue("_output_shapes", out AttrValue? listed) ? listed.List?.Shape.Count ?? 0 : 1;
        int count = Math.Max(shapes, _outputsUsed.GetValueOrDefault(node.Name));
        if (count > 1 << 16)
            throw new GraphException($"Op type not registered '{node.Op}', and node '{node.Name}' is used as if it had {count:N0} outputs.", node.Name, node.Op);
        AttrValue? type = OutputTypeAttrs.Select(a => attrs.GetValueOrDefault(a)).FirstOrDefault(static a => a is not null);
        var outputs = new ArgSignature[count];
        for (int i = 0; i < count; i++)
        {
            DType dtype = type?.ValueCase switch
            {
                AttrValue.ValueOneofCase.Type => (DType)type.Type,
                AttrValue.ValueOneofCase.List when i < type.List.Type.Count => (DType)type.List.Type[i],
                _ => DType.Invalid,
            };
            outputs[i] = new ArgSignature($"output_{i}", Enum.IsDefined(dtype) ? dtype : DType.Invalid, null, null, null, false);
        }

        return OpSignature.Invent(node.Op, outputs);
    }

    // A newer release may let an argument have types that were fixed before; such a node is carried along but cannot be run.
    private static bool IsLater(OpSignature signature, OpDef produced, Dictionary<string, AttrValue> attrs) =>
        produced.InputArg.Concat(produced.OutputArg).Any(a => a.TypeAttr.Length > 0 && signature.FindAttr(a.TypeAttr) is null && attrs.ContainsKey(a.TypeAttr));

    // A newer writer may have filled in attributes that did not exist before; at their defaults they change nothing.
    private static void RemoveNewDefaults(OpSignature signature, OpDef? produced, Dictionary<string, AttrValue> attrs)
    {
        foreach (OpDef.Types.AttrDef attr in produced?.Attr ?? [])
        {
            if (signature.FindAttr(attr.Name) is null && attr.DefaultValue is not null && attrs.TryGetValue(attr.Name, out AttrValue? value) && value.Equals(attr.DefaultValue))
                attrs.Remove(attr.Name);
        }
    }

    private static void Complete(NodeDef node, OpSignature signature, OpDef? produced, Dictionary<string, AttrValue> attrs)
    {
        foreach (AttrSignature attr in signature.Attrs)
        {
            if (attr.Default is null && !attrs.ContainsKey(attr.Name))
                throw new GraphException($"NodeDef missing attr '{attr.Name}' from Op<name={signature.Name}>; NodeDef: '{node.Name}'.", node.Name, node.Op);
        }

        NodeBuilder.SetDefaults(signature, attrs, node.Name);
        foreach (AttrSignature attr in signature.Attrs)
            Check(node, attr, produced, attrs[attr.Name]);
    }

    private static void Check(NodeDef node, AttrSignature attr, OpDef? produced, AttrValue value)
    {
        AttrValue.ValueOneofCase expected = attr.IsList ? AttrValue.ValueOneofCase.List : attr.Kind switch
        {
            AttrKind.String => AttrValue.ValueOneofCase.S,
            AttrKind.Int => AttrValue.ValueOneofCase.I,
            AttrKind.Float => AttrValue.ValueOneofCase.F,
            AttrKind.Bool => AttrValue.ValueOneofCase.B,
            AttrKind.Type => AttrValue.ValueOneofCase.Type,
            AttrKind.Shape => AttrValue.ValueOneofCase.Shape,
            AttrKind.Tensor => AttrValue.ValueOneofCase.Tensor,
            _ => AttrValue.ValueOneofCase.Func,
        };
        if (value.ValueCase != expected)
            throw Fault(node, attr, $"AttrValue had value with type '{value.ValueCase}' when '{(attr.IsList ? $"list({attr.Kind})" : attr.Kind)}' expected");
        if (attr.Kind == AttrKind.Type)
            CheckTypes(node, attr, produced, attr.IsList ? value.List.Type : [value.Type]);
        if (attr is { AllowedStrings.Count: > 0, IsList: false } && !attr.AllowedStrings.Contains(value.S.ToStringUtf8()))
            throw Fault(node, attr, $"value '{value.S.ToStringUtf8()}' is not in the list of allowed values: {string.Join(", ", attr.AllowedStrings.Select(static s => $"'{s}'"))}");
        if (attr is { Minimum: { } minimum, Kind: AttrKind.Int, IsList: false } && value.I < minimum)
            throw Fault(node, attr, $"value of {value.I} must be at least minimum {minimum}");
    }

    private static void CheckTypes(NodeDef node, AttrSignature attr, OpDef? produced, IEnumerable<DataType> types)
    {
        foreach (DataType type in types)
        {
            if (!Enum.IsDefined((DType)type))
                throw Fault(node, attr, $"element type {(int)type} is not known here");
            // A newer release may allow more types: its own definition then says so.
            bool newer = produced?.Attr.FirstOrDefault(a => a.Name == attr.Name)?.AllowedValues?.List?.Type.Contains(type) ?? false;
            if (attr.AllowedTypes.Count > 0 && !attr.AllowedTypes.Contains((DType)type) && !newer)
                throw Fault(node, attr, $"value {((DType)type).SignatureName()} is not in the list of allowed values: {string.Join(", ", attr.AllowedTypes.Select(static t => t.SignatureName()))}");
        }
    }

    private static GraphException Fault(NodeDef node, AttrSignature attr, string message) =>
        new($"Attr '{attr.Name}' of node '{node.Name}' (op: '{node.Op}'): {message}.", node.Name, node.Op);

    private static string Text(DType type, bool isReference) => (type == DType.Invalid ? "unknown" : type.SignatureName()) + (isReference ? "_ref" : "");

    private static Dictionary<string, OpDef> ByName(IEnumerable<OpDef> definitions)
    {
        var byName = new Dictionary<string, OpDef>(StringComparer.Ordinal);
        foreach (OpDef definition in definitions)
            byName.TryAdd(definition.Name, definition);
        return byName;
    }
}
