using System.Collections;
using System.Globalization;
using System.Text;
using NotebookPersist.Notebooks.Hosting;

namespace NotebookPersist.Notebooks.Magics;

/// <summary>A notebook's variables, to be shown.</summary>
/// <param name="Rows">One for each name, ordered.</param>
public sealed record VariableList(IReadOnlyList<VariableRow> Rows)
{
    private const int LongestValue = 60;

    /// <summary>Lists variables, the latest of each name.</summary>
    public static VariableList Of(IEnumerable<KeyValuePair<string, object?>> variables)
    {
        ArgumentNullException.ThrowIfNull(variables);
        return new VariableList([.. variables
            .Reverse()
            .DistinctBy(static v => v.Key)
            .OrderBy(static v => v.Key, StringComparer.Ordinal)
            .Select(static v => Row(v.Key, v.Value))]);
    }

    /// <summary>Lists variables, those of other languages than C# with their language.</summary>
    internal static VariableList Of(Workspace workspace) => new([
        .. Of(workspace.CSharpVariables).Rows,
        .. Others(workspace).SelectMany(static l => l.Variables.OrderBy(static v => v.Name, StringComparer.Ordinal).Select(v => Row($"{l.Language}: {v.Name}", v.Value))),
    ]);

    /// <summary>The languages besides C# whose cells have declared variables.</summary>
    internal static IEnumerable<(string Language, IReadOnlyList<CellVariable> Variables)> Others(Workspace workspace) =>
        (workspace.Host?.Languages ?? []).Skip(1).Select(l => (l, workspace.Host!.VariablesOf(l))).Where(static l => l.Item2.Count > 0); // There is a host that has languages.

    /// <inheritdoc/>
    public override string ToString()
    {
        if (Rows.Count == 0)
            return "No cell has declared a variable yet.";
        var text = new StringBuilder();
        (int names, int types) = (Rows.Max(static r => r.Name.Length), Rows.Max(static r => r.Type.Length));
        foreach (VariableRow row in Rows)
            text.Append(row.Name.PadRight(names)).Append("  ").Append(row.Type.PadRight(types)).Append("  ").Append(row.Value).Append('\n');
        return text.ToString().TrimEnd('\n');
    }

    private static VariableRow Row(string name, object? value) => value switch
    {
        null => new VariableRow(name, "null", ""),
        Tensor tensor => new VariableRow(name, "Tensor", Dimensions(tensor.DType, tensor.Shape)),
        Output output => new VariableRow(name, "Output", $"{output.Name} {Dimensions(output.DType, output.Shape)}"),
        Variable variable => new VariableRow(name, "Variable", $"{variable.OperationName} {Dimensions(variable.DType, variable.Shape)}"),
        Array array => new VariableRow(name, TypeName(value), $"{string.Join(" x ", Enumerable.Range(0, array.Rank).Select(array.GetLength))} {(array.Length == 1 ? "element" : "elements")}"),
        ICollection collection => new VariableRow(name, TypeName(value), $"{collection.Count.ToString(CultureInfo.InvariantCulture)} {(collection.Count == 1 ? "element" : "elements")}"),
        string text => new VariableRow(name, "string", Short($"\"{text}\"")),
        IFormattable number => new VariableRow(name, TypeName(value), Short(number.ToString(null, CultureInfo.InvariantCulture))),
        bool flag => new VariableRow(name, "bool", flag ? "true" : "false"),
        IStructuralEquatable => new VariableRow(name, TypeName(value), Short(value.ToString() ?? "")), // Tuples, and what F# declares.
        _ => new VariableRow(name, TypeName(value), ""),
    };

    private static string Dimensions(DType type, Shape shape) =>
        shape.IsFullyKnown && type.HasFixedSize()
            ? $"{type.Name()} {shape.ToPythonString()}, {MagicReport.Bytes(shape.ElementCount * type.Size())}"
            : $"{type.Name()} {shape.ToPythonString()}";

    private static string Short(string text)
    {
        string line = text.ReplaceLineEndings(" ");
        return line.Length <= LongestValue ? line : string.Concat(line.AsSpan(0, LongestValue - 1), "…");
    }

    private static string TypeName(object value) => TypeName(value.GetType());

    /// <summary>The name of a type, in short.</summary>
    internal static string TypeName(Type type) =>
        type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(static a => a.Name))}>" : type.Name;
}

/// <summary>One variable of a notebook.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, in short.</param>
/// <param name="Value">Its value or size, in short.</param>
public sealed record VariableRow(string Name, string Type, string Value);
