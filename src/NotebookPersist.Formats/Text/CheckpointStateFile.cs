using System.Text;
using NotebookPersist.Formats.Files;
using NotebookPersist.Protos;

namespace NotebookPersist.Formats.Text;

/// <summary>The file named <c>checkpoint</c>, in which a Saver keeps what it saved last.</summary>
/// <remarks>Only the bytes: which paths are relative to what is the Saver's business.</remarks>
public static class CheckpointStateFile
{
    /// <summary>The name that TensorFlow gives it.</summary>
    public const string DefaultName = "checkpoint";

    // Paths of some checkpoints, one a line.
    private const long MaxByteCount = 64 << 20;

    /// <summary>Reads a state file; fields of later releases are passed over.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="CheckpointFormatException">The text does not parse.</exception>
    public static CheckpointState Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FileInfo file = new(path);
        if (file.Exists && file.Length > MaxByteCount)
        {
            throw new CheckpointFormatException(
                $"Cannot read '{path}': its {file.Length} bytes are no checkpoint state.", CheckpointFault.LimitExceeded, path);
        }

        return TextFormat.Parse<CheckpointState>(RegularFile.ReadAllBytes(path), path, skipUnknownFields: true);
    }

    /// <summary>Writes a state file as TensorFlow does, replacing the old one at once.</summary>
    /// <exception cref="IOException">The file cannot be written; the old one is unchanged.</exception>
    public static void Write(string path, CheckpointState state)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(state);
        AtomicFile.WriteAllBytes(path, Encoding.UTF8.GetBytes(TextFormat.Print(state)));
    }
}
