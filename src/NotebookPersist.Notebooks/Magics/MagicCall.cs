using System.Globalization;
using NotebookPersist.Notebooks.Hosting;

namespace NotebookPersist.Notebooks.Magics;

/// <summary>The words of one call, matched to a magic's parameters.</summary>
public sealed class MagicCall
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly Magic _magic;

    private MagicCall(Magic magic, Workspace workspace, ShowLive show, string? text) => (_magic, Workspace, Show, Text) = (magic, workspace, show, text ?? "");

    /// <summary>The notebook it works on.</summary>
    public Workspace Workspace { get; }

    /// <summary>Shows what will still change.</summary>
    public ShowLive Show { get; }

    /// <summary>The lines below it, where it takes them.</summary>
    public string Text { get; }

    /// <summary>What only the program that runs the cells can do.</summary>
    /// <exception cref="MagicException">This one cannot.</exception>
    public ICellHost Host => Workspace.Host ?? throw new MagicException($"{_magic.Name} is not offered by this host, which has one of its own.");

    /// <summary>The value of a parameter; null where it was not given.</summary>
    public string? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>True where a flag was given.</summary>
    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>The names of all parameters that were given.</summary>
    internal IEnumerable<string> Given => _values.Keys;

    /// <summary>The value of a required parameter.</summary>
    public string Required(string name) => _values[name];

    /// <summary>The value of a parameter as a whole number; null where it was not given.</summary>
    /// <exception cref="MagicException">It is no such number.</exception>
    public int? Number(string name)
    {
        if (this[name] is not { } text)
            return null;
        return int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) && number >= 0
            ? number
            : throw new MagicException($"{_magic.Name}: --{name} takes a whole number of at least 0; '{text}' was given.");
    }

    /// <summary>The value of a parameter as names separated by commas; null where it was not given.</summary>
    public IReadOnlyList<string>? Names(string name) => this[name]?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The value of a parameter as renames, <c>old=new</c>, separated by commas; empty where it was not given.</summary>
    /// <exception cref="MagicException">It is none.</exception>
    public IReadOnlyDictionary<string, string> Renames(string name) =>
        ConversionOptions.TryParseMap(this[name] is { } text ? [text] : [], out IReadOnlyDictionary<string, string>? map, out string? fault)
            ? map
            : throw new MagicException($"{_magic.Name}: --{name} {fault}");

    /// <summary>Refuses parameters beside one that leaves them no meaning.</summary>
    /// <exception cref="MagicException">Both are given.</exception>
    public void Exclude(string name, params ReadOnlySpan<string> others)
    {
        foreach (string other in others)
        {
            if (Has(name) && Has(other))
                throw Fault($"--{name} and --{other} exclude each other; leave out one");
        }
    }

    /// <summary>How to verify, by the parameters <c>no-verify</c>, <c>tolerance</c> and <c>feed</c>.</summary>
    /// <exception cref="MagicException">The tolerance is no such number.</exception>
    internal VerifyOptions Verification()
    {
        double tolerance = 0;
        if (this["tolerance"] is { } text && !(double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out tolerance) && tolerance >= 0))
            throw new MagicException($"{_magic.Name}: --tolerance takes a number of at least 0; '{text}' was given.");
        return new VerifyOptions
        {
            IsWanted = !Has("no-verify"),
            Tolerance = Has("tolerance") ? tolerance : null,
            Feed = this["feed"] is { } name ? Workspace.Find<FeedDict>(name) : null,
        };
    }

    /// <summary>Matches words to parameters.</summary>
    /// <exception cref="MagicException">A word fits no parameter, or a required one is missing.</exception>
    public static MagicCall Parse(Magic magic, IReadOnlyList<string> words, Workspace workspace, ShowLive show, string? text = null)
    {
        ArgumentNullException.ThrowIfNull(magic);
        ArgumentNullException.ThrowIfNull(words);
        var call = new MagicCall(magic, workspace, show, text);
        Queue<MagicParameter> positional = new(magic.Parameters.Where(static p => p.IsPositional));
        for (int i = 0; i < words.Count; i++)
        {
            string word = words[i];
            if (!word.StartsWith("--", StringComparison.Ordinal))
            {
                if (!positional.TryDequeue(out MagicParameter? place))
                    throw call.Fault($"'{word}' is one word too many");
                call.Set(place, word);
                continue;
            }

            string[] parts = word[2..].Split('=', 2);
            MagicParameter parameter = magic.Parameters.FirstOrDefault(p => p.Name == parts[0]) ?? throw call.Fault(call.Unknown(parts[0]));
            if (parameter.IsFlag)
            {
                call.Set(parameter, parts.Length == 1 ? "" : throw call.Fault($"--{parameter.Name} takes no value"));
                continue;
            }

            call.Set(parameter, parts.Length == 2 ? parts[1]
                : i + 1 < words.Count ? words[++i]
                : throw call.Fault($"--{parameter.Name} needs a value <{parameter.Value}>"));
        }

        foreach (MagicParameter parameter in magic.Parameters.Where(p => p.IsRequired && !call._values.ContainsKey(p.Name)))
            throw call.Fault($"<{parameter.Value}> is missing");
        return call;
    }

    private void Set(MagicParameter parameter, string value)
    {
        if (parameter.IsPositional && value.Length == 0)
            throw Fault($"<{parameter.Value}> is empty");
        if (!_values.TryAdd(parameter.Name, HomeFolder.Expand(value)))
            throw Fault($"--{parameter.Name} is given twice");
    }

    private string Unknown(string name)
    {
        IReadOnlyList<string> near = NearNames.Of(name, _magic.Parameters.Where(static p => !p.IsPositional).Select(static p => p.Name), 1);
        return $"there is no parameter --{name}{(near.Count == 0 ? "" : $"; did you mean --{near[0]}?")}";
    }

    internal MagicException Fault(string what) => new($"{_magic.Name}: {what}{(what.EndsWith('?') ? "" : ".")} Usage: {_magic.Usage}");
}
