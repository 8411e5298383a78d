using System.Text;
using System.Text.Json;
using NotebookPersist.Formats.Files;

namespace NotebookPersist.Kernel.Jupyter;

/// <summary>Cells of earlier sessions, a line of JSON each, readable by their user only.</summary>
/// <remarks>
/// Several kernels may write at once: each entry is one write at the end of the file. A history that cannot be read or written is no reason not to
/// run cells: it then lasts for the session. Thread safety: one thread at a time.
/// </remarks>
internal sealed class HistoryFile(string path)
{
    private const long LargestByteCount = 4 << 20;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private bool _isBroken;

    /// <summary>The entries, oldest first. Of a file that has grown large only the newer half is kept.</summary>
    public List<HistoryEntry> Load()
    {
        try
        {
            if (!File.Exists(path))
                return [];
            List<HistoryEntry> entries = [.. File.ReadLines(path).Select(Parse).OfType<HistoryEntry>()];
            if (new FileInfo(path).Length > LargestByteCount)
            {
                entries = entries[(entries.Count / 2)..];
                AtomicFile.WriteAllBytes(path, [.. entries.SelectMany(Line)]);
                Protect();
            }

            return entries;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            _isBroken = true;
            return [];
        }
    }

    public void Append(HistoryEntry entry)
    {
        if (_isBroken)
            return;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!); // A file has a folder.
            var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite, BufferSize = 0 };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = OwnerOnly;
            using var file = new FileStream(path, options);
            file.Write(Line(entry));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            _isBroken = true;
        }
    }

    private static byte[] Line(HistoryEntry entry) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(entry) + "\n");

    // A line that was cut off by the end of a process is one entry less.
    private static HistoryEntry? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<HistoryEntry>(line) is { Source: not null, Session: > 0 } entry ? entry : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Protect()
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, OwnerOnly);
    }
}
