namespace NotebookPersist;

public sealed partial class Session
{
    /// <summary>Computes two values in one run: <c>var (_, loss) = session.Run((train, loss));</c>; an operation gives null.</summary>
    /// <inheritdoc cref="Run(IReadOnlyList{Fetch}, FeedDict?, CancellationToken)"/>
    public (Tensor? First, Tensor? Second) Run((Fetch First, Fetch Second) fetches, FeedDict? feedDict = null, CancellationToken cancellation = default)
    {
        Tensor?[] values = Run([fetches.First, fetches.Second], feedDict, cancellation);
        return (values[0], values[1]);
    }

    /// <summary>Computes three values in one run; an operation gives null.</summary>
    /// <inheritdoc cref="Run(IReadOnlyList{Fetch}, FeedDict?, CancellationToken)"/>
    public (Tensor? First, Tensor? Second, Tensor? Third) Run((Fetch First, Fetch Second, Fetch Third) fetches, FeedDict? feedDict = null, CancellationToken cancellation = default)
    {
        Tensor?[] values = Run([fetches.First, fetches.Second, fetches.Third], feedDict, cancellation);
        return (values[0], values[1], values[2]);
    }

    /// <summary>Computes four values in one run; an operation gives null.</summary>
    /// <inheritdoc cref="Run(IReadOnlyList{Fetch}, FeedDict?, CancellationToken)"/>
    public (Tensor? First, Tensor? Second, Tensor? Third, Tensor? Fourth) Run(
        (Fetch First, Fetch Second, Fetch Third, Fetch Fourth) fetches, FeedDict? feedDict = null, CancellationToken cancellation = default)
    {
        Tensor?[] values = Run([fetches.First, fetches.Second, fetches.Third, fetches.Fourth], feedDict, cancellation);
        return (values[0], values[1], values[2], values[3]);
    }

    /// <summary>Computes what was looked up in an imported graph: a value, or an operation, which gives null.</summary>
    /// <inheritdoc cref="Run(IReadOnlyList{Fetch}, FeedDict?, CancellationToken)"/>
    public Tensor? Run(GraphElement fetch, FeedDict? feedDict = null, CancellationToken cancellation = default) =>
        Run([fetch], feedDict, cancellation)[0];
}
