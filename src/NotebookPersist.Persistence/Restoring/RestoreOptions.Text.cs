using System.Diagnostics.CodeAnalysis;
using System.Text;
using NotebookPersist.Persistence;

namespace NotebookPersist;

public sealed partial record RestoreOptions
{
    private const string Becomes = "=>";

    /// <summary>Reads options as users write them.</summary>
    /// <param name="map">Names where they differ, <c>variable=name</c>, separated by commas; null for none.</param>
    /// <param name="renames">Renames, <c>regex=>replacement</c>, separated by commas; null for none.</param>
    /// <param name="skip">Patterns separated by commas; null for none.</param>
    /// <param name="options">The options, neither partial nor lazy.</param>
    /// <param name="fault">What is wrong, a sentence that begins with the option's name.</param>
    public static bool TryParse(string? map, string? renames, string? skip, [NotNullWhen(true)] out RestoreOptions? options, [NotNullWhen(false)] out string? fault)
    {
        options = null;
        if (!ConversionOptions.TryParseMap(map is null ? [] : [map], out IReadOnlyDictionary<string, string>? names, out fault))
        {
            fault = $"--map {fault}";
            return false;
        }

        // A regular expression may hold commas; what comes after its replacement may not.
        var parsed = new List<RestoreRename>();
        foreach (string rename in Joined(renames, static part => part.Contains(Becomes, StringComparison.Ordinal)))
        {
            int at = rename.IndexOf(Becomes, StringComparison.Ordinal);
            if (at < 1)
            {
                fault = $"--rename takes regex=>replacement; '{rename}' was given.";
                return false;
            }

            parsed.Add(new RestoreRename(rename[..at], rename[(at + Becomes.Length)..]));
        }

        string[] skipped = [.. Joined(skip, static part => !part.StartsWith('/') || (part.Length > 1 && part.EndsWith('/'))).Select(static p => p.Trim()).Where(static p => p.Length > 0)];
        (options, fault) = (new RestoreOptions { Map = names, Renames = parsed, Skip = skipped }, null);
        return true;
    }

    /// <summary>The options as words of a command line, quoted where they must be; null where names hold separators.</summary>
    public string? ToArguments()
    {
        var words = new List<string>();
        Add("--map", Map.Select(static m => $"{m.Key}={m.Value}"));
        Add("--rename", Renames.Select(static r => $"{r.Pattern}{Becomes}{r.Replacement}"));
        Add("--skip", Skip);
        if (!TryParse(Value("--map"), Value("--rename"), Value("--skip"), out RestoreOptions? read, out _)
            || !read.Map.OrderBy(static m => m.Key, StringComparer.Ordinal).SequenceEqual(Map.OrderBy(static m => m.Key, StringComparer.Ordinal))
            || !read.Renames.SequenceEqual(Renames)
            || !read.Skip.SequenceEqual(Skip))
        {
            return null;
        }

        if (Partial)
            words.Add("--partial");
        if (Lazy)
            words.Add("--lazy");
        return string.Join(' ', words.Select(static w => w.StartsWith("--", StringComparison.Ordinal) ? w : CommandWords.Quoted(w)));

        void Add(string name, IEnumerable<string> values)
        {
            string joined = string.Join(',', values);
            if (joined.Length > 0)
                words.AddRange([name, joined]);
        }

        string? Value(string name) => words.IndexOf(name) is >= 0 and int at ? words[at + 1] : null;
    }

    /// <summary>The options as C#.</summary>
    public string ToCode()
    {
        var parts = new List<string>();
        if (Map.Count > 0)
            parts.Add($"Map = new Dictionary<string, string> {{ {string.Join(", ", Map.Select(static m => $"[{Literal(m.Key)}] = {Literal(m.Value)}"))} }}");
        if (Renames.Count > 0)
            parts.Add($"Renames = [{string.Join(", ", Renames.Select(static r => $"new({Literal(r.Pattern)}, {Literal(r.Replacement)})"))}]");
        if (Skip.Count > 0)
            parts.Add($"Skip = [{string.Join(", ", Skip.Select(Literal))}]");
        if (Partial)
            parts.Add("Partial = true");
        if (Lazy)
            parts.Add("Lazy = true");
        return parts.Count == 0 ? "new RestoreOptions()" : $"new RestoreOptions {{ {string.Join(", ", parts)} }}";
    }

    private static IEnumerable<string> Joined(string? text, Func<string, bool> isWhole)
    {
        string? open = null;
        foreach (string part in text?.Split(',') ?? [])
        {
            open = open is null ? part : $"{open},{part}";
            if (!isWhole(open))
                continue;
            yield return open;
            open = null;
        }

        if (!string.IsNullOrWhiteSpace(open))
            yield return open;
    }

    private static string Literal(string text)
    {
        var literal = new StringBuilder("\"");
        foreach (char c in text)
        {
            if (c is '"' or '\\')
                literal.Append('\\').Append(c);
            else if (char.IsControl(c))
                literal.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                literal.Append(c);
        }

        return literal.Append('"').ToString();
    }
}
