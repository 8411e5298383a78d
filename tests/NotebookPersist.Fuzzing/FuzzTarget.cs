using NotebookPersist.Formats;
using NotebookPersist.Fuzzing.Mutation;

namespace NotebookPersist.Fuzzing;

/// <summary>One reader under test.</summary>
internal abstract class FuzzTarget(string name)
{
    /// <summary>Every reader of files.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new Targets.TableTarget(), new Targets.BundleTarget(), new Targets.SliceFileTarget(), new Targets.StateTarget(), new Targets.GraphTarget(),
        new Targets.MetaGraphTarget(), new Targets.SavedModelTarget(), new Targets.ObjectGraphTarget(), new Targets.GraphTextTarget(),
        new Targets.SafeTensorsTarget(), new Targets.NpyTarget(), new Targets.NpzTarget(), new Targets.SnapshotTarget(),
    ];

    /// <summary>What the command line calls it, and its folder in tests/hostile.</summary>
    public string Name { get; } = name;

    /// <summary>Valid inputs to start from.</summary>
    public abstract IEnumerable<FuzzInput> Seeds(Corpus corpus);

    /// <summary>A damaged input.</summary>
    /// <param name="seed">What to damage.</param>
    /// <param name="other">Another input, whose parts may be put in.</param>
    /// <param name="mutator">Chooses what to do.</param>
    public abstract FuzzInput Mutate(FuzzInput seed, FuzzInput other, Mutator mutator);

    /// <summary>Reads all there is to read.</summary>
    /// <param name="folder">Holds the input.</param>
    /// <param name="accept">Told the bytes of every value that was given out.</param>
    /// <returns>What <see cref="Rewrite"/> takes.</returns>
    public abstract object Read(string folder, Action<long> accept);

    /// <summary>Writes what was read.</summary>
    /// <param name="value">From <see cref="Read"/>.</param>
    /// <param name="folder">An empty folder.</param>
    public abstract void Rewrite(object value, string folder);

    /// <summary>Whether the reader's documentation names the exception.</summary>
    public virtual bool IsDocumented(Exception fault) => fault is CheckpointFormatException or FileNotFoundException;

    /// <summary>Unit: bytes that reading may allocate beside the values that it gives out.</summary>
    /// <param name="inputByteCount">Size of the input.</param>
    public virtual long AllocationLimit(long inputByteCount) => (4 * inputByteCount) + (16L << 20);
}
