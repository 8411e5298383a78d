using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.Interchange;

/// <summary>Collections of a graph to and from their stored form; the first item decides the kind, as in TensorFlow.</summary>
internal static class CollectionDefs
{
    /// <summary>The stored form; null where items of this type cannot be stored.</summary>
    public static CollectionDef? Encode(IReadOnlyList<object> items)
    {
        var collection = new CollectionDef();
        switch (items.Count == 0 ? null : items[0])
        {
            case Variable:
                collection.BytesList = new CollectionDef.Types.BytesList();
                collection.BytesList.Value.AddRange(items.OfType<Variable>().Select(static v => ToDef(v).ToByteString()));
                break;
            case Output or Operation:
                collection.NodeList = new CollectionDef.Types.NodeList();
                collection.NodeList.Value.AddRange(items.Select(static i => i is Output output ? output.Name : ((Operation)i).Name));
                break;
            case string or ByteString:
                collection.BytesList = new CollectionDef.Types.BytesList();
                collection.BytesList.Value.AddRange(items.Select(static i => i as ByteString ?? ByteString.CopyFromUtf8((string)i)));
                break;
            case int or long:
                collection.Int64List = new CollectionDef.Types.Int64List();
                collection.Int64List.Value.AddRange(items.Select(static i => System.Convert.ToInt64(i, System.Globalization.CultureInfo.InvariantCulture)));
                break;
            case float or double:
                collection.FloatList = new CollectionDef.Types.FloatList();
                collection.FloatList.Value.AddRange(items.Select(static i => System.Convert.ToSingle(i, System.Globalization.CultureInfo.InvariantCulture)));
                break;
            case Any:
                collection.AnyList = new CollectionDef.Types.AnyList();
                collection.AnyList.Value.AddRange(items.OfType<Any>());
                break;
            default:
                return null;
        }

        return collection;
    }

    private static VariableDef ToDef(Variable variable) => new()
    {
        VariableName = variable.Reference.Name,
        InitialValueName = variable.InitialValue?.Name ?? "",
        InitializerName = variable.Initializer.Name,
        SnapshotName = variable.Value.Name,
        IsResource = variable.IsResource,
        Trainable = variable.IsTrainable,
        SaveSliceInfoDef = variable.Slice,
    };

    /// <summary>Finds the items of one file's collections in the graph that it was imported into.</summary>
    internal sealed class Decoder
    {
        private readonly Graph _graph;
        private readonly string _scope;
        private readonly bool _tellsTrainable;
        private readonly HashSet<ByteString> _trainable;
        private readonly Dictionary<ByteString, Variable> _variables = [];

        public Decoder(Graph graph, string scope, MetaGraphDef metaGraph)
        {
            (_graph, _scope) = (graph, scope);
            _trainable = [.. metaGraph.CollectionDef.TryGetValue(GraphKeys.TrainableVariables, out CollectionDef? trainable) ? trainable.BytesList?.Value ?? [] : []];
            _tellsTrainable = Version.TryParse(metaGraph.MetaInfoDef?.TensorflowVersion.Split('-')[0], out Version? version) && version >= new Version(1, 9);
        }

        /// <summary>The items; those that the graph does not have are left out.</summary>
        public IEnumerable<object> Decode(CollectionDef collection) => collection.KindCase switch
        {
            CollectionDef.KindOneofCase.NodeList => collection.NodeList.Value.Select(Find).OfType<object>(),
            CollectionDef.KindOneofCase.BytesList => collection.BytesList.Value.Select(DecodeBytes),
            CollectionDef.KindOneofCase.Int64List => collection.Int64List.Value.Select(static v => (object)v),
            CollectionDef.KindOneofCase.FloatList => collection.FloatList.Value.Select(static v => (object)v),
            CollectionDef.KindOneofCase.AnyList => collection.AnyList.Value,
            _ => [],
        };

        private object DecodeBytes(ByteString bytes)
        {
            if (_variables.TryGetValue(bytes, out Variable? known))
                return known;
            if (ToVariable(bytes) is not { } variable)
                return bytes;
            _variables.Add(bytes, variable);
            return variable;
        }

        // Other messages parse as variables too; only a variable names nodes of this graph.
        private Variable? ToVariable(ByteString bytes)
        {
            VariableDef stored;
            try
            {
                stored = VariableDef.Parser.ParseFrom(bytes);
            }
            catch (InvalidProtocolBufferException)
            {
                return null;
            }

            if (Find(stored.VariableName) is not Output reference || Find(stored.InitializerName) is not Operation initializer)
                return null;
            var value = Find(stored.SnapshotName) as Output;
            return new Variable(
                reference,
                initializer,
                value ?? reference,
                Find(stored.InitialValueName) as Output,
                _tellsTrainable ? stored.Trainable : _trainable.Contains(bytes))
            {
                Slice = stored.SaveSliceInfoDef,
            };
        }

        private object? Find(string name)
        {
            int colon = name.LastIndexOf(':');
            if (!_graph.TryGetOperation(_scope + (colon < 0 ? name : name[..colon]), out Operation? operation))
                return null;
            if (colon < 0)
                return operation;
            return int.TryParse(name.AsSpan(colon + 1), out int index) && index >= 0 && index < operation.Outputs.Count ? operation.Outputs[index] : null;
        }
    }
}
