using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using NotebookPersist.Graphs.ControlFlow;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>Operations and the values that flow between them; runs nothing by itself.</summary>
/// <remarks>
/// Thread safety: one thread builds at a time. Sessions may run meanwhile what is finished: a graph that grows changes nothing for them.
/// Source: TensorFlow's <c>tf.Graph</c>; names follow its rules exactly.
/// </remarks>
public sealed partial class Graph
{
    /// <summary>The version that TensorFlow 1.15 stamps on graphs.</summary>
    public const int ProducerVersion = 134;

    // Sessions look names up while the graph grows.
    private readonly Lock _names = new();
    private readonly Dictionary<string, Operation> _byName = new(StringComparer.Ordinal);
    private readonly List<Operation> _operations = [];
    private readonly Dictionary<object, Operation> _madeOnce = [];
    private int _nextId;
    private string? _seedCell;

    /// <summary>An empty graph.</summary>
    public Graph(OpRegistry? registry = null) => Registry = registry ?? OpRegistry.BuiltIn;

    /// <summary>The operation types that can be built and run here.</summary>
    public OpRegistry Registry { get; }

    /// <summary>All operations in the order they were made.</summary>
    public IReadOnlyList<Operation> Operations => _operations;

    /// <summary>Functions that operations call.</summary>
    public FunctionDefLibrary Library { get; internal init; } = new();

    /// <summary>The version of TensorFlow's graph format that this graph follows.</summary>
    public VersionDef Versions { get; set; } = new() { Producer = ProducerVersion };

    /// <summary>Counts every change, so that whoever compiled a plan knows when it is stale.</summary>
    public int Version { get; private set; }

    /// <summary>True once no operation can be added.</summary>
    public bool IsFinalized { get; private set; }

    /// <summary>Seed of the graph's random operations; null where each run is to differ.</summary>
    public int? Seed
    {
        get;
        set => (field, _seedCell) = (value, CurrentCell);
    }

    /// <summary>All operations in the order they were made.</summary>
    public IReadOnlyList<Operation> GetOperations() => _operations;

    /// <summary>From now on no operation can be added: what TensorFlow's Python calls <c>finalize</c>.</summary>
    public void FinalizeGraph() => IsFinalized = true;

