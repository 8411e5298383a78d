namespace NotebookPersist.Tests;

/// <summary>Finds the read-only folder of reference files that stands beside the repository.</summary>
/// <remarks>The folder is not part of the repository: files written by TensorFlow itself are compared where they are.</remarks>
internal static class SharedFiles
{
    private static readonly Lazy<string> _root = new(FindRoot);

    /// <summary>Real files from public repositories, by kind.</summary>
    public static string Fixtures => System.IO.Path.Combine(_root.Value, "fixtures");

    /// <summary>Files and answers made by running TensorFlow 1.15.5.</summary>
    public static string Golden => System.IO.Path.Combine(_root.Value, "golden-tf115");

    /// <summary>The absolute path of a file or folder inside the shared folder; it must exist.</summary>
    /// <param name="relativePath">With forward slashes, e.g. <c>fixtures/v2ckpt/model.ckpt.index</c>.</param>
    /// <exception cref="FileNotFoundException">Nothing has that path.</exception>
    public static string Path(string relativePath)
    {
        string path = System.IO.Path.Combine(_root.Value, relativePath.Replace('/', System.IO.Path.DirectorySeparatorChar));
        return System.IO.Path.Exists(path)
            ? path
            : throw new FileNotFoundException($"The reference file 'shared/{relativePath}' is not there. Tests need the complete shared folder.", path);
    }

    /// <summary>All files below a folder of the shared folder whose names match, in ordinal order.</summary>
    public static IEnumerable<string> Enumerate(string relativeFolder, string pattern)
        => Directory.EnumerateFiles(Path(relativeFolder), pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    /// <summary>A path inside the shared folder, relative to it and with forward slashes: what test output prints.</summary>
    public static string Relative(string path)
        => System.IO.Path.GetRelativePath(_root.Value, path).Replace(System.IO.Path.DirectorySeparatorChar, '/');

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "NotebookPersist.sln")))
            {
                string shared = System.IO.Path.GetFullPath(System.IO.Path.Combine(folder.FullName, "..", "shared"));
                return Directory.Exists(shared)
                    ? shared
                    : throw new DirectoryNotFoundException(
                        "The tests compare with TensorFlow's own files, which are expected in the folder 'shared' beside the repository; it is not there.");
            }
        }

        throw new DirectoryNotFoundException($"No folder above '{AppContext.BaseDirectory}' holds NotebookPersist.sln, so the shared folder cannot be found.");
    }
}
