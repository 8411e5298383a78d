namespace NotebookPersist.Notebooks.Magics;

/// <summary>Magics of .NET Interactive that are none here, and what to use in their place.</summary>
/// <remarks>Source: the directives of dotnet/interactive.</remarks>
public static class ForeignMagics
{
    private const string Languages = "this kernel runs C# and F#";

    private static readonly Dictionary<string, string> Advice = new(StringComparer.OrdinalIgnoreCase)
    {
        ["#!pwsh"] = $"{Languages}, and no PowerShell. Start programs with System.Diagnostics.Process, or work on files with System.IO.",
        ["#!powershell"] = $"{Languages}, and no PowerShell. Start programs with System.Diagnostics.Process, or work on files with System.IO.",
        ["#!python"] = OtherLanguage("Python"),
        ["#!r"] = OtherLanguage("R"),
        ["#!sql"] = Database,
        ["#!kql"] = Database,
        ["#!http"] = $"{Languages}. Send requests with System.Net.Http.HttpClient.",
        ["#!connect"] = $"{Languages} cells, and connects to no other kernel. Libraries for databases and services are loaded by '#r \"nuget: NAME\"'.",
        ["#!connection"] = $"{Languages} cells, and connects to no other kernel. Libraries for databases and services are loaded by '#r \"nuget: NAME\"'.",
        ["#!log"] = "print with Console.WriteLine, or show values with Display.",
        ["#!kernel-name"] = $"{Languages}. Leave the line out.",
        ["#!vscode"] = "this kernel drives no editor. Leave the line out.",
        ["#!quit"] = "shut the kernel down in the client.",
        ["#!nuget-restore"] = "packages are restored where '#r \"nuget: NAME\"' names them. Leave the line out.",
        ["#!enable-http"] = "this kernel serves no web page. Leave the line out.",
        ["#!aspnet"] = "this kernel serves no web page. Run a web server of a library in a cell.",
        ["#!aspnet-stop"] = "this kernel serves no web page. Leave the line out.",
        ["#!expand"] = "this kernel drives no editor. Leave the line out.",
        ["#!linqify"] = "read columns of a data frame by their names: frame[\"column\"].",
        ["#!record"] = "'#!save --session FOLDER' keeps the cells that were run.",
        ["#!start-lesson"] = "lessons are not offered. Open the notebook itself.",
        ["#!cls"] = "clear what a cell has shown with ClearOutput().",
    };

    private static string Database => $"{Languages}, and queries no database. Load a library such as '#r \"nuget: Microsoft.Data.Sqlite\"' and call it.";

    /// <summary>What to use in the place of a magic; null where it is none of .NET Interactive's.</summary>
    /// <param name="name">Name with its mark.</param>
    public static string? AdviceFor(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Advice.TryGetValue(name, out string? advice) || Advice.TryGetValue(KindOf(name), out advice) ? $"'{name}' of .NET Interactive is not offered here: {advice}" : null;
    }

    // Kernels that '#!connect' makes are named for what they connect to: '#!sql-adventure'.
    private static string KindOf(string name) => name.IndexOf('-', StringComparison.Ordinal) is > 0 and int dash ? name[..dash] : name;

    private static string OtherLanguage(string language) => $"{Languages}. Write the cell in one of them, or run {language} cells in a kernel of that language and pass values through files.";
}
