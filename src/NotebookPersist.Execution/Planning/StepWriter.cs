namespace NotebookPersist.Execution.Planning;

/// <summary>Writes the steps of a plan: which slots each reads and fills, and which nobody reads afterwards.</summary>
internal sealed class StepWriter(Dictionary<Output, int> slots, HashSet<Output> fed, HashSet<int> kept)
{
    private readonly Dictionary<Operation, int> _marks = [];
    private Dictionary<Frame, object[]> _members = [];

    /// <summary>Number of operations whose having run others wait for.</summary>
    public int MarkCount => _marks.Count;

    /// <summary>Steps of a plan without control flow.</summary>
    public RunPlan.Step[] Write(IReadOnlyList<Operation> ordered) => Write(ordered, owned: null);

    /// <summary>The same where some operations that follow each other are branches to run side by side.</summary>
    /// <param name="ordered">The operations.</param>
    /// <param name="groups">Where branches begin, in ascending order, and how many operations each of a group has.</param>
    public RunPlan.Step[] Write(IReadOnlyList<Operation> ordered, IReadOnlyList<(int First, int[] Lengths)> groups)
    {
        RunPlan.Step[] single = Write(ordered);
        var steps = new List<RunPlan.Step>(single.Length);
        int done = 0;
        foreach ((int first, int[] lengths) in groups)
        {
            steps.AddRange(single[done..first]);
            done = first + lengths.Sum();
            steps.Add(SideBySide(single[first..done], lengths));
        }

        steps.AddRange(single[done..]);
        return [.. steps];
    }

    // What several branches read is let go of when all are done.
    private static RunPlan.Step SideBySide(RunPlan.Step[] members, int[] lengths)
    {
        var branches = new RunPlan.Step[lengths.Length][];
        var together = new List<int>();
        int at = 0;
        for (int i = 0; i < lengths.Length; i++)
        {
            RunPlan.Step[] branch = members[at..(at + lengths[i])];
            var own = new HashSet<int>(branch.SelectMany(static s => s.Outputs));
            together.AddRange(branch.SelectMany(static s => s.Released).Where(s => !own.Contains(s)));
            branches[i] = Array.ConvertAll(branch, s => s with { Released = Array.FindAll(s.Released, own.Contains) });
            at += lengths[i];
        }

        return members[0] with { Inputs = [], Outputs = [], Released = [.. together], Branches = branches };
    }

    /// <summary>Steps of a plan in which branches or whole loops may be dead.</summary>
    public RunPlan.Step[] Write(FrameTree? tree, IReadOnlyList<Operation> ordered)
    {
        foreach (Operation control in ordered.SelectMany(static o => o.ControlInputs))
            _marks.TryAdd(control, _marks.Count);
        if (tree is null)
            return Write(ordered, owned: null);
        _members = RunOrder.Of(tree, ordered, fed);
        KeepWhatLoopsRead(tree, ordered);
        return Write(_members[tree.Root], owned: null);
    }

    // What is fed, or constant, may be read in a loop without an Enter; it must last through all iterations.
    private void KeepWhatLoopsRead(FrameTree tree, IReadOnlyList<Operation> ordered)
    {
        foreach (Operation operation in ordered.Where(o => tree.Frames[o] != tree.Root))
        {
            foreach (Output input in operation.Inputs)
            {
                if (fed.Contains(input) || (tree.Frames.GetValueOrDefault(input.Operation) == tree.Root && !FrameTree.IsEnter(operation)))
                    kept.Add(slots[input]);
            }
        }
    }

    private RunPlan.Step[] Write(IReadOnlyList<object> members, HashSet<int>? owned)
    {
        var lastUse = new Dictionary<int, int>();
        for (int i = 0; i < members.Count; i++)
        {
            foreach (int slot in Reads(members[i]))
                lastUse[slot] = i;
        }

        var steps = new RunPlan.Step[members.Count];
        for (int i = 0; i < steps.Length; i++)
        {
            int[] filled = Fills(members[i]);
            IEnumerable<int> unused = filled.Where(s => s >= 0 && !lastUse.ContainsKey(s));
            int[] read = Reads(members[i]);
            int[] released = [.. read.Distinct().Where(s => lastUse[s] == i).Concat(unused).Where(s => !kept.Contains(s) && owned?.Contains(s) != false)];
            steps[i] = members[i] is Frame frame ? WriteLoop(frame, filled, released) : WriteStep((Operation)members[i], filled, released);
        }

        return steps;
    }

    private RunPlan.Step WriteStep(Operation operation, int[] filled, int[] released)
    {
        int[] inputs = [.. operation.Inputs.Select(o => slots[o])];
        return new RunPlan.Step(operation, operation.Definition!, inputs, filled, released) // A plan has only operations with a definition.
        {
            Waits = [.. operation.ControlInputs.Select(c => _marks.GetValueOrDefault(c, -1)).Where(static m => m >= 0)],
            Mark = _marks.GetValueOrDefault(operation, -1),
            Runs = operation.Type switch
            {
                "Merge" or "RefMerge" => RunPlan.Runs.WithAnyInput,
                "ControlTrigger" => RunPlan.Runs.Always,
                _ => RunPlan.Runs.WithAllInputs,
            },
        };
    }

    private RunPlan.Step WriteLoop(Frame frame, int[] filled, int[] released)
    {
        object[] members = _members[frame];
        Operation[] enters = [.. members.OfType<Operation>().Where(FrameTree.IsEnter)];
        object[] body = [.. members.Where(static m => m is not Operation o || !FrameTree.IsEnter(o))];
        var lasting = new HashSet<int>(enters.Where(static e => e.Attributes.Bool("is_constant")).Select(e => slots[e[0]]));
        int[] own = [.. enters.SelectMany(Fills).Concat(body.SelectMany(Fills)).Where(s => s >= 0 && !filled.Contains(s)).Distinct()];
        var loop = new RunPlan.Loop(
            [.. enters.Select(e => WriteStep(e, Fills(e), []))],
            Write(body, [.. own.Where(s => !lasting.Contains(s))]),
            [.. body.OfType<Operation>().Where(FrameTree.IsNextIteration).Select(n => slots[n[0]])],
            own);
        return new RunPlan.Step(enters[0], enters[0].Definition!, [], filled, released) { Loop = loop }; // A loop has an Enter; see FrameTree.
    }

    private int[] Reads(object member) => member is Operation operation
        ? [.. operation.Inputs.Select(o => slots[o])]
        : [.. ((Frame)member).Operations.Where(FrameTree.IsEnter).SelectMany(static e => e.Inputs).Select(o => slots[o])];

    // A fed output keeps its fed value: what the operation computes for it goes to a slot that nobody reads.
    private int[] Fills(object member) => member is Operation operation
        ? [.. operation.Outputs.Select(o => fed.Contains(o) ? -1 : slots[o])]
        : [.. ((Frame)member).Operations.Where(FrameTree.IsExit).Select(e => fed.Contains(e[0]) ? -1 : slots[e[0]])];
}
