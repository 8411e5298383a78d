using System.Text;
using NotebookPersist.Formats;
using NotebookPersist.Protos;

namespace NotebookPersist.Persistence;

/// <summary>Tells from a saver's nodes which tensors it reads and what variables they go to.</summary>
internal static class RestoreTargets
{
    private const int NamesInput = 1;
    private const int SlicesInput = 2;

    /// <summary>Type and shape that each name in the checkpoint must have.</summary>
    public static IReadOnlyDictionary<string, TensorSpec> Of(Graph graph, SaverDef definition)
    {
        var wanted = new Dictionary<string, TensorSpec>(StringComparer.Ordinal);
        foreach (Operation restore in Reached(graph, definition).Where(static o => o.Type is "RestoreV2" or "Restore" or "RestoreSlice"))
        {
            for (int i = 0; i < restore.Outputs.Count; i++)
            {
                if (TextAt(restore, NamesInput, i) is { } name)
                    wanted[name] = new TensorSpec(restore.Outputs[i].DType, ShapeWanted(restore, i));
            }
        }

        return wanted;
    }

    /// <summary>What the saver's assignments take: restored values, reshaped where the saver does that.</summary>
    public static IReadOnlyList<Output> AssignedValues(Graph graph, SaverDef definition) =>
        [.. Reached(graph, definition).Where(static o => o.Type is "Assign" or "AssignVariableOp").Select(static o => o.Inputs[1]).Distinct()];

    private static IEnumerable<Operation> Reached(Graph graph, SaverDef definition)
    {
        Operation root = graph.GetOperationByName(definition.RestoreOpName);
        var seen = new HashSet<Operation> { root };
        var stack = new Stack<Operation>([root]);
        while (stack.TryPop(out Operation? operation))
        {
            yield return operation;
            foreach (Operation next in operation.ControlInputs.Concat(operation.Inputs.Select(static i => i.Operation)))
            {
                if (seen.Add(next))
                    stack.Push(next);
            }
        }
    }

    // RestoreV2 takes vectors, its forerunners scalars.
    private static string? TextAt(Operation restore, int input, int index)
    {
        if (input >= restore.Inputs.Count || restore.Inputs[input].Operation is not { Type: "Const" } constant)
            return null;
        Tensor value = constant.Attributes.Tensor("value");
        return index < value.Count ? Encoding.UTF8.GetString(value.Strings[index]) : null;
    }

    // What the tensor is assigned to tells its shape; a reshape between takes any. A part tells the shape of the whole.
    private static Shape ShapeWanted(Operation restore, int output)
    {
        if (TextAt(restore, SlicesInput, output) is { Length: > 0 } slice)
            return Shape.Create(TensorSlice.ParseShapeAndSlice(slice).FullShape);
        IEnumerable<Operation> consumers = restore.Outputs[output].Consumers;
        foreach (Operation consumer in consumers.Concat(consumers.Where(static c => c.Type == "Identity").SelectMany(static c => c.Outputs[0].Consumers)))
        {
            if (consumer.Type == "Assign" && consumer.Attributes.Bool("validate_shape"))
                return consumer.Inputs[0].Shape;
            if (consumer.Type == "AssignVariableOp" && consumer.Inputs[0].Operation is { Type: "VarHandleOp" } handle)
                return handle.Attributes.Shape("shape");
        }

        return Shape.Unknown;
    }
}
