using System.Diagnostics;
using Google.Protobuf.Collections;
using NotebookPersist.Formats.Protobuf;
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
    private readonly ImportedLink[][] _links;
    private readonly Dictionary<string, OpDef> _producer;
    private readonly Dictionary<string, OpDef> _functions;
    private readonly Dictionary<string, ImportedType> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OpSignature> _converted = new(StringComparer.Ordinal);
    private int[]? _outputsUsed;

    public ImportedSignatures(Graph graph, OpList? producer, ImportedLink[][] links)
    {
        (_graph, _links) = (graph, links);
        _producer = ByName(producer?.Op ?? []);
        _functions = ByName(graph.Library.Function.Select(static f => f.Signature).OfType<OpDef>());
    }

    /// <summary>What is known of a type.</summary>
    public ImportedType TypeOf(string name)
    {
        if (!_types.TryGetValue(name, out ImportedType? type))
            _types.Add(name, type = Describe(name));
        return type;
    }

    /// <summary>The signature of a node, whose attributes are completed and checked on the way.</summary>
    /// <param name="node">The stored node.</param>
    /// <param name="at">Its position.</param>
    /// <param name="type">Its type.</param>
    /// <param name="attrs">Its attributes.</param>
    /// <param name="shapes">How many outputs' shapes the file tells; null where it tells none.</param>
    public (OpSignature Signature, Op? Definition) Of(StoredNode node, int at, ImportedType type, Attributes attrs, int? shapes)
    {
        if (type.Signature is not { } signature)
            return (Invent(node, at, attrs, shapes), null);
        type.RemoveNewDefaults(attrs);
        if (type.IsLater(attrs))
        {
            OpSignature later = Convert(type.Produced!); // Only then is there something later.
            Complete(node, later, null, attrs);
            return (later, null);
        }

        Complete(node, signature, type, attrs);
        return (signature, type.Definition);
    }

    /// <summary>Checks number and types of a node's data inputs.</summary>
    /// <exception cref="GraphException">They do not fit the signature.</exception>
    public static void CheckInputs(StoredNode node, OpSignature signature, Attributes attrs, ReadOnlySpan<Output> inputs)
    {
        if (signature.IsInvented)
            return;
        int at = 0;
        foreach (ArgSignature arg in signature.InputSpan)
        {
            RepeatedField<DataType>? list = arg.TypeListAttr is null ? null : Attr(attrs, arg.TypeListAttr).List?.Type ?? [];
            DType type = arg.TypeAttr is null ? arg.FixedType(attrs) : (DType)Attr(attrs, arg.TypeAttr).Type;
            long count = list?.Count ?? (arg.NumberAttr is null ? 1 : Attr(attrs, arg.NumberAttr).I);
            if (count < 0 || (arg.NumberAttr is not null && count > inputs.Length))
                throw new GraphException($"Node '{node.Name}': attribute '{arg.NumberAttr}' asks for {count} inputs '{arg.Name}', but only {inputs.Length} inputs are specified (op: '{node.Op}').", node.Name, node.Op);
            for (int i = 0; i < count; i++, at++)
            {
                if (at >= inputs.Length)
                    throw WrongCount(node, signature, attrs, inputs.Length);
                CheckInput(node, at, inputs[at], list is null ? type : (DType)list[i], arg);
            }
        }

        if (at != inputs.Length)
            throw WrongCount(node, signature, attrs, inputs.Length);
    }

    private static void CheckInput(StoredNode node, int index, Output input, DType expected, ArgSignature arg)
    {
        bool isReference = arg.IsReference;
        // Freezing tools put constants in the place of variables without a look at who assigns to them.
        bool referenceFits = !isReference || input.IsReference || input.Operation.Type is "Const" or "Identity" or "Enter" or "Switch" or "Merge";
        if ((!TypeFits(input, expected) && !arg.LaterTypes.Contains(input.DType)) || !referenceFits)
            throw Mismatch(node, index, input, expected, isReference);
    }

    private static AttrValue Attr(Attributes attrs, string name) => attrs.TryGetShared(name, out AttrValue? value) ? value : throw new UnreachableException($"Attribute '{name}' was not completed.");

    private static GraphException WrongCount(StoredNode node, OpSignature signature, Attributes attrs, int given) => new(
        $"Node '{node.Name}': NodeDef expected inputs '{string.Join(", ", InputTypes(signature, attrs).Select(static e => Text(e.Type, e.IsReference)))}' do not match {given} inputs specified (op: '{node.Op}').",
        node.Name,
        node.Op);

    /// <summary>Whether a value is of the type wanted, or of one that nobody can tell.</summary>
    public static bool TypeFits(Output input, DType expected) =>
        input.DType == expected || expected == DType.Invalid || input.DType == DType.Invalid || input.Operation.Signature.IsInvented;

    public static GraphException Mismatch(StoredNode node, int index, Output input, DType expected, bool isReference) => new(
        $"Input {index} of node {node.Name} was passed {Text(input.DType, input.IsReference)} from {input.Name} incompatible with expected {Text(expected, isReference)}.",
        node.Name,
        node.Op);

    private static IEnumerable<(DType Type, bool IsReference)> InputTypes(OpSignature signature, Attributes attrs)
    {
        foreach (ArgSignature arg in signature.Inputs)
        {
            if (arg.TypeListAttr is not null)
            {
                foreach (DataType listed in Attr(attrs, arg.TypeListAttr).List?.Type ?? [])
                    yield return ((DType)listed, arg.IsReference);
                continue;
            }

            DType type = arg.TypeAttr is null ? arg.FixedType(attrs) : (DType)Attr(attrs, arg.TypeAttr).Type;
            long count = arg.NumberAttr is null ? 1 : Attr(attrs, arg.NumberAttr).I;
            for (long i = 0; i < count; i++)
                yield return (type, arg.IsReference);
        }
    }

    private ImportedType Describe(string name)
    {
        OpDef? produced = _producer.GetValueOrDefault(name);
        if (_graph.Registry.TryGet(name, out Op? op))
            return new ImportedType(op.Signature, op, produced);
        if (_functions.TryGetValue(name, out OpDef? function))
        {
            OpSignature signature = Convert(function);
            return new ImportedType(signature, new FunctionCallOp(signature), null);
        }

        return new ImportedType(produced is null ? null : Convert(produced), null, null);
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

    private OpSignature Invent(StoredNode node, int at, Attributes attrs, int? shapes)
    {
        int count = Math.Max(shapes ?? 1, OutputsUsed()[at]);
        if (count > 1 << 16)
            throw new GraphException($"Op type not registered '{node.Op}', and node '{node.Name}' is used as if it had {count:N0} outputs.", node.Name, node.Op);
        AttrValue? type = OutputTypeAttrs.Select(a => attrs.TryGetShared(a, out AttrValue? value) ? value : null).FirstOrDefault(static a => a is not null);
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

    // How many outputs of each node others read.
    private int[] OutputsUsed()
    {
        if (_outputsUsed is not null)
            return _outputsUsed;
        _outputsUsed = new int[_links.Length];
        foreach (ImportedLink link in _links.SelectMany(static l => l).Where(static l => !l.IsMapped))
            _outputsUsed[link.From] = Math.Max(_outputsUsed[link.From], link.Index + 1);
        return _outputsUsed;
    }

    private static void Complete(StoredNode node, OpSignature signature, ImportedType? type, Attributes attrs)
    {
        foreach (AttrSignature attr in signature.AttrSpan)
        {
            if (attr.Default is null && !attrs.Contains(attr.Name))
                throw new GraphException($"NodeDef missing attr '{attr.Name}' from Op<name={signature.Name}>; NodeDef: '{node.Name}'.", node.Name, node.Op);
        }

        NodeBuilder.SetDefaults(signature, attrs, node.Name);
        foreach (AttrSignature attr in signature.AttrSpan)
        {
            AttrValue value = Attr(attrs, attr.Name);
            // A default that is known here was looked at with the type.
            if (type?.Definition is null || !ReferenceEquals(value, attr.Default))
                Check(node, attr, type, attrs, value);
        }
    }

    private static void Check(StoredNode node, AttrSignature attr, ImportedType? type, Attributes attrs, AttrValue value)
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
        {
            if (!attr.IsList)
                CheckType(node, attr, type, value.Type);
            for (int i = 0; attr.IsList && i < value.List.Type.Count; i++)
                CheckType(node, attr, type, value.List.Type[i]);
        }

        if (attr is { AllowedStrings.Count: > 0, IsList: false } && !attr.Allows(attrs.String(attr.Name)))
            throw Fault(node, attr, $"value '{attrs.String(attr.Name)}' is not in the list of allowed values: {string.Join(", ", attr.AllowedStrings.Select(static s => $"'{s}'"))}");
        if (attr is { Minimum: { } minimum, Kind: AttrKind.Int, IsList: false } && value.I < minimum)
            throw Fault(node, attr, $"value of {value.I} must be at least minimum {minimum}");
    }

    private static void CheckType(StoredNode node, AttrSignature attr, ImportedType? known, DataType type)
    {
        if (!Enum.IsDefined((DType)type))
            throw Fault(node, attr, $"element type {(int)type} is not known here");
        // A newer release may allow more types: its own definition then says so.
        if (!attr.Allows((DType)type) && known?.AllowedByProducer(attr.Name, type) != true)
            throw Fault(node, attr, $"value {((DType)type).SignatureName()} is not in the list of allowed values: {string.Join(", ", attr.AllowedTypes.Select(static t => t.SignatureName()))}");
    }

    private static GraphException Fault(StoredNode node, AttrSignature attr, string message) =>
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
