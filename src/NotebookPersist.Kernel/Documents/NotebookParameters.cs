using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NotebookPersist.Kernel.Scripting;

namespace NotebookPersist.Kernel.Documents;

/// <summary>Puts values from outside into a notebook the way papermill does: in a cell of their own after the one tagged "parameters".</summary>
internal static class NotebookParameters
{
    private const string ParametersTag = "parameters";
    private const string InjectedTag = "injected-parameters";

    // Types without a literal for every value, which read their own text; with whether they can.
    private static readonly Dictionary<string, Func<string, bool>> Parsed = new(StringComparer.Ordinal)
    {
        ["byte"] = Parses<byte>,
        ["sbyte"] = Parses<sbyte>,
        ["short"] = Parses<short>,
        ["ushort"] = Parses<ushort>,
        ["uint"] = Parses<uint>,
        ["ulong"] = Parses<ulong>,
        ["decimal"] = Parses<decimal>,
        ["DateTime"] = Parses<DateTime>,
        ["DateTimeOffset"] = Parses<DateTimeOffset>,
        ["DateOnly"] = Parses<DateOnly>,
        ["TimeOnly"] = Parses<TimeOnly>,
        ["TimeSpan"] = Parses<TimeSpan>,
        ["Guid"] = Parses<Guid>,
    };

    /// <summary>Injects the values and returns warnings about names that the notebook does not declare.</summary>
    /// <exception cref="ArgumentException">A name is no C# identifier, or a value does not fit the declared type.</exception>
    public static IReadOnlyList<string> Inject(NotebookDocument document, IReadOnlyDictionary<string, string> values)
    {
        // The values of an earlier run must not linger below the new ones.
        for (var i = document.Cells.Count - 1; i >= 0; i--)
        {
            if (document.Cells[i].Tags.Contains(InjectedTag))
                document.RemoveAt(i);
        }

        if (values.Count == 0)
            return [];
        var index = document.Cells.ToList().FindIndex(c => c.Kind == CellKind.Code && c.Tags.Contains(ParametersTag));
        var declared = index < 0 ? [] : DeclaredTypes(document.Cells[index].Source);
        var source = new StringBuilder("// Parameters\n");
        var warnings = new List<string>();
        foreach (var (name, value) in values)
        {
            if (!SyntaxFacts.IsValidIdentifier(name) || SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None)
                throw new ArgumentException($"Cannot set the parameter '{name}': it is no C# variable name.", nameof(values));
            var type = declared.GetValueOrDefault(name);
            source.Append(CultureInfo.InvariantCulture, $"{type ?? "var"} {name} = {Literal(name, value, type)};\n");
            if (index >= 0 && type is null && !declared.ContainsKey(name))
                warnings.Add($"The parameter '{name}' is not declared in the cell tagged '{ParametersTag}' (declared: {string.Join(", ", declared.Keys)}).");
        }

        if (index < 0)
        {
            var names = document.Cells.Where(static c => c.Kind == CellKind.Code).SelectMany(static c => DeclaredTypes(c.Source).Keys).ToHashSet(StringComparer.Ordinal);
            if (!values.Keys.Any(names.Contains))
                warnings.Add($"No cell is tagged '{ParametersTag}': {string.Join(", ", values.Keys)} {(values.Count == 1 ? "is" : "are")} set before the first cell.");
            foreach (var name in values.Keys.Where(names.Contains))
                warnings.Add($"The parameter '{name}' has no effect: no cell is tagged '{ParametersTag}', so it is set first, and a cell below declares it anew.");
        }

        var cell = document.Insert(index + 1, CellKind.Code, source.ToString().TrimEnd('\n'));
        cell.Metadata["tags"] = new JsonArray(InjectedTag);
        return warnings;
    }

    // The declared type decides: "rate=1" for a double must not turn rate/3 into a division of integers.
    private static Dictionary<string, string?> DeclaredTypes(string source)
    {
        var root = CSharpSyntaxTree.ParseText(CellSplitter.WithoutMagics(source), ScriptEngine.ParseOptions).GetRoot();
        var types = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var declaration in root.DescendantNodes().OfType<VariableDeclarationSyntax>())
        {
            foreach (var variable in declaration.Variables)
                types[variable.Identifier.ValueText] = declaration.Type.IsVar ? TypeOfLiteral(variable.Initializer?.Value) : declaration.Type.ToString();
        }

