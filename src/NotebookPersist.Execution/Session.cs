using System.Runtime.CompilerServices;
using System.Collections.Concurrent;
using NotebookPersist.Execution;
using NotebookPersist.Execution.Flow;
using NotebookPersist.Execution.Tracing;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;
using NotebookPersist.Memory;

namespace NotebookPersist;

/// <summary>Runs a graph and keeps the values of its variables.</summary>
/// <remarks>
/// Only what the fetches need is run. Two sessions of one graph have separate variables.
/// Thread safety: <c>Run</c> may be called from several threads, also while another one adds operations to the graph; runs that write
/// the same variable must not overlap, and a run that reads it meanwhile may see part of the old value and part of the new.
/// Source: TensorFlow's <c>tf.Session</c>.
/// </remarks>
public sealed partial class Session : IDisposable
{
    // A notebook that feeds under ever new combinations must not grow without bound.
    private const int MostPlans = 256;

    private static readonly AsyncLocal<Session?> Entered = new();
    private static readonly AsyncLocal<CancellationToken> Ambient = new();
    private static volatile Session? _installed;

    private readonly ConcurrentDictionary<PlanKey, RunPlan> _plans = new();
    private readonly BufferPool _pool = new();
    private readonly Session? _lender;
    private bool _closed;

    /// <summary>A session of a graph; by default of the default one.</summary>
    public Session(Graph? graph = null, SessionOptions? options = null)
    {
        Graph = graph ?? Graph.Default;
        Options = options ?? new SessionOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(Options.ThreadCount, 1, nameof(options));
        Functions = new FunctionCache(Options.OptimizesPlans);
    }

    private Session(Graph graph, Session lender)
        : this(graph, lender.Options)
    {
        _lender = lender;
        _pool = lender._pool;
        Derived = new DerivedValues(lender.Derived, lender.Variables.All.Where(static v => v is { IsInitialized: true, IsDeferred: false }).Select(static v => v.Value).OfType<Tensor>());
    }

    /// <summary>The session entered by <see cref="AsDefault"/>; outside, the one that was made the default; null without.</summary>
    public static Session? Current => Entered.Value ?? (_installed is { IsClosed: false } session ? session : null);

    /// <summary>Stops every run that is started from now on in this flow of control, such as a notebook cell.</summary>
    public static CancellationToken AmbientCancellation
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    /// <summary>The graph.</summary>
    public Graph Graph { get; }

    /// <summary>How it runs.</summary>
    public SessionOptions Options { get; }

    /// <summary>The values of its variables.</summary>
    public VariableStore Variables { get; } = new();

    /// <summary>True once it was closed.</summary>
    public bool IsClosed => _closed;

    /// <summary>The functions that its graph's operations call.</summary>
    internal FunctionCache Functions { get; }

    /// <summary>Memory for the values of runs.</summary>
    internal BufferPool Pool => _pool;

    /// <summary>What operations keep between runs, such as random generators.</summary>
    internal ConcurrentDictionary<Operation, object> States { get; } = new();

    /// <summary>What kernels computed of variables and constants.</summary>
    internal DerivedValues Derived { get; } = new();

    /// <summary>What operations share by container and name, such as tables and queues.</summary>
    internal ConcurrentDictionary<(Type Type, string Container, string Name), object> Resources { get; } = new();

    /// <summary>A session of another graph that works in the memory of this one, so that running both takes no more than running one.</summary>
    /// <param name="graph">The other graph.</param>
    /// <returns>Has variables of its own; runs as this one does. To be disposed first.</returns>
    /// <remarks>
    /// What was computed of a variable's bytes once, such as transformed filters, serves constants in the same bytes as well. Whoever has such
    /// constants holds the bytes by a <see cref="Snapshot"/> meanwhile.
    /// </remarks>
    /// <exception cref="ObjectDisposedException">This session is closed.</exception>
    public Session Beside(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        RequireOpen();
        return new Session(graph, this);
    }

    /// <summary><c>Eval</c> uses this session until the scope is disposed; that does not close it.</summary>
    public IDisposable AsDefault()
    {
        Session? outer = Entered.Value;
        Entered.Value = this;
        return new Leaving(() => Entered.Value = outer);
    }

    /// <summary>
    /// <c>Eval</c> and <c>Run</c> of values and operations of this session's graph use it where no session is entered and none of this graph was
    /// made the default, until another one of the graph is offered or this one is closed.
    /// </summary>
    public void Offer() => Graph.OfferedSession.SetTarget(this);

    /// <summary>
    /// <c>Eval</c> uses this session wherever none is entered, but for graphs that have a session of their own on offer, until another is made the
    /// default or this one is closed.
    /// </summary>
    public void MakeDefault()
    {
        RequireOpen();
        _installed = this;
    }

