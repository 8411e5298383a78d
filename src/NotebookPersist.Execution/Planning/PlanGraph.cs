namespace NotebookPersist.Execution.Planning;

/// <summary>What is to run, on its way from the graph to a plan: passes take it and give another.</summary>
/// <param name="Operations">Each after what it depends on, but for the values that come round loops.</param>
/// <param name="Fetches">Where the fetched values are, in the order in which they were asked for.</param>
/// <param name="Targets">Operations to run for their effect.</param>
/// <param name="Fed">Values that are given; nothing is computed for them.</param>
/// <remarks>Thread safety: immutable, the operations' closing of loops excepted.</remarks>
internal sealed record PlanGraph(IReadOnlyList<Operation> Operations, IReadOnlyList<Output> Fetches, IReadOnlyList<Operation> Targets, HashSet<Output> Fed)
{
    /// <summary>The same without operations that nothing needs any more.</summary>
    public PlanGraph Pruned()
    {
        var needed = new HashSet<Operation>();
        var stack = new Stack<Operation>(Targets);
        foreach (Output fetch in Fetches)
            Ask(fetch);
        while (stack.TryPop(out Operation? operation))
        {
            if (!needed.Add(operation))
                continue;
            foreach (Output input in operation.Inputs)
                Ask(input);
            foreach (Operation control in operation.ControlInputs.Where(c => !RunPlan.IsFed(c, Fed)))
                stack.Push(control);
        }

        return this with { Operations = [.. Operations.Where(needed.Contains)] };

        void Ask(Output output)
        {
            if (!Fed.Contains(output))
                stack.Push(output.Operation);
        }
    }
}
