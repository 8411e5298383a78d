using System.Text.Json.Nodes;
using NotebookPersist.Kernel.Languages;

namespace NotebookPersist.Kernel.Documents;

/// <summary>The languages of cells, under the names that .NET Interactive gives their kernels.</summary>
internal static class NotebookLanguages
{
    public const string CSharp = "csharp";

    /// <summary>That of cells whose text is kept for others, under a name.</summary>
    public const string Value = "value";

    private static readonly Dictionary<string, string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["csharp"] = CSharp,
        ["c#"] = CSharp,
        ["cs"] = CSharp,
        ["fsharp"] = "fsharp",
        ["f#"] = "fsharp",
        ["fs"] = "fsharp",
        ["markdown"] = "markdown",
        ["md"] = "markdown",
        ["pwsh"] = "pwsh",
        ["powershell"] = "pwsh",
        ["javascript"] = "javascript",
        ["js"] = "javascript",
        ["html"] = "html",
        ["mermaid"] = "mermaid",
        ["sql"] = "sql",
        ["kql"] = "kql",
        ["python"] = "python",
        ["value"] = Value,
        ["http"] = "http",
        ["raw"] = "raw",
        ["meta"] = "meta",
    };

    private static readonly Dictionary<string, string> KernelSpecs = new(StringComparer.OrdinalIgnoreCase)
    {
        [".net-csharp"] = CSharp,
        [".net-fsharp"] = "fsharp",
        [".net-powershell"] = "pwsh",
    };

    /// <summary>Metadata of a cell that tell its language, and nothing else.</summary>
    public static IReadOnlySet<string> MetadataNames { get; } = new HashSet<string>(StringComparer.Ordinal) { "dotnet_interactive", "polyglot_notebook", "vscode" };

    /// <summary>Languages whose cells are shown or kept rather than run; a magic of the same name does that.</summary>
    public static IReadOnlySet<string> Shown { get; } = new HashSet<string>(StringComparer.Ordinal) { "markdown", "html", "javascript", "mermaid", Value };

    /// <summary>Languages whose cells are run; a magic of the same name runs them.</summary>
    public static IReadOnlySet<string> Run { get; } = new HashSet<string>([CSharp, .. CellLanguages.Names], StringComparer.Ordinal);

    /// <summary>What documents and clients are told of C#.</summary>
    public static JsonObject Info() => new() { ["file_extension"] = ".cs", ["mimetype"] = "text/x-csharp", ["name"] = "C#", ["pygments_lexer"] = "csharp" };

    /// <summary>The name of a language that is known by several; others in lower case.</summary>
    public static string Canonical(string name) => Names.TryGetValue(name, out var known) ? known : name.ToLowerInvariant();

    /// <summary>Whether a name is one of those that every .NET Interactive has.</summary>
    public static bool IsKnown(string name) => Names.ContainsKey(name);

    /// <summary>The language of the cells that say nothing themselves.</summary>
    /// <param name="metadata">The metadata of the document.</param>
    public static string DefaultOf(JsonObject? metadata)
    {
        if ((TextAt(metadata, "polyglot_notebook", "kernelInfo", "defaultKernelName") ?? TextAt(metadata, "kernelInfo", "defaultKernelName")
            ?? TextAt(metadata, "polyglot_notebook", "defaultKernelName") ?? TextAt(metadata, "dotnet_interactive", "defaultKernelName")) is { } named)
        {
            return Canonical(named);
        }

        if (TextAt(metadata, "kernelspec", "name") is { } spec && KernelSpecs.TryGetValue(spec, out var language))
            return language;
        return Canonical(TextAt(metadata, "kernelspec", "language") ?? CSharp);
    }

    /// <summary>A text deep inside; null where it is missing, empty or no text.</summary>
    public static string? TextAt(JsonObject? json, params ReadOnlySpan<string> path)
    {
        JsonNode? node = json;
        foreach (var name in path)
            node = (node as JsonObject)?[name];
        return node is JsonValue value && value.TryGetValue(out string? text) && text.Length > 0 ? text : null;
    }
}
