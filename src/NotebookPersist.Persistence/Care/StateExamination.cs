using NotebookPersist.Formats;
using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Text;
using NotebookPersist.Protos;

namespace NotebookPersist.Persistence;

/// <summary>Compares a state file with the checkpoints that are there, and says what it should hold.</summary>
/// <param name="folder">The folder and what lies in it.</param>
/// <param name="isSound">Whether every value of a checkpoint is right.</param>
internal sealed class StateExamination(CheckpointFolder folder, Func<CheckpointPath, bool> isSound)
{
    private readonly List<Finding> _findings = [];
    private readonly Dictionary<string, CheckpointPath> _inFolder = folder.Checkpoints.ToDictionary(static c => Path.GetFullPath(c.Prefix), StringComparer.Ordinal);

    /// <summary>What is wrong with the state files.</summary>
    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>State files to be rewritten, with what they should hold.</summary>
    public Dictionary<string, CheckpointState> Rewrites { get; } = new(StringComparer.Ordinal);

    /// <summary>Complete prefixes that some state file names.</summary>
    public HashSet<string> Listed { get; } = new(StringComparer.Ordinal);

    /// <summary>Complete prefixes that some state file names as newest.</summary>
    public HashSet<string> Newest { get; } = new(StringComparer.Ordinal);

    /// <summary>Checkpoints of other folders that a state file names.</summary>
    public List<CheckpointPath> Elsewhere { get; } = [];

    public void Examine()
    {
        List<(string File, List<Entry> Entries, CheckpointState State)> states = [];
        foreach (string file in folder.StateFiles)
        {
            if (TryRead(file) is { } state)
                states.Add((file, EntriesOf(state), state));
        }

        foreach (Entry entry in states.SelectMany(static s => s.Entries))
        {
            if (entry.Found is { } found && Listed.Add(Path.GetFullPath(found.Prefix)) && !_inFolder.ContainsKey(Path.GetFullPath(found.Prefix)))
                Elsewhere.Add(found);
        }

        foreach ((string file, List<Entry> entries, CheckpointState state) in states)
            Examine(file, entries, state);
        if (folder.StateFiles.Count == 0)
            ExamineWithoutState();
    }

    // The names of a folder's own checkpoints are known already; asking the disk for each would list the folder each time.
    private CheckpointPath? Find(string path) =>
        _inFolder.GetValueOrDefault(Path.GetFullPath(path)) ?? CheckpointPath.TryResolve(path);

    private CheckpointState? TryRead(string file)
    {
        try
        {
            CheckpointState state = CheckpointStateFile.Read(file);
            if (state.ModelCheckpointPath.Length > 0)
                return state;
            Broken(file, $"The state file '{file}' names no newest checkpoint.", null);
        }
        catch (CheckpointFormatException fault)
        {
            Broken(file, fault.Message, fault.ByteOffset);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            _findings.Add(new Finding(FindingKind.Unreadable, FindingSeverity.Error, $"The state file '{file}' cannot be read: {fault.Message}", file, "Allow reading it."));
        }

        return null;
    }

    private void Broken(string file, string what, long? offset)
    {
        IReadOnlyList<CheckpointPath>? order = Path.GetFileName(file) == CheckpointStateFile.DefaultName ? Unambiguous(folder.Checkpoints) : null;
        if (order is not null && !IsLink(file))
            Rewrites[file] = Compose(order.Select(c => (Shorten(c.Prefix), c)), null);
        _findings.Add(new Finding(
            FindingKind.BrokenState,
            FindingSeverity.Error,
            what,
            file,
            order is null ? "Write it anew, or delete it and give the prefix of a checkpoint." : $"It can be written anew from the {order.Count} sound checkpoints that are there.")
        {
            ByteOffset = offset,
            IsRepairable = Rewrites.ContainsKey(file),
        });
    }

    private List<Entry> EntriesOf(CheckpointState state)
    {
        List<string> texts = [.. state.AllModelCheckpointPaths.Where(static p => p.Length > 0).Distinct(StringComparer.Ordinal)];
        if (!texts.Contains(state.ModelCheckpointPath, StringComparer.Ordinal))
            texts.Add(state.ModelCheckpointPath);
        return [.. texts.Select(Locate)];
    }

    // A folder that was moved keeps its checkpoints beside the state file, whatever complete path that tells.
    private Entry Locate(string text)
    {
        string complete = Path.Combine(folder.Path, text);
        string beside = Path.Combine(folder.Path, Path.GetFileName(text));
        bool isElsewhere = Path.GetFullPath(complete) != Path.GetFullPath(beside);
        CheckpointPath? there = Find(complete);
        CheckpointPath? here = isElsewhere ? Find(beside) : there;
        if (there is null && here is not null)
            return new Entry(text, Shorten(beside), here, IsMoved: true, null);
        return new Entry(text, isElsewhere ? text : Shorten(beside), there, IsMoved: false, there is not null && isElsewhere ? here : null);
    }

