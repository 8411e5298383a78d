using NotebookPersist.Formats;

namespace NotebookPersist.Persistence;

/// <summary>Compares what variables want with what is there, under the options of a restore.</summary>
internal sealed class RestorePlanner
{
    private readonly RestoreSource _source;
    private readonly IReadOnlyDictionary<string, RestoreTarget> _targets;
    private readonly RestoreOptions _options;
    private readonly RestoreNames _names;
    private readonly Dictionary<string, CheckpointEntry> _entries;

    private RestorePlanner(RestoreSource source, IReadOnlyDictionary<string, RestoreTarget> targets, RestoreOptions options)
    {
        (_source, _targets, _options) = (source, targets, options);
        _names = new RestoreNames(options);
        _entries = source.Entries.ToDictionary(static e => e.Name, StringComparer.Ordinal);
    }

    /// <summary>Makes the plan.</summary>
    /// <param name="source">What is there.</param>
    /// <param name="targets">What each variable wants, by the name that the saver knows it under.</param>
    /// <param name="options">Which names are meant, and which variables are left alone.</param>
    /// <param name="cancellation">Stops the comparison.</param>
    /// <exception cref="ArgumentException">A pattern is no regular expression, or takes too long.</exception>
    public static RestorePlan Plan(RestoreSource source, IReadOnlyDictionary<string, RestoreTarget> targets, RestoreOptions options, CancellationToken cancellation) =>
        new RestorePlanner(source, targets, options).Plan(cancellation);

    private RestorePlan Plan(CancellationToken cancellation)
    {
        var items = new List<RestoreItem>(_targets.Count);
        string[] order = [.. _targets.Keys];
        Array.Sort(order, StringComparer.Ordinal);
        foreach (string name in order)
        {
            cancellation.ThrowIfCancellationRequested();
            items.Add(Item(name, _targets[name]));
        }

        // A tensor whose variable is there, fitting or skipped, is nobody else's.
        HashSet<string> used = new(items.Count, StringComparer.Ordinal);
        used.UnionWith(items.Where(static i => i.Found is not null).Select(static i => i.Source!)); // What was found has a key.
        used.UnionWith(items.Where(static i => i.Outcome == RestoreOutcome.Skipped).Select(i => _source.Find(i.Name)).OfType<string>());
        CheckpointEntry[] spare = [.. _source.Entries.Where(e => !used.Contains(e.Name))];
        var proposals = new RestoreProposals(_source.Candidates(spare), _targets, _source.Find, cancellation);
        RestoreItem[] told = proposals.WithNearNames(items);
        bool anyNamed = items.Exists(static i => i.IsRestored && i.Naming != RestoreNaming.Own); // Under their own names no two have the same tensor.
        var sources = new HashSet<string>(StringComparer.Ordinal);
        bool anyShared = false;
        long byteCount = 0;
        foreach (RestoreItem item in told.Where(static i => i.IsRestored))
        {
            if (!anyNamed || sources.Add(item.Source!)) // What is restored has a key.
                byteCount += Math.Min(_entries[item.Source!].ByteCount, long.MaxValue - byteCount); // A hostile index may tell anything.
            else
                anyShared = true;
        }

        return new RestorePlan(_source.Path, [.. told, .. Extra(spare)])
        {
            Options = _options,
            Faults = [.. Faults(told)],
            Notes = [.. Notes(told, anyShared)],
            Suggestion = told.Any(static i => i.IsWanting) ? proposals.Suggest(told, _options) : null,
            ByteCount = byteCount,
        };
    }

    private RestoreItem Item(string name, RestoreTarget target)
    {
        if (_names.IsSkipped(name))
            return new RestoreItem(name, RestoreOutcome.Skipped, target.Spec, null, []);
        (string sought, RestoreNaming naming) = _names.Sought(name);
        if (_source.Find(sought) is not { } key)
            return new RestoreItem(name, RestoreOutcome.Missing, target.Spec, null, []) { Source = sought, Naming = naming };
        if (naming == RestoreNaming.Own && key != name)
            naming = RestoreNaming.Objects;
        CheckpointEntry entry = _entries[key];
        RestoreOutcome outcome = target.Compare(entry);
        if (outcome == RestoreOutcome.Match && naming != RestoreNaming.Own)
            outcome = RestoreOutcome.Renamed;
        TensorSpec found = entry.DType == target.Spec.DType && entry.Shape == target.Spec.Shape ? target.Spec : new TensorSpec(entry.DType, entry.Shape);
        return new RestoreItem(name, outcome, target.Spec, found, []) { Source = key, Naming = naming };
    }

    private IEnumerable<RestoreItem> Extra(CheckpointEntry[] spare)
    {
        Dictionary<string, string> friendly = _source.Names.GroupBy(static n => n.Value, static n => n.Key, StringComparer.Ordinal)
            .ToDictionary(static n => n.Key, static n => n.First(), StringComparer.Ordinal);
        return spare.Select(e =>
            new RestoreItem(friendly.GetValueOrDefault(e.Name, e.Name), RestoreOutcome.Extra, null, new TensorSpec(e.DType, e.Shape), []) { Source = e.Name });
    }

    private IEnumerable<string> Faults(RestoreItem[] items)
    {
        foreach (string unknown in _options.Map.Keys.Where(k => !_targets.ContainsKey(k)).Order(StringComparer.Ordinal))
            yield return $"'{unknown}' is mapped to '{_options.Map[unknown]}' but is no variable to restore.{NearNames.Hint(unknown, _targets.Keys)}";
        foreach (RestoreItem item in items.Where(static i => i is { Outcome: RestoreOutcome.Missing, Naming: RestoreNaming.Map }))
        {
            string near = item.Near.Count == 0 ? "" : $" Near names: {string.Join(", ", item.Near.Select(static n => $"'{n}'"))}.";
            yield return $"'{item.Name}' is mapped to '{item.Source}', which is not in '{_source.Path}'.{near}";
        }

        if (_options.Partial && items.Any(static i => i.IsWanting) && !items.Any(static i => i.IsRestored))
            yield return $"Nothing in '{_source.Path}' fits a variable, so that even a partial restore would restore nothing.";
    }

    private IEnumerable<string> Notes(RestoreItem[] items, bool anyShared)
    {
        foreach ((string use, string text) in _names.Unused)
            yield return $"The pattern to {use}, '{text}', fits no variable.{(use == "skip" ? NearNames.Hint(text, _targets.Keys) : "")}";
        foreach (IGrouping<string, RestoreItem> shared in Shared(anyShared ? items : []))
            yield return $"Tensor '{shared.Key}' goes to {string.Join(" and ", shared.Select(static i => $"'{i.Name}'"))}.";
        foreach (RestoreItem both in items.Where(i => i.Outcome == RestoreOutcome.Skipped && _options.Map.ContainsKey(i.Name)))
            yield return $"'{both.Name}' is mapped as well as skipped; it keeps its value.";
    }

    private static IEnumerable<IGrouping<string, RestoreItem>> Shared(RestoreItem[] items) =>
        items.Where(static i => i.IsRestored).GroupBy(static i => i.Source!, StringComparer.Ordinal).Where(static g => g.Skip(1).Any()); // What is restored has a key.
}
