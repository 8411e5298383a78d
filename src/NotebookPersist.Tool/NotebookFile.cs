using NotebookPersist.Kernel.Documents;
using NotebookPersist.Notebooks;

namespace NotebookPersist.Tool;

/// <summary>Notebooks that the command line names.</summary>
internal static class NotebookFile
{
    public const string Forms = "An .ipynb, .dib or .csx file.";

    /// <summary>Whether a name is that of a notebook.</summary>
    public static bool IsNamed(string path) => Path.GetExtension(path).ToLowerInvariant() is ".ipynb" or ".dib" or ".csx";

    /// <summary>Loads a notebook.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static NotebookDocument Load(string path)
    {
        if (Directory.Exists(path))
            throw new UsageException($"'{path}' is a folder. Give a notebook: a file that ends in .ipynb, .dib or .csx.");
        try
        {
            return NotebookDocument.Load(path);
        }
        catch (Exception fault) when (fault is NotebookFormatException or ArgumentException)
        {
            throw new UsageException(PlainMessages.Of(fault));
        }
    }
}
