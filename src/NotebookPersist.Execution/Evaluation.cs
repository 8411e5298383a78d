namespace NotebookPersist;

/// <summary>Shorthands that run in the session entered by <see cref="Session.AsDefault"/>.</summary>
public static class Evaluation
{
    /// <summary>Computes a value.</summary>
    /// <exception cref="InvalidOperationException">No session is given and none is entered.</exception>
    public static Tensor Eval(this Output output, FeedDict? feeds = null, Session? session = null) => Find(session, "evaluate tensor using `Eval()`").Run(output, feeds);

    /// <summary>Gives the value of a variable.</summary>
    /// <exception cref="InvalidOperationException">No session is given and none is entered.</exception>
    public static Tensor Eval(this Variable variable, Session? session = null) => Find(session, "evaluate tensor using `Eval()`").Run(variable);

    /// <summary>Runs an operation.</summary>
    /// <exception cref="InvalidOperationException">No session is given and none is entered.</exception>
    public static void Run(this Operation operation, FeedDict? feeds = null, Session? session = null) => Find(session, "execute operation using `Run()`").Run(operation, feeds);

    private static Session Find(Session? session, string what) => session ?? Session.Current ?? throw new InvalidOperationException(
        $"Cannot {what}: No default session is registered. Use `using (session.AsDefault())` or pass an explicit session.");
}
