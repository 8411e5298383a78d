using System.Runtime.CompilerServices;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>TensorFlow's vocabulary over the default graph, as notebooks use it.</summary>
/// <remarks>
/// Each member builds in, or asks, the default graph; what it does is told where the graph's own member is documented.
/// Thread safety: as the default graph.
/// </remarks>
public static partial class tf
{
    /// <summary>16-bit float.</summary>
    public static DType Float16 => DType.Float16;

    /// <summary>Upper half of a 32-bit float.</summary>
    public static DType BFloat16 => DType.BFloat16;

    /// <summary>32-bit float.</summary>
    public static DType Float32 => DType.Float32;

    /// <summary>64-bit float.</summary>
    public static DType Float64 => DType.Float64;

    /// <summary>8-bit signed integer.</summary>
    public static DType Int8 => DType.Int8;

    /// <summary>16-bit signed integer.</summary>
    public static DType Int16 => DType.Int16;

    /// <summary>32-bit signed integer.</summary>
    public static DType Int32 => DType.Int32;

    /// <summary>64-bit signed integer.</summary>
    public static DType Int64 => DType.Int64;

    /// <summary>8-bit unsigned integer.</summary>
    public static DType UInt8 => DType.UInt8;

    /// <summary>16-bit unsigned integer.</summary>
    public static DType UInt16 => DType.UInt16;

    /// <summary>True or false.</summary>
    public static DType Bool => DType.Bool;

    /// <summary>Byte string.</summary>
    public static DType String => DType.String;

    /// <summary>For a variable scope: variables are made where they do not exist.</summary>
    public static VariableReuse AutoReuse => VariableReuse.Auto;

    private static Graph Graph => Graph.Default;

    /// <summary>The graph that all members build in.</summary>
    public static Graph GetDefaultGraph() => Graph.Default;

    /// <summary>Replaces the default graph by an empty one.</summary>
    public static void ResetDefaultGraph() => Graph.ResetDefault();

    /// <summary>A session of a graph; by default of the default one.</summary>
    /// <remarks>
    /// <c>Eval()</c> and <c>Run()</c> of values and operations of its graph use it where no other one is entered and no interactive session is of the
    /// graph, until another one of the graph is made or this one is closed.
    /// </remarks>
    public static Session Session(SessionOptions? config = null, Graph? graph = null)
    {
        var session = new Session(graph, config);
        session.Offer();
        return session;
    }

    /// <inheritdoc cref="Session(SessionOptions, Graph)"/>
    [OverloadResolutionPriority(1)]
    public static Session Session(Graph graph, SessionOptions? config = null) => Session(config, graph);

    /// <summary>
    /// A session that <c>Eval</c> and <c>Run</c> of values and operations use from now on where no other one is entered, until another interactive one is
    /// made or this one is closed. Where the values are of another graph that has an open session, they use that one.
    /// </summary>
    public static Session InteractiveSession(SessionOptions? config = null, Graph? graph = null)
    {
        var session = new Session(graph, config);
        session.MakeDefault();
        return session;
    }

    /// <summary>How a session runs, from what matters here of TensorFlow's options: the number of threads.</summary>
    /// <param name="intraOpParallelismThreads">Threads of one run; 0 for as many as there are processors.</param>
    /// <param name="interOpParallelismThreads">As the other: one number of threads serves both, and the larger is taken.</param>
    /// <param name="allowSoftPlacement">Everything is placed where it can run, whatever is said here.</param>
    /// <param name="logDevicePlacement">There is one place, of which nothing is told.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 0.</exception>
    public static SessionOptions ConfigProto(int intraOpParallelismThreads = 0, int interOpParallelismThreads = 0, bool allowSoftPlacement = true, bool logDevicePlacement = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(intraOpParallelismThreads);
        ArgumentOutOfRangeException.ThrowIfNegative(interOpParallelismThreads);
        int threads = System.Math.Max(intraOpParallelismThreads, interOpParallelismThreads);
        return threads == 0 ? new SessionOptions() : new SessionOptions { ThreadCount = threads };
    }

