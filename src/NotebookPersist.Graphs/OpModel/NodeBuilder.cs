using NotebookPersist.Graphs.ControlFlow;
using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.OpModel;

/// <summary>Makes one node: matches inputs to the signature, infers attributes, checks them, tells the shapes.</summary>
internal sealed class NodeBuilder(Graph graph, Op op, string name, AttributeList? given)
{
    private readonly Attributes _attrs = new(name);
    private readonly List<Output> _inputs = [];

    // Variables that the operation changes, unlike those it only reads.
    private readonly List<Output> _changed = [];
    private Operand[] _operands = [];

    public Operation Build(ReadOnlySpan<Operand> operands)
    {
        foreach ((string key, AttrValue value) in given ?? [])
            _attrs.Set(key, value);
        Bind(operands);
        SetDefaults(op.Signature, _attrs);
        Check();

        Output[] inputs = [.. _inputs];
        Output[] changed = [.. _changed];
        if (graph.ColocationFor(changed) is { } colocation && !_attrs.Contains("_class"))
            _attrs.Add("_class", colocation);
        Operation[] controls = graph.ControlInputsFor(inputs);
        ControlFlowContext? context = ControlFlowContext.PlaceOf(graph, op.Signature.Name, _inputs);
        if (context is not null)
            controls = Adopt(context, inputs, controls);

        Operation operation = graph.Register(name, op.Signature, op, _attrs, inputs, controls, OutputTypes(op.Signature, _attrs, name));
        operation.Context = context;
        context?.Made(operation);
        operation.Device = graph.DeviceFor(changed);
        graph.NoteMade(operation);
        try
        {
            op.InferShapes(new ShapeContext(operation));
        }
        catch (KernelException e)
        {
            graph.Withdraw(operation);
            throw new GraphException($"{e.Message} Node '{name}' (op: '{op.Signature.Name}').", name, op.Signature.Name, e);
        }
        catch (GraphException)
        {
            graph.Withdraw(operation);
            throw;
        }

        return operation;
    }

    // Values from outside of a branch or loop are brought in under the name of who asks for them first.
    private Operation[] Adopt(ControlFlowContext context, Output[] inputs, Operation[] controls)
    {
        ControlFlowContext? here = graph.ControlFlow;
        graph.ControlFlow = context;
        try
        {
            using (graph.NameScope(name + "/"))
                return context.Adopt(inputs, context == here ? controls : []);
        }
        finally
        {
            graph.ControlFlow = here;
        }
    }

    /// <summary>Fills in the defaults of attributes that are not given.</summary>
    /// <exception cref="GraphException">One without a default is missing.</exception>
    internal static void SetDefaults(OpSignature signature, Attributes attrs, string? node = null)
    {
        foreach (AttrSignature attr in signature.AttrSpan)
        {
            if (!attrs.Contains(attr.Name))
                attrs.Add(attr.Name, attr.Default ?? throw new GraphException($"Operation '{signature.Name}' needs attribute '{attr.Name}'.", node, signature.Name));
        }
    }

    /// <summary>Types of all outputs, lists written out.</summary>
    internal static (DType Type, bool IsReference)[] OutputTypes(OpSignature signature, Attributes attrs, string node)
    {
        ReadOnlySpan<ArgSignature> args = signature.OutputSpan;
        long total = 0;
        foreach (ArgSignature output in args)
            total += CountOf(output);
        var types = new (DType, bool)[total];
        int at = 0;
        foreach (ArgSignature output in args)
        {
            long count = CountOf(output);
            Google.Protobuf.Collections.RepeatedField<DataType>? list = output.TypeListAttr is null ? null : Attr(output.TypeListAttr).List.Type;
            DType type = output.TypeAttr is null ? output.FixedType(attrs) : (DType)Attr(output.TypeAttr).Type;
            for (int i = 0; i < count; i++)
                types[at++] = (list is null ? type : (DType)list[i], output.IsReference);
        }

        return types;

        long CountOf(ArgSignature output)
        {
            if (output.TypeListAttr is not null)
            {
                return Attr(output.TypeListAttr).List?.Type.Count
                    ?? throw new GraphException($"Attribute '{output.TypeListAttr}' of node '{node}' is no list of types, as its outputs '{output.Name}' need it.", node, signature.Name);
            }

            long count = output.NumberAttr is null ? 1 : Attr(output.NumberAttr).I;
            return count is >= 0 and <= 1 << 20
                ? count
                : throw new GraphException($"Attribute '{output.NumberAttr}' of node '{node}' asks for {count} outputs.", node, signature.Name);
        }

        AttrValue Attr(string key) => attrs.TryGetShared(key, out AttrValue? value)
            ? value
            : throw new GraphException($"Node '{node}' ({signature.Name}) has no attribute '{key}'.", node, signature.Name);
    }

