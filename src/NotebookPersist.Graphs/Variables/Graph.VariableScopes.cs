using System.Globalization;

namespace NotebookPersist;

public sealed partial class Graph
{
    private readonly Dictionary<string, Variable> _gotVariables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _variableScopeCounts = new(StringComparer.Ordinal);
    private readonly Stack<VariableScope> _variableScopes = new([new VariableScope("", "", VariableReuse.Inherit, default, null)]);

    /// <summary>The variable scope that is entered.</summary>
    public VariableScope CurrentVariableScope => _variableScopes.Peek();

    /// <summary>Variables that <see cref="GetVariable"/> makes inside get names under a scope of this name, and operations too.</summary>
    /// <param name="name">Name under the current scope; taken as it is.</param>
    /// <param name="reuse">Whether variables are made or given again.</param>
    /// <param name="initializer">What variables start with unless told otherwise.</param>
    /// <param name="useResource">Whether variables are made behind resource handles; by default as outside.</param>
    /// <param name="regularizer">Gives the loss terms of variables that are told nothing else; by default as outside.</param>
    /// <param name="partitioner">How variables that are told nothing else are cut into parts; by default as outside.</param>
    /// <remarks>Source: TensorFlow's <c>tf.variable_scope</c>.</remarks>
    public VariableScope VariableScope(
        string name,
        VariableReuse reuse = default,
        IInitializer? initializer = null,
        bool? useResource = null,
        Func<Output, Output?>? regularizer = null,
        Partitioner? partitioner = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return EnterVariableScope(Join(CurrentVariableScope.Name, name), NameScope(name), reuse, new(initializer, useResource, regularizer, partitioner));
    }

    /// <summary>Enters a scope again that was entered before.</summary>
    /// <param name="scope">The scope; its full name is taken as it is.</param>
    /// <param name="reuse">Whether variables are made or given again; by default as the scope had it.</param>
    /// <remarks>Source: TensorFlow's <c>tf.variable_scope</c> given a scope.</remarks>
    public VariableScope VariableScope(VariableScope scope, VariableReuse reuse = default)
    {
        ArgumentNullException.ThrowIfNull(scope);
        NameScope names = NameScope(scope.Name.Length == 0 ? null : scope.Name[(scope.Name.LastIndexOf('/') + 1)..]);
        return EnterVariableScope(scope.Name, names, reuse == VariableReuse.Inherit ? scope.Reuse : reuse, scope.Defaults);
    }

    /// <summary>As <see cref="VariableScope(string, VariableReuse, IInitializer?, bool?, Func{Output, Output?}?, NotebookPersist.Partitioner?)"/>, with a name that is made unique: <c>dense</c>, <c>dense_1</c>.</summary>
    /// <remarks>Source: TensorFlow's <c>tf.variable_scope(None, default_name)</c>.</remarks>
    public VariableScope UniqueVariableScope(string defaultName, VariableReuse reuse = default, IInitializer? initializer = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(defaultName);
        if (reuse == VariableReuse.Existing)
            throw new ArgumentException("reuse=True cannot be used without a name_or_scope.", nameof(reuse));
        string unique = defaultName;
        for (int i = 1; _variableScopeCounts.GetValueOrDefault(Join(CurrentVariableScope.Name, unique)) > 0; i++)
            unique = string.Create(CultureInfo.InvariantCulture, $"{defaultName}_{i}");
        return EnterVariableScope(Join(CurrentVariableScope.Name, unique), NameScope(defaultName), reuse, new(initializer));
    }

    /// <summary>The variable of a name in the current variable scope: made, or given again, as the scope says.</summary>
    /// <param name="name">Name under the current variable scope.</param>
    /// <param name="shape">Shape; must be given for a variable that is made, unless the initial value tells.</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="initializer">What it starts with; by default the scope's, else Glorot's uniform for floats and zeros for others.</param>
    /// <param name="trainable">Whether optimizers train it.</param>
    /// <param name="collections">Where it is listed; by default among the global variables.</param>
    /// <param name="regularizer">Gives a loss term, which is listed among the regularisation losses.</param>
    /// <param name="useResource">True for a variable behind a resource handle, false for a reference; by default as the scope or the graph says.</param>
    /// <param name="partitioner">Cuts it into parts; by default the scope's.</param>
    /// <returns>The variable; a <see cref="PartitionedVariable"/> where a partitioner cuts it, even into one part.</returns>
    /// <exception cref="GraphException">It exists and must not, or the other way round, or with another shape or type.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.get_variable</c>.</remarks>
    public Variable GetVariable(
        string name,
        Shape? shape = null,
        DType dtype = DType.Float32,
        IInitializer? initializer = null,
        bool trainable = true,
        IReadOnlyList<string>? collections = null,
        Func<Output, Output?>? regularizer = null,
        bool? useResource = null,
        Partitioner? partitioner = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        string full = Join(CurrentVariableScope.Name, name);
        regularizer ??= CurrentVariableScope.Regularizer;
        partitioner ??= CurrentVariableScope.Partitioner;
        if (shape is { HasRank: true, Rank: 0 })
            partitioner = null;
        if (partitioner is not null || (CurrentVariableScope.Reuse == VariableReuse.Existing && TryGotPartitioned(full, out _)))
            return GetPartitioned(full, shape, dtype, initializer, trainable, collections, regularizer, useResource, partitioner);
        if (TryGotVariable(full + "/part_0", out _))
            throw new GraphException($"No partitioner was provided, but a partitioned version of the variable was found: {full}/part_0. Perhaps a variable of the same name was already created with partitioning?", full);
        if (TryGotVariable(full, out Variable? existing))
            return Reused(existing, full, shape, dtype);
        if (CurrentVariableScope.Reuse == VariableReuse.Existing)
            throw new GraphException($"Variable {full} does not exist, or was not created with tf.get_variable(). Did you mean to set reuse=tf.AUTO_REUSE in VarScope? That is tf.VariableScope(name, reuse: tf.AutoReuse) here.", full);
        initializer ??= CurrentVariableScope.Initializer ?? DefaultInitializer(full, dtype);
        Shape known = (initializer as ConstantInitializer)?.ShapeFor(shape) ?? shape ?? NotebookPersist.Shape.Unknown;
        if (!known.IsFullyKnown)
            throw new GraphException($"Shape of a new variable ({full}) must be fully defined, but instead was {known.ToPythonString()}. Give GetVariable a shape, such as [784, 10].", full);

        // An empty name is the scope's own, which its name scope has already taken.
        string unique = name.Length == 0 ? full + "/" : full;
        return MakeGot(full, unique, () => initializer.Build(this, known, dtype), dtype, known, trainable, collections, regularizer, useResource);
    }

