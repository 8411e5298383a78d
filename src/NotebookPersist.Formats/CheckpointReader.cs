using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using NotebookPersist.Formats.Bundles;
using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Slices;

namespace NotebookPersist.Formats;

/// <summary>Reads the tensors of a checkpoint, V1 or V2.</summary>
/// <remarks>
/// Opening reads and verifies the index only; values are read and verified when asked for.
/// Thread safety: reads may run concurrently.
/// </remarks>
public abstract class CheckpointReader : IDisposable
{
    private readonly Dictionary<string, CheckpointEntry> _byName;

    private protected CheckpointReader(string prefix, CheckpointKind kind, IReadOnlyList<CheckpointEntry> entries)
    {
        Prefix = prefix;
        Kind = kind;
        Entries = entries;
        _byName = entries.ToDictionary(static entry => entry.Name, StringComparer.Ordinal);
    }

    /// <summary>The checkpoint's prefix.</summary>
    public string Prefix { get; }

    /// <summary>How the checkpoint is kept.</summary>
    public CheckpointKind Kind { get; }

    /// <summary>All tensors in the order of their names' bytes; a partitioned one appears once.</summary>
    public IReadOnlyList<CheckpointEntry> Entries { get; }

    /// <summary>Opens the checkpoint that a path means; see <see cref="CheckpointPath.Resolve"/>.</summary>
    /// <param name="path">A prefix or one of the checkpoint's files.</param>
    /// <param name="verifyChecksums">Whether the checksum of every tensor is compared when it is read; those of the index always are.</param>
    /// <exception cref="FileNotFoundException">No checkpoint is there.</exception>
    /// <exception cref="CheckpointFormatException">The index is damaged.</exception>
    public static CheckpointReader Open(string path, bool verifyChecksums = true)
    {
        CheckpointPath found = CheckpointPath.Resolve(path);
        return found.Kind == CheckpointKind.Bundle ? BundleReader.Open(found.Prefix, verifyChecksums) : SliceFileReader.Open(found);
    }

    /// <summary>Finds a tensor by name.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out CheckpointEntry? entry) => _byName.TryGetValue(name, out entry);

    /// <summary>Reads a whole tensor; a partitioned one is put together.</summary>
    /// <exception cref="KeyNotFoundException">The checkpoint has no tensor of that name.</exception>
    /// <exception cref="CheckpointFormatException">The stored bytes are wrong or incomplete.</exception>
    /// <exception cref="FileNotFoundException">The data file is missing.</exception>
    public Tensor Read(string name, CancellationToken cancellation = default) => ReadWhole(Find(name), cancellation);

    /// <summary>Reads a part of a tensor, however the stored parts are cut.</summary>
    /// <exception cref="ArgumentException">The slice does not fit the tensor's shape.</exception>
    /// <exception cref="KeyNotFoundException">The checkpoint has no tensor of that name.</exception>
    /// <exception cref="CheckpointFormatException">The stored bytes are wrong, or do not cover the part.</exception>
    /// <exception cref="FileNotFoundException">The data file is missing.</exception>
    public Tensor Read(string name, TensorSlice slice, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(slice);
        CheckpointEntry entry = Find(name);
        (long[] starts, long[] lengths) = slice.Resolve(entry.Shape.Dimensions);
        return ReadPart(entry, starts, lengths, cancellation);
    }

    /// <summary>Reads many tensors at once, on all cores.</summary>
    /// <returns>One tensor a request, in their order.</returns>
    /// <exception cref="ArgumentException">A slice does not fit its tensor's shape.</exception>
    /// <exception cref="KeyNotFoundException">The checkpoint has no tensor of a name.</exception>
    /// <exception cref="CheckpointFormatException">Stored bytes are wrong or incomplete.</exception>
    /// <exception cref="FileNotFoundException">A data file is missing.</exception>
    public Tensor[] ReadAll(IReadOnlyList<TensorRequest> requests, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(requests);
        CheckpointEntry[] entries = [.. requests.Select(r => Find(r.Name))];
        var tensors = new Tensor[entries.Length];
        ReadMany(requests, entries, tensors, cancellation);
        return tensors;
    }

    /// <summary>Opens the data files that reading some tensors will need, and checks that the bytes are there, as far as that can be told without reading them.</summary>
    /// <exception cref="KeyNotFoundException">The checkpoint has no tensor of a name.</exception>
    /// <exception cref="CheckpointFormatException">A data file is too short, or the index contradicts itself.</exception>
    /// <exception cref="FileNotFoundException">A data file is missing.</exception>
    public void Prepare(IReadOnlyList<TensorRequest> requests)
    {
        ArgumentNullException.ThrowIfNull(requests);
        foreach (TensorRequest request in requests)
            RequireStored(Find(request.Name));
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        CloseFiles();
        GC.SuppressFinalize(this);
    }

    /// <summary>Checks what can be checked of a tensor without reading it.</summary>
    private protected virtual void RequireStored(CheckpointEntry entry)
    {
        // The files of older checkpoints are opened, and their lists read, from the start.
    }

    private protected abstract Tensor ReadWhole(CheckpointEntry entry, CancellationToken cancellation);

    private protected abstract Tensor ReadPart(CheckpointEntry entry, long[] starts, long[] lengths, CancellationToken cancellation);

    /// <summary>Fills <paramref name="tensors"/>.</summary>
    private protected virtual void ReadMany(IReadOnlyList<TensorRequest> requests, CheckpointEntry[] entries, Tensor[] tensors, CancellationToken cancellation) =>
        InParallel(requests.Count, i => tensors[i] = Read(requests[i], cancellation), cancellation);

    /// <summary>Reads one tensor or part.</summary>
    private protected Tensor Read(TensorRequest request, CancellationToken cancellation) =>
        request.Slice is { IsFull: false } slice ? Read(request.Name, slice, cancellation) : Read(request.Name, cancellation);

    /// <summary>Runs a body for each number on all cores; the first failure is thrown as it is.</summary>
    private protected static void InParallel(int count, Action<int> body, CancellationToken cancellation)
    {
        try
        {
            Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, body);
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }
    }

    private protected abstract void CloseFiles();

    private CheckpointEntry Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _byName.TryGetValue(name, out CheckpointEntry? entry)
            ? entry
            : throw new KeyNotFoundException($"Key '{name}' not found in checkpoint '{Prefix}'.");
    }
}