    private void Bind(ReadOnlySpan<Operand> operands)
    {
        _operands = operands.ToArray();
        IReadOnlyList<ArgSignature> args = op.Signature.Inputs;
        int lists = args.Count(static a => a.IsList);
        int spare = operands.Length - (args.Count - lists);
        if (spare < 0 || (lists == 0 && spare != 0))
            throw Fault($"Operation '{op.Signature.Name}' takes {args.Count} inputs; {operands.Length} were given.");

        int at = 0;
        foreach (ArgSignature arg in args)
        {
            int count = !arg.IsList ? 1 : ListLength(arg, lists, spare);
            if (at + count > operands.Length)
                throw Fault($"Operation '{op.Signature.Name}' has too few inputs for '{arg.Name}'.");
            BindArg(arg, operands.Slice(at, count));
            at += count;
        }

        if (at != operands.Length)
            throw Fault($"Operation '{op.Signature.Name}' takes {at} inputs; {operands.Length} were given.");
    }

    private int ListLength(ArgSignature arg, int lists, int spare)
    {
        if (arg.NumberAttr is not null && _attrs.TryGet(arg.NumberAttr, out AttrValue? number))
            return checked((int)number.I);
        if (arg.TypeListAttr is not null && _attrs.TryGet(arg.TypeListAttr, out AttrValue? types) && types.List is not null)
            return types.List.Type.Count;
        // Several lists of one signature share their length.
        return spare / lists;
    }

    private void BindArg(ArgSignature arg, ReadOnlySpan<Operand> operands)
    {
        if (arg.NumberAttr is not null && !_attrs.Contains(arg.NumberAttr))
            _attrs.Add(arg.NumberAttr, new AttrValue { I = operands.Length });
        var listed = new AttrValue.Types.ListValue();
        DType wanted = arg.TypeListAttr is null ? WantedType(arg, operands) : DType.Invalid;
        for (int i = 0; i < operands.Length; i++)
        {
            string constant = arg.IsList ? $"{arg.Name}_{i}" : arg.Name;
            DType type = arg.TypeListAttr is null ? wanted : operands[i].OwnType;
            Output input = ToOutput(operands[i], type, constant);
            if (input.Graph != graph)
                throw Fault($"Tensor {input} must be from the same graph as the operation '{name}' it is given to. Build both in one graph: after tf.ResetDefaultGraph() all is built anew.");
            if (input.Operation.IsRemoved)
                throw Fault(Graph.RemovedMessage($"Tensor '{input.Name}'"));
            if (arg.IsReference && !input.IsReference)
                throw Fault($"Input '{arg.Name}' of '{op.Signature.Name}' Op requires l-value input: '{input.InputName}' is no variable.");
            if (type != DType.Invalid && input.DType != type)
                throw Fault($"Input '{arg.Name}' of '{op.Signature.Name}' Op has type {input.DType.Name()} that does not match type {type.Name()} of argument '{FirstOfType(arg)}'.{CastHint(input.DType, type)}");
            listed.Type.Add((DataType)input.DType);
            _inputs.Add(input);
            if (arg.IsReference)
                _changed.Add(input);
        }

        if (arg.TypeAttr is not null && !_attrs.Contains(arg.TypeAttr) && wanted != DType.Invalid)
            _attrs.Add(arg.TypeAttr, new AttrValue { Type = (DataType)wanted });
        if (arg.TypeListAttr is not null && !_attrs.Contains(arg.TypeListAttr))
            _attrs.Add(arg.TypeListAttr, new AttrValue { List = listed });
    }