    /// <summary>Makes runs repeatable: random operations built from now on draw from this seed.</summary>
    public static void SetRandomSeed(int seed) => Graph.Seed = seed;

    /// <inheritdoc cref="GraphOps.Placeholder(Graph, DType, Shape, string)"/>
    public static Output Placeholder(DType dtype, Shape? shape = null, string? name = null) => Graph.Placeholder(dtype, shape, name);

    /// <inheritdoc cref="GraphOps.Constant(Graph, Operand, DType, Shape, string)"/>
    public static Output Constant(Operand value, DType dtype = DType.Invalid, Shape? shape = null, string? name = null) => Graph.Constant(value, dtype, shape, name);

    /// <inheritdoc cref="Graph.Variable(Operand, string, bool, DType, IReadOnlyList{string}, bool, bool?)"/>
    public static Variable Variable(
        Operand initialValue,
        string? name = null,
        bool trainable = true,
        DType dtype = DType.Invalid,
        IReadOnlyList<string>? collections = null,
        bool validateShape = true,
        bool? useResource = null) => Graph.Variable(initialValue, name, trainable, dtype, collections, validateShape, useResource);

    /// <inheritdoc cref="Graph.UseResourceVariables"/>
    public static void EnableResourceVariables() => Graph.UseResourceVariables = true;

    /// <inheritdoc cref="Graph.UseResourceVariables"/>
    public static void DisableResourceVariables() => Graph.UseResourceVariables = false;

    /// <inheritdoc cref="Graph.GetVariable"/>
    public static Variable GetVariable(
        string name,
        Shape? shape = null,
        DType dtype = DType.Float32,
        IInitializer? initializer = null,
        bool trainable = true,
        IReadOnlyList<string>? collections = null,
        Func<Output, Output?>? regularizer = null,
        bool? useResource = null,
        Partitioner? partitioner = null) => Graph.GetVariable(name, shape, dtype, initializer, trainable, collections, regularizer, useResource, partitioner);

    /// <inheritdoc cref="Graph.VariableScope(string, VariableReuse, IInitializer, bool?, Func{Output, Output}, Partitioner)"/>
    public static VariableScope VariableScope(
        string name,
        VariableReuse reuse = default,
        IInitializer? initializer = null,
        bool? useResource = null,
        Func<Output, Output?>? regularizer = null,
        Partitioner? partitioner = null) => Graph.VariableScope(name, reuse, initializer, useResource, regularizer, partitioner);

    /// <inheritdoc cref="Graph.VariableScope(NotebookPersist.VariableScope, VariableReuse)"/>
    public static VariableScope VariableScope(VariableScope scope, VariableReuse reuse = default) => Graph.VariableScope(scope, reuse);

    /// <summary>As the other, where a name is given; else with a name that is made unique: <c>dense</c>, <c>dense_1</c>.</summary>
    /// <inheritdoc cref="Graph.UniqueVariableScope"/>
    public static VariableScope VariableScope(string? name, string defaultName, VariableReuse reuse = default, IInitializer? initializer = null) =>
        name is null ? Graph.UniqueVariableScope(defaultName, reuse, initializer) : Graph.VariableScope(name, reuse, initializer);

    /// <inheritdoc cref="Graph.NameScope"/>
    public static NameScope NameScope(string? name) => Graph.NameScope(name);

    /// <inheritdoc cref="Graph.ControlDependencies(ReadOnlySpan{Operation})"/>
    public static IDisposable ControlDependencies(params ReadOnlySpan<Operation> operations) => Graph.ControlDependencies(operations);

    /// <inheritdoc cref="Graph.ControlDependencies(ReadOnlySpan{Output})"/>
    public static IDisposable ControlDependencies(params ReadOnlySpan<Output> outputs) => Graph.ControlDependencies(outputs);

