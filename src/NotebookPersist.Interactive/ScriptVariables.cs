using System.Collections;
using System.Reflection;
using NotebookPersist.Notebooks;
using NotebookPersist.Notebooks.Hosting;

namespace NotebookPersist.Interactive;

/// <summary>The variables that cells have declared in the host's C# kernel.</summary>
/// <remarks>By reflection, from its <c>ScriptState.Variables</c> and by its <c>SetValueAsync</c>: a reference would bind the package to one version of host and compiler.</remarks>
internal sealed class ScriptVariables
{
    private readonly object _kernel;
    private readonly PropertyInfo _state;

    public ScriptVariables(object kernel)
    {
        _kernel = kernel;
        _state = kernel.GetType().GetProperty("ScriptState")
            ?? throw new MagicException($"NotebookPersist works in C# cells; {kernel.GetType().Name} runs none. Load the package in a C# cell.");
    }

    /// <summary>Names and values, the latest last.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Read()
    {
        // Before the first cell there is no state.
        if (_state.GetValue(_kernel) is not { } state)
            yield break;
        foreach (object variable in (IEnumerable)Read(state, "Variables")!)
            yield return KeyValuePair.Create((string)Read(variable, "Name")!, Read(variable, "Value"));
    }

    /// <summary>The declared type of a variable; null for a name that no cell has declared.</summary>
    public Type? TypeOf(string name)
    {
        if (_state.GetValue(_kernel) is not { } state)
            return null;
        return ((IEnumerable)Read(state, "Variables")!).Cast<object>().Where(v => (string)Read(v, "Name")! == name).Select(static v => (Type)Read(v, "Type")!).LastOrDefault();
    }

    /// <summary>Declares a variable as a cell would.</summary>
    public async Task DeclareAsync(CellVariable variable)
    {
        MethodInfo set = _kernel.GetType().GetMethod("SetValueAsync", [typeof(string), typeof(object), typeof(Type)])
            ?? throw new MagicException($"NotebookPersist cannot declare '{variable.Name}': {_kernel.GetType().Name} has no 'SetValueAsync' in this version of the host.");
        await ((Task)set.Invoke(_kernel, [variable.Name, variable.Value, variable.Type])!).ConfigureAwait(false);
    }

    private static object? Read(object owner, string property) => owner.GetType().GetProperty(property) is { } found
        ? found.GetValue(owner)
        : throw new MagicException($"NotebookPersist cannot see the notebook's variables: {owner.GetType().Name} has no property '{property}' in this version of the host.");
}
