namespace NotebookPersist.Tests;

/// <summary>Finds files of the repository itself.</summary>
internal static class RepositoryFiles
{
    private static readonly Lazy<string> _root = new(FindRoot);

    /// <summary>The folder of the solution.</summary>
    public static string Root => _root.Value;

    /// <summary>The lines of a file that are not empty.</summary>
    /// <param name="relativePath">From the root, with forward slashes.</param>
    public static IEnumerable<string> Lines(string relativePath) => File.ReadLines(Path.Combine(Root, relativePath)).Where(static l => l.Length > 0);

    /// <summary>Source files below a folder, build products aside, in ordinal order; paths are relative with forward slashes.</summary>
    public static IEnumerable<string> Sources(string relativeFolder, string pattern) => Directory
        .EnumerateFiles(Path.Combine(Root, relativeFolder), pattern, SearchOption.AllDirectories)
        .Select(static p => Path.GetRelativePath(Root, p).Replace('\\', '/'))
        .Where(static p => !p.Split('/').Any(static s => s is "bin" or "obj" or "artifacts"))
        .Order(StringComparer.Ordinal);

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "NotebookPersist.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException($"No folder above '{AppContext.BaseDirectory}' holds NotebookPersist.sln.");
    }
}
