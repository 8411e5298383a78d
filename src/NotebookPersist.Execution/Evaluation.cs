namespace NotebookPersist;

/// <summary>Shorthands that run in the session entered by <see cref="Session.AsDefault"/>; outside, in one made the default or offered for the graph.</summary>
public static class Evaluation
{
    /// <summary>Computes a value.</summary>
    /// <exception cref="InvalidOperationException">No session is given, none is entered or made the default, and the graph is offered none.</exception>
    public static Tensor Eval(this Output output, FeedDict? feedDict = null, Session? session = null) => Find(session, output.Graph, "evaluate tensor using `Eval()`").Run(output, feedDict);

    /// <summary>Gives the value of a variable.</summary>
    /// <exception cref="InvalidOperationException">No session is given, none is entered or made the default, and the graph is offered none.</exception>
    public static Tensor Eval(this Variable variable, Session? session = null) => Find(session, variable.Graph, "evaluate tensor using `Eval()`").Run(variable);

    /// <summary>Runs an operation.</summary>
    /// <exception cref="InvalidOperationException">No session is given, none is entered or made the default, and the graph is offered none.</exception>
    public static void Run(this Operation operation, FeedDict? feedDict = null, Session? session = null) => Find(session, operation.Graph, "execute operation using `Run()`").Run(operation, feedDict);

    private static Session Find(Session? session, Graph graph, string what) => session ?? Session.CurrentFor(graph) ?? throw new InvalidOperationException(
        $"Cannot {what}: No default session is registered. Use `using (session.AsDefault())` or pass an explicit session.");
}
