using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist.Execution.Planning;

/// <summary>Tells which loop each operation of a plan belongs to, and refuses graphs whose loops are malformed.</summary>
/// <remarks>
/// An Enter begins a frame, an Exit leaves it, everything else is where its inputs are. Loops that share a frame's name but no edge
/// are separate loops. Source: TensorFlow's control_flow.cc.
/// </remarks>
internal sealed class FrameTree
{
    private const int DeepestNesting = 64;

    private readonly IReadOnlyList<Operation> _ordered;
    private readonly HashSet<Output> _fed;

    // The chain of frame names that TensorFlow's executor would tell apart; null for constants, which are at home everywhere.
    private readonly Dictionary<Operation, Name?> _inside = [];
    private readonly Dictionary<(Name, string), Name> _names = [];
    private readonly Name _root = new(null, "", 0);

    private FrameTree(IReadOnlyList<Operation> ordered, HashSet<Output> fed)
    {
        (_ordered, _fed) = (ordered, fed);
        foreach (Operation operation in ordered)
            _inside.Add(operation, NameOf(operation));
        foreach (Operation operation in ordered)
            CheckBackEdges(operation);
        Split();
    }

    public Frame Root { get; } = new(null);

    /// <summary>The frame in which each operation runs.</summary>
    public Dictionary<Operation, Frame> Frames { get; } = [];

    /// <summary>The frames of operations that stand in an order of running; null where there is no loop.</summary>
    /// <exception cref="RunException">A loop is malformed.</exception>
    public static FrameTree? Of(IReadOnlyList<Operation> ordered, HashSet<Output> fed)
    {
        foreach (Operation operation in ordered)
        {
            if (IsEnter(operation) || IsExit(operation) || IsNextIteration(operation))
                return new FrameTree(ordered, fed);
        }

        return null;
    }

    public static bool IsEnter(Operation operation) => operation.Type is "Enter" or "RefEnter";

    public static bool IsExit(Operation operation) => operation.Type is "Exit" or "RefExit";

    public static bool IsMerge(Operation operation) => operation.Type is "Merge" or "RefMerge";

    public static bool IsNextIteration(Operation operation) => operation.Type is "NextIteration" or "RefNextIteration";

    public static bool IsBackEdge(Operation from, Operation to) => IsNextIteration(from) && IsMerge(to);

    private Name? NameOf(Operation operation)
    {
        Name? common = null;
        Operation? first = null;
        foreach (Operation source in Sources(operation))
        {
            if (IsBackEdge(source, operation) || Outside(source) is not { } name)
                continue;
            if (common is not null && name != common)
            {
                throw Malformed(
                    operation,
                    $"The node '{operation.Name}' has inputs from different frames. The input node '{first!.Name}' is in frame '{common}'. The input node '{source.Name}' is in frame '{name}'. Values go into a loop through Enter and out of it through Exit.");
            }

            (common, first) = (name, source);
        }

        if (IsEnter(operation))
            return Entered(operation, common ?? _root);
        if (IsExit(operation) && (common ?? _root) == _root)
            throw Malformed(operation, $"The node '{operation.Name}' leaves a loop, but lies in none.");
        bool isConstant = operation.Type == "Const" && common is null;
        return isConstant ? null : common ?? _root;
    }

    private Name Entered(Operation operation, Name from)
    {
        string name = operation.Attributes.String("frame_name");
        if (from.Depth == DeepestNesting)
            throw Malformed(operation, $"The node '{operation.Name}' enters a loop inside of {DeepestNesting} others, which is too deep.");
        if (!_names.TryGetValue((from, name), out Name? entered))
            _names.Add((from, name), entered = new Name(from, name, from.Depth + 1));
        return entered;
    }

    // Where the results of an operation are.
    private Name? Outside(Operation operation) => IsExit(operation) ? _inside[operation]!.Parent : _inside[operation];

    private void CheckBackEdges(Operation operation)
    {
        foreach (Output input in operation.Inputs)
        {
            if (_fed.Contains(input) || !IsNextIteration(input.Operation))
                continue;
            if (!IsMerge(operation))
                throw Malformed(operation, $"The node '{operation.Name}' takes the value of the next iteration from '{input.Operation.Name}': only a Merge can.");
            if (_inside[input.Operation] != _inside[operation] || _inside[operation] == _root)
                throw Malformed(operation, $"The node '{operation.Name}' in frame '{_inside[operation]}' takes the value of the next iteration of frame '{_inside[input.Operation]}' from '{input.Operation.Name}'. Begin the loop with an Enter.");
        }
    }

    // From the outermost loops inwards: what is connected inside of one frame name is one loop.
    private void Split()
    {
        var current = new Dictionary<Operation, Frame>();
        foreach (Operation operation in _ordered)
            current.Add(operation, Root);
        int deepest = _ordered.Max(o => Depth(o));
        for (int depth = 1; depth <= deepest; depth++)
        {
            var groups = new Groups();
            foreach (Operation operation in _ordered)
            {
                if (Depth(operation) < depth || (IsEnter(operation) && Depth(operation) == depth))
                    continue;
                foreach (Operation source in Sources(operation))
                {
                    bool leaves = IsExit(source) && Depth(source) == depth;
                    if (Depth(source) >= depth && !leaves)
                        groups.Join(operation, source);
                }
            }

            var frames = new Dictionary<Operation, Frame>();
            foreach (Operation operation in _ordered)
            {
                if (Depth(operation) < depth)
                    continue;
                Operation leader = groups.Leader(operation);
                if (!frames.TryGetValue(leader, out Frame? frame))
                {
                    frames.Add(leader, frame = new Frame(current[operation]));
                    current[operation].Children.Add(frame);
                }

                current[operation] = frame;
            }
        }

        foreach (Operation operation in _ordered)
        {
            Frames.Add(operation, current[operation]);
            current[operation].Operations.Add(operation);
        }
    }

    private int Depth(Operation operation) => _inside[operation]?.Depth ?? 0;

    private IEnumerable<Operation> Sources(Operation operation)
    {
        foreach (Output input in operation.Inputs)
        {
            if (!_fed.Contains(input))
                yield return input.Operation;
        }

        foreach (Operation control in operation.ControlInputs)
        {
            if (!RunPlan.IsFed(control, _fed))
                yield return control;
        }
    }

    private static RunException Malformed(Operation operation, string message) => new(message, RunErrorCode.InvalidArgument, operation);

    private sealed class Name(Name? parent, string name, int depth)
    {
        public Name? Parent { get; } = parent;

        public int Depth { get; } = depth;

        public override string ToString() => name;
    }

    // Operations that are connected, told by one of them.
    private sealed class Groups
    {
        private readonly Dictionary<Operation, Operation> _towards = [];

        public Operation Leader(Operation operation)
        {
            Operation leader = operation;
            while (_towards.TryGetValue(leader, out Operation? next))
                leader = next;
            while (operation != leader)
            {
                Operation next = _towards[operation];
                _towards[operation] = leader;
                operation = next;
            }

            return leader;
        }

        public void Join(Operation left, Operation right)
        {
            (left, right) = (Leader(left), Leader(right));
            if (left != right)
                _towards[left] = right;
        }
    }
}
