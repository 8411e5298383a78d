using Google.Protobuf;
using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.Interchange;

/// <summary>Which part of a graph a meta graph holds: one name scope, or all but other savers' nodes.</summary>
/// <remarks>Source: TensorFlow's <c>export_scoped_meta_graph</c>.</remarks>
internal sealed class MetaGraphPart
{
    private const string UnboundPrefix = "$unbound_inputs_";
    private const string ColocationPrefix = "loc:@";

    private readonly string _scope;
    private readonly SaverDef? _onlySaver;
    private readonly HashSet<string> _excluded;
    private readonly List<string> _unbound = [];

    private MetaGraphPart(string scope, SaverDef? onlySaver, HashSet<string> excluded) => (_scope, _onlySaver, _excluded) = (scope, onlySaver, excluded);

    /// <summary>True where nothing is left out.</summary>
    public bool IsWhole => _scope.Length == 0 && _excluded.Count == 0;

    /// <summary>The part that is asked for.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="scope">Name scope, with or without a slash; null or empty for all.</param>
    /// <param name="clearExtraneousSavers">Whether nodes of other savers than <paramref name="saver"/> are left out.</param>
    /// <param name="saver">The saver that stays.</param>
    public static MetaGraphPart Of(Graph graph, string? scope, bool clearExtraneousSavers, SaverDef? saver)
    {
        string prefix = string.IsNullOrEmpty(scope) ? "" : scope.TrimEnd('/') + "/";
        return new MetaGraphPart(prefix, clearExtraneousSavers ? saver : null, clearExtraneousSavers ? OtherSavers(graph, saver) : []);
    }

    /// <summary>Leaves out the nodes of other parts, and the scope's name.</summary>
    public void Cut(GraphDef graph)
    {
        if (IsWhole)
            return;
        NodeDef[] kept = [.. graph.Node.Where(n => Holds(n.Name))];
        graph.Node.Clear();
        graph.Node.AddRange(kept);
        if (_scope.Length == 0)
            return;
        foreach (NodeDef node in kept)
            Strip(node);
    }

    /// <summary>Tells what has to be mapped on import.</summary>
    public void AddUnboundInputs(MetaGraphDef metaGraph, string collection)
    {
        if (_unbound.Count == 0)
            return;
        var definition = new CollectionDef { BytesList = new() };
        definition.BytesList.Value.AddRange(_unbound.Distinct(StringComparer.Ordinal).Select(ByteString.CopyFromUtf8));
        metaGraph.CollectionDef.Add(collection, definition);
    }

    /// <summary>The items of a collection that belong to the part.</summary>
    public IReadOnlyList<object> Items(string key, IReadOnlyList<object> items)
    {
        if (IsWhole)
            return items;
        if (key == GraphKeys.Savers && _onlySaver is not null)
            return Holds(_onlySaver.SaveTensorName) ? [_onlySaver] : [];
        return [.. items.Where(i => NameOf(i) is not { } name || Holds(name))];
    }

    /// <summary>A collection without the scope's name.</summary>
    public CollectionDef Strip(string key, CollectionDef definition)
    {
        if (_scope.Length == 0)
            return definition;
        for (int i = 0; i < (definition.NodeList?.Value.Count ?? 0); i++)
            definition.NodeList!.Value[i] = Strip(definition.NodeList.Value[i]); // Counted just above.
        Func<ByteString, ByteString>? strip = key switch
        {
            _ when CollectionDefs.HoldsVariables(key) => b => Strip(VariableDef.Parser.ParseFrom(b)).ToByteString(),
            GraphKeys.Savers => b => ScopedMessages.Renamed(SaverDef.Parser.ParseFrom(b), Strip).ToByteString(),
            GraphKeys.CondContext => b => ScopedMessages.Renamed(CondContextDef.Parser.ParseFrom(b), Strip).ToByteString(),
            GraphKeys.WhileContext => b => ScopedMessages.Renamed(WhileContextDef.Parser.ParseFrom(b), Strip).ToByteString(),
            "queue_runners" => b => ScopedMessages.Renamed(QueueRunnerDef.Parser.ParseFrom(b), Strip).ToByteString(),
            _ => null,
        };
        for (int i = 0; strip is not null && i < (definition.BytesList?.Value.Count ?? 0); i++)
            definition.BytesList!.Value[i] = strip(definition.BytesList.Value[i]); // Counted just above.
        return definition;
    }

