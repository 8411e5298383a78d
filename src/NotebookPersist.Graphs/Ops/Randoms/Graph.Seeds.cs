namespace NotebookPersist;

public sealed partial class Graph
{
    // What TensorFlow takes for the graph's seed where only the operation has one.
    private const int DefaultSeed = 87654321;

    /// <summary>The two seeds of a random operation about to be made.</summary>
    /// <param name="seed">The operation's own seed; null where it has none.</param>
    /// <remarks>Source: TensorFlow's <c>get_seed</c>: an operation without a seed of its own takes the number of operations made so far.</remarks>
    internal (long Seed, long Seed2) SeedsFor(int? seed)
    {
        if (Seed is null && seed is null)
            return (0, 0);
        (long first, long second) = (Truncated(Seed ?? DefaultSeed), Truncated(seed ?? _nextId));
        // Two zeros would mean "differs each time".
        return first == 0 && second == 0 ? (0, int.MaxValue) : (first, second);
    }

    private static long Truncated(long seed) => ((seed % int.MaxValue) + int.MaxValue) % int.MaxValue;
}