        return types;
    }

    private static string? TypeOfLiteral(ExpressionSyntax? value) => value switch
    {
        PrefixUnaryExpressionSyntax { Operand: var operand } => TypeOfLiteral(operand),
        LiteralExpressionSyntax { Token.Value: int } => "int",
        LiteralExpressionSyntax { Token.Value: long } => "long",
        LiteralExpressionSyntax { Token.Value: double } => "double",
        LiteralExpressionSyntax { Token.Value: float } => "float",
        LiteralExpressionSyntax { Token.Value: bool } => "bool",
        LiteralExpressionSyntax { Token.Value: string } => "string",
        _ => null,
    };

    private static string Literal(string name, string value, string? type)
    {
        var isInteger = long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer);
        var isNumber = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number);
        var isBool = bool.TryParse(value, out var truth);
        var underlying = type?.TrimEnd('?');
        return underlying switch
        {
            "string" => SymbolDisplay.FormatLiteral(value, quote: true),
            not null when value == "null" && underlying != type => "null",
            "int" when isInteger && integer is >= int.MinValue and <= int.MaxValue => Integer(integer),
            "long" when isInteger => Integer(integer) + "L",
            "double" when isNumber => Real(number, "double"),
            "float" when isNumber && (float.IsFinite((float)number) || !double.IsFinite(number)) => double.IsFinite(number) ? Real(number, "float") + "f" : Real(number, "float"),
            "char" when value.Length == 1 => SymbolDisplay.FormatLiteral(value[0], quote: true),
            "bool" when isBool => truth ? "true" : "false",
            not null when Parsed.TryGetValue(underlying, out var parses) && parses(value) => $"{underlying}.Parse({SymbolDisplay.FormatLiteral(value, quote: true)}, System.Globalization.CultureInfo.InvariantCulture)",
            _ when (type is null || type.AsSpan().IndexOfAny('[', '<') >= 0) && List(value, isOfOneKind: type is null, SuffixOf(type)) is { } items => type is null ? $"new[] {{ {items} }}" : $"[{items}]",
            not null when Parsed.ContainsKey(underlying) || underlying is "int" or "long" or "double" or "float" or "bool" or "char"
                => throw new ArgumentException($"Cannot set the parameter '{name}' to '{value}': the notebook declares it as {type}.", nameof(value)),
            _ when isInteger => Integer(integer),
            _ when isNumber => Real(number, "double"),
            _ when isBool => truth ? "true" : "false",
            _ => SymbolDisplay.FormatLiteral(value, quote: true),
        };
    }

    private static bool Parses<T>(string text)
        where T : IParsable<T>
        => T.TryParse(text, CultureInfo.InvariantCulture, out _);

    // A list as JSON has it, and as papermill passes it: of numbers, texts or truth values.
    private static string? List(string value, bool isOfOneKind, string suffix)
    {
        if (!value.StartsWith('['))
            return null;
        try
        {
            return JsonNode.Parse(value) is JsonArray items && (items.Count > 0 || !isOfOneKind) && items.All(static i => i is JsonValue) && !(isOfOneKind && items.Select(KindOf).Distinct().Count() > 1)
                ? string.Join(", ", items.Select(i => i!.GetValueKind() == JsonValueKind.String ? SymbolDisplay.FormatLiteral(OutputJson.TextOf(i), quote: true) : i.ToJsonString() + (i.GetValueKind() == JsonValueKind.Number ? suffix : ""))) // None of them is null.
                : null;
        }
        catch (JsonException)
        {
            return null; // A text that begins so.
        }
    }

    // C# takes 0.5 for a double also where floats are asked for.
    private static string SuffixOf(string? type) => type is null ? "" : type[(type.IndexOf('<', StringComparison.Ordinal) + 1)..].TrimEnd('?', '[', ']', '>') switch { "float" => "f", "decimal" => "m", _ => "" };

    private static JsonValueKind KindOf(JsonNode? item) => item?.GetValueKind() is { } kind && kind != JsonValueKind.False ? kind : JsonValueKind.True;

    private static string Integer(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Real(double value, string type)
    {
        if (double.IsNaN(value))
            return type + ".NaN";
        if (double.IsInfinity(value))
            return type + (value > 0 ? ".PositiveInfinity" : ".NegativeInfinity");
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAny('.', 'E') >= 0 ? text : text + ".0";
    }
}
