using System.Text.RegularExpressions;

namespace NotebookPersist.Persistence;

/// <summary>Finds the renames by regular expression under which most missing variables are found.</summary>
/// <remarks>
/// Pairs of a variable and a tensor that could go to it vote for what turns one name into the other: another scope in front, another end,
/// another part in the middle. The rule under which most are found, and none is lost that had been found, is taken; then what is left votes again.
/// </remarks>
internal sealed class RenameInference
{
    // More rules are no pattern, but a map.
    private const int MostRenames = 3;
    private const int LeastFound = 2;

    private const int MostVoters = 60;
    private const int MostCompared = 50;
    private const int MostTried = 12;
    private const int MostAlternatives = 8;
    private const int MostCandidates = 20_000;
    private const int MostJudged = 2_000;

    // Longer names make regular expressions that nobody reads, and that the engine refuses.
    private const int MostLetters = 1_000;

    private readonly Dictionary<string, RestoreCandidate> _spare = new(StringComparer.Ordinal);
    private readonly List<string> _good;
    private readonly List<RestoreRename> _renames = [];
    private readonly HashSet<string> _found = new(StringComparer.Ordinal);
    private readonly HashSet<string> _claimed = new(StringComparer.Ordinal);
    private readonly CancellationToken _cancellation;
    private Wanted[] _pending;

    /// <summary>Prepares the search.</summary>
    /// <param name="spare">Tensors that no variable takes.</param>
    /// <param name="pending">Variables that are missing.</param>
    /// <param name="good">Names under which variables are found, none of which may change.</param>
    /// <param name="cancellation">Stops the search.</param>
    public RenameInference(IReadOnlyList<RestoreCandidate> spare, Wanted[] pending, IEnumerable<string> good, CancellationToken cancellation)
    {
        (_pending, _good, _cancellation) = ([.. pending.Where(static w => w.Sought.Length <= MostLetters)], [.. good], cancellation);
        foreach (RestoreCandidate candidate in spare.Where(static c => c.Name.Length <= MostLetters))
            _spare.TryAdd(candidate.Name, candidate);
    }

    /// <summary>The rules, in order.</summary>
    public IReadOnlyList<RestoreRename> Renames => _renames;

    /// <summary>Names of the variables that are found under them.</summary>
    public IReadOnlySet<string> Found => _found;

    /// <summary>How many those are.</summary>
    public int FoundCount => _found.Count;

    /// <summary>Keys of the tensors that go to them.</summary>
    public IReadOnlySet<string> Claimed => _claimed;

    /// <summary>What is still missing, under the names that the rules make.</summary>
    public IReadOnlyList<Wanted> Pending => _pending;

    /// <summary>Searches.</summary>
    public void Run()
    {
        while (_renames.Count < MostRenames && _pending.Length >= LeastFound && Best() is { } rule)
            Take(rule);
    }

    private Rule? Best()
    {
        Rule? best = null;
        int most = LeastFound - 1;
        foreach (Rule voted in Vote())
        {
            _cancellation.ThrowIfCancellationRequested();
            foreach (Rule rule in Variants(voted))
            {
                int found = Hits(rule, _pending.Take(MostJudged)).Count;
                if (found <= most || _good.Exists(rule.Expression.IsMatch))
                    continue;
                (best, most) = (rule, found);
                break;
            }
        }

        return best;
    }

    private void Take(Rule rule)
    {
        List<(Wanted Wanted, RestoreCandidate Candidate)> hits = Hits(rule, _pending);
        foreach ((Wanted wanted, RestoreCandidate candidate) in hits)
        {
            _found.Add(wanted.Name);
            _claimed.Add(candidate.Entry.Name);
            _good.Add(candidate.Name);
        }

        _pending = [.. _pending.Where(w => !_found.Contains(w.Name)).Select(w => w with { Sought = rule.Apply(w.Sought) })];
        _renames.Add(new RestoreRename(rule.Pattern, rule.Replacement));
    }

    // What a rule finds; a tensor goes to the first variable only.
    private List<(Wanted Wanted, RestoreCandidate Candidate)> Hits(Rule rule, IEnumerable<Wanted> pending)
    {
        var hits = new List<(Wanted, RestoreCandidate)>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (Wanted wanted in pending)
        {
            string name = rule.Apply(wanted.Sought);
            if (name != wanted.Sought && _spare.TryGetValue(name, out RestoreCandidate candidate) && !_claimed.Contains(candidate.Entry.Name)
                && wanted.Target.Fits(candidate.Entry) && taken.Add(candidate.Entry.Name))
            {
                hits.Add((wanted, candidate));
            }
        }

        return hits;
    }

