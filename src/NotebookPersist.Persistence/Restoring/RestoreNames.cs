using System.Text.RegularExpressions;

namespace NotebookPersist.Persistence;

/// <summary>Tells what a checkpoint calls a variable, as the options have it.</summary>
internal sealed class RestoreNames
{
    // No honest pattern takes this long on a name.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly RestoreOptions _options;
    private readonly Pattern[] _renames;
    private readonly Pattern[] _skips;

    /// <summary>Compiles the patterns.</summary>
    /// <exception cref="ArgumentException">A pattern is no regular expression.</exception>
    public RestoreNames(RestoreOptions options)
    {
        _options = options;
        _renames = [.. options.Renames.Select(static r => new Pattern("rename", r.Pattern, Compile("rename", r.Pattern)))];
        _skips = [.. options.Skip.Select(static s => new Pattern("skip", s, CompileSkip(s)))];
    }

    /// <summary>Patterns that fitted no name they were tried on, with what each is for.</summary>
    public IEnumerable<(string Use, string Text)> Unused => _skips.Concat(_renames).Where(static p => !p.WasUsed).Select(static p => (p.Use, p.Text));

    /// <summary>True where a variable is to keep its value.</summary>
    /// <exception cref="ArgumentException">A pattern takes too long.</exception>
    public bool IsSkipped(string name)
    {
        bool skipped = false;
        foreach (Pattern pattern in _skips)
            skipped |= pattern.Fits(name); // All are asked, so that none is called unused because another came first.
        return skipped;
    }

    /// <summary>The name to look for, and where it comes from.</summary>
    /// <exception cref="ArgumentException">A pattern takes too long.</exception>
    public (string Name, RestoreNaming Naming) Sought(string name)
    {
        if (_options.Map.TryGetValue(name, out string? mapped))
            return (mapped, RestoreNaming.Map);
        string sought = name;
        for (int i = 0; i < _renames.Length; i++)
            sought = _renames[i].Replace(sought, _options.Renames[i].Replacement);
        return sought == name ? (name, RestoreNaming.Own) : (sought, RestoreNaming.Rename);
    }

    // An engine without backtracking cannot be led astray; only look-around and back-references need the other one.
    private static Regex Compile(string use, string pattern)
    {
        if (string.IsNullOrEmpty(pattern))
            throw new ArgumentException($"A pattern to {use} is empty, and so fits everywhere. Write what it should fit; ^ stands for the start of a name.");
        try
        {
            try
            {
                return new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, Patience);
            }
            catch (NotSupportedException)
            {
                return new Regex(pattern, RegexOptions.CultureInvariant, Patience);
            }
        }
        catch (RegexParseException fault)
        {
            throw new ArgumentException($"The pattern to {use}, '{pattern}', is no regular expression. {fault.Message}", fault);
        }
    }

    private static Regex CompileSkip(string pattern) => pattern is ['/', .. { Length: > 0 } expression, '/'] ? Compile("skip", expression) : NamePattern.Expression(pattern);

    private sealed class Pattern(string use, string text, Regex expression)
    {
        public string Use => use;

        public string Text => text;

        public bool WasUsed { get; private set; }

        public bool Fits(string name) => InTime(name, () =>
        {
            bool fits = expression.IsMatch(name);
            WasUsed |= fits;
            return fits;
        });

        public string Replace(string name, string replacement) => Fits(name) ? InTime(name, () => expression.Replace(name, replacement)) : name;

        private T InTime<T>(string name, Func<T> match)
        {
            try
            {
                return match();
            }
            catch (RegexMatchTimeoutException slow)
            {
                throw new ArgumentException(
                    $"The pattern to {use}, '{text}', is still not matched to '{name}' after {Patience.TotalSeconds:0} s. Write it without nested repetitions such as (a+)+.", slow);
            }
        }
    }
}
