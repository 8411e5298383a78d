using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Values that a run writes once each, by index, and reads back; what loops gather their results in.</summary>
/// <remarks>Each change gives a new object, whose flow orders what follows after it. Source: TensorFlow's <c>tf.TensorArray</c>; gradients flow through it.</remarks>
public sealed class TensorArray
{
    private readonly Graph _graph;

    // What is known of the values' shape: of all arrays that came of one, so that a loop's results know what its body wrote.
    private readonly ElementShape _known;
    private readonly bool _infersShape;

    /// <summary>Makes an array in a graph.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="dtype">Element type of every value.</param>
    /// <param name="size">Number of values. Shape: scalar. DType: int32.</param>
    /// <param name="dynamicSize">Whether writing beyond the end makes the array larger.</param>
    /// <param name="clearAfterRead">Whether a value can be read only once, which saves memory.</param>
    /// <param name="elementShape">What is known of every value's shape; by default nothing.</param>
    /// <param name="inferShape">Whether all values are of one shape.</param>
    /// <param name="name">Node name.</param>
    /// <param name="tensorArrayName">What its node says it is called in a run; by default the node's name.</param>
    public TensorArray(Graph graph, DType dtype, Operand size, bool dynamicSize = false, bool clearAfterRead = true, Shape? elementShape = null, bool inferShape = true, string? name = null, string? tensorArrayName = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        _graph = graph;
        _known = new ElementShape { Shape = elementShape ?? Shape.Unknown };
        _infersShape = inferShape;
        DType = dtype;
        using NameScope scope = graph.NameScope(name ?? "TensorArray");
        Operation made = graph.AddOperation<TensorArrayV3Op>(
            scope.Name,
            new AttributeList
            {
                { "dtype", dtype }, { "element_shape", _known.Shape }, { "identical_element_shapes", inferShape },
                { "dynamic_size", dynamicSize }, { "clear_after_read", clearAfterRead }, { "tensor_array_name", tensorArrayName ?? name ?? "" },
            },
            size.Output ?? graph.Constant(size, DType.Int32, name: "size"));
        (Handle, Flow) = (made[0], made[1]);
    }

    internal TensorArray(Graph graph, DType dtype, Output handle, Output flow, Shape elementShape, bool infersShape = false)
        : this(graph, dtype, handle, flow, new ElementShape { Shape = elementShape }, infersShape)
    {
    }

    private TensorArray(Graph graph, DType dtype, Output handle, Output flow, ElementShape known, bool infersShape) =>
        (_graph, DType, Handle, Flow, _known, _infersShape) = (graph, dtype, handle, flow, known, infersShape);

    /// <summary>Element type of every value.</summary>
    public DType DType { get; }

    /// <summary>What names the array in a run.</summary>
    public Output Handle { get; }

    /// <summary>What orders later uses after all earlier ones.</summary>
    public Output Flow { get; }

    /// <summary>The array after a value was written; a place can be written once.</summary>
    public TensorArray Write(Operand index, Operand value, string? name = null)
    {
        using NameScope scope = _graph.NameScope(name ?? "TensorArrayWrite");
        Output written = _graph.ToOutput(value, "value");
        return WithFlow(_graph.Add<TensorArrayWriteV3Op>(null, Handle, index, written, Flow), written.Shape);
    }

    /// <summary>One value.</summary>
    public Output Read(Operand index, string? name = null)
    {
        Output value = _graph.Add<TensorArrayReadV3Op>(name, new AttributeList { { "dtype", DType } }, Handle, index, Flow);
        value.SetShape(_known.Shape);
        return value;
    }

    /// <summary>All values, side by side along a new first dimension, as TensorFlow's Python calls it.</summary>
    /// <inheritdoc cref="ToArray"/>
    public Output Stack(string? name = null) => ToArray(name);

    /// <summary>All values, side by side along a new first dimension.</summary>
    public Output ToArray(string? name = null)
    {
        using NameScope scope = _graph.NameScope(name ?? "TensorArrayStack");
        using IDisposable beside = _graph.ColocateWith(Handle.Operation);
        return Gather(_graph.Range(0, Size()), null);
    }

