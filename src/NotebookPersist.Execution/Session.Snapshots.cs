using NotebookPersist.Execution;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public sealed partial class Session
{
    /// <summary>The values of some outputs now: those of variables without a copy, others computed in one run.</summary>
    /// <param name="outputs">Handles of variables, reads of them, or any other values.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <exception cref="RunException">A variable has no value, or a node failed.</exception>
    public VariableSnapshot Snapshot(IReadOnlyList<Output> outputs, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        RequireOpen();
        Tensor?[] values = [.. outputs.Select(o => Cell(o)?.Value)];
        int[] computed = [.. Enumerable.Range(0, values.Length).Where(i => values[i] is null)];
        if (computed.Length > 0)
        {
            Tensor?[] results = Run([.. computed.Select(i => (Fetch)outputs[i])], cancellation: cancellation);
            for (int i = 0; i < computed.Length; i++)
                values[computed[i]] = results[i];
        }

        return new VariableSnapshot(values!); // Outputs, unlike operations, have values.
    }

    /// <summary>The cell of the variable whose value an output is; null where it is no variable's, or no run has touched it.</summary>
    internal VariableCell? Cell(Output output)
    {
        Operation operation = output.Operation;
        while (operation is { Type: "Identity" or "ReadVariableOp" })
            operation = operation.Inputs[0].Operation;
        if (operation.Type is not ("VariableV2" or "Variable" or "VarHandleOp"))
            return null;
        string shared = operation.Attributes.String("shared_name");
        return Variables.Find(shared.Length > 0 ? shared : operation.Name, operation.Attributes.String("container"));
    }
}
