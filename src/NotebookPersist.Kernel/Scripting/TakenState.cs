using System.Reflection;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>The variables of a submission that could stand in another one.</summary>
/// <param name="Link">The submission.</param>
/// <param name="Fields">Name and declaration of each that can still be named.</param>
internal sealed record MovableVariables(ChainLink Link, IReadOnlyList<(string Name, string Code)> Fields);

/// <summary>The object of a submission taken out of the chain, to see by the next collection whether anything else refers to it, such as a function that uses its variables.</summary>
internal sealed class TakenState
{
    private readonly WeakReference _state;
    private readonly KeyValuePair<string, object?>[] _values;

    // All that refers to the object is gone when the constructor returns. The values may refer to it: then it stays.
    private TakenState(MovableVariables variables, object state)
    {
        Variables = variables;
        _state = new WeakReference(state);
        _values = [.. variables.Fields.Select(f => KeyValuePair.Create(f.Name, FieldOf(state, f.Name).GetValue(state)))];
    }

    public MovableVariables Variables { get; }

    /// <summary>Takes the object of a submission out.</summary>
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    public static TakenState Of(object?[] states, MovableVariables variables)
    {
        var taken = new TakenState(variables, states[variables.Link.Place]!); // Only submissions with an object have variables.
        states[variables.Link.Place] = null;
        return taken;
    }

    /// <summary>Puts the object back where something refers to it.</summary>
    /// <returns>Whether that was so.</returns>
    public bool TryPutBack(object?[] states)
    {
        if (_state.Target is not { } state)
            return false;
        states[Variables.Link.Place] = state;
        return true;
    }

    /// <summary>Gives the values to the variables of the same names of another submission.</summary>
    public void CopyTo(object state)
    {
        foreach (var (name, value) in _values)
            FieldOf(state, name).SetValue(state, value);
    }

    private static FieldInfo FieldOf(object state, string name) => state.GetType().GetField(name, BindingFlags.Instance | BindingFlags.Public)
        ?? throw new MissingFieldException($"Submission '{state.GetType().Name}' has no variable '{name}'.");
}
