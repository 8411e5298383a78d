using System.Text;
using NotebookPersist.Formats;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist.Persistence;

/// <summary>A restore without running nodes: values go from the files to where variables keep them, on all cores, and are never copied.</summary>
/// <remarks>
/// Known only for nodes that TensorFlow's savers make: reads by constant names from the one file name, reshaped by constants or not,
/// each assigned to a variable. What other nodes do, running them tells.
/// </remarks>
internal sealed class DirectRestore
{
    private const int PrefixInput = 0;
    private const int NamesInput = 1;
    private const int SlicesInput = 2;

    private readonly IReadOnlyList<Target> _targets;

    private DirectRestore(IReadOnlyList<Target> targets) => _targets = targets;

    /// <summary>Reads off the nodes of a saver what they would do.</summary>
    /// <returns>Null where there is a node of another kind among them.</returns>
    public static DirectRestore? Of(Graph graph, SaverDef definition)
    {
        var nodes = RestoringNodes.Of(graph, definition);
        var reads = new Dictionary<Operation, StoredNames?>();
        var targets = new List<Target>();
        var seen = new HashSet<Operation>(nodes.Roots);
        var queue = new Queue<Operation>(nodes.Roots);
        while (queue.TryDequeue(out Operation? operation))
        {
            if (operation.Type is "Assign" or "AssignVariableOp")
            {
                if (TargetOf(operation, nodes, reads) is not { } target)
                    return null;
                targets.Add(target);
            }
            else if (operation.Type != "NoOp" && !IsPassedOver(operation, nodes))
            {
                return null;
            }

            // Behind an assignment lie only nodes that were looked at with it; none of them waits for anything else.
            foreach (Operation next in operation.Type is "Assign" or "AssignVariableOp" ? [] : operation.ControlInputs.Concat(operation.Inputs.Select(static i => i.Operation)))
            {
                if (seen.Add(next))
                    queue.Enqueue(next);
            }
        }

        return new DirectRestore(targets);
    }

    /// <summary>Reads all values, then gives each variable its own.</summary>
    /// <param name="session">Takes the values.</param>
    /// <param name="reader">The checkpoint.</param>
    /// <param name="keyOf">What the checkpoint calls a tensor that the saver knows by a name; null where the variable keeps its value.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <returns>False where a tensor is not there or does not fit: nothing is read or changed.</returns>
    /// <exception cref="IOException">A file is damaged or cannot be read; no variable is changed.</exception>
    public bool TryRun(Session session, CheckpointReader reader, Func<string, string?> keyOf, CancellationToken cancellation)
    {
        if (Plan(reader, keyOf) is not { } plan)
            return false;
        Tensor[] values = reader.ReadAll(plan.ConvertAll(static p => p.Request), cancellation);

        // From here on nothing can fail.
        for (int i = 0; i < values.Length; i++)
            plan[i].Target.Cell(session).Adopt(values[i].Shape == plan[i].Shape ? values[i] : values[i].Reshaped(plan[i].Shape));
        return true;
    }

    /// <summary>Promises each variable its value, to be read and verified at first use.</summary>
    /// <param name="session">Takes the promises.</param>
    /// <param name="reader">The checkpoint; stays open while there are promises to keep.</param>
    /// <param name="keyOf">What the checkpoint calls a tensor that the saver knows by a name; null where the variable keeps its value.</param>
    /// <returns>The variables; null where a tensor is not there or does not fit: nothing is changed.</returns>
    /// <exception cref="IOException">A file is missing or too short; no variable is changed.</exception>
    public IReadOnlyList<VariableCell>? TryDefer(Session session, CheckpointReader reader, Func<string, string?> keyOf)
    {
        if (Plan(reader, keyOf) is not { } plan)
            return null;
        reader.Prepare([.. plan.Select(static p => p.Request)]);
        var cells = new List<VariableCell>(plan.Count);
        foreach ((Target target, TensorRequest request, Shape shape) in plan)
        {
            VariableCell cell = target.Cell(session);
            cell.Defer(shape, () => reader.ReadAll([request])[0].Reshaped(shape));
            cells.Add(cell);
        }

        return cells;
    }

    // What a restore reads for each variable, and the shape that it gets there.
    private List<(Target Target, TensorRequest Request, Shape Shape)>? Plan(CheckpointReader reader, Func<string, string?> keyOf)
    {
        var plan = new List<(Target, TensorRequest, Shape)>(_targets.Count);
        foreach (Target target in _targets)
        {
            if (keyOf(target.Name) is not { } key)
                continue;
            if (!reader.TryFind(key, out CheckpointEntry? entry) || entry.DType != target.DType || Stored(entry, target) is not { } stored || target.Takes(stored) is not { } shape)
                return null;
            plan.Add((target, new TensorRequest(key, target.Part?.Slice), shape));
        }

        return plan;
    }

    private static Shape? Stored(CheckpointEntry entry, Target target)
    {
        if (target.Part is not var (fullShape, slice))
            return entry.Shape;
        return entry.Shape == fullShape ? Shape.Create(slice.Resolve(entry.Shape.Dimensions).Lengths) : null;
    }

    // A function gives back its file name, once all is assigned; what it reads is asked for where it is assigned.
    private static bool IsPassedOver(Operation operation, RestoringNodes nodes) => nodes.Function is not null
        && (operation.Type is "Identity" or "IdentityN" or "RestoreV2" or "Const" || operation == nodes.Prefix.Operation);

