using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.OpModel;

/// <summary>Inputs, outputs and attributes of an operation type, in TensorFlow's vocabulary.</summary>
/// <remarks>
/// Written as one line:
/// <code>
/// signature := Name(args) -> (args) [where attr, attr ...] [; flag, flag ...]
/// arg       := name: type                     type fixed or the name of a type attribute
///            | name: type + type | ...        behind the plus: what only later releases take,
///            | name: type + attr              or the attribute by which they give the type
///            | name: ref(type)                handle of a variable
///            | name: N * type                 N tensors of one type
///            | name: [attr]                   tensors of the types that the attribute lists
/// attr      := name: kind [>= minimum] [= default]
/// kind      := string | int | float | bool | type | shape | tensor | func | list(kind)
///            | float | int32 | ...            (element types allowed; at least two, or one that is no kind)
///            | 'A' | 'B' ...                  (texts allowed)
///            | ... + float32 | ...            (behind the plus: what only later releases allow)
/// flag      := stateful | commutative | aggregate | allows_uninitialized_input
/// </code>
/// Thread safety: immutable.
/// </remarks>
public sealed class OpSignature
{
    private readonly ArgSignature[] _inputs;
    private readonly ArgSignature[] _outputs;
    private readonly AttrSignature[] _attrs;

    internal OpSignature(string name, IReadOnlyList<ArgSignature> inputs, IReadOnlyList<ArgSignature> outputs, IReadOnlyList<AttrSignature> attrs, IReadOnlySet<string> flags)
    {
        (Name, _inputs, _outputs, _attrs) = (name, [.. inputs], [.. outputs], [.. attrs]);
        IsStateful = flags.Contains("stateful");
        IsCommutative = flags.Contains("commutative");
        IsAggregate = flags.Contains("aggregate");
        AllowsUninitializedInput = flags.Contains("allows_uninitialized_input");
        HasReferenceInputs = Array.Exists(_inputs, static i => i.IsReference);
    }

    /// <summary>Operation type.</summary>
    public string Name { get; }

    /// <summary>Inputs in order.</summary>
    public IReadOnlyList<ArgSignature> Inputs => _inputs;

    /// <summary>Outputs in order.</summary>
    public IReadOnlyList<ArgSignature> Outputs => _outputs;

    /// <summary>Attributes in the order of TensorFlow's definition.</summary>
    public IReadOnlyList<AttrSignature> Attrs => _attrs;

    /// <summary>True where two runs on the same inputs can differ, or something outlives the run.</summary>
    public bool IsStateful { get; }

    /// <summary>True where the inputs can change places.</summary>
    public bool IsCommutative { get; }

    /// <summary>True where the result can be gathered piece by piece.</summary>
    public bool IsAggregate { get; }

    /// <summary>True where a variable given may still be without a value.</summary>
    public bool AllowsUninitializedInput { get; }

    /// <summary>True where some input is the handle of a variable.</summary>
    internal bool HasReferenceInputs { get; }

    internal ReadOnlySpan<ArgSignature> InputSpan => _inputs;

    internal ReadOnlySpan<ArgSignature> OutputSpan => _outputs;

    internal ReadOnlySpan<AttrSignature> AttrSpan => _attrs;

    /// <summary>True where nobody described the type: outputs were told from the nodes themselves, inputs can be any.</summary>
    internal bool IsInvented { get; private init; }

    /// <summary>Reads a one-line signature.</summary>
    /// <exception cref="FormatException">The line does not follow the grammar.</exception>
    public static OpSignature Parse(string text) => new OpSignatureParser(text).Parse();

    /// <summary>The signature that a graph file carries for an operation type.</summary>
    public static OpSignature FromOpDef(OpDef definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var flags = new HashSet<string>(StringComparer.Ordinal);
        if (definition.IsStateful)
            flags.Add("stateful");
        if (definition.IsCommutative)
            flags.Add("commutative");
        if (definition.IsAggregate)
            flags.Add("aggregate");
        if (definition.AllowsUninitializedInput)
            flags.Add("allows_uninitialized_input");
        return new OpSignature(
            definition.Name,
            [.. definition.InputArg.Select(FromArgDef)],
            [.. definition.OutputArg.Select(FromArgDef)],
            [.. definition.Attr.Select(FromAttrDef)],
            flags);
    }

