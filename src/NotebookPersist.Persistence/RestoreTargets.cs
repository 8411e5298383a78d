using System.Text;
using NotebookPersist.Protos;

namespace NotebookPersist.Persistence;

/// <summary>Tells from a saver's nodes which tensors it reads and what variables they go to.</summary>
internal static class RestoreTargets
{
    /// <summary>Type and shape that each name in the checkpoint must have.</summary>
    public static IReadOnlyDictionary<string, TensorSpec> Of(Graph graph, SaverDef definition)
    {
        var wanted = new Dictionary<string, TensorSpec>(StringComparer.Ordinal);
        foreach (Operation restore in Reached(graph.GetOperationByName(definition.RestoreOpName)))
        {
            for (int i = 0; i < restore.Outputs.Count; i++)
            {
                if (NameOf(restore, i) is { } name)
                    wanted[name] = new TensorSpec(TypeOf(restore, i), ShapeWanted(restore, i));
            }
        }

        return wanted;
    }

    private static IEnumerable<Operation> Reached(Operation root)
    {
        var seen = new HashSet<Operation> { root };
        var stack = new Stack<Operation>([root]);
        while (stack.TryPop(out Operation? operation))
        {
            if (operation.Type is "RestoreV2" or "Restore" or "RestoreSlice")
            {
                yield return operation;
                continue;
            }

            foreach (Operation next in operation.ControlInputs.Concat(operation.Inputs.Select(static i => i.Operation)))
            {
                if (seen.Add(next))
                    stack.Push(next);
            }
        }
    }

    private static string? NameOf(Operation restore, int output)
    {
        Operation names = restore.Inputs[1].Operation;
        if (names.Type != "Const")
            return null;
        Tensor value = names.Attributes.Tensor("value");
        return output < value.Count ? Encoding.UTF8.GetString(value.Strings[output]) : null;
    }

    private static DType TypeOf(Operation restore, int output) => restore.Outputs[output].DType;

    // What the tensor is assigned to tells its shape; a reshape between takes any. Parts of a variable are checked when they are read.
    private static Shape ShapeWanted(Operation restore, int output)
    {
        if (restore.Type != "Restore" && restore.Inputs[2].Operation is { Type: "Const" } slices
            && slices.Attributes.Tensor("value").Strings[Math.Min(output, slices.Attributes.Tensor("value").Count - 1)].Length > 0)
        {
            return Shape.Unknown;
        }

        foreach (Operation consumer in restore.Outputs[output].Consumers)
        {
            if (consumer.Type == "Assign" && consumer.Attributes.Bool("validate_shape"))
                return consumer.Inputs[0].Shape;
            if (consumer.Type == "AssignVariableOp")
                return HandleShape(consumer);
            if (consumer.Type == "Identity")
            {
                foreach (Operation next in consumer.Outputs[0].Consumers)
                {
                    if (next.Type == "AssignVariableOp")
                        return HandleShape(next);
                }
            }
        }

        return Shape.Unknown;
    }

    private static Shape HandleShape(Operation assign) =>
        assign.Inputs[0].Operation.Type == "VarHandleOp" ? assign.Inputs[0].Operation.Attributes.Shape("shape") : Shape.Unknown;
}