    /// <summary>The operation of a name.</summary>
    /// <exception cref="KeyNotFoundException">There is none; the message proposes near names.</exception>
    /// <exception cref="ArgumentException">The name is that of an output.</exception>
    public Operation GetOperationByName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (TryGetOperation(name, out Operation? operation))
            return operation;
        if (name.Contains(':', StringComparison.Ordinal))
            throw new ArgumentException($"The name '{name}' refers to a Tensor, not an Operation. Use GetTensorByName, or leave out the part after the colon.", nameof(name));
        throw new KeyNotFoundException($"The name '{name}' refers to an Operation not in the graph.{Nearest(name)}");
    }

    /// <summary>Finds an operation by name.</summary>
    public bool TryGetOperation(string name, [NotNullWhen(true)] out Operation? operation)
    {
        lock (_names)
            return _byName.TryGetValue(name, out operation);
    }

    /// <summary>The value of a name of the form <c>operation:index</c>.</summary>
    /// <exception cref="KeyNotFoundException">There is none; the message proposes near names.</exception>
    /// <exception cref="ArgumentException">The name has no index.</exception>
    public Output GetTensorByName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        int colon = name.LastIndexOf(':');
        if (colon < 0)
        {
            throw TryGetOperation(name, out _)
                ? new ArgumentException($"The name '{name}' refers to an Operation, not a Tensor. Tensor names must be of the form \"<op_name>:<output_index>\". Did you mean '{name}:0'?", nameof(name))
                : new ArgumentException($"The name '{name}' looks like an Operation name, not a Tensor. Tensor names must be of the form \"<op_name>:<output_index>\".{Nearest(name)}", nameof(name));
        }

        string operationName = name[..colon];
        if (!int.TryParse(name.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int index))
            throw new ArgumentException($"The name '{name}' is no tensor name. Tensor names must be of the form \"<op_name>:<output_index>\".", nameof(name));
        if (!TryGetOperation(operationName, out Operation? operation))
            throw new KeyNotFoundException($"The name '{name}' refers to a Tensor which does not exist. The operation, '{operationName}', does not exist in the graph.{Nearest(operationName)}");
        return index < operation.Outputs.Count
            ? operation.Outputs[index]
            : throw new KeyNotFoundException($"The name '{name}' refers to a Tensor which does not exist. The operation, '{operationName}', exists but only has {operation.Outputs.Count} outputs.");
    }

    /// <summary>Makes a node and gives its output 0.</summary>
    /// <inheritdoc cref="AddOperation(Op, string?, AttributeList?, ReadOnlySpan{Operand})"/>
    public Output Add<TOp>(string? name, params ReadOnlySpan<Operand> inputs)
        where TOp : Op => AddOperation(Registry.Get<TOp>(), name, null, inputs)[0];

    /// <summary>Makes a node with attributes and gives its output 0.</summary>
    /// <inheritdoc cref="AddOperation(Op, string?, AttributeList?, ReadOnlySpan{Operand})"/>
    public Output Add<TOp>(string? name, AttributeList attributes, params ReadOnlySpan<Operand> inputs)
        where TOp : Op => AddOperation(Registry.Get<TOp>(), name, attributes, inputs)[0];

    /// <summary>Makes a node.</summary>
    /// <inheritdoc cref="AddOperation(Op, string?, AttributeList?, ReadOnlySpan{Operand})"/>
    public Operation AddOperation<TOp>(string? name, AttributeList? attributes, params ReadOnlySpan<Operand> inputs)
        where TOp : Op => AddOperation(Registry.Get<TOp>(), name, attributes, inputs);

    /// <summary>Makes a node of a type known by name.</summary>
    /// <exception cref="GraphException">The type is unknown, or inputs or attributes do not fit it.</exception>
    public Operation AddOperation(string type, string? name, AttributeList? attributes, params ReadOnlySpan<Operand> inputs) =>
        AddOperation(Registry.TryGet(type, out Op? op) ? op : throw new GraphException($"Op type not registered '{type}'.", name, type), name, attributes, inputs);

    /// <summary>Makes a node: uniquifies its name, turns plain values into constants, infers attributes and shapes.</summary>
    /// <param name="op">Operation type.</param>
    /// <param name="name">Wanted name in the current scope; null for the type's own; a name that ends in a slash is taken as it is.</param>
    /// <param name="attributes">Attributes that do not follow from the inputs.</param>
    /// <param name="inputs">Data inputs; lists are written out.</param>
    /// <exception cref="GraphException">Inputs or attributes do not fit the type.</exception>
    public Operation AddOperation(Op op, string? name, AttributeList? attributes, params ReadOnlySpan<Operand> inputs)
    {
        ArgumentNullException.ThrowIfNull(op);
        string nodeName = UniqueName(name ?? op.Signature.Name);
        return new NodeBuilder(this, op, nodeName, attributes).Build(inputs);
    }

    /// <summary>Adds a finished node. The caller has checked name, inputs and attributes.</summary>
    internal Operation Register(
        string name,
        OpSignature signature,
        Op? definition,
        Attributes attributes,
        Output[] inputs,
        Operation[] controlInputs,
        (DType Type, bool IsReference)[] outputs)
    {
        if (IsFinalized)
            throw new GraphException("Graph is finalized and cannot be modified. Build everything before FinalizeGraph(), or build in a new graph.", name, signature.Name);
        if (TryGetOperation(name, out _))
            throw new GraphException($"Node name '{name}' already exists in the Graph.", name, signature.Name);
        var operation = new Operation(this, _nextId++, name, signature, definition, attributes, inputs, controlInputs, outputs)
        {
            Device = CurrentDevice,
            Cell = CurrentCell,
        };
        foreach (Output input in inputs)
            input.AddConsumer(operation);

        lock (_names)
        {
            _byName.Add(name, operation);
            _operations.Add(operation);
        }

        Version++;
        return operation;
    }

    /// <summary>Makes room for operations to come.</summary>
    internal void Expect(int count)
    {
        lock (_names)
        {
            _operations.EnsureCapacity(_operations.Count + count);
            _byName.EnsureCapacity(_byName.Count + count);
        }

        _namesInUse.EnsureCapacity(_namesInUse.Count + count);
    }

    /// <summary>The operation that was made for a key before and is still here, else a new one.</summary>
    internal Operation Once(object key, Func<Operation> make) =>
        _madeOnce.TryGetValue(key, out Operation? made) && TryGetOperation(made.Name, out Operation? present) && present == made
            ? made
            : _madeOnce[key] = make();

    internal void ReplaceInput(Operation operation, int index, Output input)
    {
        Output old = operation.Inputs[index];
        operation.ReplaceInput(index, input);
        if (!operation.Inputs.Contains(old))
            old.RemoveConsumers(o => o == operation);
        if (!input.Consumers.Contains(operation))
            input.AddConsumer(operation);
        Version++;
    }

    /// <summary>The branch or loop that is being built; null outside of any.</summary>
    internal ControlFlowContext? ControlFlow { get; set; }

    internal void AddControlInput(Operation operation, Operation control)
    {
        operation.AddControlInput(control);
        Version++;
    }

    private string Nearest(string name)
    {
        lock (_names)
            return NearNames.Hint(name, _byName.Keys);
    }
}
