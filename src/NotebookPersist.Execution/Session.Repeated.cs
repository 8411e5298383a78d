using NotebookPersist.Execution;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public sealed partial class Session
{
    private RepeatedRun? _latest;

    /// <summary>Looks fetches and feeds up once, for runs that follow each other closely.</summary>
    /// <param name="fetches">Values, variables, operations or their names.</param>
    /// <param name="feedKeys">What the values given to each run replace.</param>
    /// <exception cref="ArgumentException">A fetch or feed is not in the graph.</exception>
    /// <exception cref="RunException">An operation has no kernel.</exception>
    /// <remarks>Source: TensorFlow's <c>Session.make_callable</c>.</remarks>
    public SessionCallable MakeCallable(IReadOnlyList<Fetch> fetches, IReadOnlyList<FeedKey>? feedKeys = null)
    {
        ArgumentNullException.ThrowIfNull(fetches);
        return new SessionCallable(this, [.. fetches], [.. feedKeys ?? []]);
    }

    internal PreparedRun Prepare(IReadOnlyList<Fetch> fetches, IReadOnlyList<FeedKey> feedKeys)
    {
        RequireRunnable();
        Output[] fed = [.. feedKeys.Select(ResolveFeed)];
        if (fed.Distinct().Count() < fed.Length)
            throw new ArgumentException($"Tensor '{fed.GroupBy(static f => f).First(static g => g.Count() > 1).Key.Name}' is fed twice.", nameof(feedKeys));
        FetchPlaces places = Resolve(fetches);
        return new PreparedRun(PlanFor(places, fed), fed, places.Places);
    }

    internal Tensor?[] Run(PreparedRun prepared, ReadOnlySpan<Tensor> feeds, CancellationToken cancellation)
    {
        RequireRunnable();
        using CancellationTokenSource? linked = Link(cancellation, out CancellationToken stop);
        RunPlan plan = prepared.Plan;
        StepContext context = plan.Borrow(this, _pool);
        context.Begin(new Workers(Options.ThreadCount, stop));
        try
        {
            for (int i = 0; i < feeds.Length; i++)
            {
                ArgumentNullException.ThrowIfNull(feeds[i], nameof(feeds));
                context.Feed(plan.FeedSlots[i], Fit(prepared.Fed[i], feeds[i]));
            }

            RunSteps(plan, context, stop);
            Tensor?[] results = prepared.Places.Length == 0 ? [] : new Tensor?[prepared.Places.Length];
            for (int i = 0; i < results.Length; i++)
                results[i] = prepared.Places[i] < 0 ? null : TakeFetched(context, plan, plan.FetchSlots[prepared.Places[i]]);
            return results;
        }
        finally
        {
            context.End();
            plan.Return(context);
        }
    }

    // A fetch with the same feed keys as the time before, as in a loop: nothing is looked up, and nothing allocated but the result.
    private Tensor? TryRunAgain(Output fetch, FeedDict? feedDict, CancellationToken cancellation)
    {
        if (_latest is not { } run || run.Fetch != fetch || run.Plan.GraphVersion != Graph.Version || _closed)
            return null;
        if (feedDict is null ? run.Keys.Length > 0 : !feedDict.HasKeys(run.Keys))
            return null;
        using CancellationTokenSource? linked = Link(cancellation, out CancellationToken stop);
        RunPlan plan = run.Plan;
        StepContext context = plan.Borrow(this, _pool);
        context.Begin(new Workers(Options.ThreadCount, stop));
        try
        {
            for (int i = 0; i < run.Fed.Length; i++)
                context.Feed(plan.FeedSlots[i], Fit(run.Fed[i], feedDict!.ValueAt(i) ?? throw MissingFeed(run.Fed[i]))); // Without feeds nothing is fed.
            RunSteps(plan, context, stop);
            return TakeFetched(context, plan, plan.FetchSlots[0]);
        }
        finally
        {
            context.End();
            plan.Return(context);
        }
    }

    private Tensor RunFirst(Output fetch, FeedDict? feedDict, CancellationToken cancellation)
    {
        Tensor result = Run([fetch], feedDict, cancellation)[0]!; // A value was asked for.
        (Output[] fed, _) = ResolveFeeds(feedDict);
        _latest = new RepeatedRun(fetch, feedDict?.Keys() ?? [], PlanFor([fetch], [], fed), fed);
        return result;
    }

    // Most runs can be stopped in one way at most; only two ways need a source of their own.
    private static CancellationTokenSource? Link(CancellationToken cancellation, out CancellationToken stop)
    {
        CancellationToken ambient = Ambient.Value;
        CancellationTokenSource? linked = cancellation.CanBeCanceled && ambient.CanBeCanceled
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellation, ambient)
            : null;
        stop = linked?.Token ?? (cancellation.CanBeCanceled ? cancellation : ambient);
        return linked;
    }

    private void RequireRunnable()
    {
        RequireOpen();
        if (Graph.Operations.Count == 0)
            throw new RunException("The Session graph is empty. Add operations to the graph before calling Run.", Graphs.OpModel.RunErrorCode.InvalidArgument);
    }

    private static ArgumentNullException MissingFeed(Output output) => new($"feedDict[{output.Name}]", $"Null is fed for Tensor '{output.Name}'. Feed a number, a text, an array or a tensor.");

    private sealed record RepeatedRun(Output Fetch, FeedKey[] Keys, RunPlan Plan, Output[] Fed);
}
