using NotebookPersist.Execution.Planning;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Memory;

namespace NotebookPersist.Execution;

/// <summary>What has to run for some fetches given some feeds, in order, with a numbered slot for each value.</summary>
/// <remarks>Compiled once for each combination of fetches and feeds, until the graph changes. Thread safety: immutable but for the contexts that it keeps for the next run.</remarks>
internal sealed class RunPlan
{
    private StepContext? _spare;

    private RunPlan(int graphVersion, Step[] steps, int slotCount, int[] feedSlots, int[] fetchSlots)
    {
        (GraphVersion, Steps, SlotCount, FeedSlots, FetchSlots) = (graphVersion, steps, slotCount, feedSlots, fetchSlots);
    }

    public int GraphVersion { get; }

    public Step[] Steps { get; }

    public int SlotCount { get; }

    /// <summary>True where some steps may be dead, or run more than once.</summary>
    public bool HasControlFlow { get; private init; }

    /// <summary>How many operations are waited for by others of a plan with control flow.</summary>
    public int MarkCount { get; private init; }

    /// <summary>Slots whose values are the same in every run.</summary>
    public (int Slot, Tensor Value)[] Constants { get; private init; } = [];

    /// <summary>What values share memory.</summary>
    public MemoryPlan Memory { get; private init; } = MemoryPlan.None;

    /// <summary>Slot of each feed; -1 where nothing needs it.</summary>
    public int[] FeedSlots { get; }

    /// <summary>Slot of each fetched value.</summary>
    public int[] FetchSlots { get; }

    /// <summary>Finds what must run, backwards from what is asked for, and orders it.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="fetches">Values that are asked for.</param>
    /// <param name="targets">Operations that are asked for.</param>
    /// <param name="feeds">Values that are given.</param>
    /// <param name="optimizes">Whether operations may be replaced by others with the same results.</param>
    /// <param name="threads">For how many threads; with more than one, small branches run side by side.</param>
    /// <exception cref="RunException">An operation that is needed has no kernel.</exception>
    public static RunPlan Compile(
        Graph graph, IReadOnlyList<Output> fetches, IReadOnlyList<Operation> targets, IReadOnlyList<Output> feeds, bool optimizes, int threads = 1)
    {
        // Before anything is looked at: what changes meanwhile makes the plan outdated.
        int version = graph.Version;
        var fed = new HashSet<Output>(feeds);
        Operation[] ordered = RunOrder.Of(Reach(fetches, targets, fed), fed);
        if (optimizes)
        {
            PlanGraph optimized = PlanOptimizer.Run(new PlanGraph(ordered, fetches, targets, fed));
            (fetches, targets) = (optimized.Fetches, optimized.Targets);
            ordered = RunOrder.Of(optimized.Operations, fed);
        }

        var slots = new Dictionary<Output, int>();
        foreach (Output feed in feeds)
            slots.TryAdd(feed, slots.Count);
        foreach (Operation operation in ordered)
        {
            foreach (Output output in operation.Outputs)
                slots.TryAdd(output, slots.Count);
        }

        int[] fetchSlots = [.. fetches.Select(f => slots[f])];
        int[] feedSlots = [.. feeds.Select(f => slots[f])];
        if (!Array.Exists(ordered, static o => o.Definition!.IsControlFlow))
            return Straight(version, ordered, slots, fed, feedSlots, fetchSlots, branches: optimizes && threads > 1);
        var tree = FrameTree.Of(ordered, fed);
        if (tree is not null)
            RefuseInsides(tree, fetches, targets);
        var writer = new StepWriter(slots, fed, [.. fetchSlots]);
        Step[] steps = writer.Write(tree, ordered);
        return new RunPlan(version, steps, slots.Count, feedSlots, fetchSlots) { HasControlFlow = true, MarkCount = writer.MarkCount };
    }

    /// <summary>A context whose slots are free; each concurrent run has its own.</summary>
    public StepContext Borrow(Session session, BufferPool pool) => Interlocked.Exchange(ref _spare, null) ?? new StepContext(session, this, pool);

    /// <summary>Takes a context back for the next run.</summary>
    public void Return(StepContext context) => _spare = context;

    /// <summary>The operation that fills a slot; null where a feed does.</summary>
    public Operation? MakerOf(int slot)
    {
        var steps = new Queue<Step>(Steps);
        while (steps.TryDequeue(out Step? step))
        {
            if (step.Loop is null && step.Outputs.Contains(slot))
                return step.Operation;
            foreach (Step inner in (step.Loop?.Body ?? []).Concat(step.Branches.SelectMany(static b => b)))
                steps.Enqueue(inner);
        }

        return null;
    }