    private void Examine(string file, List<Entry> entries, CheckpointState state)
    {
        Entry newest = entries.Find(e => e.Text == state.ModelCheckpointPath)!; // EntriesOf adds it.
        if (newest.Found is { } named)
            Newest.Add(Path.GetFullPath(named.Prefix));
        List<(string Text, CheckpointPath Found)> kept = Kept(entries, newest);
        bool isRolledBack = newest.Found is null || !isSound(newest.Found);
        List<CheckpointPath> later = kept.Count > 0 ? Later(file, kept[^1].Found) : [];
        kept.AddRange(later.Select(c => (Shorten(c.Prefix), c)));
        bool canRepair = kept.Count > 0 && !IsLink(file);
        int before = _findings.Count;
        Report(file, entries, newest, isRolledBack && kept.Count > 0 ? kept[^1].Found : null, canRepair);
        foreach (CheckpointPath c in later)
        {
            _findings.Add(new Finding(
                FindingKind.StaleState,
                FindingSeverity.Warning,
                $"The state file '{file}' does not name '{Path.GetFileName(c.Prefix)}', which is sound and was saved after all that it names.",
                file,
                "The save was stopped before it was noted down; add it to the list.")
            {
                IsRepairable = canRepair,
            });
        }

        if (canRepair && _findings.Skip(before).Any(static f => f.IsRepairable))
            Rewrites[file] = Compose(kept, state);
    }

    private List<(string Text, CheckpointPath Found)> Kept(List<Entry> entries, Entry newest)
    {
        List<(string Text, CheckpointPath Found)> kept = [];
        foreach (Entry entry in entries.Where(e => e != newest).Append(newest))
        {
            if (entry.Found is { } found && isSound(found) && !kept.Exists(k => k.Found.Prefix == found.Prefix))
                kept.Add((entry.Written, found));
        }

        if (kept.Count > 0)
            return kept;

        // Nothing that is named is any good: what else the same saver wrote may be.
        string name = CheckpointFolder.BaseName(newest.Text);
        IReadOnlyList<CheckpointPath>? others = Unambiguous(folder.Checkpoints.Where(c => CheckpointFolder.BaseName(c.Prefix) == name));
        return [.. (others ?? []).Select(c => (Shorten(c.Prefix), c))];
    }

    // Saved by the same saver, with a higher step, after the state was written: the process died in between.
    private List<CheckpointPath> Later(string file, CheckpointPath newest)
    {
        if (CheckpointFolder.Step(newest.Prefix) is not { } step)
            return [];
        string name = CheckpointFolder.BaseName(newest.Prefix);
        DateTime written = File.GetLastWriteTimeUtc(file);
        return
        [
            .. folder.Checkpoints.Where(c => CheckpointFolder.BaseName(c.Prefix) == name
                && CheckpointFolder.Step(c.Prefix) > step
                && !Listed.Contains(Path.GetFullPath(c.Prefix))
                && File.GetLastWriteTimeUtc(c.Kind == CheckpointKind.Bundle ? c.IndexPath : c.Prefix) >= written
                && isSound(c)),
        ];
    }

    private void Report(string file, List<Entry> entries, Entry newest, CheckpointPath? rollBack, bool canRepair)
    {
        string remedy = rollBack is null ? "Take it off the list." : $"Roll back to '{Path.GetFileName(rollBack.Prefix)}', the last sound one.";
        foreach (Entry entry in entries)
        {
            bool isNewest = entry == newest;
            if (entry.Found is null)
            {
                Add(FindingKind.StateNamesMissing, isNewest, $"The state file '{file}' names {Role(isNewest)} '{entry.Text}', which is not there.");
            }
            else if (!isSound(entry.Found))
            {
                Add(FindingKind.StateNamesDamaged, isNewest, $"The state file '{file}' names {Role(isNewest)} '{entry.Text}', which is damaged.");
            }

            if (entry.Beside is { } beside)
            {
                _findings.Add(new Finding(
                    FindingKind.NamesOtherFolder,
                    FindingSeverity.Warning,
                    $"The state file '{file}' names '{entry.Text}' in another folder, while '{beside.Prefix}' has the same name and lies beside it.",
                    file,
                    "Which one is meant cannot be told. Where the folder is a copy, shorten the path in the state file to the name."));
            }
        }

        string[] moved = [.. entries.Where(static e => e.IsMoved).Select(static e => e.Text)];
        if (moved.Length > 0)
        {
            _findings.Add(new Finding(
                FindingKind.MovedFolder,
                FindingSeverity.Warning,
                $"The folder was moved: the state file '{file}' names '{moved[0]}'{(moved.Length > 1 ? $" and {moved.Length - 1} more" : "")} where nothing is; the files lie beside it.",
                file,
                "Write the paths relative to the folder. They are found here, but not by TensorFlow.")
            {
                IsRepairable = canRepair,
            });
        }

        void Add(FindingKind kind, bool isNewest, string what) => _findings.Add(new Finding(
            kind, isNewest ? FindingSeverity.Error : FindingSeverity.Warning, what, file, isNewest && !canRepair ? "No sound checkpoint is there to roll back to. Get a copy." : isNewest ? remedy : "Take it off the list.")
        {
            IsRepairable = canRepair,
        });

        static string Role(bool isNewest) => isNewest ? "as the newest" : "the checkpoint";
    }

