namespace NotebookPersist;

/// <summary>Fetches and feeds of a session that were looked up once, for runs that follow each other closely.</summary>
/// <remarks>Looked up again where the graph has changed. Thread safety: as the session's.</remarks>
public sealed class SessionCallable
{
    private readonly Session _session;
    private readonly Fetch[] _fetches;
    private readonly FeedKey[] _feedKeys;
    private PreparedRun _prepared;

    internal SessionCallable(Session session, Fetch[] fetches, FeedKey[] feedKeys)
    {
        (_session, _fetches, _feedKeys) = (session, fetches, feedKeys);
        _prepared = session.Prepare(fetches, feedKeys);
    }

    /// <summary>Runs with one value for each feed key, in their order.</summary>
    /// <returns>One value for each fetch; null for operations.</returns>
    /// <exception cref="ArgumentException">There are more or fewer values than keys, or one does not fit.</exception>
    /// <inheritdoc cref="Session.Run(IReadOnlyList{Fetch}, FeedDict?, CancellationToken)"/>
    public Tensor?[] Run(params ReadOnlySpan<Tensor> feeds) => Run(default, feeds);

    /// <summary>Runs with one value for each feed key, in their order, until stopped.</summary>
    /// <inheritdoc cref="Run(ReadOnlySpan{Tensor})"/>
    public Tensor?[] Run(CancellationToken cancellation, params ReadOnlySpan<Tensor> feeds)
    {
        if (feeds.Length != _feedKeys.Length)
            throw new ArgumentException($"Expects {_feedKeys.Length} values, one for each feed key; {feeds.Length} were given.", nameof(feeds));
        if (_prepared.Plan.GraphVersion != _session.Graph.Version)
            _prepared = _session.Prepare(_fetches, _feedKeys);
        return _session.Run(_prepared, feeds, cancellation);
    }
}
