using System.Text.RegularExpressions;
using NotebookPersist.Persistence;

namespace NotebookPersist;

/// <summary>Lets variables start from the values of a checkpoint instead of those that they were made with.</summary>
/// <remarks>Source: TensorFlow's <c>tf.train.init_from_checkpoint</c>.</remarks>
public static partial class CheckpointInitializers
{
    /// <summary>Changes the initialisers of variables; their values are read when these run.</summary>
    /// <param name="checkpoint">A prefix, any of its files, or a folder, whose newest checkpoint is meant.</param>
    /// <param name="assignmentMap">
    /// From names in the checkpoint to variables: <c>"old/w"</c> to a variable, its parts or its name; <c>"old/"</c> to <c>"new/"</c> for all variables under a scope;
    /// <c>"/"</c> stands for the root on either side.
    /// </param>
    /// <param name="graph">The graph of the variables that are named; by default the default one.</param>
    /// <exception cref="FileNotFoundException">There is no such checkpoint.</exception>
    /// <exception cref="ArgumentException">A tensor or a variable is not there, or they differ in type or shape; no initialiser is changed.</exception>
    /// <remarks>An operation that initialises all variables must be made afterwards: one made before runs the earlier initialisers.</remarks>
    public static void InitFromCheckpoint(string checkpoint, IReadOnlyDictionary<string, InitTarget> assignmentMap, Graph? graph = null)
    {
        ArgumentNullException.ThrowIfNull(assignmentMap);
        using Checkpoint source = Checkpoint.Open(checkpoint);
        Dictionary<string, IReadOnlyList<Variable>> variables = Wholes(graph ?? Graph.Default);
        var pairs = new List<(string Tensor, IReadOnlyList<Variable> Parts)>();
        foreach ((string stored, InitTarget target) in assignmentMap.OrderBy(static m => m.Key, StringComparer.Ordinal))
        {
            if (target.Variables is { } given)
                pairs.Add((stored, given));
            else if (variables.TryGetValue(target.Name!, out IReadOnlyList<Variable>? named)) // A target without variables has a name.
                pairs.Add((stored, named));
            else
                pairs.AddRange(UnderScope(stored, target.Name!, variables));
        }

        foreach ((string tensor, IReadOnlyList<Variable> parts) in pairs)
            Check(source, tensor, parts);
        foreach ((string tensor, IReadOnlyList<Variable> parts) in pairs)
        {
            foreach (Variable variable in parts)
                Set(variable, source.Prefix, tensor, whole: parts.Count == 1 && parts[0].Slice is null);
        }
    }

    // Variables by name, the parts of a partitioned one under the name of the whole.
    private static Dictionary<string, IReadOnlyList<Variable>> Wholes(Graph graph) => graph.GlobalVariables().Concat(graph.LocalVariables()).Distinct()
        .GroupBy(static v => v.Slice is null ? v.OperationName : PartSuffix().Replace(v.OperationName, ""), StringComparer.Ordinal)
        .ToDictionary(static g => g.Key, static g => (IReadOnlyList<Variable>)[.. g], StringComparer.Ordinal);

    private static IEnumerable<(string Tensor, IReadOnlyList<Variable> Parts)> UnderScope(string stored, string scope, Dictionary<string, IReadOnlyList<Variable>> variables)
    {
        string wanted = scope == "/" ? "" : scope;
        if (!stored.EndsWith('/') || (wanted.Length > 0 && !wanted.EndsWith('/')))
        {
            throw new ArgumentException(
                $"No variable is named '{scope}', and '{stored}' to '{scope}' maps no scope to a scope.{NearNames.Hint(scope, variables.Keys)} Scopes are mapped as 'scope/' to 'other_scope/'.",
                nameof(stored));
        }

        string prefix = stored == "/" ? "" : stored;
        (string, IReadOnlyList<Variable>)[] found =
            [.. variables.Where(v => v.Key.StartsWith(wanted, StringComparison.Ordinal)).OrderBy(static v => v.Key, StringComparer.Ordinal).Select(v => (prefix + v.Key[wanted.Length..], v.Value))];
        return found.Length > 0 ? found : throw new ArgumentException($"There are no variables under scope '{scope}', to which '{stored}' is mapped.", nameof(scope));
    }

    private static void Check(Checkpoint source, string tensor, IReadOnlyList<Variable> parts)
    {
        if (source.Tensors.FirstOrDefault(t => t.Name == tensor) is not { } stored)
        {
            throw new ArgumentException(
                $"Tensor '{tensor}', for variable '{parts[0].Name}', is not found in checkpoint '{source.Prefix}'.{NearNames.Hint(tensor, source.Tensors.Select(static t => t.Name))}",
                nameof(tensor));
        }

        foreach (Variable variable in parts)
        {
            bool isPart = variable.Slice is not null;
            if (parts.Count > 1 && (!isPart || variable.Slice!.FullName != parts[0].Slice?.FullName)) // Looked at just before.
                throw new ArgumentException($"Slices must all be from the same tensor: '{variable.Name}' is no part of what '{parts[0].Name}' is of.", nameof(parts));
            Shape wanted = isPart ? Shape.Create([.. variable.Slice!.FullShape]) : variable.Shape; // As just asked.
            if (!wanted.IsCompatibleWith(stored.Shape))
                throw new ArgumentException($"Shape of variable '{variable.Name}' ({wanted}) doesn't match with shape of tensor '{tensor}' ({stored.Shape}) in checkpoint '{source.Prefix}'.", nameof(parts));
            if (variable.DType != stored.DType)
                throw new ArgumentException($"Variable '{variable.Name}' is {variable.DType.Name()}, tensor '{tensor}' in checkpoint '{source.Prefix}' is {stored.DType.Name()}.", nameof(parts));
        }
    }

    private static void Set(Variable variable, string prefix, string tensor, bool whole)
    {
        Graph graph = variable.Graph;
        Saveable saveable = whole ? Saveable.Whole(variable) : Saveable.FromList([variable])[0];
        Output restored;
        using (graph.Device(variable.Operation.Device))
        using (graph.Device("/cpu:0"))
            restored = graph.RestoreV2(prefix, [tensor], [saveable.Slice], [variable.DType], "checkpoint_initializer").Outputs[0];
        variable.ReplaceInitializer(saveable.Assign(restored, shape: null), restored);
    }

    [GeneratedRegex(@"/part_\d+$", RegexOptions.CultureInvariant)]
    private static partial Regex PartSuffix();
}
