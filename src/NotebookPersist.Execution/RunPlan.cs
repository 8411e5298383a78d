using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist.Execution;

/// <summary>What has to run for some fetches given some feeds, in order, with a numbered slot for each value.</summary>
/// <remarks>Compiled once for each combination of fetches and feeds, until the graph changes. Thread safety: immutable.</remarks>
internal sealed class RunPlan
{
    private RunPlan(int graphVersion, Step[] steps, int slotCount, int[] feedSlots, int[] fetchSlots)
    {
        (GraphVersion, Steps, SlotCount, FeedSlots, FetchSlots) = (graphVersion, steps, slotCount, feedSlots, fetchSlots);
    }

    public int GraphVersion { get; }

    public Step[] Steps { get; }

    public int SlotCount { get; }

    /// <summary>Slot of each feed; -1 where nothing needs it.</summary>
    public int[] FeedSlots { get; }

    /// <summary>Slot of each fetched value.</summary>
    public int[] FetchSlots { get; }

    /// <summary>Finds what must run, backwards from what is asked for, and orders it.</summary>
    /// <exception cref="RunException">An operation that is needed has no kernel.</exception>
    public static RunPlan Compile(Graph graph, IReadOnlyList<Output> fetches, IReadOnlyList<Operation> targets, IReadOnlyList<Output> feeds)
    {
        var fed = new HashSet<Output>(feeds);
        List<Operation> needed = Reach(fetches, targets, fed);
        var slots = new Dictionary<Output, int>();
        foreach (Output feed in feeds)
            slots.TryAdd(feed, slots.Count);
        Operation[] ordered = Order(needed, fed);
        foreach (Operation operation in ordered)
        {
            foreach (Output output in operation.Outputs)
                slots.TryAdd(output, slots.Count);
        }

        var lastUse = new Dictionary<int, int>();
        for (int i = 0; i < ordered.Length; i++)
        {
            foreach (Output input in ordered[i].Inputs)
                lastUse[slots[input]] = i;
        }

        int[] fetchSlots = [.. fetches.Select(f => slots[f])];
        var kept = new HashSet<int>(fetchSlots);
        var steps = new Step[ordered.Length];
        for (int i = 0; i < steps.Length; i++)
        {
            Operation operation = ordered[i];
            int[] inputs = [.. operation.Inputs.Select(o => slots[o])];
            // A fed output keeps its fed value: what the operation computes for it goes to a slot that nobody reads.
            int[] outputs = [.. operation.Outputs.Select(o => fed.Contains(o) ? -1 : slots[o])];
            IEnumerable<int> unused = outputs.Where(s => s >= 0 && !lastUse.ContainsKey(s));
            int[] released = [.. inputs.Distinct().Where(s => lastUse[s] == i).Concat(unused).Where(s => !kept.Contains(s))];
            steps[i] = new Step(operation, operation.Definition!, inputs, outputs, released);
        }

        return new RunPlan(graph.Version, steps, slots.Count, [.. feeds.Select(f => slots[f])], fetchSlots);
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

            foreach (Operation control in operation.ControlInputs)
                Ask(control, $"node '{operation.Name}' ({operation.Type})");
        }

        return needed;

        void Ask(Operation operation, string by)
        {
            if (askedBy.TryAdd(operation, by))
                stack.Push(operation);
        }
    }

    // Operations run in the order they were made wherever their inputs allow it, which keeps runs reproducible.
    private static Operation[] Order(List<Operation> needed, HashSet<Output> fed)
    {
        var waiting = new Dictionary<Operation, int>(needed.Count);
        var followers = new Dictionary<Operation, List<Operation>>();
        foreach (Operation operation in needed)
            waiting.Add(operation, 0);
        foreach (Operation operation in needed)
        {
            foreach (Output input in operation.Inputs)
            {
                if (!fed.Contains(input))
                    Follow(input.Operation, operation);
            }

            foreach (Operation control in operation.ControlInputs)
                Follow(control, operation);
        }

        var ready = new PriorityQueue<Operation, int>(needed.Where(o => waiting[o] == 0).Select(static o => (o, o.Id)));
        var ordered = new List<Operation>(needed.Count);
        while (ready.TryDequeue(out Operation? operation, out _))
        {
            ordered.Add(operation);
            foreach (Operation follower in followers.GetValueOrDefault(operation) ?? [])
            {
                if (--waiting[follower] == 0)
                    ready.Enqueue(follower, follower.Id);
            }
        }

        if (ordered.Count < needed.Count)
        {
            Operation stuck = needed.Where(o => waiting[o] > 0).MinBy(static o => o.Id)!;
            throw new RunException($"Node '{stuck.Name}' waits for itself: the graph has a cycle that is no loop.", RunErrorCode.InvalidArgument, stuck);
        }

        return [.. ordered];

        void Follow(Operation first, Operation second)
        {
            if (!followers.TryGetValue(first, out List<Operation>? list))
                followers.Add(first, list = []);
            list.Add(second);
            waiting[second]++;
        }
    }

    /// <summary>One operation of a plan.</summary>
    /// <param name="Operation">The node.</param>
    /// <param name="Op">Its computation.</param>
    /// <param name="Inputs">Slots of the data inputs.</param>
    /// <param name="Outputs">Slots of the outputs; -1 where the value is thrown away.</param>
    /// <param name="Released">Slots that nobody reads after this step.</param>
    internal sealed record Step(Operation Operation, Op Op, int[] Inputs, int[] Outputs, int[] Released);
}
