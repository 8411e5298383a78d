using System.Globalization;
using System.Text;
using System.Text.Json;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist.Notebooks;

/// <summary>What is built here of one operation of TensorFlow.</summary>
/// <param name="Name">TensorFlow's name.</param>
/// <param name="Builders">Facade members that make it; empty where only gradients, savers, operators or imported graphs do.</param>
/// <param name="Types">Element types that it takes, by attribute; empty where they are fixed.</param>
/// <param name="IsDifferentiable">Whether gradients flow through it.</param>
/// <param name="Reason">Why none do; null where they do.</param>
/// <param name="IsStateful">Whether it does more than compute its outputs.</param>
public sealed record OpCoverageRow(
    string Name, IReadOnlyList<string> Builders, IReadOnlyDictionary<string, IReadOnlyList<string>> Types, bool IsDifferentiable, string? Reason, bool IsStateful);

/// <summary>A table of every operation that is built here, made from the code itself.</summary>
/// <remarks>An operation in the registry has a kernel: its class cannot be written without one. Thread safety: pure.</remarks>
public static class OpCoverage
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>A row for each operation, by name.</summary>
    public static IReadOnlyList<OpCoverageRow> Rows()
    {
        OpRegistry registry = OpRegistry.BuiltIn;
        ILookup<string, string> builders = Coverage.BuilderCalls.ByOperation(registry);
        return
        [
            .. registry.All.Select(op => new OpCoverageRow(
                op.Signature.Name,
                [.. builders[op.Signature.Name]],
                op.Signature.Attrs.Where(static a => a.Kind == AttrKind.Type).ToDictionary(
                    static a => a.Name, static a => (IReadOnlyList<string>)[.. a.AllowedTypes.Select(static t => t.SignatureName())], StringComparer.Ordinal),
                op.Gradient.IsDifferentiable,
                op.Gradient.Reason,
                op.Signature.IsStateful)),
        ];
    }

    /// <summary>The table in Markdown.</summary>
    public static string ToMarkdown(IReadOnlyList<OpCoverageRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Operations\n\n{rows.Count} operations of TensorFlow 1.15 and some of later releases have a kernel here; gradients flow through {rows.Count(static r => r.IsDifferentiable)}; ");
        text.Append(CultureInfo.InvariantCulture, $"{rows.Count(static r => r.Builders.Count > 0)} have a member of `tf` of their own.\n\n");
        text.Append("| operation | made by | element types | gradient |\n| --- | --- | --- | --- |\n");
        foreach (OpCoverageRow row in rows)
        {
            string made = string.Join(", ", row.Builders.Select(static b => $"`{b}`"));
            string types = string.Join("; ", row.Types.Select(static t => $"{t.Key}: {(t.Value.Count == 0 ? "any" : string.Join(' ', t.Value))}"));
            text.Append(CultureInfo.InvariantCulture, $"| {row.Name}{(row.IsStateful ? " (stateful)" : "")} | {made} | {types} | {(row.IsDifferentiable ? "yes" : Cell(row.Reason ?? ""))} |\n");
        }

        return text.ToString();
    }

    /// <summary>The table in JSON.</summary>
    public static string ToJson(IReadOnlyList<OpCoverageRow> rows) => JsonSerializer.Serialize(rows, Indented);

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