    private void ExamineWithoutState()
    {
        if (folder.Checkpoints.Count < 2)
            return;
        IReadOnlyList<CheckpointPath>? order = Unambiguous(folder.Checkpoints);
        string file = Path.Combine(folder.Path, CheckpointStateFile.DefaultName);
        if (order is not null)
            Rewrites[file] = Compose(order.Select(c => (Shorten(c.Prefix), c)), null);
        _findings.Add(new Finding(
            FindingKind.MissingState,
            order is null ? FindingSeverity.Note : FindingSeverity.Warning,
            $"No state file names the newest of the {folder.Checkpoints.Count} checkpoints of '{folder.Path}'.",
            file,
            order is null ? "Give the prefix of the checkpoint that you want." : "It can be written from the steps in their names.")
        {
            IsRepairable = order is not null,
        });
    }

    // The sound ones in the order of their steps, where all names tell one; null where the order would be a guess, or none is sound.
    private List<CheckpointPath>? Unambiguous(IEnumerable<CheckpointPath> checkpoints)
    {
        List<CheckpointPath> all = [.. checkpoints];
        bool hasOrder = all.Count == 1
            || (all.TrueForAll(static c => CheckpointFolder.Step(c.Prefix) is not null) && all.Select(static c => CheckpointFolder.BaseName(c.Prefix)).Distinct().Count() == 1);
        List<CheckpointPath> sound = hasOrder ? all.FindAll(c => isSound(c)) : [];
        return sound.Count > 0 ? sound : null;
    }

    private static CheckpointState Compose(IEnumerable<(string Text, CheckpointPath Found)> kept, CheckpointState? old)
    {
        var state = new CheckpointState();
        bool hasTimes = old is not null && old.AllModelCheckpointTimestamps.Count > 0 && old.AllModelCheckpointTimestamps.Count == old.AllModelCheckpointPaths.Count;
        foreach ((string text, CheckpointPath found) in kept)
        {
            state.AllModelCheckpointPaths.Add(text);
            if (hasTimes)
                state.AllModelCheckpointTimestamps.Add(TimeOf(found, old!));
            state.ModelCheckpointPath = text;
        }

        if (old is not null)
            state.LastPreservedTimestamp = old.LastPreservedTimestamp;
        return state;
    }

    private static double TimeOf(CheckpointPath found, CheckpointState old)
    {
        for (int i = 0; i < old.AllModelCheckpointPaths.Count; i++)
        {
            if (Path.GetFileName(old.AllModelCheckpointPaths[i]) == Path.GetFileName(found.Prefix))
                return old.AllModelCheckpointTimestamps[i];
        }

        DateTimeOffset written = File.GetLastWriteTimeUtc(found.Kind == CheckpointKind.Bundle ? found.IndexPath : found.Prefix);
        return written.ToUnixTimeMilliseconds() / 1000.0;
    }

    private static bool IsLink(string file) => new FileInfo(file).LinkTarget is not null;

    private string Shorten(string path) => Path.GetRelativePath(Path.GetFullPath(folder.Path), Path.GetFullPath(path)).Replace('\\', '/');

    /// <summary>A checkpoint as a state file names it.</summary>
    /// <param name="Text">What stands there.</param>
    /// <param name="Written">What should.</param>
    /// <param name="Found">The checkpoint; null where there is none.</param>
    /// <param name="IsMoved">True where it lies beside the state file instead.</param>
    /// <param name="Beside">Another of the same name beside the state file.</param>
    private sealed record Entry(string Text, string Written, CheckpointPath? Found, bool IsMoved, CheckpointPath? Beside);
}