    private static Target? TargetOf(Operation assign, RestoringNodes nodes, Dictionary<Operation, StoredNames?> reads)
    {
        Operation variable = nodes.VariableOf(assign.Inputs[0]);
        if (variable.Type is not ("VariableV2" or "Variable" or "VarHandleOp"))
            return null;
        Output value = assign.Inputs[1];
        if (variable.Attributes.Type("dtype") != value.DType)
            return null;
        long[]? reshape = null;
        while (value.Operation is { Type: "Identity" or "Reshape" } step)
        {
            if (WaitsForOthers(step))
                return null;
            if (step.Type == "Reshape")
            {
                if (reshape is not null || step.Inputs[1].Operation is not { Type: "Const" } constant)
                    return null;
                reshape = Numbers(constant.Attributes.Tensor("value"));
            }

            value = step.Inputs[0];
        }

        if (WaitsForOthers(assign) || WaitsForOthers(value.Operation) || NamesOf(value.Operation, nodes.Prefix, reads) is not { } names || names.Of(value.Index) is not var (name, part))
            return null;
        bool validates = assign.Type == "AssignVariableOp" || assign.Attributes.Bool("validate_shape");
        return new Target(variable, value.DType, variable.Attributes.Shape("shape"), name, part, reshape, validates);
    }

    // A saver's nodes wait for each other only where it restores one after the other: for reads and assignments of its own.
    private static bool WaitsForOthers(Operation operation) => operation.ControlInputs.Any(static c => c.Type is not ("Assign" or "AssignVariableOp" or "NoOp" or "Const"));

    private static StoredNames? NamesOf(Operation read, Output prefix, Dictionary<Operation, StoredNames?> reads)
    {
        if (reads.TryGetValue(read, out StoredNames? known))
            return known;
        return reads[read] = read.Type is "RestoreV2" or "Restore" or "RestoreSlice" && read.Inputs[PrefixInput] == prefix && Texts(read, NamesInput) is { } names
            ? StoredNames.Parse(names, read.Inputs.Count > SlicesInput ? Texts(read, SlicesInput) : [.. names.Select(static _ => "")])
            : null;
    }

    private static string[]? Texts(Operation read, int input)
    {
        if (read.Inputs[input].Operation is not { Type: "Const" } constant || constant.Attributes.Tensor("value") is not { DType: DType.String } value)
            return null;
        string[] texts = new string[value.Count];
        for (int i = 0; i < texts.Length; i++)
            texts[i] = Encoding.UTF8.GetString(value.Strings[i]);
        return texts;
    }

    private static long[] Numbers(Tensor shape) => [.. Enumerable.Range(0, shape.Count).Select(shape.ItemAt<long>)];

    // What the outputs of a reading node are called, and which parts they are.
    private sealed record StoredNames(string[] Names, (Shape FullShape, TensorSlice Slice)?[] Parts)
    {
        public static StoredNames? Parse(string[] names, string[]? slices)
        {
            if (slices is null || slices.Length != names.Length)
                return null;
            var parts = new (Shape, TensorSlice)?[names.Length];
            for (int i = 0; i < names.Length; i++)
            {
                if (slices[i].Length == 0)
                    continue;
                try
                {
                    (long[] fullShape, TensorSlice slice) = TensorSlice.ParseShapeAndSlice(slices[i]);
                    _ = slice.Resolve(fullShape);
                    parts[i] = (Shape.Create(fullShape), slice);
                }
                catch (Exception fault) when (fault is FormatException or ArgumentException)
                {
                    return null; // The node itself says best what is wrong.
                }
            }

            return new StoredNames(names, parts);
        }

        public (string Name, (Shape FullShape, TensorSlice Slice)? Part)? Of(int index) => index < Names.Length ? (Names[index], Parts[index]) : null;
    }

    // An assignment: where the value goes, what it is called in the checkpoint, and which shapes will do.
    private sealed record Target(Operation Variable, DType DType, Shape Declared, string Name, (Shape FullShape, TensorSlice Slice)? Part, long[]? Reshape, bool Validates)
    {
        public VariableCell Cell(Session session)
        {
            string shared = Variable.Attributes.String("shared_name");
            return session.Variables.Get(Variable.Attributes.String("container"), shared.Length > 0 ? shared : Variable.Name, DType, Declared);
        }

        // The shape that the variable gets from a stored one; null where they do not fit.
        public Shape? Takes(Shape stored)
        {
            Shape shape = stored;
            if (Reshape is not null)
            {
                long known = Reshape.Where(static d => d >= 0).Aggregate(1L, static (a, b) => a * b);
                long[] sizes = [.. Reshape.Select(d => d >= 0 ? d : known == 0 ? -1 : stored.ElementCount / known)];
                if (Array.Exists(sizes, static d => d < 0) || Shape.Create(sizes).ElementCount != stored.ElementCount || Reshape.Count(static d => d < 0) > 1)
                    return null;
                shape = Shape.Create(sizes);
            }

            // The older operation could not say "unknown" but by an empty shape.
            return !Validates || Declared.IsCompatibleWith(shape) || (Variable.Type == "Variable" && Declared.Rank == 0) ? shape : null;
        }
    }
}