    private IEnumerable<Rule> Vote()
    {
        var votes = new Dictionary<(string Pattern, string Replacement), int>();
        int stride = Math.Max(1, _pending.Length / MostVoters);
        RestoreCandidate[] candidates = [.. _spare.Values.Where(c => !_claimed.Contains(c.Entry.Name)).Take(MostCandidates)];
        for (int i = 0; i < _pending.Length; i += stride)
        {
            _cancellation.ThrowIfCancellationRequested();
            var own = new HashSet<(string, string)>();
            string[] sought = _pending[i].Sought.Split('/');
            IEnumerable<RestoreCandidate> near = candidates.Where(c => _pending[i].Target.Fits(c.Entry))
                .OrderByDescending(c => NameParts.SharedLetters(_pending[i].Sought, c.Name))
                .Take(MostCompared);
            foreach (RestoreCandidate candidate in near)
                own.UnionWith(Turns(_pending[i].Sought, sought, candidate.Name, candidate.Name.Split('/')));

            foreach ((string, string) rule in own)
                votes[rule] = votes.GetValueOrDefault(rule) + 1;
        }

        return votes.OrderByDescending(static v => v.Value)
            .ThenBy(static v => v.Key.Pattern.Length + v.Key.Replacement.Length)
            .ThenBy(static v => v.Key.Pattern, StringComparer.Ordinal)
            .Take(MostTried)
            .Select(static v => new Rule(v.Key.Pattern, v.Key.Replacement));
    }

    // What turns one name into another.
    private static IEnumerable<(string Pattern, string Replacement)> Turns(string name, string[] from, string tensor, string[] to)
    {
        int head = NameParts.SharedHead(from, to), tail = NameParts.SharedTail(from, to);
        if (tail > 0)
        {
            string after = Join(to[..^tail]);
            yield return (from.Length == tail ? "^" : $"^{Escape(Join(from[..^tail]))}/", after.Length == 0 ? "" : Verbatim(after + "/"));
        }

        if (head > 0)
        {
            string after = Join(to[head..]);
            yield return (from.Length == head ? "$" : $"/{Escape(Join(from[head..]))}$", after.Length == 0 ? "" : Verbatim("/" + after));
        }

        if (head > 0 && tail > 0 && head + tail < Math.Min(from.Length, to.Length))
            yield return ($"/{Escape(Join(from[head..^tail]))}/", Verbatim($"/{Join(to[head..^tail])}/"));
        if (tensor.StartsWith(name, StringComparison.Ordinal))
            yield return ("$", Verbatim(tensor[name.Length..]));
        else if (name.StartsWith(tensor, StringComparison.Ordinal))
            yield return ($"{Escape(name[tensor.Length..])}$", "");
    }

    // The rule itself; then, where it may touch what was found already, the same for some ends or scopes only.
    private IEnumerable<Rule> Variants(Rule rule)
    {
        yield return rule;
        bool isEnd = rule.Pattern == "$";
        if (!isEnd && rule.Pattern != "^")
            yield break;
        string[] names = [.. Hits(rule, _pending.Take(MostJudged)).Select(static h => h.Wanted.Sought)];
        string[] parts = [.. names.Select(n => isEnd ? n[(n.LastIndexOf('/') + 1)..] : n[..Math.Max(0, n.IndexOf('/', StringComparison.Ordinal))]).Distinct(StringComparer.Ordinal)];
        if (parts.Length is 0 or > MostAlternatives || parts.Contains(""))
            yield break;
        string alternatives = string.Join('|', parts.Order(StringComparer.Ordinal).Select(Escape));
        yield return isEnd ? new Rule($"/({alternatives})$", $"/$1{rule.Replacement}") : new Rule($"^({alternatives})/", $"{rule.Replacement}$1/");
    }

    private static string Join(string[] segments) => string.Join('/', segments);

    private static string Escape(string text) => Regex.Escape(text);

    private static string Verbatim(string text) => text.Replace("$", "$$", StringComparison.Ordinal);

    /// <summary>A variable that is missing.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Sought">The name that is looked for.</param>
    /// <param name="Target">What would fit.</param>
    public sealed record Wanted(string Name, string Sought, RestoreTarget Target);

    private sealed record Rule(string Pattern, string Replacement)
    {
        public Regex Expression { get; } = new(Pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

        public string Apply(string name) => Expression.Replace(name, Replacement);
    }
}