    /// <summary>The session that runs what belongs to a graph where none is named; null without.</summary>
    /// <remarks>The one entered; else the default one if it is of the graph; else the one offered for the graph; else the default one, which tells what is wrong.</remarks>
    internal static Session? CurrentFor(Graph graph)
    {
        Session? current = Current;
        if (Entered.Value is not null || current?.Graph == graph)
            return current;
        return graph.OfferedSession.TryGetTarget(out object? target) && target is Session { IsClosed: false } offered ? offered : current;
    }

    /// <summary>Computes one value.</summary>
    /// <inheritdoc cref="Run(IReadOnlyList{Fetch}, FeedDict?, CancellationToken)"/>
    public Tensor Run(Output fetch, FeedDict? feedDict = null, CancellationToken cancellation = default) => TryRunAgain(fetch, feedDict, cancellation) ?? RunFirst(fetch, feedDict, cancellation);

    /// <summary>Gives the value of a variable.</summary>
    /// <inheritdoc cref="Run(IReadOnlyList{Fetch}, FeedDict?, CancellationToken)"/>
    public Tensor Run(Variable fetch, FeedDict? feedDict = null, CancellationToken cancellation = default) => Run([fetch], feedDict, cancellation)[0]!;

    /// <summary>Runs an operation for its effect.</summary>
    /// <inheritdoc cref="Run(IReadOnlyList{Fetch}, FeedDict?, CancellationToken)"/>
    public void Run(Operation operation, FeedDict? feedDict = null, CancellationToken cancellation = default) => Run([operation], feedDict, cancellation);

    /// <summary>Computes the value, or runs the operation, of a name.</summary>
    /// <returns>The value; null for an operation.</returns>
    /// <inheritdoc cref="Run(IReadOnlyList{Fetch}, FeedDict?, CancellationToken)"/>
    public Tensor? Run(string name, FeedDict? feedDict = null, CancellationToken cancellation = default) => Run([name], feedDict, cancellation)[0];

    /// <summary>Computes named values in one run.</summary>
    /// <inheritdoc cref="Run(IReadOnlyList{Fetch}, FeedDict?, CancellationToken)"/>
    public Dictionary<string, Tensor?> Run(IReadOnlyDictionary<string, Fetch> fetches, FeedDict? feedDict = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(fetches);
        KeyValuePair<string, Fetch>[] pairs = [.. fetches];
        Tensor?[] values = Run([.. pairs.Select(static p => p.Value)], feedDict, cancellation);
        return pairs.Zip(values).ToDictionary(static p => p.First.Key, static p => p.Second);
    }

    /// <inheritdoc cref="Run(IReadOnlyDictionary{string, Fetch}, FeedDict?, CancellationToken)"/>
    [OverloadResolutionPriority(-1)] // What is written in the call is a list of fetches.
    public Dictionary<string, Tensor?> Run(IReadOnlyDictionary<string, Output> fetches, FeedDict? feedDict = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(fetches);
        return Run(fetches.ToDictionary(static f => f.Key, static f => (Fetch)f.Value), feedDict, cancellation);
    }

    /// <summary>Computes what a list holds in one run, such as the variables of a graph or its gradients; operations give null.</summary>
    /// <param name="fetches">Values, variables, operations or names.</param>
    /// <param name="feedDict">Values that replace others.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <exception cref="ArgumentException">Something else is among them, or null, as gradients are of what a loss does not depend on.</exception>
    /// <inheritdoc cref="Run(IReadOnlyList{Fetch}, FeedDict?, CancellationToken)"/>
    [OverloadResolutionPriority(-1)]
    public Tensor?[] Run(IEnumerable<object?> fetches, FeedDict? feedDict = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(fetches);
        return Run([.. fetches.Select(static (fetch, i) => fetch switch
        {
            Output output => (Fetch)output,
            Variable variable => variable,
            Operation operation => operation,
            string name => name,
            null => throw new ArgumentException($"Fetch {i} is null. A gradient is null where the loss does not depend on the variable: leave it out.", nameof(fetches)),
            _ => throw new ArgumentException($"Fetch {i}, a {fetch.GetType().Name}, has no value to compute. Fetch an Output, a Variable, an Operation or a name.", nameof(fetches)),
        })], feedDict, cancellation);
    }

    /// <summary>Computes several values in one run; operations give null.</summary>
    /// <param name="fetches">Values, variables, operations or their names; each is computed once.</param>
    /// <param name="feedDict">Values that replace others.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <exception cref="RunException">A node failed, a placeholder was not fed, a variable has no value, an operation has no kernel.</exception>
    /// <exception cref="ArgumentException">A fetch or feed is not in the graph, or a fed value does not fit.</exception>
    /// <exception cref="ObjectDisposedException">The session is closed.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    public Tensor?[] Run(IReadOnlyList<Fetch> fetches, FeedDict? feedDict = null, CancellationToken cancellation = default) => Run(fetches, feedDict, trace: null, cancellation);

