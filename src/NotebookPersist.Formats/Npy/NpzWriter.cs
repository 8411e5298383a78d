using System.IO.Compression;
using NotebookPersist.Formats.Coding;
using NotebookPersist.Formats.Files;

namespace NotebookPersist.Formats.Npy;

/// <summary>Writes NumPy's archives of arrays, stored without compression as <c>numpy.savez</c> does.</summary>
/// <remarks>The archive appears under its name when it is finished. Equal tensors give equal bytes. Thread safety: none.</remarks>
public sealed class NpzWriter : IDisposable
{
    // What Python's zipfile writes where nobody tells the time.
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly AtomicFile _file;
    private readonly ZipArchive _archive;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    private NpzWriter(AtomicFile file)
    {
        _file = file;
        _archive = new ZipArchive(file.Stream, ZipArchiveMode.Create, leaveOpen: true);
    }

    /// <summary>Starts an archive; its folder must exist.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be created.</exception>
    public static NpzWriter Create(string path) => new(AtomicFile.Create(path));

    /// <summary>Why no array can have a name, or null where one can: it must be UTF-8, and where the archive is unpacked lead to no other folder.</summary>
    public static string? WhyNot(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!TensorName.IsText(name))
            return "its name is not valid UTF-8";
        if (name.Contains('\0', StringComparison.Ordinal))
            return "its name holds a zero, which ends names in archives";
        bool isOfDrive = name.Length > 1 && name[1] == ':' && char.IsAsciiLetter(name[0]);
        return name.StartsWith('/') || name.StartsWith('\\') || isOfDrive || name.Split('/', '\\').Contains("..")
            ? "its name would lead out of the folder that the archive is unpacked to; give it another one (--map)"
            : null;
    }

    /// <summary>Adds an array; a name may hold '/'.</summary>
    /// <exception cref="ArgumentException">The name was added before or is empty, or the tensor has no form as an array; see <see cref="NpyFile.WhyNot(Tensor)"/>.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Add(string name, Tensor tensor, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(tensor);
        if (!_names.Add(name))
            throw new ArgumentException($"Two tensors are called '{name}'.", nameof(name));
        ZipArchiveEntry entry = _archive.CreateEntry(name + ".npy", CompressionLevel.NoCompression);
        entry.LastWriteTime = NoTime;
        using Stream stream = entry.Open();
        NpyFile.Write(stream, tensor, cancellation);
    }

    /// <summary>Completes the archive and lets it appear.</summary>
    /// <exception cref="IOException">The file cannot be written; what was there before is unchanged.</exception>
    public void Finish()
    {
        _archive.Dispose();
        _file.Commit();
    }

    /// <summary>Removes what was written where the archive was not finished.</summary>
    /// <remarks>The archive's own end is then not written: the disk may have no room for it, and nobody would read it.</remarks>
    public void Dispose() => _file.Dispose();
}
