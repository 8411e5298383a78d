using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
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

    // Stands for the beginning of a session. Runs are counted from 1.
    private const int MarkLine = -1;

    private const int MostAttempts = 50;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private bool _isBroken;

    /// <summary>Begins a session.</summary>
    /// <returns>The entries of those before, oldest first, and the number of this one. Of a file that has grown large only the newest entries are kept.</returns>
    public (List<HistoryEntry> Entries, int Session) Begin()
    {
        List<HistoryEntry> entries = [];
        int last = 0;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!); // A file has a folder.
            using FileStream file = Open();
            using var reader = new StreamReader(file, Encoding.UTF8, leaveOpen: true);
            foreach (HistoryEntry entry in reader.ReadToEnd().Split('\n').Select(Parse).OfType<HistoryEntry>())
            {
                last = Math.Max(last, entry.Session);
                if (entry.Line != MarkLine)
                    entries.Add(entry);
            }

            if (file.Length > LargestByteCount)
                Shorten(file, entries);

            // Who begins at the same moment finds the number taken.
            file.Seek(0, SeekOrigin.End);
            file.Write(Line(new HistoryEntry(last + 1, MarkLine, "")));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            _isBroken = true;
        }

        return (entries, last + 1);
    }

    public void Append(HistoryEntry entry)
    {
        if (_isBroken)
            return;
        try
        {
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

    // Written by hand: the serializer takes longer to get ready than a cell to run.
    private static byte[] Line(HistoryEntry entry)
    {
        var line = new JsonObject { [nameof(entry.Session)] = entry.Session, [nameof(entry.Line)] = entry.Line, [nameof(entry.Source)] = entry.Source };
        return Encoding.UTF8.GetBytes(line.ToJsonString() + "\n");
    }

    // A line that was cut off by the end of a process is one entry less.
    private static HistoryEntry? Parse(string line)
    {
        try
        {
            return line.Length > 0
                && JsonNode.Parse(line) is JsonObject found
                && found[nameof(HistoryEntry.Session)] is JsonValue session && session.TryGetValue(out int number) && number > 0
                && found[nameof(HistoryEntry.Source)] is JsonValue source && source.TryGetValue(out string? text)
                ? new HistoryEntry(number, found[nameof(HistoryEntry.Line)] is JsonValue place && place.TryGetValue(out int run) ? run : 0, text)
                : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }
}
