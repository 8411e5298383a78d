using NotebookPersist.Formats;
using NotebookPersist.Formats.Files;
using NotebookPersist.Persistence;

namespace NotebookPersist;

/// <summary>A checkpoint that is open for reading, V1 or V2, given by any of its names.</summary>
/// <remarks>Opening reads and verifies the index; values are read and verified when asked for. Thread safety: reads may run concurrently.</remarks>
public sealed partial class Checkpoint : IDisposable
{
    private readonly CheckpointReader _reader;

    private Checkpoint(CheckpointReader reader)
    {
        _reader = reader;
        _objectGraph = new Lazy<ObjectGraph?>(ReadObjectGraph);
        _nameMap = new Lazy<IReadOnlyDictionary<string, string>>(ReadNameMap);
    }

    /// <summary>The prefix, under which TensorFlow knows it.</summary>
    public string Prefix => _reader.Prefix;

    /// <summary>How it is kept on disk.</summary>
    public CheckpointKind Kind => _reader.Kind;

    /// <summary>All tensors, ordered by name.</summary>
    public IReadOnlyList<CheckpointEntry> Tensors => _reader.Entries;

    /// <summary>Bytes of all values.</summary>
    public long ByteCount => Totals.Of(Tensors.Select(static t => t.ByteCount));

    /// <summary>A tensor, read from the file.</summary>
    /// <inheritdoc cref="Read"/>
    public Tensor this[string name] => Read(name);

    /// <summary>Opens a checkpoint.</summary>
    /// <param name="path">A prefix, any of its files, or a folder, whose newest checkpoint is meant.</param>
    /// <param name="verifyChecksums">Whether each tensor's checksum is compared when it is read; the index's always are.</param>
    /// <exception cref="FileNotFoundException">There is none; the message says what was looked for.</exception>
    /// <exception cref="CheckpointFormatException">The index is damaged.</exception>
    public static Checkpoint Open(string path, bool verifyChecksums = true) => new(CheckpointReader.Open(CheckpointStates.Resolve(path).Prefix, verifyChecksums));

    /// <summary>True where <see cref="Read"/> finds a tensor by the name.</summary>
    public bool HasTensor(string name) => FindKey(name) is not null;

    /// <summary>Reads a tensor; TensorFlow's name for it.</summary>
    /// <inheritdoc cref="Read"/>
    public Tensor GetTensor(string name) => Read(name);

    /// <summary>Shapes of all tensors by name.</summary>
    public IReadOnlyDictionary<string, Shape> GetVariableToShapeMap() => Tensors.ToDictionary(static t => t.Name, static t => t.Shape, StringComparer.Ordinal);

    /// <summary>Element types of all tensors by name.</summary>
    public IReadOnlyDictionary<string, DType> GetVariableToDTypeMap() => Tensors.ToDictionary(static t => t.Name, static t => t.DType, StringComparer.Ordinal);

    /// <summary>Reads a tensor.</summary>
    /// <param name="name">Its name in the checkpoint or, for checkpoints of TensorFlow 2, the variable's name; see <see cref="NameMap"/>.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="KeyNotFoundException">There is none of that name; the message proposes near names.</exception>
    /// <exception cref="CheckpointFormatException">Its bytes are damaged.</exception>
    public Tensor Read(string name, CancellationToken cancellation = default) => FindKey(name) is { } key
        ? _reader.Read(key, cancellation)
        : throw new KeyNotFoundException($"Key '{name}' not found in checkpoint '{Prefix}'.{NearNames.Hint(name, NameMap().Keys.Concat(Tensors.Select(static t => t.Name)))}");

    /// <summary>Compares what is there with what variables want.</summary>
    /// <param name="wanted">Type and shape by the name of the variable.</param>
    /// <param name="options">What variables are called here, and which are left alone; null for all under their own names.</param>
    /// <param name="cancellation">Stops the comparison.</param>
    /// <exception cref="ArgumentException">A pattern is no regular expression, or takes too long.</exception>
    public RestorePlan Plan(IReadOnlyDictionary<string, TensorSpec> wanted, RestoreOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        Dictionary<string, RestoreTarget> targets = wanted.ToDictionary(static w => w.Key, static w => new RestoreTarget(w.Value), StringComparer.Ordinal);
        return RestorePlanner.Plan(RestoreSource, targets, options ?? RestoreOptions.Default, cancellation);
    }

    /// <summary>Reads every tensor and compares its checksum.</summary>
    /// <returns>What is wrong, by tensor name; empty where all is well.</returns>
    public IReadOnlyDictionary<string, string> Verify(CancellationToken cancellation = default)
    {
        var faults = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (CheckpointEntry entry in Tensors)
        {
            try
            {
                _reader.Read(entry.Name, cancellation);
            }
            catch (IOException fault)
            {
                faults.Add(entry.Name, fault.Message);
            }
        }

        return faults;
    }

    /// <summary>Closes the files.</summary>
    public void Dispose() => _reader.Dispose();
}
