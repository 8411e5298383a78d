namespace NotebookPersist;

public sealed partial class Graph
{
    /// <summary>Variables that savers keep and <see cref="GlobalVariablesInitializer"/> initialises, in the order they were made.</summary>
    public IReadOnlyList<Variable> GlobalVariables(string? scope = null) => GetCollection<Variable>(GraphKeys.GlobalVariables, scope);

    /// <summary>Variables that optimizers train, in the order they were made.</summary>
    public IReadOnlyList<Variable> TrainableVariables(string? scope = null) => GetCollection<Variable>(GraphKeys.TrainableVariables, scope);

    /// <summary>Variables of this process only, in the order they were made.</summary>
    public IReadOnlyList<Variable> LocalVariables(string? scope = null) => GetCollection<Variable>(GraphKeys.LocalVariables, scope);

    /// <summary>A node that gives every global variable of now its initial value.</summary>
    /// <remarks>Source: TensorFlow's <c>tf.global_variables_initializer</c>.</remarks>
    public Operation GlobalVariablesInitializer(string name = "init") => VariablesInitializer(GlobalVariables(), name);

    /// <summary>A node that gives every local variable of now its initial value.</summary>
    /// <remarks>Source: TensorFlow's <c>tf.local_variables_initializer</c>.</remarks>
    public Operation LocalVariablesInitializer(string name = "init") => VariablesInitializer(LocalVariables(), name);

    /// <summary>A node that gives some variables their initial values.</summary>
    /// <remarks>Source: TensorFlow's <c>tf.variables_initializer</c>.</remarks>
    public Operation VariablesInitializer(IEnumerable<Variable> variables, string name = "init")
    {
        ArgumentNullException.ThrowIfNull(variables);
        return this.Group([.. variables.Select(static v => v.Initializer).Distinct()], name);
    }

    /// <summary>The counter of training steps: int64 "global_step", made at the first call.</summary>
    /// <remarks>Source: TensorFlow's <c>tf.train.get_or_create_global_step</c>.</remarks>
    public Variable GetOrCreateGlobalStep()
    {
        if (GlobalStep is { } existing)
            return existing;
        using (NameScope(null))
        {
            return GetVariableAtRoot(
                "global_step",
                [],
                DType.Int64,
                new ZerosInitializer(),
                [GraphKeys.GlobalVariables, GraphKeys.GlobalStep]);
        }
    }

    /// <summary>The counter of training steps; null where there is none.</summary>
    /// <exception cref="GraphException">There are several.</exception>
    public Variable? GlobalStep
    {
        get
        {
            IReadOnlyList<Variable> steps = GetCollection<Variable>(GraphKeys.GlobalStep);
            return steps.Count > 1
                ? throw new GraphException($"Multiple tensors in global_step collection: {string.Join(", ", steps.Select(static s => $"'{s.Name}'"))}.")
                : steps.Count == 1 ? steps[0] : GlobalVariables().FirstOrDefault(static v => v.Name == "global_step:0");
        }
    }

    private Variable GetVariableAtRoot(string name, Shape shape, DType dtype, IInitializer initializer, IReadOnlyList<string> collections)
    {
        _variableScopes.Push(new VariableScope("", "", VariableReuse.Inherit, default, null));
        try
        {
            return GetVariable(name, shape, dtype, initializer, trainable: false, collections);
        }
        finally
        {
            _variableScopes.Pop();
        }
    }
}
