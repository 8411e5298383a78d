using System.Globalization;
using System.Text.RegularExpressions;

namespace NotebookPersist.Kernel.Completion;

/// <summary>Completes magic lines: names, parameters, paths with the checkpoints that lie there, names of variables.</summary>
internal sealed partial class MagicInsight(IInsightSource source)
{
    private const string IndexSuffix = ".index";
    private const string Package = "nuget:";

    public CellCompletion Complete(string code, CellLine line, int position)
    {
        string[] words = line.Typed.Split((char[])[' ', '\t']);
        int start = position - words[^1].Length;
        if (words.Length == 1)
            return CellCompletion.OfNames(code, start, position, source.Magics.Select(static m => m.Name), "magic");
        if (source.Magics.FirstOrDefault(m => m.Name == words[0]) is not { } magic)
            return CellCompletion.None(position);

        string word = words[^1];
        InsightParameter? before = words.Length > 2 ? Named(magic, words[^2]) : null;
        if (before is { Value: "step" })
            return Steps(code, start, position, words[1]);
        if (before is { Value: not null })
            return Values(code, start, position, before);
        if (word.StartsWith("--", StringComparison.Ordinal) && word.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals)
            return Named(magic, word[..equals]) is { Value: not null } named ? Values(code, start + equals + 1, position, named) : CellCompletion.None(position);
        if (word.StartsWith('-'))
        {
            IEnumerable<string> names = magic.Parameters.Where(static p => !p.IsPositional).Select(static p => "--" + p.Name).Append("--help");
            return CellCompletion.OfNames(code, start, position, names.Where(n => !words.Contains(n)), "parameter");
        }

        return Place(magic, words) is { } place ? Values(code, start, position, place) : CellCompletion.None(position);
    }

    /// <summary>The path in a directive that takes a script or an assembly, or the package; null for other lines.</summary>
    public static CellCompletion? CompleteDirective(string code, int position)
    {
        string line = code[(position == 0 ? 0 : code.LastIndexOf('\n', position - 1) + 1)..position];
        if (Directive().Match(line) is not { Success: true } match)
            return null;
        string typed = match.Groups["path"].Value;
        if (typed.StartsWith(Package, StringComparison.OrdinalIgnoreCase))
            return match.Groups["name"].Value == "r" ? PackageCompletion.Of(typed[Package.Length..], position) : null;
        string[] extensions = match.Groups["name"].Value == "load" ? [".csx", ".cs"] : [".dll"];
        return new CellCompletion(position - typed.Length, position, [.. Paths(typed)
            .Select(static p => p.Trim('"'))
            .Where(p => p.EndsWith('/') || extensions.Contains(Path.GetExtension(p).ToLowerInvariant()))
            .Select(static p => new CompletionItem(p, "path"))]);
    }

    public CellDescription? Describe(CellLine line) =>
        source.Magics.FirstOrDefault(m => m.Name == line.Typed.Split(' ')[0] || (!line.Typed.Contains(' ', StringComparison.Ordinal) && m.Name.StartsWith(line.Typed, StringComparison.Ordinal))) is { } magic
            ? new CellDescription(magic.Help, $"```\n{magic.Help}```\n")
            : null;

    private static InsightParameter? Named(InsightMagic magic, string word) =>
        word.StartsWith("--", StringComparison.Ordinal) ? magic.Parameters.FirstOrDefault(p => p.Name == word[2..]) : null;

    // The positional parameter that the last word is: words before it that are no names or values of names took the earlier ones.
    private static InsightParameter? Place(InsightMagic magic, string[] words)
    {
        int taken = 0;
        for (int i = 1; i < words.Length - 1; i++)
        {
            if (words[i].Length == 0)
                continue;
            if (words[i].StartsWith("--", StringComparison.Ordinal))
                i += Named(magic, words[i]) is { Value: not null } ? 1 : 0;
            else
                taken++;
        }

        return magic.Parameters.Where(static p => p.IsPositional).ElementAtOrDefault(taken);
    }

    private CellCompletion Values(string code, int start, int position, InsightParameter parameter)
    {
        if (parameter.Value is "path" or "model" or "a" or "b")
            return new CellCompletion(start, position, [.. Paths(code[start..position].TrimStart('"')).Select(static p => new CompletionItem(p, "path"))]);

        // Of a list only its last entry is typed.
        int entry = start + code.AsSpan(start, position - start).LastIndexOfAny(',', '=') + 1;
        return CellCompletion.OfNames(code, entry, position, source.ValuesFor(parameter), "name");
    }

    // The steps of a series of checkpoints, the latest first.
    private static CellCompletion Steps(string code, int start, int position, string series)
    {
        IEnumerable<int> steps = Paths(series.Trim('"') + "-")
            .Select(p => p.Trim('"')[(series.Trim('"').Length + 1)..])
            .Select(static digits => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int step) ? step : -1)
            .Where(static step => step >= 0)
            .OrderDescending();
        return new CellCompletion(start, position, [.. steps
            .Select(static step => new CompletionItem(step.ToString(CultureInfo.InvariantCulture), "step"))
            .Where(item => item.Text.StartsWith(code[start..position], StringComparison.Ordinal))]);
    }

    [GeneratedRegex("^\\s*#(?<name>load|r)\\s+\"(?<path>[^\"]*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Directive();

    /// <summary>Files and folders whose path begins so, checkpoints by their prefix.</summary>
    public static IEnumerable<string> Paths(string typed)
    {
        string folder = typed[..(typed.LastIndexOf('/') + 1)];
        string prefix = typed[folder.Length..];
        FileSystemInfo[] found;
        try
        {
            DirectoryInfo directory = new(Notebooks.HomeFolder.Expand(folder.Length == 0 ? "." : folder));
            found = directory.Exists ? [.. directory.EnumerateFileSystemInfos(prefix.Replace("*", "", StringComparison.Ordinal) + "*").Take(CellCompletion.MostItems)] : [];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return []; // What cannot be listed cannot be offered.
        }

        // A checkpoint is named by what its files have in common.
        return found
            .Where(f => prefix.Length > 0 || !f.Name.StartsWith('.'))
            .Where(static f => !f.Name.Contains(".data-", StringComparison.Ordinal))
            .Select(f => folder + (f is DirectoryInfo ? f.Name + "/" : f.Name.EndsWith(IndexSuffix, StringComparison.Ordinal) ? f.Name[..^IndexSuffix.Length] : f.Name))
            .Distinct()
            .Order(StringComparer.Ordinal)
            .Select(static p => p.Contains(' ', StringComparison.Ordinal) ? $"\"{p}\"" : p);
    }
}
