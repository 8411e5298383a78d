using System.Text;
using System.Text.Json;
using NotebookPersist.Formats.Files;

namespace NotebookPersist.Kernel.Jupyter;

/// <summary>Cells of earlier sessions, a line of JSON each, readable by their user only.</summary>
/// <remarks>
/// Several kernels may use it: each has the file to itself while it reads or writes. A history that cannot be read or written is no reason not to
/// run cells: it then lasts for the session. Thread safety: one thread at a time.
/// </remarks>
internal sealed class HistoryFile(string path)
{
    private const long LargestByteCount = 4 << 20;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const int MostAttempts = 50;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private bool _isBroken;

    /// <summary>The entries, oldest first. Of a file that has grown large only the newest are kept.</summary>
    public List<HistoryEntry> Load()
    {
        try
        {
            if (!File.Exists(path))
                return [];
            using FileStream file = Open();
            using var reader = new StreamReader(file, Encoding.UTF8, leaveOpen: true);
            List<HistoryEntry> entries = [.. reader.ReadToEnd().Split('\n').Select(Parse).OfType<HistoryEntry>()];
            if (file.Length > LargestByteCount)
                Shorten(file, entries);
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
            using FileStream file = Open();
            file.Seek(0, SeekOrigin.End);
            file.Write(Line(entry));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            _isBroken = true;
        }
    }

    // Half of the largest size is left, so that this is seldom done.
    private static void Shorten(FileStream file, List<HistoryEntry> entries)
    {
        long kept = 0;
        int first = entries.Count;
        while (first > 0 && kept + Line(entries[first - 1]).Length <= LargestByteCount / 2)
            kept += Line(entries[--first]).Length;
        entries.RemoveRange(0, first);
        file.SetLength(0);
        foreach (HistoryEntry entry in entries)
            file.Write(Line(entry));
    }

    // Another kernel has it for the moment of a write.
    private FileStream Open()
    {
        RegularFile.Require(path);
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(path, options);
            }
            catch (IOException) when (attempt < MostAttempts && File.Exists(path))
            {
                Thread.Sleep(Pause);
            }
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
}
