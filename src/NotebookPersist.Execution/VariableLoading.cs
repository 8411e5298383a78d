namespace NotebookPersist;

/// <summary>Gives variables values from outside.</summary>
/// <remarks>Source: TensorFlow's <c>Variable.load</c>.</remarks>
public static class VariableLoading
{
    /// <summary>Sets the value that a variable has in a session; adds no node to the graph.</summary>
    /// <param name="variable">Takes the value; needs no initialisation.</param>
    /// <param name="value">Of the variable's type and shape.</param>
    /// <param name="session">Holds the value.</param>
    /// <exception cref="GraphException">The variable's initialiser is no assignment.</exception>
    /// <exception cref="ArgumentException">The value does not fit, or the session runs another graph.</exception>
    public static void Load(this Variable variable, Tensor value, Session session)
    {
        ArgumentNullException.ThrowIfNull(variable);
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(session);
        if (variable.Initializer is not { Type: "Assign" or "AssignVariableOp" } assign)
            throw new GraphException($"Variable '{variable.OperationName}' is initialised by a node of type '{variable.Initializer.Type}', through which no value can be assigned.", variable.OperationName);
        session.Run(assign, new FeedDict { [assign.Inputs[1]] = value });
    }
}