    /// <inheritdoc cref="Graph.ControlDependencies(IEnumerable{object})"/>
    public static IDisposable ControlDependencies(IEnumerable<object> controlInputs) => Graph.ControlDependencies(controlInputs);

    /// <inheritdoc cref="Graph.Device"/>
    public static IDisposable Device(string? deviceNameOrFunction) => Graph.Device(deviceNameOrFunction);

    /// <inheritdoc cref="Graph.ColocateWith"/>
    public static IDisposable ColocateWith(Operation? operation) => Graph.ColocateWith(operation);

    /// <inheritdoc cref="Graph.AddToCollection"/>
    public static void AddToCollection(string name, object value) => Graph.AddToCollection(name, value);

    /// <summary>Adds an item to several collections.</summary>
    public static void AddToCollections(IEnumerable<string> names, object value)
    {
        ArgumentNullException.ThrowIfNull(names);
        foreach (string key in names)
            Graph.AddToCollection(key, value);
    }

    /// <inheritdoc cref="Graph.GetCollection{T}(string, string)"/>
    public static IReadOnlyList<object> GetCollection(string key, string? scope = null) => Graph.GetCollection<object>(key, scope);

    /// <inheritdoc cref="Graph.GetCollection{T}(string, string)"/>
    public static IReadOnlyList<T> GetCollection<T>(string key, string? scope = null) => Graph.GetCollection<T>(key, scope);

    /// <summary>The variables of the model itself, as those list them who build it.</summary>
    public static IReadOnlyList<Variable> ModelVariables(string? scope = null) => Graph.GetCollection<Variable>(GraphKeys.ModelVariables, scope);

    /// <summary>The variables with a moving average.</summary>
    public static IReadOnlyList<Variable> MovingAverageVariables(string? scope = null) => Graph.GetCollection<Variable>(GraphKeys.MovingAverageVariables, scope);

    /// <inheritdoc cref="Graph.GlobalVariables"/>
    public static IReadOnlyList<Variable> GlobalVariables(string? scope = null) => Graph.GlobalVariables(scope);

    /// <inheritdoc cref="Graph.TrainableVariables"/>
    public static IReadOnlyList<Variable> TrainableVariables(string? scope = null) => Graph.TrainableVariables(scope);

    /// <inheritdoc cref="Graph.LocalVariables"/>
    public static IReadOnlyList<Variable> LocalVariables(string? scope = null) => Graph.LocalVariables(scope);

    /// <inheritdoc cref="Graph.GlobalVariablesInitializer"/>
    public static Operation GlobalVariablesInitializer(string name = "init") => Graph.GlobalVariablesInitializer(name);

    /// <inheritdoc cref="Graph.LocalVariablesInitializer"/>
    public static Operation LocalVariablesInitializer(string name = "init") => Graph.LocalVariablesInitializer(name);

    /// <inheritdoc cref="Graph.VariablesInitializer"/>
    public static Operation VariablesInitializer(IEnumerable<Variable> varList, string name = "init") => Graph.VariablesInitializer(varList, name);

    /// <inheritdoc cref="GraphOps.Assign(Graph, Output, Operand, bool, bool, string)"/>
    public static Output Assign(Variable variable, Operand value, bool validateShape = true, bool useLocking = true, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return variable.IsResource ? variable.Assign(value, name) : variable.Graph.Assign(variable.Reference, value, validateShape, useLocking, name);
    }

    /// <inheritdoc cref="GraphOps.AssignAdd(Graph, Output, Operand, bool, string)"/>
    public static Output AssignAdd(Variable variable, Operand value, bool useLocking = false, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return variable.AssignAdd(value, useLocking, name);
    }

