namespace NotebookPersist.Persistence;

/// <summary>Infers what names in a checkpoint are meant: near names for each missing variable, renames and a map for all.</summary>
internal sealed class RestoreProposals
{
    private const int NearCount = 3;

    // Searching more would be noticed more than its answer.
    private const int MostSearched = 200;
    private const int MostCandidates = 20_000;
    private const int MostMeasured = 100;
    private const int MostSkips = 20;

    private readonly RestoreCandidate[] _spare;
    private readonly IReadOnlyDictionary<string, RestoreTarget> _targets;
    private readonly Func<string, string?> _find;
    private readonly CancellationToken _cancellation;
    private readonly Lazy<Dictionary<TensorSpec, int>> _demand;

    public RestoreProposals(
        IEnumerable<RestoreCandidate> spare, IReadOnlyDictionary<string, RestoreTarget> targets, Func<string, string?> find, CancellationToken cancellation)
    {
        (_spare, _targets, _find, _cancellation) = ([.. spare], targets, find, cancellation);
        _demand = new(() => targets.Values.GroupBy(static t => t.Spec).ToDictionary(static g => g.Key, static g => g.Count()));
    }

    /// <summary>The items, missing ones with the names that may be meant; beyond the first few hundred missing ones without.</summary>
    public RestoreItem[] WithNearNames(IReadOnlyList<RestoreItem> items)
    {
        var told = new RestoreItem[items.Count];
        int searched = 0;
        for (int i = 0; i < told.Length; i++)
        {
            told[i] = items[i];
            if (items[i].Outcome != RestoreOutcome.Missing || searched++ >= MostSearched)
                continue;
            string[] near = [.. Near(items[i].Source!, _targets[items[i].Name], _spare).Select(static n => n.Candidate.Name).Take(NearCount)]; // What is missing was sought.
            told[i] = items[i] with { Near = near };
        }

        return told;
    }

    /// <summary>Options under which more is restored; null where nothing is near.</summary>
    public RestoreSuggestion? Suggest(IReadOnlyList<RestoreItem> items, RestoreOptions options)
    {
        RestoreItem[] missing = [.. items.Where(static i => i is { Outcome: RestoreOutcome.Missing, Naming: not RestoreNaming.Map })];
        var inference = new RenameInference(
            _spare,
            [.. missing.Select(i => new RenameInference.Wanted(i.Name, i.Source!, _targets[i.Name]))], // What is missing was sought.
            items.Where(static i => i.IsRestored && i.Naming is not RestoreNaming.Map).Select(i => i.Naming == RestoreNaming.Rename ? i.Source! : i.Name),
            _cancellation);
        inference.Run();

        Dictionary<string, string> map = new(options.Map.Where(m => _targets.ContainsKey(m.Key) && _find(m.Value) is not null), StringComparer.Ordinal);
        int mappedBefore = map.Count;
        foreach ((string name, string tensor) in Pair(inference))
            map.Add(name, tensor);
        int found = inference.FoundCount + map.Count - mappedBefore;

        string[] left = [.. items.Where(i => i.IsWanting && !inference.Found.Contains(i.Name) && !map.ContainsKey(i.Name)).Select(static i => i.Name)];
        string[] skips = options.Partial || (found == 0 && !items.Any(static i => i.IsRestored)) ? [] : Collapse(left, items);
        if (skips.Length > MostSkips)
            skips = [];
        if (found == 0 && skips.Length == 0)
            return null;
        RestoreOptions proposed = options with { Map = map, Renames = [.. options.Renames, .. inference.Renames], Skip = [.. options.Skip, .. skips] };
        return new RestoreSuggestion(proposed, found, skips.Length == 0 ? 0 : left.Length);
    }

    // Nearest pairs first, so that a name goes to who is nearest to it.
    private IEnumerable<(string Name, string Tensor)> Pair(RenameInference inference)
    {
        RestoreCandidate[] spare = [.. _spare.Where(c => !inference.Claimed.Contains(c.Entry.Name))];
        var pairs = new List<(string Name, RestoreCandidate Candidate, int Distance)>();
        foreach (RenameInference.Wanted wanted in inference.Pending.Where(w => _find(w.Sought) is null).Take(MostSearched))
            pairs.AddRange(Near(wanted.Sought, wanted.Target, spare).Where(static n => n.Fits).Take(MostMeasured).Select(n => (wanted.Name, n.Candidate, n.Distance)));
        var paired = new HashSet<string>(StringComparer.Ordinal);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string name, RestoreCandidate candidate, _) in pairs.OrderBy(static p => p.Distance).ThenBy(static p => p.Name, StringComparer.Ordinal))
        {
            if (paired.Contains(name) || !taken.Add(candidate.Entry.Name))
                continue;
            paired.Add(name);
            yield return (name, candidate.Name);
        }
    }

    private List<(RestoreCandidate Candidate, bool Fits, int Distance)> Near(string sought, RestoreTarget target, RestoreCandidate[] spare)
    {
        _cancellation.ThrowIfCancellationRequested();
        (RestoreCandidate Candidate, bool Fits, int Shared)[] measured =
        [
            .. spare.Take(MostCandidates)
                .Select(c => (Candidate: c, Fits: target.Fits(c.Entry), Shared: NameParts.SharedLetters(sought, c.Name)))
                .OrderByDescending(static c => c.Fits)
                .ThenByDescending(static c => c.Shared)
                .Take(MostMeasured),
        ];
        bool isOnlyOne = measured.Count(static c => c.Fits) == 1 && _demand.Value[target.Spec] == 1;
        return
        [
            .. measured.Select(c => (c.Candidate, c.Fits, Distance: NearNames.Distance(sought, c.Candidate.Name)))
                .Where(c => c.Distance <= Math.Max(2, Math.Min(sought.Length, c.Candidate.Name.Length) / 2)
                    || (c.Fits && (isOnlyOne || NameParts.ShareEnd(sought, c.Candidate.Name))))
                .OrderByDescending(static c => c.Fits)
                .ThenBy(static c => c.Distance)
                .ThenBy(static c => c.Candidate.Name, StringComparer.Ordinal),
        ];
    }

    // A scope of which nothing is restored stands for all that is in it.
    private string[] Collapse(string[] names, IReadOnlyList<RestoreItem> items)
    {
        Dictionary<string, int> inScope = Scopes(_targets.Keys);
        Dictionary<string, int> unwanted = Scopes(names.Concat(items.Where(static i => i.Outcome == RestoreOutcome.Skipped).Select(static i => i.Name)));
        return
        [
            .. names.Select(name => NameParts.Scopes(name).FirstOrDefault(s => inScope[s] > 1 && unwanted[s] == inScope[s]) is { } scope ? scope + "/*" : name)
                .Distinct(StringComparer.Ordinal),
        ];

        static Dictionary<string, int> Scopes(IEnumerable<string> all) =>
            all.SelectMany(NameParts.Scopes).GroupBy(static s => s, StringComparer.Ordinal).ToDictionary(static g => g.Key, static g => g.Count(), StringComparer.Ordinal);
    }
}
