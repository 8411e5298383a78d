namespace NotebookPersist;

/// <summary>What goes along with the runs of a <see cref="MonitoredSession"/>: saves, logs, summaries, an end.</summary>
/// <remarks>
/// The order of calls: <see cref="Begin"/> once, <see cref="AfterCreateSession"/> once, <see cref="BeforeRun"/> and <see cref="AfterRun"/> with each run,
/// <see cref="End"/> once, unless a run failed. Source: TensorFlow's <c>tf.train.SessionRunHook</c>.
/// </remarks>
public abstract class SessionRunHook
{
    /// <summary>Before there is a session: nodes can still be added to the graph.</summary>
    public virtual void Begin(Graph graph)
    {
    }

    /// <summary>When the variables have their first values, new or restored.</summary>
    public virtual void AfterCreateSession(MonitoredSession session)
    {
    }

    /// <summary>Before a run.</summary>
    /// <returns>What is fetched in the same run besides.</returns>
    public virtual IReadOnlyList<Fetch> BeforeRun(MonitoredSession session) => [];

    /// <summary>After a run.</summary>
    /// <param name="session">Who ran; it can be asked to stop.</param>
    /// <param name="values">What <see cref="BeforeRun"/> asked for, in its order.</param>
    public virtual void AfterRun(MonitoredSession session, IReadOnlyList<Tensor?> values)
    {
    }

    /// <summary>At the end, while the session still runs.</summary>
    public virtual void End(MonitoredSession session)
    {
    }

    /// <summary>Checks that the graph counts steps.</summary>
    private protected static void RequireStep(Graph graph, string hook)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (graph.GlobalStep is null)
            throw new InvalidOperationException($"Global step should be created to use {hook}. Call tf.Train.GetOrCreateGlobalStep() and hand it to Minimize.");
    }
}
