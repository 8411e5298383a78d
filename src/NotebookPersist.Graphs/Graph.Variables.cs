using NotebookPersist.Graphs.ControlFlow;

namespace NotebookPersist;

public sealed partial class Graph
{
    private string? _useResourceCell;

    /// <summary>Whether variables are made behind resource handles where neither the call nor the variable scope says; false at first.</summary>
    /// <remarks>Source: TensorFlow's <c>tf.enable_resource_variables</c>.</remarks>
    public bool UseResourceVariables
    {
        get;
        set => (field, _useResourceCell) = (value, CurrentCell);
    }

    /// <summary>Makes a variable with an initial value.</summary>
    /// <param name="initialValue">Shape and type of every value, unless others are given.</param>
    /// <param name="name">Name in the current scope, made unique; by default "Variable".</param>
    /// <param name="trainable">Whether optimizers train it.</param>
    /// <param name="dtype">Element type; by default that of the initial value.</param>
    /// <param name="collections">Where it is listed; by default among the global variables.</param>
    /// <param name="validateShape">False leaves the shape open; of no effect behind a resource handle.</param>
    /// <param name="useResource">True for a variable behind a resource handle, false for a reference; by default as the variable scope or the graph says.</param>
    /// <exception cref="ArgumentException">The initial value's shape is not fully known and <paramref name="validateShape"/> is true.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.Variable</c>.</remarks>
    public Variable Variable(
        Operand initialValue,
        string? name = null,
        bool trainable = true,
        DType dtype = DType.Invalid,
        IReadOnlyList<string>? collections = null,
        bool validateShape = true,
        bool? useResource = null)
    {
        if (UsesResource(useResource))
            return MakeVariable(() => initialValue.Output ?? this.Constant(initialValue, dtype, name: "initial_value"), name, trainable, collections, isResource: true);
        if (ControlFlow is not null && initialValue.Output is { } given)
            RequireOutside(given, name);
        using (LeaveControlFlow())
        using (ClearControlDependencies())
        using (NameScope scope = NameScope(UniqueName(name ?? "Variable") + "/"))
        {
            Output initial = initialValue.Output ?? this.Constant(initialValue, dtype, name: "initial_value");
            return AddVariable(scope, initial, trainable, collections, validateShape);
        }
    }

    /// <summary>Makes a variable whose initial value is built under its own name and lives with it.</summary>
    /// <param name="initialValue">Builds the initial value in the scope <c>name/Initializer</c>.</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="shape">Shape; fully known.</param>
    /// <param name="name">Name in the current scope, made unique.</param>
    /// <param name="trainable">Whether optimizers train it.</param>
    /// <param name="collections">Where it is listed; by default among the global variables.</param>
    /// <param name="useResource">True for a variable behind a resource handle, false for a reference; by default as the variable scope or the graph says.</param>
    /// <remarks>Source: TensorFlow's <c>tf.Variable</c> with a callable, as <c>tf.get_variable</c> uses it.</remarks>
    public Variable Variable(
        Func<Output> initialValue,
        DType dtype,
        Shape shape,
        string? name = null,
        bool trainable = true,
        IReadOnlyList<string>? collections = null,
        bool? useResource = null)
    {
        ArgumentNullException.ThrowIfNull(initialValue);
        ArgumentNullException.ThrowIfNull(shape);
        return MakeVariable(initialValue, name, trainable, collections, UsesResource(useResource));
    }

    // Variables are there before any loop runs or branch is taken.
    private Scope LeaveControlFlow()
    {
        ControlFlowContext? here = ControlFlow;
        ControlFlow = null;
        return new Scope(() => ControlFlow = here);
    }

    // A value of a loop or branch is not there when variables are initialised.
    private static void RequireOutside(Output initial, string? name)
    {
        var seen = new HashSet<Operation>();
        var queue = new Queue<Operation>([initial.Operation]);
        while (queue.TryDequeue(out Operation? operation))
        {
            if (!seen.Add(operation))
                continue;
            if (ControlFlowContext.OutputContext(operation) is not null)
                throw new GraphException($"Initializer for variable {name ?? "Variable"} is from inside a control-flow construct, such as a loop or conditional: it needs '{operation.Name}'. When creating a variable inside a loop or conditional, use a lambda as the initializer, which needs nothing from inside.", operation.Name, operation.Type);
            foreach (Output input in operation.Inputs)
                queue.Enqueue(input.Operation);
        }
    }

    private bool UsesResource(bool? asked) => asked ?? CurrentVariableScope.UseResource ?? UseResourceVariables;

    private Variable MakeVariable(Func<Output> initialValue, string? name, bool trainable, IReadOnlyList<string>? collections, bool isResource)
    {
        bool isWithin = ControlFlow is not null;
        using (LeaveControlFlow())
        using (ClearControlDependencies())
        using (NameScope scope = NameScope(UniqueName(name ?? "Variable") + "/"))
        {
            Output initial;
            string variable = scope.Name[..^1];
            using (NameScope("Initializer"))
            using (Device(null))
            using (AnnotateClass("loc:@" + variable))
                initial = initialValue();
            if (isWithin)
                RequireOutside(initial, name);
            if (isResource)
                return AddResourceVariable(scope, initial, trainable, collections);
            using (AnnotateClass("loc:@" + variable))
                return AddVariable(scope, initial, trainable, collections, validateShape: true);
        }
    }

    private Variable AddVariable(NameScope scope, Output initial, bool trainable, IReadOnlyList<string>? collections, bool validateShape)
    {
        Shape shape = validateShape ? initial.Shape : Shape.Unknown;
        if (validateShape && !shape.IsFullyKnown)
            throw new ArgumentException($"initial_value must have a shape specified: {initial}. Give it a fully known shape, or pass validateShape: false.", nameof(initial));
        Output reference = this.VariableV2(shape, initial.DType, name: scope.Name);
        Operation assign = this.Assign(reference, initial, validateShape, name: "Assign").Operation;
        Output value;
        using (ColocateWith(reference.Operation))
            value = this.Identity(reference, name: "read");
        return List(new Variable(reference, assign, value, initial, trainable), trainable, collections);
    }

    private Variable AddResourceVariable(NameScope scope, Output initial, bool trainable, IReadOnlyList<string>? collections)
    {
        string name = scope.Name[..^1];
        Output handle;
        using (AnnotateClass("loc:@" + name))
            handle = this.VarHandleOp(initial.DType, initial.Shape, sharedName: name, name: scope.Name);
        using (NameScope("IsInitialized"))
            this.VarIsInitializedOp(handle);
        Operation assign;
        using (ColocateWith(null))
        using (Device(null))
        using (Device(handle.Operation.Device))
            assign = this.AssignVariableOp(handle, initial, "Assign");
        Output value;
        using (NameScope("Read"))
        using (Device(handle.Operation.Device))
            value = this.ReadVariableOp(handle, initial.DType);
        return List(new Variable(handle, assign, value, initial, trainable), trainable, collections);
    }

    private Variable List(Variable variable, bool trainable, IReadOnlyList<string>? collections)
    {
        foreach (string key in collections ?? [GraphKeys.GlobalVariables])
            AddToCollection(key, variable);
        if (trainable && !(collections ?? []).Contains(GraphKeys.TrainableVariables))
            AddToCollection(GraphKeys.TrainableVariables, variable);
        return variable;
    }

    // The node that these annotations name does not exist yet, so that no operation can stand for it.
    private IDisposable AnnotateClass(string location)
    {
        string? outer = _location;
        _location = location;
        return new Scope(() => _location = outer);
    }
}