    private Tensor?[] Run(IReadOnlyList<Fetch> fetches, FeedDict? feedDict, RunTrace? trace, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(fetches);
        RequireRunnable();
        (Output[] fed, Tensor[] values) = ResolveFeeds(feedDict);
        FetchPlaces places = Resolve(fetches);
        Tensor[] results = Execute(PlanFor(places, fed), values, trace, cancellation);
        return Array.ConvertAll(places.Places, p => p < 0 ? null : results[p]);
    }

    /// <summary>Ends the session; its variables are gone.</summary>
    public void Close() => Dispose();

    /// <summary>Ends the session; its variables are gone.</summary>
    public void Dispose()
    {
        _closed = true;
        // Else it would stay in memory, with its graph, until another one is made the default.
        Interlocked.CompareExchange(ref _installed, null, this);
        _latest = null;
        _plans.Clear();
        if (_lender is null)
            _pool.Clear();
        Variables.Clear();
        States.Clear();
        Functions.Clear();
        Derived.Clear();
        Resources.Clear();
    }

    private Tensor[] Execute(RunPlan plan, Tensor[] feeds, RunTrace? trace, CancellationToken cancellation)
    {
        using CancellationTokenSource? linked = Link(cancellation, out CancellationToken stop);
        StepContext context = plan.Borrow(this, _pool);
        context.Begin(new Workers(Options.ThreadCount, stop), trace: trace);
        try
        {
            for (int i = 0; i < feeds.Length; i++)
                context.Feed(plan.FeedSlots[i], feeds[i]);
            RunSteps(plan, context, stop);
            return [.. plan.FetchSlots.Select(s => TakeFetched(context, plan, s))];
        }
        finally
        {
            context.End();
            plan.Return(context);
        }
    }

    private static Tensor TakeFetched(StepContext context, RunPlan plan, int slot)
    {
        try
        {
            return context.Take(slot);
        }
        catch (KernelException fault)
        {
            Operation? maker = plan.MakerOf(slot);
            throw new RunException(fault.Message, fault.Code, maker, fault);
        }
    }

    /// <summary>Runs all steps of a plan.</summary>
    internal static void RunSteps(RunPlan plan, StepContext context, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        using Interruption.Scope scope = Interruption.Enter(stop);
        if (plan.HasControlFlow)
        {
            new FlowRun(context, plan.MarkCount, stop).Run(plan.Steps);
            return;
        }

        foreach (RunPlan.Step step in plan.Steps)
        {
            stop.ThrowIfCancellationRequested();
            context.Enter(step);
            if (step.Branches.Length > 0)
                BranchRun.Run(step, context, stop);
            else
                RunStep(step, context);
            context.Leave();
        }
    }

    /// <summary>Runs one operation; whatever goes wrong names it.</summary>
    internal static void RunStep(RunPlan.Step step, StepContext context)
    {
        try
        {
            if (context.Trace is { } trace)
                trace.Run(step, context);
            else
                step.Op.Compute(context);
        }
        catch (KernelException fault)
        {
            throw new RunException(fault.Message, fault.Code, step.Operation, fault);
        }
        catch (AggregateException faults) when (faults.InnerExceptions.OfType<KernelException>().FirstOrDefault() is { } fault)
        {
            throw new RunException(fault.Message, fault.Code, step.Operation, faults);
        }
        catch (OutOfMemoryException fault)
        {
            string shapes = string.Join(", ", step.Operation.Outputs.Select(static o => o.Shape));
            throw new RunException($"OOM when allocating for {step.Operation.Type}, whose outputs have the shapes {shapes}.", RunErrorCode.ResourceExhausted, step.Operation, fault);
        }
        catch (Exception fault) when (fault is not (OperationCanceledException or RunException))
        {
            throw new RunException($"{step.Operation.Type} failed: {fault.Message}", RunErrorCode.Unknown, step.Operation, fault);
        }
    }

    private RunPlan PlanFor(FetchPlaces fetches, Output[] fed) => PlanFor([.. fetches.Outputs], [.. fetches.Operations], fed);

    private RunPlan PlanFor(Output[] outputs, Operation[] operations, Output[] fed)
    {
        var key = new PlanKey(outputs, operations, fed);
        if (_plans.TryGetValue(key, out RunPlan? plan) && plan.GraphVersion == Graph.Version)
            return plan;
        if (_plans.Count >= MostPlans)
            _plans.Clear();
        plan = RunPlan.Compile(Graph, outputs, operations, fed, Options.OptimizesPlans, Options.ThreadCount);
        _plans[key] = plan;
        return plan;
    }

    private sealed class Leaving(Action leave) : IDisposable
    {
        public void Dispose() => leave();
    }

    private void RequireOpen()
    {
        if (_closed)
            throw new ObjectDisposedException(null, "Attempted to use a closed Session. Make a new one; its variables have no values until they are initialised or restored.");
    }
}
