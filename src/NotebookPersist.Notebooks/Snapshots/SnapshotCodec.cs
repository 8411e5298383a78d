using System.Collections;
using Google.Protobuf;
using NotebookPersist.Notebooks.Hosting;
using NotebookPersist.Protos;

namespace NotebookPersist.Notebooks.Snapshots;

/// <summary>Variables of a notebook, to and from what a snapshot holds of them.</summary>
/// <remarks>No type is ever looked up by a name from a file but in a closed list.</remarks>
internal sealed class SnapshotCodec(IReadOnlyList<Graph> graphs, IReadOnlyList<Session> sessions)
{
    private const string Null = "null", Text = "text", Scalar = "scalar", Array = "array", List = "list", Value = "tensor";
    private const string GraphKind = "graph", SessionKind = "session", OutputKind = "output", OperationKind = "operation", VariableKind = "variable", SaverKind = "saver";

    /// <summary>What stands for a variable in a snapshot; null where nothing does.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Its declared type.</param>
    /// <param name="value">Its value.</param>
    /// <param name="tensor">The value to store under the variable's name; null where the entry says it all.</param>
    public SnapshotVariable? TryEncode(string name, Type type, object? value, out Tensor? tensor)
    {
        tensor = null;
        switch (value)
        {
            case null:
                return type == typeof(string) ? new SnapshotVariable(name, Null, nameof(String)) : null;
            case Tensor { Buffer: null, DType: not DType.String }:
                return null;
            case Tensor whole:
                tensor = whole;
                return new SnapshotVariable(name, Value);
            case Graph graph:
                return Of(name, GraphKind, graphs, graph);
            case Session session:
                return Of(name, SessionKind, sessions, session);
            case Output output:
                return Of(name, OutputKind, graphs, output.Graph, output.Name);
            case Operation operation:
                return Of(name, OperationKind, graphs, operation.Graph, operation.Name);
            case Variable variable when ReferenceEquals(Find(variable.Graph, variable.Name), variable):
                return Of(name, VariableKind, graphs, variable.Graph, variable.Name);
            case Saver { IsBuilt: true } saver:
                return Of(name, SaverKind, graphs, saver.Graph) is { } entry ? entry with { Definition = saver.Definition.ToByteArray() } : null;
            default:
                return TryEncodeData(name, value, out tensor);
        }
    }

    /// <summary>The variable of an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="read">Gives the tensor that is stored under a name.</param>
    /// <exception cref="FormatException">The entry makes no sense.</exception>
    /// <exception cref="KeyNotFoundException">The graph has no such node.</exception>
    public CellVariable Decode(SnapshotVariable entry, Func<string, Tensor> read)
    {
        switch (entry.Kind)
        {
            case Null:
                return new CellVariable(entry.Name, typeof(string), null);
            case Text:
                Type type = ElementOf(entry);
                return new CellVariable(entry.Name, type, SnapshotElements.FromText(type, entry.Text ?? ""));
            case Scalar:
                return Typed(entry.Name, Expect(entry, read(entry.Name).ToNetValue(), ElementOf(entry)));
            case Array:
                var array = read(entry.Name).ToNetValue() as System.Array ?? throw new FormatException("it is no array");
                Expect(entry, array, ElementOf(entry).MakeArrayType().IsInstanceOfType(array) ? array.GetType() : ElementOf(entry).MakeArrayType(array.Rank));
                return Typed(entry.Name, array);
            case List:
                object items = Expect(entry, read(entry.Name).ToNetValue(), ElementOf(entry).MakeArrayType());
                return Typed(entry.Name, Activator.CreateInstance(typeof(List<>).MakeGenericType(ElementOf(entry)), items)!); // No Nullable is made here.
            case Value:
                return new CellVariable(entry.Name, typeof(Tensor), read(entry.Name).Clone());
            case GraphKind:
                return new CellVariable(entry.Name, typeof(Graph), At(graphs, entry));
            case SessionKind:
                return new CellVariable(entry.Name, typeof(Session), At(sessions, entry));
            case OutputKind:
                return new CellVariable(entry.Name, typeof(Output), At(graphs, entry).GetTensorByName(entry.Text ?? ""));
            case OperationKind:
                return new CellVariable(entry.Name, typeof(Operation), At(graphs, entry).GetOperationByName(entry.Text ?? ""));
            case VariableKind:
                return new CellVariable(entry.Name, typeof(Variable), Find(At(graphs, entry), entry.Text ?? "") ?? throw new FormatException($"no collection of its graph has the variable '{entry.Text}'"));
            case SaverKind:
                return new CellVariable(entry.Name, typeof(Saver), new Saver(SaverDef.Parser.ParseFrom(entry.Definition ?? []), At(graphs, entry)));
            default:
                throw new FormatException($"its kind is '{entry.Kind}', which is none of this version");
        }
    }

    private static SnapshotVariable? TryEncodeData(string name, object value, out Tensor? tensor)
    {
        tensor = null;
        Type type = value.GetType();
        if (SnapshotElements.IsText(type))
            return new SnapshotVariable(name, Text, type.Name, SnapshotElements.ToText(value));
        if (SnapshotElements.IsOfTensors(type))
        {
            tensor = Tensor.From(value);
            return new SnapshotVariable(name, Scalar, type.Name);
        }

        (string? kind, Type? element) = type.IsArray ? (Array, type.GetElementType())
            : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>) ? (List, type.GetGenericArguments()[0])
            : (null, null);
        if (kind is null || element is null || !SnapshotElements.IsOfTensors(element) || ((IEnumerable)value).Cast<object?>().Any(static i => i is null))
            return null;
        System.Array elements = value as System.Array ?? ToArray((IList)value, element);
        tensor = Tensor.From(elements);
        return new SnapshotVariable(name, kind, element.Name);
    }

    private static System.Array ToArray(IList list, Type element)
    {
        System.Array array = System.Array.CreateInstance(element, list.Count);
        list.CopyTo(array, 0);
        return array;
    }

    private static SnapshotVariable? Of<T>(string name, string kind, IReadOnlyList<T> all, T one, string? text = null)
        where T : class
    {
        for (int i = 0; i < all.Count; i++)
        {
            if (ReferenceEquals(all[i], one))
                return new SnapshotVariable(name, kind, Text: text, Index: i);
        }

        return null;
    }

    private static T At<T>(IReadOnlyList<T> all, SnapshotVariable entry) => entry.Index is { } index && index >= 0 && index < all.Count
        ? all[index]
        : throw new FormatException($"its index is {entry.Index?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "missing"}, and there are {all.Count}");

    private static Type ElementOf(SnapshotVariable entry) =>
        SnapshotElements.TypeOf(entry.Element) ?? throw new FormatException($"its type is '{entry.Element}', which is none of this version");

    private static object Expect(SnapshotVariable entry, object value, Type type) =>
        value.GetType() == type ? value : throw new FormatException($"its type is '{entry.Element}', but a {value.GetType().Name} is stored");

    private static CellVariable Typed(string name, object value) => new(name, value.GetType(), value);

    private static Variable? Find(Graph graph, string name) =>
        graph.CollectionKeys.SelectMany(graph.GetCollection).OfType<Variable>().FirstOrDefault(v => v.GetType() == typeof(Variable) && v.Name == name);
}
