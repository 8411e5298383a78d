using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist.Persistence;

/// <summary>One variable to save, or one part of a partitioned one, with its name in the checkpoint.</summary>
/// <remarks>Source: TensorFlow 1.15's ReferenceVariableSaveable and ResourceVariableSaveable.</remarks>
internal sealed class Saveable
{
    private readonly bool _isPart;

    private Saveable(string name, Variable variable, bool isPart) => (Name, Variable, _isPart) = (name, variable, isPart);

    /// <summary>Name in the checkpoint.</summary>
    public string Name { get; }

    /// <summary>What is saved.</summary>
    public Variable Variable { get; }

    /// <summary>Empty for a whole variable; for a part the whole shape and where the part lies.</summary>
    public string Slice => _isPart && Variable.Slice is { } slice ? $"{string.Concat(slice.FullShape.Select(static d => $"{d} "))}{Extents(slice)}" : "";

    /// <summary>The device that the variable asks for.</summary>
    public string Device => (Variable.IsResource ? Variable.Value : Variable.Reference).Operation.Device;

    /// <summary>Variables under their own names, parts under the name of the whole, in the order of TensorFlow.</summary>
    /// <exception cref="ArgumentException">Two have one name.</exception>
    public static IReadOnlyList<Saveable> FromList(IEnumerable<Variable> variables)
    {
        ILookup<string, Variable> named = Parts(variables).Distinct().OrderBy(static v => v.Name, StringComparer.Ordinal).ToLookup(static v => v.Slice?.FullName ?? v.OperationName);
        foreach (IGrouping<string, Variable> group in named)
        {
            int parts = group.Count(static v => v.Slice is not null);
            if (parts > 0 && parts < group.Count())
                throw new ArgumentException($"Mixing slices and non-slices with the same name: '{group.Key}'.", nameof(variables));
            if (parts == 0 && group.Count() > 1)
                throw new ArgumentException($"At least two variables have the same name: '{group.Key}'.", nameof(variables));
        }

        return [.. named.OrderBy(static g => g.Key, StringComparer.Ordinal).SelectMany(static g => g.Select(v => new Saveable(g.Key, v, v.Slice is not null)))];
    }

    /// <summary>Variables under names of one's own choice; several under one name are the parts of one.</summary>
    /// <exception cref="ArgumentException">A variable has two names, or what is under one name is not of one variable.</exception>
    public static IReadOnlyList<Saveable> FromNames(IEnumerable<KeyValuePair<string, IReadOnlyList<Variable>>> variables)
    {
        var saveables = new List<Saveable>();
        foreach ((string name, IReadOnlyList<Variable> parts) in variables.OrderBy(static v => v.Key, StringComparer.Ordinal))
        {
            Variable[] all = [.. Parts(parts)];
            RequireOneWhole(name, all);
            saveables.AddRange(all.Select(v => new Saveable(name, v, isPart: true)));
        }

        RequireOneNameEach(saveables);
        return saveables;
    }

    /// <summary>Whole variables under names of one's own choice.</summary>
    /// <exception cref="ArgumentException">A variable has two names.</exception>
    public static IReadOnlyList<Saveable> FromNames(IEnumerable<KeyValuePair<string, Variable>> variables)
    {
        Saveable[] saveables = [.. variables.OrderBy(static v => v.Key, StringComparer.Ordinal)
            .SelectMany(static v => Parts([v.Value]).Select(p => new Saveable(v.Key, p, p.Slice is not null)))];
        RequireOneNameEach(saveables);
        return saveables;
    }

    /// <summary>A variable as a whole, even where it is a part of another one.</summary>
    public static Saveable Whole(Variable variable) => new(variable.OperationName, variable, isPart: false);

    /// <summary>What a saving node takes.</summary>
    /// <remarks>A resource variable's part is read anew, on its own device, each time this is asked: so TensorFlow does, and names follow from it.</remarks>
    public Output Value()
    {
        if (!_isPart)
            return Variable.IsResource ? Variable.Value : Variable.Reference;
        if (!Variable.IsResource)
            return Variable.Value;
        Graph graph = Variable.Graph;
        using (graph.Device(Variable.Operation.Device))
        {
            Output read;
            using (graph.NameScope("Read"))
                read = graph.AddOperation("ReadVariableOp", null, new AttributeList { { "dtype", Variable.DType } }, Variable.Reference)[0];
            Output value = graph.Identity(read);
            using (graph.Device("/device:CPU:0"))
                return graph.Identity(value);
        }
    }

    /// <summary>Gives the variable a value that was read.</summary>
    /// <param name="restored">The value.</param>
    /// <param name="shape">Shape to give it before; null leaves it as it is.</param>
    public Operation Assign(Output restored, Operand? shape)
    {
        Graph graph = Variable.Graph;
        if (shape is { } wanted)
            restored = graph.AddOperation("Reshape", null, null, restored, wanted)[0];
        if (!Variable.IsResource)
            return graph.Assign(Variable.Reference, restored, validateShape: shape is null && Variable.Shape.IsFullyKnown).Operation;
        using (graph.Device(Device))
            return graph.AddOperation("AssignVariableOp", null, null, Variable.Reference, graph.Identity(restored));
    }

    private static IEnumerable<Variable> Parts(IEnumerable<Variable> variables) =>
        variables.SelectMany(static v => v is PartitionedVariable partitioned ? partitioned.Parts : [v]);

    private static void RequireOneWhole(string name, IReadOnlyList<Variable> parts)
    {
        if (parts.Count == 0)
            throw new ArgumentException($"No parts are listed under '{name}'.", nameof(parts));
        foreach (Variable part in parts)
        {
            if (part.Slice is not { } slice)
                throw new ArgumentException($"Slices must all be slices: '{part.Name}', under '{name}', is a whole variable.", nameof(parts));
            if (slice.FullName != parts[0].Slice!.FullName) // The first was looked at before.
                throw new ArgumentException($"Slices must all be from the same tensor: '{parts[0].Slice!.FullName}' != '{slice.FullName}'.", nameof(parts));
        }
    }

    private static void RequireOneNameEach(IEnumerable<Saveable> saveables)
    {
        if (saveables.GroupBy(static s => s.Variable, static s => s.Name).FirstOrDefault(static g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"The same saveable will be restored with two names: {string.Join(", ", twice.Select(static n => $"'{n}'"))}.", nameof(saveables));
    }

    private static string Extents(SaveSliceInfoDef slice) => string.Join(':', slice.VarOffset.Zip(slice.VarShape, static (start, length) => $"{start},{length}"));
}
