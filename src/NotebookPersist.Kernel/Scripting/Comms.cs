using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>Connections between the code of cells and what runs in the page: <c>Comms.Register("name", comm =&gt; ...)</c> or <c>Comms.Connect("name")</c>.</summary>
/// <remarks>
/// What is sent is part of the output of the cell that runs, in its order; where no page is, nobody gets it. Handlers run between cells, one at
/// a time, and can be interrupted as cells can. Source: "Messaging in Jupyter", section "Custom Messages"; binary buffers are not passed on.
/// Thread safety: all members may be called from any thread.
/// </remarks>
public sealed class Comms
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Action<Comm, JsonObject>> _targets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Comm> _open = new(StringComparer.Ordinal);
    private readonly Action<CellOutput> _publish;

    internal Comms(Action<CellOutput> publish) => _publish = publish;

    /// <summary>The connections that are open, in no order.</summary>
    public IReadOnlyList<Comm> Open
    {
        get
        {
            lock (_gate)
                return [.. _open.Values];
        }
    }

    /// <summary>Says what to do when the page opens a connection. Takes the place of what was said before of the same name.</summary>
    /// <param name="target">The name that the page asks for.</param>
    /// <param name="opened">Gets the new connection and the data that came with the request.</param>
    public void Register(string target, Action<Comm, JsonObject> opened)
    {
        ArgumentException.ThrowIfNullOrEmpty(target);
        ArgumentNullException.ThrowIfNull(opened);
        lock (_gate)
            _targets[target] = opened;
    }

    /// <inheritdoc cref="Register(string, Action{Comm, JsonObject})"/>
    public void Register(string target, Action<Comm> opened)
    {
        ArgumentNullException.ThrowIfNull(opened);
        Register(target, (comm, _) => opened(comm));
    }

    /// <summary>Forgets what was registered under a name. Open connections stay.</summary>
    /// <param name="target">The name.</param>
    /// <returns>False where nothing was.</returns>
    public bool Unregister(string target)
    {
        lock (_gate)
            return _targets.Remove(target);
    }

    /// <summary>Opens a connection to something that the page has registered. A page that does not know the name closes it.</summary>
    /// <param name="target">The name that the page knows.</param>
    /// <param name="data">Sent with the request, as JSON; null for none.</param>
    /// <returns>The connection.</returns>
    public Comm Connect(string target, object? data = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(target);
        var comm = new Comm(Guid.NewGuid().ToString("N"), target, this);
        lock (_gate)
            _open[comm.Id] = comm;
        _publish(new CommOutput(CommStep.Open, comm.Id, target, Comm.Json(data)));
        return comm;
    }

    internal void Send(CommOutput output)
    {
        if (output.Step == CommStep.Close)
        {
            lock (_gate)
                _open.Remove(output.Id);
        }

        _publish(output);
    }

    /// <summary>The page opens a connection: what is to be done about it, or null where nobody registered the name.</summary>
    internal Action? Opened(string id, string target, JsonObject data)
    {
        lock (_gate)
        {
            if (!_targets.TryGetValue(target, out var opened))
                return null;
            var comm = new Comm(id, target, this);
            _open[id] = comm;
            return () => opened(comm, data);
        }
    }

    internal bool TryFind(string id, [NotNullWhen(true)] out Comm? comm)
    {
        lock (_gate)
            return _open.TryGetValue(id, out comm);
    }

    internal void Remove(string id)
    {
        lock (_gate)
            _open.Remove(id);
    }

    /// <summary>Forgets all names and connections, as the variables that they lead to are forgotten.</summary>
    internal void Clear()
    {
        lock (_gate)
        {
            _targets.Clear();
            _open.Clear();
        }
    }
}
