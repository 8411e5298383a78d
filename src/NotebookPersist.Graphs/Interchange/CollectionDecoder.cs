using System.Globalization;
using Google.Protobuf;
using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.Interchange;

/// <summary>Restores the items of a meta graph's collections from the nodes that were imported.</summary>
internal sealed class CollectionDecoder(Graph graph, MetaGraphDef metaGraph, string prefix, List<string> warnings)
{
    // Collections share their variables: equal descriptions are one variable.
    private readonly Dictionary<ByteString, Variable> _variables = [];
    private readonly bool _tellsTrainable = TellsTrainable(metaGraph.MetaInfoDef?.TensorflowVersion ?? "");
    private readonly HashSet<ByteString> _trainable =
        [.. metaGraph.CollectionDef.TryGetValue(GraphKeys.TrainableVariables, out CollectionDef? trainable) ? trainable.BytesList?.Value ?? [] : []];

    public IEnumerable<object> Decode(string key, CollectionDef definition)
    {
        switch (definition.KindCase)
        {
            case CollectionDef.KindOneofCase.NodeList:
                return [.. definition.NodeList.Value.Select(v => Element(key, v))];
            case CollectionDef.KindOneofCase.BytesList:
                return [.. definition.BytesList.Value.Select(v => Item(key, v))];
            case CollectionDef.KindOneofCase.Int64List:
                return definition.Int64List.Value.Cast<object>();
            case CollectionDef.KindOneofCase.FloatList:
                return definition.FloatList.Value.Cast<object>();
            case CollectionDef.KindOneofCase.AnyList:
                return definition.AnyList.Value;
            default:
                warnings.Add($"Collection '{key}' was not restored: its kind is not known.");
                return [];
        }
    }

    private object Item(string key, ByteString bytes)
    {
        try
        {
            return key switch
            {
                _ when CollectionDefs.HoldsVariables(key) => Variable(key, bytes),
                GraphKeys.Savers => ScopedMessages.WithScope(SaverDef.Parser.ParseFrom(bytes), prefix),
                GraphKeys.CondContext => ScopedMessages.WithScope(CondContextDef.Parser.ParseFrom(bytes), prefix),
                GraphKeys.WhileContext => ScopedMessages.WithScope(WhileContextDef.Parser.ParseFrom(bytes), prefix),
                "queue_runners" => ScopedMessages.WithScope(QueueRunnerDef.Parser.ParseFrom(bytes), prefix),
                _ => bytes.ToByteArray(),
            };
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new GraphException($"An item of collection '{key}' is damaged: {e.Message}", inner: e);
        }
    }

    private Variable Variable(string key, ByteString bytes)
    {
        if (_variables.TryGetValue(bytes, out Variable? known))
            return known;
        VariableDef definition = VariableDef.Parser.ParseFrom(bytes);
        Output reference = Tensor(key, definition.VariableName);
        Operation initializer = Operation(key, definition.InitializerName);
        Output value = Tensor(key, definition.SnapshotName);
        // Older releases do not tell: then anything goes for the initial value, as long as it is what the initialiser assigns.
        Output? initial = definition.InitialValueName.Length > 0 ? Tensor(key, definition.InitialValueName)
            : initializer.Inputs.Count > 1 ? initializer.Inputs[1]
            : null;
        var variable = new Variable(reference, initializer, value, initial, _tellsTrainable ? definition.Trainable : _trainable.Contains(bytes))
        {
            Slice = definition.SaveSliceInfoDef,
        };
        _variables.Add(bytes, variable);
        return variable;
    }

    private object Element(string key, string name) => name.Contains(':', StringComparison.Ordinal) ? Tensor(key, name) : Operation(key, name);

    private Output Tensor(string key, string name)
    {
        var input = NodeInput.Parse(name);
        Operation operation = Operation(key, input.Node);
        return input.Index >= 0 && input.Index < operation.Outputs.Count
            ? operation[input.Index]
            : throw new GraphException($"Collection '{key}' names '{name}', but node '{operation.Name}' has {operation.Outputs.Count} outputs.", operation.Name, operation.Type);
    }

    private Operation Operation(string key, string name) => graph.TryGetOperation(prefix + name, out Operation? operation)
        ? operation
        : throw new GraphException($"Collection '{key}' names node '{prefix + name}', which is not in the graph.", prefix + name);

    // The field came with release 1.9.
    private static bool TellsTrainable(string version)
    {
        string[] parts = version.Split('.');
        return parts.Length >= 2 && int.TryParse(parts[0], CultureInfo.InvariantCulture, out int major) && int.TryParse(parts[1], CultureInfo.InvariantCulture, out int minor) && (major, minor).CompareTo((1, 9)) >= 0;
    }
}
