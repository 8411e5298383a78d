using System.Text;
using NotebookPersist.Formats;
using NotebookPersist.Protos;

namespace NotebookPersist.Persistence;

/// <summary>Tells from a saver's nodes which tensors it reads and what variables they go to.</summary>
internal static class RestoreTargets
{
    private const int NamesInput = 1;
    private const int SlicesInput = 2;

    /// <summary>What each name in the checkpoint must be.</summary>
    public static IReadOnlyDictionary<string, RestoreTarget> Of(Graph graph, SaverDef definition)
    {
        var nodes = RestoringNodes.Of(graph, definition);
        RestoreRead[] reads = [.. Reads(nodes)];
        var wanted = new Dictionary<string, RestoreTarget>(reads.Length, StringComparer.Ordinal);
        foreach (RestoreRead read in reads)
        {
            // Functions read the objects as well, though no variable takes them.
            if (read.Name is not (null or ObjectGraph.Key))
                wanted[read.Name] = Target(read, nodes);
        }

        return wanted;
    }

    /// <summary>What the saver's nodes read.</summary>
    public static IEnumerable<RestoreRead> Reads(RestoringNodes nodes)
    {
        foreach (Operation operation in Reached(nodes).Where(IsRestore))
        {
            Tensor? names = TextsOf(operation, NamesInput);
            Tensor? slices = TextsOf(operation, SlicesInput);
            for (int i = 0; i < operation.Outputs.Count; i++)
                yield return new RestoreRead(operation.Outputs[i], TextAt(names, i), TextAt(slices, i) ?? "");
        }
    }

    /// <summary>The saver's assignments, each with what it takes from a checkpoint.</summary>
    public static IEnumerable<(Operation Assign, IReadOnlyList<Output> Reads)> Assignments(RestoringNodes nodes) => Reached(nodes)
        .Where(static o => o.Type is "Assign" or "AssignVariableOp")
        .Select(static o => (o, ReadBehind(o.Inputs[1])));

    private static bool IsRestore(Operation operation) => operation.Type is "RestoreV2" or "Restore" or "RestoreSlice";

    // A reshape or the like may stand between.
    private static IReadOnlyList<Output> ReadBehind(Output value)
    {
        if (IsRestore(value.Operation))
            return [value];
        var reads = new List<Output>();
        var seen = new HashSet<Output> { value };
        var stack = new Stack<Output>([value]);
        while (stack.TryPop(out Output? next))
        {
            if (IsRestore(next.Operation))
            {
                reads.Add(next);
                continue;
            }

            foreach (Output input in next.Operation.Inputs)
            {
                if (seen.Add(input))
                    stack.Push(input);
            }
        }

        return reads;
    }

    private static IEnumerable<Operation> Reached(RestoringNodes nodes)
    {
        var seen = new HashSet<Operation>(nodes.Roots);
        var stack = new Stack<Operation>(nodes.Roots);
        while (stack.TryPop(out Operation? operation))
        {
            yield return operation;
            foreach (Operation next in operation.ControlInputs)
            {
                if (LeadsOn(next) && seen.Add(next))
                    stack.Push(next);
            }

            foreach (Output input in operation.Inputs)
            {
                if (LeadsOn(input.Operation) && seen.Add(input.Operation))
                    stack.Push(input.Operation);
            }
        }
    }

    // What has no inputs, such as the variables, neither reads nor assigns.
    private static bool LeadsOn(Operation operation) => operation.Inputs.Count > 0 || operation.ControlInputs.Count > 0;

    // RestoreV2 takes vectors, its forerunners scalars.
    private static Tensor? TextsOf(Operation restore, int input) =>
        input < restore.Inputs.Count && restore.Inputs[input].Operation is { Type: "Const" } constant && constant.Attributes.Tensor("value") is { DType: DType.String } value
            ? value
            : null;

    private static string? TextAt(Tensor? texts, int index) => texts is not null && index < texts.Count ? Encoding.UTF8.GetString(texts.Strings[index]) : null;

    // What the tensor is assigned to tells its shape; where a reshape is between, only how many elements. A part tells the shape of the whole.
    private static RestoreTarget Target(RestoreRead read, RestoringNodes nodes)
    {
        DType dtype = read.Value.DType;
        if (read.Slice.Length > 0)
            return new RestoreTarget(new TensorSpec(dtype, Shape.Create(TensorSlice.ParseShapeAndSlice(read.Slice).FullShape)));
        foreach (Operation consumer in read.Value.Consumers)
        {
            if (ShapeOf(consumer, isReshaped: false, nodes) is { } shape)
                return new RestoreTarget(new TensorSpec(dtype, shape));
        }

        foreach (Operation step in read.Value.Consumers)
        {
            if (step.Type is not ("Identity" or "Reshape"))
                continue;
            bool isReshaped = step.Type == "Reshape";
            foreach (Operation consumer in step.Outputs[0].Consumers)
            {
                if (ShapeOf(consumer, isReshaped, nodes) is { } shape)
                    return new RestoreTarget(new TensorSpec(dtype, shape), isReshaped);
            }
        }

        return new RestoreTarget(new TensorSpec(dtype, Shape.Unknown));
    }

    private static Shape? ShapeOf(Operation consumer, bool isReshaped, RestoringNodes nodes) => consumer.Type switch
    {
        "Assign" when isReshaped || consumer.Attributes.Bool("validate_shape") => consumer.Inputs[0].Shape,
        "AssignVariableOp" when nodes.VariableOf(consumer.Inputs[0]) is { Type: "VarHandleOp" } handle => handle.Attributes.Shape("shape"),
        _ => null,
    };
}

/// <summary>A value that a saver's node reads.</summary>
/// <param name="Value">The value in the graph.</param>
/// <param name="Name">Name in the checkpoint; null where it is computed in the run.</param>
/// <param name="Slice">Shape of the whole and which part is read; empty for all.</param>
internal readonly record struct RestoreRead(Output Value, string? Name, string Slice);
