using System.Diagnostics.CodeAnalysis;

namespace NotebookPersist.Formats;

/// <summary>Reads the tensors of a file of another tool: safetensors or NumPy's archives.</summary>
/// <remarks>
/// Opening reads and checks what the file tells about its tensors; values are read when asked for, one tensor at a time.
/// Thread safety: reads may run concurrently.
/// </remarks>
public abstract class TensorFileReader : IDisposable
{
    private readonly Dictionary<string, CheckpointEntry> _byName;

    private protected TensorFileReader(string path, IReadOnlyList<CheckpointEntry> entries)
    {
        Path = path;
        Entries = entries;
        _byName = entries.ToDictionary(static entry => entry.Name, StringComparer.Ordinal);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>All tensors in the order of their values in the file; none is partitioned.</summary>
    public IReadOnlyList<CheckpointEntry> Entries { get; }

    /// <summary>Finds a tensor by name.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out CheckpointEntry? entry) => _byName.TryGetValue(name, out entry);

    /// <summary>Reads a tensor.</summary>
    /// <exception cref="KeyNotFoundException">The file has no tensor of that name.</exception>
    /// <exception cref="CheckpointFormatException">The stored bytes are wrong, or more than one tensor can hold.</exception>
    public Tensor Read(string name, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _byName.TryGetValue(name, out CheckpointEntry? entry)
            ? ReadValues(entry, cancellation)
            : throw new KeyNotFoundException($"There is no tensor '{name}' in '{Path}'.");
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        CloseFile();
        GC.SuppressFinalize(this);
    }

    private protected abstract Tensor ReadValues(CheckpointEntry entry, CancellationToken cancellation);

    private protected abstract void CloseFile();
}