    /// <summary>Some values, side by side along a new first dimension.</summary>
    public Output Gather(Operand indices, string? name = null) =>
        _graph.Add<TensorArrayGatherV3Op>(name, new AttributeList { { "dtype", DType }, { "element_shape", _known.Shape } }, Handle, indices, Flow);

    /// <summary>All values joined along their first dimension.</summary>
    public Output Concat(string? name = null)
    {
        Shape rest = _known.Shape.Rank > 0 ? Shape.Create(_known.Shape.Dimensions[1..]) : Shape.Unknown;
        return _graph.Add<TensorArrayConcatV3Op>(name, new AttributeList { { "dtype", DType }, { "element_shape_except0", rest } }, Handle, Flow);
    }

    /// <summary>The array after each row of a value was written to its own place, in order.</summary>
    public TensorArray Unstack(Operand value, string? name = null)
    {
        using NameScope scope = _graph.NameScope(name ?? "TensorArrayUnstack");
        Output rows = _graph.ToOutput(value, "value");
        Output count = _graph.Shape(rows)[0];
        return Scatter(_graph.Range(0, count), rows);
    }

    /// <summary>The array after rows of a value were written to the places given.</summary>
    public TensorArray Scatter(Operand indices, Operand value, string? name = null)
    {
        using NameScope scope = _graph.NameScope(name ?? "TensorArrayScatter");
        Output rows = _graph.ToOutput(value, "value");
        Shape row = rows.Shape.Rank > 0 ? Shape.Create(rows.Shape.Dimensions[1..]) : Shape.Unknown;
        return WithFlow(_graph.Add<TensorArrayScatterV3Op>(null, Handle, indices, rows, Flow), row);
    }

    /// <summary>The array after pieces of a value, of the lengths given, were written in order.</summary>
    /// <param name="value">What is cut along its first dimension.</param>
    /// <param name="lengths">Sizes of the pieces. DType: int64, int32.</param>
    /// <param name="name">Node name.</param>
    public TensorArray Split(Operand value, Operand lengths, string? name = null)
    {
        using NameScope scope = _graph.NameScope(name ?? "TensorArraySplit");
        Output rows = _graph.ToOutput(value, "value");
        Output sizes = lengths.Output is { } given ? _graph.Cast(given, DType.Int64) : _graph.Constant(lengths, DType.Int64, name: "lengths");
        Tensor? known = lengths.Value ?? ConstantValues.Of(lengths.Output!); // An operand is one or the other.
        Shape piece = known is { Rank: 1, Count: > 0 } && rows.Shape.Rank > 0 && Enumerable.Range(1, known.Count - 1).All(i => known.ItemAt<long>(i) == known.ItemAt<long>(0))
            ? Shape.Create([known.ItemAt<long>(0), .. rows.Shape.Dimensions[1..]])
            : Shape.Unknown;
        return WithFlow(_graph.Add<TensorArraySplitV3Op>(null, Handle, rows, sizes, Flow), piece);
    }

    /// <summary>Number of values.</summary>
    public Output Size(string? name = null) => _graph.Add<TensorArraySizeV3Op>(name, Handle, Flow);

    /// <summary>An operation that forgets all values.</summary>
    public Operation Close(string? name = null) => _graph.AddOperation<TensorArrayCloseV3Op>(name, null, Handle);

    internal TensorArray WithFlow(Output flow) => new(_graph, DType, Handle, flow, _known, _infersShape);

    // All values are of one shape: what is known of one is known of all. A value that does not fit is refused by the run.
    private TensorArray WithFlow(Output flow, Shape written)
    {
        if (_infersShape && _known.Shape.IsCompatibleWith(written))
            _known.Shape = _known.Shape.MergeWith(written);
        return WithFlow(flow);
    }

    private sealed class ElementShape
    {
        public required Shape Shape { get; set; }
    }
}