    private DType WantedType(ArgSignature arg, ReadOnlySpan<Operand> operands)
    {
        if (arg.TypeAttr is null)
            return arg.FixedType(_attrs);
        if (_attrs.TryGet(arg.TypeAttr, out AttrValue? known))
            return (DType)known.Type;

        // A symbolic value decides before a plain one, wherever it stands: 10 + x adds a 10 of x's type.
        foreach (Operand operand in operands)
        {
            if (operand.Output is not null)
                return operand.Output.DType;
        }

        if (LaterType(arg.TypeAttr) is { } later)
            return later;
        AttrSignature? attr = op.Signature.FindAttr(arg.TypeAttr);
        foreach (Operand operand in operands)
        {
            if (!operand.IsLiteral)
                return operand.OwnType;
        }

        DType own = operands.Length > 0 ? operands[0].OwnType : DType.Invalid;
        // A number that the operation does not take as it is becomes what the operation takes by default.
        return attr is { AllowedTypes.Count: > 0 } && !attr.Allows(own)
            ? attr.Default is { } standard ? (DType)standard.Type : attr.AllowedTypes[0]
            : own;
    }

    // The remaining operands are looked up by the position of their argument; only single arguments can lead here.
    private DType? LaterType(string typeAttr)
    {
        int position = 0;
        foreach (ArgSignature arg in op.Signature.Inputs)
        {
            if (arg.IsList)
                return null;
            if (position >= _inputs.Count && position < _operands.Length && arg.TypeAttr == typeAttr && _operands[position].Output is { } output)
                return output.DType;
            position++;
        }

        return null;
    }

    private Output ToOutput(Operand operand, DType type, string argument)
    {
        if (operand.Output is { } output)
            return output;
        if (operand.Value is null)
            throw Fault($"Input '{argument}' of '{op.Signature.Name}' Op is missing.");
        using (graph.NameScope(name + "/"))
            return graph.Constant(TensorCasts.ForOperand(operand, type, $"input '{argument}' of '{name}'"), name: argument);
    }

    private string FirstOfType(ArgSignature arg) => op.Signature.Inputs.First(a => a.TypeAttr == arg.TypeAttr && a.Type == arg.Type).Name;

    private void Check()
    {
        foreach (AttrSignature attr in op.Signature.AttrSpan)
        {
            AttrValue value = _attrs.TryGet(attr.Name, out AttrValue? set) ? set : throw Fault($"Attribute '{attr.Name}' of '{op.Signature.Name}' is missing.");
            if (attr.AllowedTypes.Count > 0)
            {
                IEnumerable<DType> types = attr.IsList ? (value.List?.Type ?? []).Select(static t => (DType)t) : [(DType)value.Type];
                foreach (DType type in types)
                {
                    if (!attr.Allows(type))
                        throw Fault($"Value passed to parameter '{ArgOf(attr.Name)}' of '{op.Signature.Name}' has DataType {type.Name()} not in list of allowed values: {string.Join(", ", attr.AllowedTypes.Select(static t => t.Name()))}.");
                }
            }

            if (attr.AllowedStrings.Count > 0 && !attr.IsList && !attr.Allows(value.S.ToStringUtf8()))
                throw Fault($"Attribute '{attr.Name}' of '{op.Signature.Name}' must be one of {string.Join(", ", attr.AllowedStrings)}; '{value.S.ToStringUtf8()}' was given.");
            if (attr is { Minimum: { } minimum, Kind: AttrKind.Int, IsList: false } && value.I < minimum)
                throw Fault($"Attribute '{attr.Name}' of '{op.Signature.Name}' must be at least {minimum}; {value.I} was given.");
        }
    }

    private string ArgOf(string typeAttr) => op.Signature.Inputs.FirstOrDefault(a => a.TypeAttr == typeAttr)?.Name ?? typeAttr;

    private GraphException Fault(string message) => new(message, name, op.Signature.Name);

    private static string CastHint(DType from, DType to) => IsNumber(from) && IsNumber(to) ? $" Cast one of them: tf.Cast(x, tf.{to}) gives {to.Name()}." : "";

    private static bool IsNumber(DType type) => type.IsFloating() || type.IsInteger() || type is DType.Bool;
}
