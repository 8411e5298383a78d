using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>A session for training: it restores or initialises by itself, and takes hooks along with each run.</summary>
/// <remarks>
/// Dispose it: the hooks end, unless a run failed, and are disposed, and the session is closed. Thread safety: one run at a time. Source: TensorFlow's
/// <c>tf.train.MonitoredSession</c> of one process; the graph is not frozen, so that later notebook cells can add to it.
/// </remarks>
public sealed class MonitoredSession : IDisposable
{
    private readonly IReadOnlyList<SessionRunHook> _hooks;
    private readonly Variable? _step;
    private long? _reached;
    private bool _isAfterRun;
    private bool _stops;
    private bool _failed;
    private bool _ended;

    /// <summary>Opens a session.</summary>
    /// <param name="checkpointDir">Folder whose newest checkpoint is restored; null, or a folder without one, to initialise all variables.</param>
    /// <param name="hooks">What goes along with each run.</param>
    /// <param name="saver">Restores; by default that of a hook that saves, or one of all variables.</param>
    /// <param name="graph">The graph; by default the default one.</param>
    /// <param name="options">Options of the session.</param>
    /// <exception cref="RestoreException">Variables are missing in the checkpoint or differ.</exception>
    public MonitoredSession(string? checkpointDir = null, IEnumerable<SessionRunHook>? hooks = null, Saver? saver = null, Graph? graph = null, SessionOptions? options = null)
    {
        graph ??= Graph.Default;
        _hooks = [.. hooks ?? []];
        try
        {
            foreach (SessionRunHook hook in _hooks)
                hook.Begin(graph);
        }
        catch
        {
            DisposeHooks();
            throw;
        }

        _step = graph.GlobalStep;
        Session = new Session(graph, options);
        try
        {
            Open(graph, checkpointDir, saver);
            foreach (SessionRunHook hook in _hooks)
                hook.AfterCreateSession(this);
        }
        catch
        {
            Session.Dispose();
            DisposeHooks();
            throw;
        }
    }

    /// <summary>The session; what it runs itself takes no hooks along.</summary>
    public Session Session { get; }

    /// <summary>The graph.</summary>
    public Graph Graph => Session.Graph;

    /// <summary>The training step that the graph has reached.</summary>
    /// <exception cref="InvalidOperationException">The graph has no counter of steps.</exception>
    public long GlobalStep => _isAfterRun ? _reached ??= ReadStep() : ReadStep();

    /// <summary>True when a hook asked for the end.</summary>
    public bool ShouldStop() => _stops;

    /// <summary>Asks for the end: <see cref="ShouldStop"/> is true from now on.</summary>
    public void RequestStop() => _stops = true;

    /// <summary>Runs a value, and what hooks ask for.</summary>
    public Tensor Run(Output fetch, FeedDict? feedDict = null, CancellationToken cancellation = default) => Run([fetch], feedDict, cancellation)[0]!; // A value is fetched, so there is one.

    /// <summary>Runs an operation, and what hooks ask for.</summary>
    public void Run(Operation operation, FeedDict? feedDict = null, CancellationToken cancellation = default) => Run([operation], feedDict, cancellation);

    /// <summary>Runs values and operations, and what hooks ask for.</summary>
    /// <param name="fetches">What is wanted.</param>
    /// <param name="feedDict">Values of placeholders.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <returns>One for each fetch; null for an operation.</returns>
    /// <exception cref="RunException">A node failed. The hooks do not end then, unless a later run succeeds, or what failed is that the data have ended.</exception>
    /// <exception cref="ObjectDisposedException">The session is closed.</exception>
    public Tensor?[] Run(IReadOnlyList<Fetch> fetches, FeedDict? feedDict = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(fetches);
        ObjectDisposedException.ThrowIf(_ended, this);
        try
        {
            IReadOnlyList<Fetch>[] asked = [.. _hooks.Select(h => h.BeforeRun(this))];
            Tensor?[] results = Session.Run([.. fetches, .. asked.SelectMany(static a => a)], feedDict, cancellation);
            int at = fetches.Count;
            (_isAfterRun, _reached) = (true, null);
            for (int i = 0; i < asked.Length; i++)
            {
                _hooks[i].AfterRun(this, results[at..(at + asked[i].Count)]);
                at += asked[i].Count;
            }

            _failed = false; // A run that succeeds says that what failed before was mended.
            return results[..fetches.Count];
        }
        catch (Exception fault) when (fault is not RunException { Code: RunErrorCode.OutOfRange })
        {
            _failed = true;
            throw;
        }
        finally
        {
            _isAfterRun = false;
        }
    }

    /// <summary>Ends the hooks, unless a run failed, disposes them, and closes the session.</summary>
    public void Dispose()
    {
        if (_ended)
            return;
        try
        {
            foreach (SessionRunHook hook in _failed ? [] : _hooks)
                hook.End(this);
        }
        finally
        {
            _ended = true;
            Session.Dispose();
            DisposeHooks();
        }
    }

    // All hooks ask for it after each run, so that it is read once for them.
    private long ReadStep() => Session.Run(_step ?? throw new InvalidOperationException("The graph has no global step. Call tf.Train.GetOrCreateGlobalStep() and hand it to Minimize.")).ItemAt<long>(0);

    private void DisposeHooks()
    {
        foreach (IDisposable hook in _hooks.OfType<IDisposable>())
            hook.Dispose();
    }

    private void Open(Graph graph, string? checkpointDir, Saver? saver)
    {
        string? latest = checkpointDir is null ? null : CheckpointStates.Latest(checkpointDir);
        if (latest is not null)
            (saver ?? _hooks.OfType<CheckpointSaverHook>().FirstOrDefault()?.Saver ?? new Saver(allowEmpty: true, graph: graph)).Restore(Session, latest);
        else
            Session.Run([.. graph.GlobalVariables().Select(static v => (Fetch)v.Initializer).Distinct()]);
        Session.Run([.. graph.LocalVariables().Select(static v => (Fetch)v.Initializer).Distinct(), .. graph.GetCollection<Operation>(GraphKeys.TableInitializers).Select(static o => (Fetch)o)]);
    }
}
