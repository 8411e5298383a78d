namespace NotebookPersist.Fuzzing;

/// <summary>Valid files to start from: those beside the repository that real tools wrote, small ones only.</summary>
internal sealed class Corpus(string folder)
{
    // Damage in a large file mostly falls on values, and takes long to read.
    private const long MostBytes = 48 * 1024;

    /// <summary>The folder <c>shared</c> beside the repository.</summary>
    public static string DefaultFolder
    {
        get
        {
            DirectoryInfo? at = new(AppContext.BaseDirectory);
            while (at is not null && !File.Exists(Path.Combine(at.FullName, "NotebookPersist.sln")))
                at = at.Parent;
            return Path.GetFullPath(Path.Combine(at?.FullName ?? ".", "..", "shared"));
        }
    }

    /// <summary>Small files whose names match, in ordinal order.</summary>
    /// <param name="pattern">As <c>*.pb</c>.</param>
    /// <param name="most">How many at most, spread over all there are.</param>
    public IReadOnlyList<string> Files(string pattern, int most = 60)
    {
        if (!Directory.Exists(folder))
            return [];
        string[] all = [.. Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories)
            .Where(static p => new FileInfo(p).Length is > 0 and <= MostBytes)
            .Where(static p => !p.Contains("/corrupt/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];
        return all.Length <= most ? all : [.. Enumerable.Range(0, most).Select(i => all[(int)((long)i * all.Length / most)])];
    }

    /// <summary>Prefixes of V2 checkpoints, all of whose files are small.</summary>
    public IEnumerable<string> Bundles() => Files("*.index")
        .Select(static p => p[..^".index".Length])
        .Where(static p => DataFiles(p) is { Length: > 0 } data && data.Sum(static d => new FileInfo(d).Length) <= MostBytes);

    /// <summary>The data files of a V2 checkpoint.</summary>
    public static string[] DataFiles(string prefix) =>
        [.. Directory.EnumerateFiles(Path.GetDirectoryName(prefix)!, Path.GetFileName(prefix) + ".data-*").Order(StringComparer.Ordinal)]; // A file has a folder.

    /// <summary>V1 checkpoints.</summary>
    public IEnumerable<string> SliceFiles() => Files("model.ckpt").Concat(Files("export-00000-of-00001")).Concat(Files("export")).Where(static p => p.Contains("v1", StringComparison.Ordinal));
}
