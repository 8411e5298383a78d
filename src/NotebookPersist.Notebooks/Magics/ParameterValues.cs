namespace NotebookPersist.Notebooks.Magics;

/// <summary>What a magic's parameter may be given, from what the notebook holds.</summary>
public static class ParameterValues
{
    /// <summary>Names that fit a parameter, for completion.</summary>
    /// <param name="workspace">The notebook.</param>
    /// <param name="name">The parameter's name without dashes.</param>
    /// <param name="value">What stands for its value in the help.</param>
    public static IEnumerable<string> For(Workspace workspace, string name, string? value)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        return name switch
        {
            "outputs" or "inputs" or "fetches" => workspace.Graphs.SelectMany(static g => g.Operations).Select(static o => o.Name),
            "to" => ["v1", "v2", "npz", "npy", "safetensors", "pb", "pbtxt"],
            _ when value == "language" => workspace.Host?.Languages ?? [],
            _ when value == "variable" => workspace.Variables.Select(static v => v.Key),
            _ when value == "value" => (workspace.Host?.Languages ?? []).SelectMany(l => workspace.Host!.VariablesOf(l).Select(v => $"@{l}:{v.Name}")), // There is a host that has languages.
            _ when value == "name" => workspace.Variables.Select(static v => v.Key),
            _ when value is "names" or "patterns" or "renames" => VariablesOf(workspace),
            _ => [],
        };
    }

    /// <summary>Names of the variables of all graphs.</summary>
    public static IEnumerable<string> VariablesOf(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        return workspace.Graphs.SelectMany(static g => g.GetCollection<Variable>(GraphKeys.GlobalVariables)).Select(static v => v.OperationName);
    }
}