    /// <inheritdoc cref="GraphOps.AssignSub(Graph, Output, Operand, bool, string)"/>
    public static Output AssignSub(Variable variable, Operand value, bool useLocking = false, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return variable.AssignSub(value, useLocking, name);
    }

    /// <inheritdoc cref="GraphOps.Group(Graph, ReadOnlySpan{Operation}, string)"/>
    public static Operation Group(params ReadOnlySpan<Operation> operations) => Graph.Group(operations);

    /// <summary>An operation that is done when all the given values are computed.</summary>
    /// <inheritdoc cref="GraphOps.Group(Graph, ReadOnlySpan{Operation}, string)"/>
    public static Operation Group(params ReadOnlySpan<Output> inputs)
    {
        var operations = new Operation[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
            operations[i] = inputs[i].Operation;
        return Graph.Group(operations);
    }

    /// <summary>An operation that is done when all that is listed is, such as update operations of a collection.</summary>
    /// <param name="inputs">Operations, values and variables.</param>
    /// <param name="name">Name of the operation.</param>
    /// <exception cref="ArgumentException">Something else is among them.</exception>
    /// <inheritdoc cref="GraphOps.Group(Graph, ReadOnlySpan{Operation}, string)"/>
    public static Operation Group(IEnumerable<object> inputs, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return Graph.Group(
            [.. inputs.Select(static i => i switch
            {
                Operation operation => operation,
                Output output => output.Operation,
                Variable variable => variable.Reference.Operation,
                _ => throw new ArgumentException($"A {i?.GetType().Name ?? "null"} cannot be grouped: give operations, outputs and variables.", nameof(inputs)),
            })],
            name);
    }

    /// <inheritdoc cref="GraphOps.NoOp(Graph, string)"/>
    public static Operation NoOp(string? name = null) => Graph.NoOp(name);

    /// <inheritdoc cref="Graph.ImportGraphDef"/>
    public static IReadOnlyList<GraphElement> ImportGraphDef(
        GraphDef graphDef,
        string? name = null,
        Dictionary<string, Output>? inputMap = null,
        IReadOnlyList<string>? returnElements = null) => Graph.ImportGraphDef(graphDef, name, inputMap, returnElements);

    /// <summary>Reads a stored graph, binary or text.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="Formats.CheckpointFormatException">The file does not parse.</exception>
    public static GraphDef ReadGraphDef(string path) => MessageFile.Read<GraphDef>(path);

    /// <summary>Starts a variable with zeros.</summary>
    public static IInitializer ZerosInitializer() => new ZerosInitializer();

    /// <summary>Starts a variable with ones.</summary>
    public static IInitializer OnesInitializer() => new OnesInitializer();

    /// <summary>Starts a variable with one value, or with given ones.</summary>
    public static IInitializer ConstantInitializer(Operand value) => new ConstantInitializer(value);

    /// <summary>Starts a variable with normally distributed numbers.</summary>
    public static IInitializer RandomNormalInitializer(double mean = 0, double stddev = 1, int? seed = null) => new RandomNormalInitializer(mean, stddev, seed);

    /// <summary>Starts a variable with normally distributed numbers within two standard deviations.</summary>
    public static IInitializer TruncatedNormalInitializer(double mean = 0, double stddev = 1, int? seed = null) => new TruncatedNormalInitializer(mean, stddev, seed);

    /// <summary>Starts a variable with evenly distributed numbers.</summary>
    public static IInitializer RandomUniformInitializer(double minval = 0, double? maxval = null, int? seed = null) => new RandomUniformInitializer(minval, maxval, seed);

    /// <summary>Starts a variable as Glorot and Bengio propose, evenly distributed.</summary>
    public static IInitializer GlorotUniformInitializer(int? seed = null) => new GlorotUniformInitializer(seed);

    /// <summary>Starts a variable as Glorot and Bengio propose, normally distributed.</summary>
    public static IInitializer GlorotNormalInitializer(int? seed = null) => new GlorotNormalInitializer(seed);
}
