using System.Text.RegularExpressions;
using Google.Protobuf;
using NotebookPersist.Protos;

namespace NotebookPersist;

public sealed partial class Graph
{
    // Lower-cased names in use, and where to go on counting when one is asked for again.
    private readonly Dictionary<string, int> _namesInUse = new(StringComparer.Ordinal);
    private readonly List<ControlScope> _controlScopes = [];
    private readonly Stack<Operation?> _colocations = new();
    private string _scope = "";
    private string? _location;

    /// <summary>The current name scope, with a slash at its end; empty at the root.</summary>
    public string CurrentNameScope => _scope.Length == 0 ? "" : _scope + "/";

    /// <summary>The device that operations made now ask for; empty where none.</summary>
    public string CurrentDevice { get; private set; } = "";

    /// <summary>Operations made inside get names under a scope of this name, made unique.</summary>
    /// <param name="name">Scope name under the current one; with a slash at its end it is taken as it is; null or empty goes to the root.</param>
    /// <returns>The scope, to be disposed at its end; <see cref="NameScope.Name"/> is its full name with a slash.</returns>
    /// <exception cref="ArgumentException">The name has characters that TensorFlow does not take.</exception>
    public NameScope NameScope(string? name)
    {
        string outer = _scope;
        if (string.IsNullOrEmpty(name))
            _scope = "";
        else if (name.EndsWith('/'))
            _scope = name[..^1];
        else if ((_scope.Length == 0 ? OperationName() : ScopeName()).IsMatch(name))
            _scope = UniqueName(name);
        else
            throw new ArgumentException($"'{name}' is not a valid scope name.", nameof(name));
        return new NameScope(CurrentNameScope, () => _scope = outer);
    }

    /// <summary>Operations made inside run after the given ones.</summary>
    public IDisposable ControlDependencies(params ReadOnlySpan<Operation> operations)
    {
        foreach (Operation operation in operations)
        {
            if (operation is { IsRemoved: true })
                throw new GraphException(RemovedMessage($"Operation '{operation.Name}'"), operation.Name, operation.Type);
        }

        var scope = new ControlScope(operations.ToArray());
        _controlScopes.Add(scope);
        return new Scope(() => _controlScopes.Remove(scope));
    }

    /// <summary>Operations made inside run after those that compute the given values.</summary>
    public IDisposable ControlDependencies(params ReadOnlySpan<Output> outputs)
    {
        var operations = new Operation[outputs.Length];
        for (int i = 0; i < operations.Length; i++)
            operations[i] = outputs[i].Operation;
        return ControlDependencies(operations);
    }

    /// <summary>Operations made inside run after the given ones, as collections list them.</summary>
    /// <param name="controlInputs">Operations, values and variables; of a variable, its node.</param>
    /// <exception cref="ArgumentException">Something else is among them.</exception>
    public IDisposable ControlDependencies(IEnumerable<object> controlInputs)
    {
        ArgumentNullException.ThrowIfNull(controlInputs);
        return ControlDependencies([.. controlInputs.Select(static input => input switch
        {
            Operation operation => operation,
            Output output => output.Operation,
            Variable variable => variable.Reference.Operation,
            _ => throw new ArgumentException($"Control input must be Operation or Tensor: {input ?? "null"}", nameof(controlInputs)),
        })]);
    }

    /// <summary>Operations made inside depend on nothing that was asked for outside.</summary>
    public IDisposable ClearControlDependencies()
    {
        ControlScope[] outer = [.. _controlScopes];
        _controlScopes.Clear();
        return new Scope(() =>
        {
            _controlScopes.Clear();
            _controlScopes.AddRange(outer);
        });
    }

    /// <summary>Operations made inside are marked to live with another one; null ends that.</summary>
    public IDisposable ColocateWith(Operation? operation)
    {
        _colocations.Push(operation);
        return new Scope(() => _colocations.Pop());
    }

    /// <summary>Operations made inside ask for a device; kept in files, a hint at most here.</summary>
    /// <param name="device">What it leaves open is taken from the device asked for outside; null forgets that one.</param>
    public IDisposable Device(string? device)
    {
        string outer = CurrentDevice;
        CurrentDevice = device is null ? "" : DeviceName.Merge(outer, device);
        return new Scope(() => CurrentDevice = outer);
    }

