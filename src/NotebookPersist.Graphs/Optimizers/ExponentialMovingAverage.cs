namespace NotebookPersist;

/// <summary>Keeps a decaying mean of variables, which often predicts better than their last values.</summary>
/// <remarks>
/// Shadow variables are called <c>variable/ExponentialMovingAverage</c> and start with the variable's initial value.
/// Thread safety: as the graphs that it builds in. Source: TensorFlow's <c>tf.train.ExponentialMovingAverage</c> without zero debiasing.
/// </remarks>
/// <param name="decay">What part of the mean stays at each update: near 1.</param>
/// <param name="updateCount">Lets early updates count more; null for none. Shape: [].</param>
/// <param name="name">Name of the update node and of the shadow variables.</param>
public sealed class ExponentialMovingAverage(Operand decay, Operand? updateCount = null, string name = "ExponentialMovingAverage")
{
    private readonly Dictionary<Variable, Variable> _averages = [];

    /// <summary>Builds the node that updates the means, to be run after each training step.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="variables">By default all trainable variables.</param>
    /// <exception cref="ArgumentException">A variable has a mean already, is no float, or does not tell its initial value.</exception>
    public Operation Apply(Graph graph, IReadOnlyList<Variable>? variables = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        variables ??= graph.TrainableVariables();
        foreach (Variable variable in variables)
            MakeShadow(graph, variable);

        using NameScope scope = graph.NameScope(name);
        Output part = graph.Convert(decay, name: "decay");
        if (updateCount is { } count)
        {
            Output updates = graph.Cast(count, DType.Float32, "num_updates");
            Output early = graph.Divide(1.0 + updates, 10.0 + updates, "truediv");
            part = graph.AddOperation("Minimum", null, null, part, early)[0];
        }

        return graph.Group([.. variables.Select(v => Move(graph, _averages[v], v, part))], scope.Name);
    }

    /// <summary>Builds the node that updates the means, in the variables' graph.</summary>
    /// <param name="varList">The variables; by default all trainable ones of the default graph.</param>
    /// <inheritdoc cref="Apply(Graph, IReadOnlyList{Variable}?)"/>
    public Operation Apply(IReadOnlyList<Variable>? varList = null) => Apply(varList is [Variable first, ..] ? first.Graph : Graph.Default, varList);

    /// <summary>The mean of a variable; null where none is kept.</summary>
    public Variable? Average(Variable variable) => _averages.GetValueOrDefault(variable);

    /// <summary>The name under which a checkpoint holds the mean of a variable.</summary>
    public string AverageName(Variable variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return _averages.TryGetValue(variable, out Variable? average) ? average.OperationName : $"{variable.OperationName}/{name}";
    }

    /// <summary>For a saver: the means' names in a checkpoint with the variables that are to take them, and all other variables under their own names.</summary>
    /// <param name="graph">The graph whose variables are meant; by default the default one.</param>
    public IReadOnlyDictionary<string, Variable> VariablesToRestore(Graph? graph = null)
    {
        graph ??= Graph.Default;
        var restored = new Dictionary<string, Variable>(StringComparer.Ordinal);
        HashSet<Variable> averaged = [.. graph.TrainableVariables(), .. graph.GetCollection<Variable>(GraphKeys.MovingAverageVariables)];
        foreach (Variable variable in averaged)
            restored[AverageName(variable)] = variable;
        foreach (Variable variable in graph.GlobalVariables().Where(v => !averaged.Contains(v)))
            restored.TryAdd(variable.OperationName, variable);
        return restored;
    }

    private void MakeShadow(Graph graph, Variable variable)
    {
        if (!variable.DType.IsFloating())
            throw new ArgumentException($"The variables must be half, float, or double: {variable.Name}.", nameof(variable));
        if (_averages.ContainsKey(variable))
            throw new ArgumentException($"Moving average already computed for: {variable.Name}.", nameof(variable));
        Output initial = variable.InitialValue ?? throw new ArgumentException($"Variable '{variable.Name}' does not tell its initial value.", nameof(variable));
        using (VariableScope scope = graph.UniqueVariableScope($"{variable.OperationName}/{name}"))
        using (graph.ColocateWith(variable.Operation))
            _averages[variable] = graph.Variable(initial, scope.Name + "/", trainable: false, useResource: variable.IsResource);
        if (!graph.GetCollection(GraphKeys.MovingAverageVariables).Contains(variable))
            graph.AddToCollection(GraphKeys.MovingAverageVariables, variable);
    }

    private static Operation Move(Graph graph, Variable average, Variable variable, Output decay)
    {
        using NameScope scope = graph.NameScope("AssignMovingAvg");
        using (graph.ColocateWith(average.Operation))
        {
            Output rate = graph.Cast(1.0 - decay, average.DType);
            Output difference = (average.Value - variable.Value) * rate;
            return average.IsResource
                ? graph.AssignSubVariableOp(average.Reference, difference, scope.Name)
                : graph.AssignSub(average.Reference, difference, name: scope.Name).Operation;
        }
    }
}