    private Variable MakeGot(
        string full,
        string unique,
        Func<Output> initialValue,
        DType dtype,
        Shape shape,
        bool trainable,
        IReadOnlyList<string>? collections,
        Func<Output, Output?>? regularizer,
        bool? useResource)
    {
        Variable variable;
        using (NameScope(null))
            variable = Variable(initialValue, dtype, shape, unique, trainable, collections, useResource);
        _gotVariables[full] = variable;
        if (regularizer is not null)
            AddRegularizationLoss(variable, regularizer);
        return variable;
    }

    private static string Join(string scope, string name) => scope.Length == 0 ? name : name.Length == 0 ? scope : $"{scope}/{name}";

    private static IInitializer DefaultInitializer(string name, DType dtype) => dtype.IsFloating() ? new GlorotUniformInitializer()
        : dtype.IsInteger() || dtype == DType.Bool ? new ZerosInitializer()
        : throw new GraphException($"An initializer for variable {name} of {dtype.Name()} is required.", name);

    private VariableScope EnterVariableScope(string name, NameScope names, VariableReuse reuse, VariableDefaults defaults)
    {
        VariableScope outer = CurrentVariableScope;
        _variableScopeCounts[name] = _variableScopeCounts.GetValueOrDefault(name) + 1;
        var scope = new VariableScope(
            name,
            names.Name,
            reuse == VariableReuse.Inherit ? outer.Reuse : reuse,
            defaults.Within(outer.Defaults),
            () =>
            {
                // Inner scopes count afresh at the next visit, so that reuse finds the same names.
                foreach (string inner in _variableScopeCounts.Keys.Where(k => k.StartsWith(name + "/", StringComparison.Ordinal)).ToArray())
                    _variableScopeCounts[inner] = 0;
                _variableScopes.Pop();
                names.Dispose();
            });
        _variableScopes.Push(scope);
        return scope;
    }

    // A notebook cell that is run again has taken its variables away with its operations.
    private bool TryGotVariable(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Variable? variable)
    {
        if (!_gotVariables.TryGetValue(name, out variable))
            return false;
        if (_byName.GetValueOrDefault(variable.OperationName) == variable.Operation)
            return true;
        _gotVariables.Remove(name);
        variable = null;
        return false;
    }

    private Variable Reused(Variable existing, string name, Shape? shape, DType dtype)
    {
        if (CurrentVariableScope.Reuse == VariableReuse.Inherit)
            throw new GraphException($"Variable {name} already exists, disallowed. Did you mean to set reuse=True or reuse=tf.AUTO_REUSE in VarScope? That is tf.VariableScope(name, reuse: true), or tf.AutoReuse, here.", name, existing.Operation.Type);
        if (shape is not null && !shape.IsCompatibleWith(existing.Shape))
            throw new GraphException($"Trying to share variable {name}, but specified shape {shape.ToPythonString()} and found shape {existing.Shape.ToPythonString()}.", name, existing.Operation.Type);
        if (dtype != existing.DType)
            throw new GraphException($"Trying to share variable {name}, but specified dtype {dtype.SignatureName()} and found dtype {existing.DType.SignatureName()}{(existing.IsResource ? "" : "_ref")}.", name, existing.Operation.Type);
        return existing;
    }

    private void AddRegularizationLoss(Variable variable, Func<Output, Output?> regularizer)
    {
        using (LeaveControlFlow())
        using (ColocateWith(variable.Operation))
        using (NameScope(variable.OperationName + "/Regularizer/"))
        {
            if (regularizer(variable.Value) is { } loss)
                AddToCollection(GraphKeys.RegularizationLosses, loss);
        }
    }

    // Scopes of what is left keep their counts; those of removed operations start again.
    private void RecountVariableScopes()
    {
        foreach (string scope in _variableScopeCounts.Keys.ToArray())
        {
            if (!_byName.ContainsKey(scope) && !_byName.Keys.Any(n => n.StartsWith(scope + "/", StringComparison.Ordinal)))
                _variableScopeCounts.Remove(scope);
        }
    }
}