    /// <summary>The name that a new operation asked for under this name gets, in the current scope; it counts as used.</summary>
    /// <exception cref="ArgumentException">The name has characters that TensorFlow does not take.</exception>
    public string UniqueName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.EndsWith('/'))
            return name[..^1];
        if (!(_scope.Length == 0 ? OperationName() : ScopeName()).IsMatch(name))
            throw new ArgumentException($"'{name}' is not a valid node name: names have letters, digits and the signs . _ - / and begin with a letter, a digit or a dot.", nameof(name));
        string full = CurrentNameScope + name;
        string key = full.ToLowerInvariant();
        int number = _namesInUse.GetValueOrDefault(key);
        MarkUsed(key, number + 1);
        if (number == 0)
            return full;
        string numbered;
        do
            numbered = $"{key}_{number++}";
        while (_namesInUse.ContainsKey(numbered));
        MarkUsed(numbered, 1);
        _namesInUse[key] = number;
        return $"{full}_{number - 1}";
    }

    /// <summary>Notes a name that came from a file, so that no new operation gets it.</summary>
    internal void MarkNameUsed(string name) => _namesInUse.TryAdd(name.ToLowerInvariant(), 1);

    /// <summary>The operations that one made now must wait for, less those that its inputs already wait for.</summary>
    internal Operation[] ControlInputsFor(ReadOnlySpan<Output> inputs)
    {
        if (_controlScopes.Count == 0)
            return [];
        var controls = new List<Operation>();
        var known = new HashSet<Operation>();
        foreach (ControlScope scope in _controlScopes)
        {
            bool dominated = false;
            foreach (Output input in inputs)
                dominated |= scope.Made.Contains(input.Operation);
            if (dominated)
                continue;
            foreach (Operation operation in scope.Operations)
            {
                if (known.Add(operation))
                    controls.Add(operation);
            }
        }

        return [.. controls];
    }

    internal void NoteMade(Operation operation)
    {
        foreach (ControlScope scope in _controlScopes)
            scope.Made.Add(operation);
    }

    /// <summary>The annotation that ties an operation to others: those of the current scope, and the variables it changes.</summary>
    internal AttrValue? ColocationFor(ReadOnlySpan<Output> changed)
    {
        var targets = new SortedSet<string>(StringComparer.Ordinal);
        if (_colocations.TryPeek(out Operation? scope) && scope is not null)
            AddTargets(targets, scope);
        foreach (Output variable in changed)
            AddTargets(targets, variable.Operation);

        // A variable in the making lives with itself, unless it is a slot that was told to live with another one.
        if (targets.Count == 0 && _location is not null)
            targets.Add(_location);
        if (targets.Count == 0)
            return null;
        var list = new AttrValue.Types.ListValue();
        list.S.AddRange(targets.Select(ByteString.CopyFromUtf8));
        return new AttrValue { List = list };
    }

    /// <summary>The device of a new operation: that of what it is tied to, else the one of the current scope.</summary>
    internal string DeviceFor(ReadOnlySpan<Output> changed)
    {
        Operation? tiedTo = _colocations.TryPeek(out Operation? scope) ? scope : null;
        foreach (Output variable in changed)
            tiedTo = variable.Operation;
        return tiedTo?.Device ?? CurrentDevice;
    }

    private static void AddTargets(SortedSet<string> targets, Operation operation)
    {
        if (operation.Attributes.TryGetShared("_class", out AttrValue? groups) && groups.List is { S.Count: > 0 } list)
            targets.UnionWith(list.S.Select(static s => s.ToStringUtf8()));
        else
            targets.Add("loc:@" + operation.Name);
    }

    private void MarkUsed(string key, int next) => _namesInUse[key] = next;

    [GeneratedRegex(@"^[A-Za-z0-9.][A-Za-z0-9_.\\/>-]*$", RegexOptions.CultureInvariant)]
    private static partial Regex OperationName();

    [GeneratedRegex(@"^[A-Za-z0-9_.\\/>-]*$", RegexOptions.CultureInvariant)]
    private static partial Regex ScopeName();

    private sealed record ControlScope(Operation[] Operations)
    {
        public HashSet<Operation> Made { get; } = [];
    }
}
