using System.Text;
using System.Text.RegularExpressions;
using NotebookPersist.Formats.Files;

namespace NotebookPersist.Kernel.Completion;

/// <summary>Completes <c>#r "nuget: Name, Version"</c> from the packages that lie on the machine: those need no download.</summary>
internal static partial class PackageCompletion
{
    private const string Kind = "package";

    // The files that tell how a name is spelled are opened for so many.
    private const int MostSpelled = 50;
    private const int HeadLength = 4096;

    /// <summary>What can stand at the end of a package's name or version.</summary>
    /// <param name="typed">What stands behind <c>nuget:</c>, up to the place.</param>
    /// <param name="position">The place.</param>
    /// <param name="folder">Where packages lie; null for NuGet's own folder.</param>
    public static CellCompletion Of(string typed, int position, string? folder = null)
    {
        folder ??= Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var comma = typed.IndexOf(',', StringComparison.Ordinal);
        var part = typed[(comma + 1)..].TrimStart();
        var items = comma < 0
            ? Names(folder, part.ToLowerInvariant())
            : Folders(Path.Combine(folder, typed[..comma].Trim().ToLowerInvariant())).Where(v => v.StartsWith(part, StringComparison.Ordinal)).OrderDescending(Comparer<string>.Create(CompareVersions));
        return new CellCompletion(position - part.Length, position, [.. items.Take(CellCompletion.MostItems).Select(static text => new CompletionItem(text, Kind))]);
    }

    private static IEnumerable<string> Names(string folder, string typed)
    {
        string[] found = [.. Folders(folder).Where(n => n.StartsWith(typed, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        return found.Length > MostSpelled ? found : found.Select(name => Spelled(folder, name));
    }

    // Folders are in lower case whatever the name is.
    private static string Spelled(string folder, string name)
    {
        try
        {
            var version = Folders(Path.Combine(folder, name)).FirstOrDefault();
            if (version is null)
                return name;
            using var file = RegularFile.OpenRead(Path.Combine(folder, name, version, name + ".nuspec"));
            var head = new byte[HeadLength];
            var match = Id().Match(Encoding.UTF8.GetString(head, 0, file.ReadAtLeast(head, HeadLength, throwOnEndOfStream: false)));
            return match.Success && match.Groups["id"].Value.Equals(name, StringComparison.OrdinalIgnoreCase) ? match.Groups["id"].Value : name;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return name;
        }
    }

    private static string[] Folders(string folder)
    {
        try
        {
            return Directory.Exists(folder) ? [.. Directory.EnumerateDirectories(folder).Select(static f => Path.GetFileName(f)).Where(static n => !n.StartsWith('.'))] : [];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return []; // What cannot be listed cannot be offered.
        }
    }

    // 10.0 comes after 9.0, and a release after what was tried before it.
    private static int CompareVersions(string a, string b)
    {
        var (first, second) = (a.Split('-', 2), b.Split('-', 2));
        var numbers = Version.TryParse(first[0], out var left) && Version.TryParse(second[0], out var right) ? left.CompareTo(right) : string.CompareOrdinal(first[0], second[0]);
        if (numbers != 0)
            return numbers;
        return first.Length == second.Length ? string.CompareOrdinal(a, b) : second.Length - first.Length;
    }

    [GeneratedRegex("<id>\\s*(?<id>[^<]+?)\\s*</id>", RegexOptions.CultureInvariant)]
    private static partial Regex Id();
}
