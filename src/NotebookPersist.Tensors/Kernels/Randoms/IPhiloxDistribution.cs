namespace NotebookPersist.Kernels.Randoms;

/// <summary>How groups of elements are drawn from a stream, each group from a place of its own.</summary>
/// <typeparam name="T">Element type.</typeparam>
internal interface IPhiloxDistribution<T>
    where T : unmanaged
{
    /// <summary>Elements drawn together.</summary>
    int GroupSize { get; }

    /// <summary>How far apart the places of two groups are. Unit: steps of the stream.</summary>
    int Stride { get; }

    /// <summary>Draws one group.</summary>
    /// <param name="generator">The stream, at the group's place.</param>
    /// <param name="group">Length: <see cref="GroupSize"/>.</param>
    void Sample(Philox generator, Span<T> group);
}
