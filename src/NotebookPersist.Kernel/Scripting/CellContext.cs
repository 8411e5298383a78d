using System.Collections.Concurrent;
using System.ComponentModel;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>What every cell can name without a prefix: <c>Display(value)</c>, <c>Cancellation</c> and the identity of the running cell.</summary>
/// <remarks>Thread safety: all members may be called from any thread that the cell started.</remarks>
public sealed class CellContext
{
    private readonly Func<CellSession?> _latest;
    private readonly EarlierResults _results = new();

    // Values that the host declares variables for, until the code of the declaration has taken them.
    private readonly ConcurrentDictionary<string, object?> _declared = new(StringComparer.Ordinal);

    internal CellContext(Func<CellSession?> latest)
    {
        _latest = latest;
        Comms = new Comms(output => Session?.Publish(output));
    }

    /// <summary>Connections to what runs in the page, such as widgets.</summary>
    public Comms Comms { get; }

    /// <summary>Cancelled when the running cell is interrupted. Pass it to long-running calls so that they stop cleanly.</summary>
    public CancellationToken Cancellation => Session?.Cancellation ?? CancellationToken.None;

    /// <summary>What the client calls the running cell, or a hash of its text.</summary>
    public string CellId => Session?.CellId ?? "";

    /// <summary>What errors and stack traces call the running cell.</summary>
    internal string CellName => Session?.Name ?? "";

    /// <summary>The number of the running cell, from 1; 0 for silent runs.</summary>
    public int ExecutionCount => Session?.ExecutionCount ?? 0;

    /// <summary>Values of the last expressions of earlier cells, by the number of the run: <c>Out[3]</c>. The latest thousand are kept.</summary>
    public IReadOnlyDictionary<int, object?> Out => _results;

    private CellSession? Session => CellSession.Current ?? _latest();

    /// <summary>Shows a value below the cell at once, without waiting for the cell to end.</summary>
    /// <param name="value">The value; formatted as the cell's last expression would be.</param>
    /// <returns>A handle that can replace what is shown.</returns>
    public DisplayHandle Display(object? value) => Display(value, []);

    /// <summary>Shows a value below the cell at once, in forms that are named.</summary>
    /// <param name="value">The value.</param>
    /// <param name="mimeTypes">The forms, such as "text/html" or "application/json"; none for those that the cell's last expression would have.</param>
    /// <returns>A handle that can replace what is shown.</returns>
    public DisplayHandle Display(object? value, params string[] mimeTypes)
    {
        ArgumentNullException.ThrowIfNull(mimeTypes);
        var id = Guid.NewGuid().ToString("N");
        Show(ValueBundle.Of(value, mimeTypes), id, isUpdate: false);
        return new DisplayHandle(this, id, mimeTypes);
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

    /// <summary>Takes away what the running cell has shown so far.</summary>
    /// <param name="wait">Whether it stays until there is something to take its place, so that nothing flickers.</param>
    public void ClearOutput(bool wait = false) => Session?.Publish(new ClearOutput(wait));

    /// <summary>Asks the person at the keyboard for a line.</summary>
    /// <param name="prompt">The text beside the input field.</param>
    /// <exception cref="IOException">Nobody can type where the notebook runs.</exception>
    public string ReadLine(string prompt = "") => Ask(prompt, isPassword: false);

    /// <summary>Asks the person at the keyboard for a line that is not shown while it is typed, and is stored nowhere.</summary>
    /// <param name="prompt">The text beside the input field.</param>
    /// <exception cref="IOException">Nobody can type where the notebook runs.</exception>
    public string ReadPassword(string prompt = "") => Ask(prompt, isPassword: true);

    /// <summary>Gives the value of a variable that the host declares; only the code that declares it calls this.</summary>
    /// <param name="name">The variable's name.</param>
    /// <typeparam name="T">Its declared type.</typeparam>
    /// <exception cref="InvalidOperationException">The host declares no such variable.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public T TakeDeclared<T>(string name) => _declared.TryRemove(name, out object? value)
        ? (T)value! // Null only where T allows it.
        : throw new InvalidOperationException($"No variable '{name}' is being declared.");

    internal void Declare(IEnumerable<KeyValuePair<string, object?>> values)
    {
        foreach (var (name, value) in values)
            _declared[name] = value;
    }

    /// <summary>Drops values whose declaration did not come to run.</summary>
    internal void ForgetDeclared() => _declared.Clear();

    internal void Keep(int executionCount, object? value) => _results.Add(executionCount, value);

    private string Ask(string prompt, bool isPassword) => (Session ?? throw new InvalidOperationException("Only a running cell can ask.")).Ask(prompt, isPassword);

    internal void Show(IReadOnlyDictionary<string, string> data, string id, bool isUpdate) => Session?.Publish(new DisplayOutput(data, id, isUpdate));
}

/// <summary>Something shown below a cell that can still be changed.</summary>
public sealed class DisplayHandle
{
    private readonly CellContext _context;
    private readonly string[] _mimeTypes;

    internal DisplayHandle(CellContext context, string id, string[]? mimeTypes = null)
    {
        _context = context;
        _mimeTypes = mimeTypes ?? [];
        Id = id;
    }

    /// <summary>The id that the client knows the display by.</summary>
    public string Id { get; }

    /// <summary>Replaces what is shown, in the same forms.</summary>
    /// <param name="value">The new value.</param>
    public void Update(object? value) => _context.Show(ValueBundle.Of(value, _mimeTypes), Id, isUpdate: true);
}
