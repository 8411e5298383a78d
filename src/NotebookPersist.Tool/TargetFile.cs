namespace NotebookPersist.Tool;

/// <summary>Looks at a file that a long command is to write in the end, before the command begins.</summary>
internal static class TargetFile
{
    /// <summary>Makes its folder, and tries whether it could be written.</summary>
    /// <param name="option">The option that names it.</param>
    /// <param name="path">The file; null for none.</param>
    /// <param name="extensions">Extensions that tell a form that can be written.</param>
    /// <returns>The complete path.</returns>
    /// <exception cref="UsageException">Its extension tells nothing, or it cannot be written.</exception>
    public static string? Require(string option, string? path, params ReadOnlySpan<string> extensions)
    {
        if (path is null)
            return null;
        if (!extensions.Contains(Path.GetExtension(path).ToLowerInvariant()))
            throw new UsageException($"{option} takes a file that ends in {string.Join(" or ", extensions.ToArray())}; '{path}' was given.");
        if (Directory.Exists(path))
            throw new UsageException($"{option}: '{path}' is a folder. Add a file name to it.");
        string full = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(full)!; // A file has a folder.
        string trial = Path.Combine(folder, $".{Path.GetRandomFileName()}");
        try
        {
            Directory.CreateDirectory(folder);
            if (File.Exists(full))
                File.OpenWrite(full).Dispose();
            File.Create(trial, 1, FileOptions.DeleteOnClose).Dispose();
            return full;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            string reason = File.Exists(folder) ? $"'{folder}' is a file and no folder" : $"its folder '{folder}' cannot be written to";
            throw new UsageException($"{option}: '{path}' cannot be written: {reason}.");
        }
    }
}