    // Without branches and loops a constant is there before the run begins, and stays; and an operation that only gathers others
    // has done so once they are in order.
    private static RunPlan Straight(int version, Operation[] ordered, Dictionary<Output, int> slots, HashSet<Output> fed, int[] feedSlots, int[] fetchSlots, bool branches)
    {
        var constants = new List<(int, Tensor)>();
        var steps = new List<Operation>(ordered.Length);
        foreach (Operation operation in ordered)
        {
            if (operation.Outputs.Count == 1 && !fed.Contains(operation[0]) && PlanPass.TryConstant(operation[0], out Tensor? value))
                constants.Add((slots[operation[0]], value));
            else if (operation.Definition is not NoOpOp)
                steps.Add(operation);
        }

        var writer = new StepWriter(slots, fed, [.. fetchSlots, .. constants.Select(static c => c.Item1)]);
        Step[] written = branches ? writer.Write(BranchSearch.Of(steps, fed, out List<(int, int[])> groups), groups) : writer.Write(steps);
        return new RunPlan(version, written, slots.Count, feedSlots, fetchSlots) { Constants = [.. constants], Memory = MemoryPlan.Of(written, slots.Count) };
    }

    // Which iteration's value would it be?
    private static void RefuseInsides(FrameTree tree, IReadOnlyList<Output> fetches, IReadOnlyList<Operation> targets)
    {
        foreach (Operation operation in fetches.Select(static f => f.Operation).Concat(targets))
        {
            if (tree.Frames.TryGetValue(operation, out Frame? frame) && frame != tree.Root && !(FrameTree.IsExit(operation) && frame.Depth == 1))
            {
                throw new RunException(
                    $"Operation '{operation.Name}' has been marked as not fetchable: it lies inside of a loop. Fetch what the loop gives.",
                    RunErrorCode.InvalidArgument,
                    operation);
            }
        }
    }

    private static List<Operation> Reach(IReadOnlyList<Output> fetches, IReadOnlyList<Operation> targets, HashSet<Output> fed)
    {
        var needed = new List<Operation>();
        var askedBy = new Dictionary<Operation, string>();
        var stack = new Stack<Operation>();
        foreach (Output fetch in fetches)
        {
            if (!fed.Contains(fetch))
                Ask(fetch.Operation, $"the fetch '{fetch.Name}'");
        }

        foreach (Operation target in targets)
            Ask(target, $"the fetch '{target.Name}'");
        while (stack.TryPop(out Operation? operation))
        {
            if (operation.Definition is null)
            {
                throw new RunException(
                    $"Op type not registered '{operation.Type}': there is no kernel for it here. It is needed by {askedBy[operation]}. Fetch something that does not depend on it, or feed '{operation.Name}:0'.",
                    RunErrorCode.Unimplemented,
                    operation);
            }

            needed.Add(operation);
            foreach (Output input in operation.Inputs)
            {
                if (!fed.Contains(input))
                    Ask(input.Operation, $"node '{operation.Name}' ({operation.Type})");
            }

            foreach (Operation control in operation.ControlInputs.Where(c => !IsFed(c, fed)))
                Ask(control, $"node '{operation.Name}' ({operation.Type})");
        }

        return needed;

        void Ask(Operation operation, string by)
        {
            if (askedBy.TryAdd(operation, by))
                stack.Push(operation);
        }
    }

    /// <summary>True for a placeholder that is fed: whoever waits for it need not run it.</summary>
    internal static bool IsFed(Operation operation, HashSet<Output> fed) => operation.Type is "Placeholder" or "PlaceholderV2" && fed.Contains(operation.Original[0]);

    /// <summary>One operation of a plan.</summary>
    /// <param name="Operation">The node.</param>
    /// <param name="Op">Its computation.</param>
    /// <param name="Inputs">Slots of the data inputs.</param>
    /// <param name="Outputs">Slots of the outputs; -1 where the value is thrown away.</param>
    /// <param name="Released">Slots that nobody reads after this step.</param>
    internal sealed record Step(Operation Operation, Op Op, int[] Inputs, int[] Outputs, int[] Released)
    {
        /// <summary>Marks of the operations that must have run; only in plans with control flow.</summary>
        public int[] Waits { get; init; } = [];

        /// <summary>Where it is noted that the operation has run; -1 where nobody asks.</summary>
        public int Mark { get; init; } = -1;

        /// <summary>What it takes for the operation to run.</summary>
        public Runs Runs { get; init; }

        /// <summary>The loop that this step is, if it is one.</summary>
        public Loop? Loop { get; init; }

        /// <summary>What may run at the same time, if this step stands for several branches: the steps of each.</summary>
        public Step[][] Branches { get; init; } = [];
    }

    /// <summary>What it takes for an operation to run instead of being dead.</summary>
    internal enum Runs
    {
        /// <summary>All inputs are live, and all that it waits for has run.</summary>
        WithAllInputs,

        /// <summary>One input is live.</summary>
        WithAnyInput,

        /// <summary>Nothing.</summary>
        Always,
    }

    /// <summary>A loop of a plan.</summary>
    /// <param name="Enters">Run once, before the first iteration.</param>
    /// <param name="Body">Run in each iteration.</param>
    /// <param name="Carried">Slots of which one must be live at the end of an iteration for there to be another one.</param>
    /// <param name="Slots">All slots that nobody outside reads.</param>
    internal sealed record Loop(Step[] Enters, Step[] Body, int[] Carried, int[] Slots);
}
