using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist.Execution.Planning;

/// <summary>Orders operations, or whole loops, so that each runs after what it depends on.</summary>
/// <remarks>Operations run in the order they were made wherever their inputs allow it, which keeps runs reproducible.</remarks>
internal static class RunOrder
{
    /// <summary>All operations of a plan, as if loops did not come round.</summary>
    /// <exception cref="RunException">Operations depend on each other in a circle that is no loop.</exception>
    public static Operation[] Of(IReadOnlyList<Operation> needed, HashSet<Output> fed)
    {
        var edges = new Edges<Operation>(needed, static o => o.Id);
        foreach ((Operation from, Operation to) in EdgesOf(needed, fed))
            edges.Add(from, to);
        return edges.Order(static o => o);
    }

    /// <summary>The order of each frame's members: operations, and child frames as wholes.</summary>
    /// <exception cref="RunException">A loop depends on its own result.</exception>
    public static Dictionary<Frame, object[]> Of(FrameTree tree, IReadOnlyList<Operation> ordered, HashSet<Output> fed)
    {
        var members = new Dictionary<Frame, Edges<object>>();
        var first = new Dictionary<Frame, Operation>();
        Collect(tree.Root);
        foreach ((Operation from, Operation to) in EdgesOf(ordered, fed))
        {
            Frame common = tree.Frames[from];
            object source = from, target = to;
            for (Frame frame = tree.Frames[to]; frame != common && !IsAround(frame, common); frame = frame.Parent!)
                target = frame;
            for (; common != Holder(target, tree); common = common.Parent!)
                source = common;
            if (FrameTree.IsEnter(to) && common == tree.Frames[to])
                throw new RunException($"Node '{to.Name}' enters a loop with what '{from.Name}' of the same loop gives.", RunErrorCode.InvalidArgument, to);
            if (source != target)
                members[common].Add(source, target);
        }

        return members.ToDictionary(static m => m.Key, m => m.Value.Order(o => o is Frame f ? first[f] : (Operation)o));

        Operation Collect(Frame frame)
        {
            Operation earliest = frame.Operations.Concat(frame.Children.Select(Collect)).MinBy(static o => o.Id)!; // A loop has an Enter, a run an operation.
            first.Add(frame, earliest);
            members.Add(frame, new Edges<object>([.. frame.Operations, .. frame.Children], o => o is Frame f ? first[f].Id : ((Operation)o).Id));
            return earliest;
        }
    }

    private static Frame Holder(object member, FrameTree tree) => member is Frame frame ? frame.Parent! : tree.Frames[(Operation)member];

    private static bool IsAround(Frame outer, Frame? inner)
    {
        while (inner is not null && inner.Depth > outer.Depth)
            inner = inner.Parent;
        return inner == outer;
    }

    private static IEnumerable<(Operation From, Operation To)> EdgesOf(IReadOnlyList<Operation> operations, HashSet<Output> fed)
    {
        foreach (Operation operation in operations)
        {
            foreach (Output input in operation.Inputs)
            {
                if (!fed.Contains(input) && !FrameTree.IsBackEdge(input.Operation, operation))
                    yield return (input.Operation, operation);
            }

            foreach (Operation control in operation.ControlInputs.Where(c => !RunPlan.IsFed(c, fed)))
                yield return (control, operation);
        }
    }

    private sealed class Edges<T>
        where T : class
    {
        private readonly Dictionary<T, int> _waiting;
        private readonly Dictionary<T, List<T>> _followers = [];
        private readonly IReadOnlyList<T> _members;
        private readonly Func<T, int> _place;

        public Edges(IReadOnlyList<T> members, Func<T, int> place)
        {
            (_members, _place) = (members, place);
            _waiting = new Dictionary<T, int>(members.Count);
            foreach (T member in members)
                _waiting.Add(member, 0);
        }

        public void Add(T from, T to)
        {
            if (!_followers.TryGetValue(from, out List<T>? list))
                _followers.Add(from, list = []);
            list.Add(to);
            _waiting[to]++;
        }

        public T[] Order(Func<T, Operation> toName)
        {
            var ready = new PriorityQueue<T, int>(_members.Where(o => _waiting[o] == 0).Select(o => (o, _place(o))));
            var ordered = new List<T>(_members.Count);
            while (ready.TryDequeue(out T? member, out _))
            {
                ordered.Add(member);
                foreach (T follower in _followers.GetValueOrDefault(member) ?? [])
                {
                    if (--_waiting[follower] == 0)
                        ready.Enqueue(follower, _place(follower));
                }
            }

            if (ordered.Count == _members.Count)
                return [.. ordered];
            Operation stuck = toName(_members.Where(o => _waiting[o] > 0).MinBy(_place)!);
            throw new RunException($"Node '{stuck.Name}' waits for itself: the graph has a cycle that is no loop.", RunErrorCode.InvalidArgument, stuck);
        }
    }
}