    /// <summary>A signature for a type that nobody described.</summary>
    internal static OpSignature Invent(string name, IReadOnlyList<ArgSignature> outputs) =>
        new(name, [], outputs, [], new HashSet<string> { "stateful" }) { IsInvented = true };

    /// <summary>The attribute of a name; null where the type has none such.</summary>
    public AttrSignature? FindAttr(string name) => Array.Find(_attrs, a => a.Name == name);

    /// <summary>The definition that a meta graph lists for the type, without descriptions.</summary>
    public OpDef ToOpDef()
    {
        var definition = new OpDef
        {
            Name = Name,
            IsStateful = IsStateful,
            IsCommutative = IsCommutative,
            IsAggregate = IsAggregate,
            AllowsUninitializedInput = AllowsUninitializedInput,
        };
        definition.InputArg.AddRange(Inputs.Select(ToArgDef));
        definition.OutputArg.AddRange(Outputs.Select(ToArgDef));
        definition.Attr.AddRange(Attrs.Select(ToAttrDef));
        return definition;
    }

    private static ArgSignature FromArgDef(OpDef.Types.ArgDef arg) => new(
        arg.Name, (DType)arg.Type, NullIfEmpty(arg.TypeAttr), NullIfEmpty(arg.NumberAttr), NullIfEmpty(arg.TypeListAttr), arg.IsRef);

    private static OpDef.Types.ArgDef ToArgDef(ArgSignature arg) => new()
    {
        Name = arg.Name,
        Type = (DataType)arg.Type,
        TypeAttr = arg.TypeAttr ?? "",
        NumberAttr = arg.NumberAttr ?? "",
        TypeListAttr = arg.TypeListAttr ?? "",
        IsRef = arg.IsReference,
    };

    private static AttrSignature FromAttrDef(OpDef.Types.AttrDef attr)
    {
        bool isList = attr.Type.StartsWith("list(", StringComparison.Ordinal);
        string kind = isList ? attr.Type[5..^1] : attr.Type;
        if (!Enum.TryParse(kind, ignoreCase: true, out AttrKind parsed))
            throw new FormatException($"Attribute '{attr.Name}' is of unknown kind '{attr.Type}'.");
        AttrValue.Types.ListValue? allowed = attr.AllowedValues?.List;
        return new AttrSignature(
            attr.Name,
            parsed,
            isList,
            attr.DefaultValue?.Clone(),
            [.. (allowed?.Type ?? []).Select(static t => (DType)t)],
            [.. (allowed?.S ?? []).Select(static s => s.ToStringUtf8())],
            attr.HasMinimum ? attr.Minimum : null);
    }

    private static OpDef.Types.AttrDef ToAttrDef(AttrSignature attr)
    {
        string kind = attr.Kind.ToString().ToLowerInvariant();
        var definition = new OpDef.Types.AttrDef
        {
            Name = attr.Name,
            Type = attr.IsList ? $"list({kind})" : kind,
            DefaultValue = attr.Default?.Clone(),
            HasMinimum = attr.Minimum is not null,
            Minimum = attr.Minimum ?? 0,
        };
        if (attr.AllowedTypes.Count > 0 || attr.AllowedStrings.Count > 0)
        {
            definition.AllowedValues = new AttrValue { List = new AttrValue.Types.ListValue() };
            definition.AllowedValues.List.Type.AddRange(attr.AllowedTypes.Select(static t => (DataType)t));
            definition.AllowedValues.List.S.AddRange(attr.AllowedStrings.Select(Google.Protobuf.ByteString.CopyFromUtf8));
        }

        return definition;
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