    /// <summary>A saver without the scope's name; null where its nodes are outside.</summary>
    public SaverDef? Strip(SaverDef? saver)
    {
        if (saver is null || _scope.Length == 0)
            return saver?.Clone();
        return Holds(saver.FilenameTensorName) && Holds(saver.SaveTensorName) && Holds(saver.RestoreOpName) ? ScopedMessages.Renamed(saver, Strip) : null;
    }

    // A saver is taken to have a name scope to itself, as TensorFlow takes it. A scope that only restores is a model's that starts from a checkpoint.
    private static HashSet<string> OtherSavers(Graph graph, SaverDef? saver)
    {
        HashSet<string> scopes = [.. graph.Operations.Where(static o => o.Type is "SaveV2" or "Save" or "SaveSlices").Select(static o => ScopeOf(o.Name)).Where(static s => s.Length > 0)];
        if (saver is not null)
            scopes.ExceptWith([ScopeOf(saver.SaveTensorName), ScopeOf(saver.RestoreOpName)]);
        return [.. graph.Operations.Select(static o => o.Name).Where(n => scopes.Any(s => n.StartsWith(s, StringComparison.Ordinal)))];
    }

    private static string ScopeOf(string name) => name[..(name.LastIndexOf('/') + 1)];

    private static string? NameOf(object item) => item switch
    {
        Output output => output.Name,
        Operation operation => operation.Name,
        Variable variable => variable.Name,
        SaverDef saver => saver.SaveTensorName,
        CondContextDef context => context.ContextName,
        WhileContextDef context => context.ContextName,
        QueueRunnerDef runner => runner.QueueName,
        _ => null,
    };

    private bool Holds(string name) => name.StartsWith(_scope, StringComparison.Ordinal) && !_excluded.Contains(name.Split(':')[0]);

    private string Strip(string name) => name.StartsWith(_scope, StringComparison.Ordinal) ? name[_scope.Length..] : name;

    private VariableDef Strip(VariableDef variable)
    {
        variable.VariableName = Strip(variable.VariableName);
        variable.InitializerName = Strip(variable.InitializerName);
        variable.SnapshotName = Strip(variable.SnapshotName);

        // What comes from outside the scope is not there when the part is imported.
        variable.InitialValueName = Holds(variable.InitialValueName) ? Strip(variable.InitialValueName) : "";
        if (variable.SaveSliceInfoDef is { } slice)
            slice.FullName = Strip(slice.FullName);
        return variable;
    }

    private void Strip(NodeDef node)
    {
        node.Name = Strip(node.Name);
        for (int i = 0; i < node.Input.Count; i++)
        {
            string control = node.Input[i].StartsWith('^') ? "^" : "";
            string name = node.Input[i][control.Length..];
            if (Holds(name))
            {
                node.Input[i] = control + Strip(name);
                continue;
            }

            node.Input[i] = control + UnboundPrefix + name;
            _unbound.Add(node.Input[i]);
        }

        if (node.Attr.TryGetValue("_class", out AttrValue? groups) && groups.List is { } list)
        {
            ByteString[] inside =
            [
                .. list.S.Select(static s => s.ToStringUtf8())
                    .Where(s => s.StartsWith(ColocationPrefix, StringComparison.Ordinal) && Holds(s[ColocationPrefix.Length..]))
                    .Select(s => ByteString.CopyFromUtf8(ColocationPrefix + Strip(s[ColocationPrefix.Length..]))),
            ];
            list.S.Clear();
            list.S.AddRange(inside);
        }

        if (node.Op is "Enter" or "RefEnter" && node.Attr.TryGetValue("frame_name", out AttrValue? frame))
            frame.S = ByteString.CopyFromUtf8(Strip(frame.S.ToStringUtf8()));
    }
}
