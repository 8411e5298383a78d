namespace NotebookPersist;

public sealed partial class Graph
{
    private static readonly AsyncLocal<Graph?> Entered = new();
    private static Graph _root = new();

    /// <summary>The graph that the facade builds in: the innermost one entered by <see cref="AsDefault"/>, else one for the whole process.</summary>
    public static Graph Default => Entered.Value ?? _root;

    /// <summary>The session that runs what nobody names a session for; the graph does not keep it.</summary>
    internal WeakReference<object> OfferedSession { get; } = new(new object());

    /// <summary>Replaces the graph for the whole process by an empty one.</summary>
    public static void ResetDefault()
    {
        _root = new Graph { CurrentCell = _root.CurrentCell };
        Entered.Value = null;
    }

    /// <summary>Makes this graph the one for the whole process.</summary>
    public void MakeDefault()
    {
        CurrentCell = _root.CurrentCell;
        _root = this;
        Entered.Value = null;
    }

    /// <summary>The facade builds in this graph until the scope is disposed.</summary>
    public IDisposable AsDefault()
    {
        Graph? outer = Entered.Value;
        Entered.Value = this;
        return new Scope(() => Entered.Value = outer);
    }
}
