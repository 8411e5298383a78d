using System.Text;

namespace NotebookPersist.Kernel.Documents;

/// <summary>The text format of .NET Interactive: cells one below the other, each headed by a line with its language.</summary>
internal static class DibFormat
{
    private const string Meta =
        """
        #!meta

        {"kernelInfo":{"defaultKernelName":"csharp","items":[{"name":"csharp","languageName":"csharp"}]}}


        """;

    private static readonly Dictionary<string, string> Languages = new(StringComparer.OrdinalIgnoreCase)
    {
        ["csharp"] = "csharp",
        ["c#"] = "csharp",
        ["fsharp"] = "fsharp",
        ["f#"] = "fsharp",
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
        ["value"] = "value",
        ["http"] = "http",
        ["raw"] = "raw",
        ["meta"] = "meta",
    };

    public static IEnumerable<(CellKind Kind, string Language, string Source)> Read(string text)
    {
        var language = "csharp";
        var lines = new List<string>();
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n').Append(null))
        {
            // Any other #! line is a magic and belongs to its cell.
            if (line is not null && (!line.StartsWith("#!", StringComparison.Ordinal) || !Languages.ContainsKey(line[2..].Trim())))
            {
                lines.Add(line);
                continue;
            }

            var source = string.Join('\n', lines).Trim('\n');
            if (language != "meta" && !string.IsNullOrWhiteSpace(source))
                yield return (KindOf(language), language, source);
            lines.Clear();
            if (line is not null)
                language = Languages[line[2..].Trim()];
        }
    }

    public static string Write(IEnumerable<NotebookCell> cells)
    {
        var text = new StringBuilder(Meta);
        foreach (var cell in cells)
        {
            var language = cell.Kind switch { CellKind.Markdown => "markdown", CellKind.Raw => "raw", _ => cell.Language };
            text.Append("#!").Append(language).Append("\n\n").Append(cell.Source.ReplaceLineEndings("\n").Trim('\n')).Append("\n\n");
        }

        text.Length--;
        return text.ToString();
    }

    private static CellKind KindOf(string language) => language switch
    {
        "markdown" => CellKind.Markdown,
        "raw" => CellKind.Raw,
        _ => CellKind.Code,
    };
}
