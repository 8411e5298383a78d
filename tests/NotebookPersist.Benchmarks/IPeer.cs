namespace NotebookPersist.Benchmarks;

/// <summary>A network in another engine, with its input kept.</summary>
internal interface IPeer : IDisposable
{
    /// <summary>What tables call it.</summary>
    string Name { get; }

    /// <summary>Computes the result and drops it.</summary>
    void Run();

    /// <summary>All of the result.</summary>
    float[] Values();
}
