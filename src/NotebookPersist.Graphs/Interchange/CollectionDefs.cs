using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.Interchange;

/// <summary>Collections as meta graphs keep them: the key or the first item decides how.</summary>
internal static class CollectionDefs
{
    /// <summary>Collections that keep the whole description of a variable instead of its name.</summary>
    public static bool HoldsVariables(string key) => key is GraphKeys.GlobalVariables or GraphKeys.TrainableVariables or GraphKeys.LocalVariables
        or GraphKeys.ModelVariables or GraphKeys.MovingAverageVariables or "metric_variables" or GraphKeys.GlobalStep;

    public static bool TryEncode(string key, IReadOnlyList<object> items, [NotNullWhen(true)] out CollectionDef? definition, [NotNullWhen(false)] out string? fault)
    {
        definition = items[0] switch
        {
            Variable when HoldsVariables(key) => Encode<Variable>(items, static i => Bytes(i.Select(static v => ToDef(v).ToByteString()))),
            Any => Encode<Any>(items, AnyList),
            IStoredItem => Encode<IStoredItem>(items, static i => Bytes(i.Select(static m => m.ToMessage().ToByteString()))),
            IMessage => Encode<IMessage>(items, static i => Bytes(i.Select(static m => m.ToByteString()))),
            string => Encode<string>(items, static i => Bytes(i.Select(ByteString.CopyFromUtf8))),
            byte[] => Encode<byte[]>(items, static i => Bytes(i.Select(static b => ByteString.CopyFrom(b)))),
            ByteString => Encode<ByteString>(items, Bytes),
            bool or int or long => Integers(items),
            float or double => Floats(items),
            Output or Operation or Variable => Nodes(items),
            _ => null,
        };
        fault = definition is null ? $"its items, beginning with one of type '{items[0].GetType().Name}', have no stored form, or are of several kinds." : null;
        return definition is not null;
    }

    public static VariableDef ToDef(Variable variable) => new()
    {
        VariableName = variable.Name,
        InitialValueName = variable.InitialValue?.Name ?? "",
        InitializerName = variable.Initializer.Name,
        SnapshotName = variable.Value.Name,
        IsResource = variable.IsResource,
        Trainable = variable.IsTrainable,
        SaveSliceInfoDef = variable.Slice?.Clone(),
    };

    private static CollectionDef? Encode<T>(IReadOnlyList<object> items, Func<IEnumerable<T>, CollectionDef> encode) =>
        items.All(static i => i is T) ? encode(items.Cast<T>()) : null;

    private static CollectionDef Bytes(IEnumerable<ByteString> values)
    {
        var definition = new CollectionDef { BytesList = new() };
        definition.BytesList.Value.AddRange(values);
        return definition;
    }

    private static CollectionDef AnyList(IEnumerable<Any> values)
    {
        var definition = new CollectionDef { AnyList = new() };
        definition.AnyList.Value.AddRange(values);
        return definition;
    }

    private static CollectionDef? Integers(IReadOnlyList<object> items)
    {
        if (!items.All(static i => i is bool or int or long))
            return null;
        var definition = new CollectionDef { Int64List = new() };
        definition.Int64List.Value.AddRange(items.Select(static i => i is bool b ? (b ? 1L : 0L) : i is int n ? n : (long)i));
        return definition;
    }

    private static CollectionDef? Floats(IReadOnlyList<object> items)
    {
        if (!items.All(static i => i is float or double))
            return null;
        var definition = new CollectionDef { FloatList = new() };
        definition.FloatList.Value.AddRange(items.Select(static i => i is double d ? (float)d : (float)i));
        return definition;
    }

    private static CollectionDef? Nodes(IReadOnlyList<object> items)
    {
        var definition = new CollectionDef { NodeList = new() };
        foreach (object item in items)
        {
            string? name = item switch
            {
                Output output => output.Name,
                Operation operation => operation.Name,
                Variable variable => variable.Name,
                _ => null,
            };
            if (name is null)
                return null;
            definition.NodeList.Value.Add(name);
        }

        return definition;
    }
}
