using System.Text.Json;

namespace NotebookPersist.DotNetInteractive.Tests;

/// <summary>Finds and reads files of the repository.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The code cells of a notebook: id and text.</summary>
    public static IReadOnlyList<(string Id, string Code)> CodeOf(string notebook)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Root, "notebooks", notebook)));
        return
        [
            .. document.RootElement.GetProperty("cells").EnumerateArray()
                .Where(static c => c.GetProperty("cell_type").GetString() == "code")
                .Select(static c => (c.GetProperty("id").GetString()!, string.Concat(c.GetProperty("source").EnumerateArray().Select(static l => l.GetString())))),
        ];
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "NotebookPersist.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No folder above '{AppContext.BaseDirectory}' holds NotebookPersist.sln.");
    }
}
