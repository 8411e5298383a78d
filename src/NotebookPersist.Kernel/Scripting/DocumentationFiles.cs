using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security;
using System.Text;
using Microsoft.CodeAnalysis;
using NotebookPersist.Formats.Files;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>The documentation of assemblies, looked up in its XML files when somebody asks for it.</summary>
/// <remarks>
/// The compiler's own reader keeps whole files in memory; the framework's are 31 MB, and a few lines of them are asked for. The framework's documentation
/// comes with the SDK, beside its reference assemblies; where there is no SDK there is none. It is divided over files otherwise than the assemblies that
/// run are, so that all of them serve each assembly. Thread safety: all members may be called from any thread.
/// </remarks>
internal sealed class DocumentationFiles : DocumentationProvider
{
    private const int ChunkByteCount = 1 << 18;
    private const string PackName = "Microsoft.NETCore.App.Ref";

    private static readonly byte[] Opening = "<member name=\""u8.ToArray();
    private static readonly byte[] Closing = "</member>"u8.ToArray();
    private static readonly Lazy<DocumentationFiles?> Framework = new(static () => FrameworkFiles() is { Length: > 0 } files ? new DocumentationFiles(files) : null);

    private readonly string[] _files;

    // Whoever asks for a member asks for its neighbours next: overloads stand one behind the other.
    private readonly ConcurrentDictionary<string, (string File, long Offset)> _places = new(StringComparer.Ordinal);

    private DocumentationFiles(string[] files) => _files = files;

    /// <summary>The documentation of an assembly; null where there is none.</summary>
    public static DocumentationProvider? For(string assemblyPath)
    {
        string beside = Path.ChangeExtension(assemblyPath, ".xml");
        if (File.Exists(beside))
            return new DocumentationFiles([beside]);
        return FrameworkReferences.IsFrameworks(assemblyPath) ? Framework.Value : null;
    }

    public override bool Equals(object? obj) => obj is DocumentationFiles other && other._files.SequenceEqual(_files);

    public override int GetHashCode() => _files[0].GetHashCode(StringComparison.Ordinal);

    /// <summary>The element of a member; empty where there is none.</summary>
    protected override string GetDocumentationForSymbol(string documentationMemberID, CultureInfo preferredCulture, CancellationToken cancellationToken = default)
    {
        string id = SecurityElement.Escape(documentationMemberID);
        byte[] sought = [.. Opening, .. Encoding.UTF8.GetBytes(id + "\"")];
        string owner = Owner(id);
        try
        {
            if (_places.TryGetValue(owner, out (string File, long Offset) place) && Find(place.File, place.Offset, sought, owner) is { } near)
                return near;
            foreach (string file in InOrder(owner))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Find(file, 0, sought, owner) is { } found)
                    return found;
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // What cannot be read says nothing; the code is no worse for it.
        }

        return "";
    }

    // The name of the type, or of the member without its parameters: what neighbours have in common.
    private static string Owner(string id)
    {
        string name = id.Split('(')[0];
        name = name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return id.StartsWith("T:", StringComparison.Ordinal) || !name.Contains('.', StringComparison.Ordinal) ? name : name[..name.LastIndexOf('.')];
    }

    // A file named as the namespace has its types most often; the others follow by size.
    private IEnumerable<string> InOrder(string owner) =>
        _files.OrderByDescending(f => owner.StartsWith(Path.GetFileNameWithoutExtension(f) + ".", StringComparison.Ordinal) ? Path.GetFileName(f).Length : 0);

    private string? Find(string path, long from, byte[] sought, string owner)
    {
        using Microsoft.Win32.SafeHandles.SafeFileHandle file = RegularFile.OpenHandle(path);
        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkByteCount + sought.Length);
        try
        {
            int kept = 0;
            for (long offset = from; ;)
            {
                int read = RandomAccess.Read(file, chunk.AsSpan(kept, ChunkByteCount), offset);
                if (read == 0)
                    return null;
                int at = chunk.AsSpan(0, kept + read).IndexOf(sought);
                if (at >= 0)
                {
                    long place = offset - kept + at;
                    _places.TryAdd(owner, (path, place));
                    return Element(file, place);
                }

                // What is sought may begin at the end of this part.
                int tail = Math.Min(sought.Length - 1, kept + read);
                chunk.AsSpan(kept + read - tail, tail).CopyTo(chunk);
                (kept, offset) = (tail, offset + read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    private static string? Element(Microsoft.Win32.SafeHandles.SafeFileHandle file, long place)
    {
        byte[] text = [];
        for (int count = 1 << 13; count <= ChunkByteCount; count *= 4)
        {
            text = new byte[count];
            int read = RandomAccess.Read(file, text, place);
            int end = text.AsSpan(0, read).IndexOf(Closing);
            if (end >= 0)
                return Encoding.UTF8.GetString(text, 0, end + Closing.Length);
            if (read < count)
                break;
        }

        return null;
    }

    // SDKs keep packs beside the runtime: ROOT/packs/NAME/VERSION/ref/net10.0 and ROOT/shared/Microsoft.NETCore.App/VERSION.
    private static string[] FrameworkFiles()
    {
        if (Path.GetDirectoryName(typeof(object).Assembly.Location) is not { Length: > 0 } runtime)
            return [];
        string packs = Path.GetFullPath(Path.Combine(runtime, "..", "..", "..", "packs", PackName));
        if (!Directory.Exists(packs))
            return [];
        string target = Path.Combine("ref", $"net{Environment.Version.Major}.{Environment.Version.Minor}");
        string? folder = Directory.EnumerateDirectories(packs)
            .Where(static p => Version.TryParse(Path.GetFileName(p).Split('-')[0], out _))
            .OrderByDescending(static p => Version.Parse(Path.GetFileName(p).Split('-')[0]))
            .Select(p => Path.Combine(p, target))
            .FirstOrDefault(Directory.Exists);
        return folder is null ? [] : [.. new DirectoryInfo(folder).EnumerateFiles("*.xml").OrderByDescending(static f => f.Length).Select(static f => f.FullName)];
    }
}
