namespace NotebookPersist.Kernel.Scripting;

/// <summary>What every cell can name without a prefix: <c>Display(value)</c>, <c>Cancellation</c> and the identity of the running cell.</summary>
/// <remarks>Thread safety: all members may be called from any thread that the cell started.</remarks>
public sealed class CellContext
{
    private readonly Func<CellSession?> _latest;

    internal CellContext(Func<CellSession?> latest) => _latest = latest;

    /// <summary>Cancelled when the running cell is interrupted. Pass it to long-running calls so that they stop cleanly.</summary>
    public CancellationToken Cancellation => Session?.Cancellation ?? CancellationToken.None;

    /// <summary>What the client calls the running cell, or a hash of its text.</summary>
    public string CellId => Session?.CellId ?? "";

    /// <summary>The number of the running cell, from 1; 0 for silent runs.</summary>
    public int ExecutionCount => Session?.ExecutionCount ?? 0;

    private CellSession? Session => CellSession.Current ?? _latest();

    /// <summary>Shows a value below the cell at once, without waiting for the cell to end.</summary>
    /// <param name="value">The value; formatted as the cell's last expression would be.</param>
    /// <returns>A handle that can replace what is shown.</returns>
    public DisplayHandle Display(object? value)
    {
        var id = Guid.NewGuid().ToString("N");
        Show(ValueBundle.Of(value), id, isUpdate: false);
        return new DisplayHandle(this, id);
    }

    /// <summary>Shows content that is already formatted.</summary>
    /// <param name="content">The content, as text of <paramref name="mimeType"/>; images are base64.</param>
    /// <param name="mimeType">For example "text/html", "image/svg+xml" or "text/markdown".</param>
    /// <returns>A handle that can replace what is shown.</returns>
    /// <exception cref="ArgumentException"><paramref name="mimeType"/> is empty.</exception>
    public DisplayHandle DisplayAs(string content, string mimeType)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentException.ThrowIfNullOrWhiteSpace(mimeType);
        var id = Guid.NewGuid().ToString("N");
        Show(new Dictionary<string, string> { [mimeType] = content }, id, isUpdate: false);
        return new DisplayHandle(this, id);
    }

    internal void Show(IReadOnlyDictionary<string, string> data, string id, bool isUpdate) => Session?.Publish(new DisplayOutput(data, id, isUpdate));
}

/// <summary>Something shown below a cell that can still be changed.</summary>
public sealed class DisplayHandle
{
    private readonly CellContext _context;

    internal DisplayHandle(CellContext context, string id)
    {
        _context = context;
        Id = id;
    }

    /// <summary>The id that the client knows the display by.</summary>
    public string Id { get; }

    /// <summary>Replaces what is shown.</summary>
    /// <param name="value">The new value.</param>
    public void Update(object? value) => _context.Show(ValueBundle.Of(value), Id, isUpdate: true);
}
