using NotebookPersist.Formats;

namespace NotebookPersist.Persistence;

/// <summary>The tensors that a restore chooses from.</summary>
/// <param name="Path">Where they are.</param>
/// <param name="Entries">All of them; those that no variable could want are left out.</param>
/// <param name="Names">Other names by which they can be asked for, with their keys.</param>
/// <param name="Find">The key that a name means; null where it means none.</param>
internal sealed record RestoreSource(string Path, IReadOnlyList<CheckpointEntry> Entries, IReadOnlyDictionary<string, string> Names, Func<string, string?> Find)
{
    /// <summary>Every tensor under the names that people know it by: its other ones where it has some, else its key.</summary>
    /// <param name="entries">Which tensors.</param>
    public IEnumerable<RestoreCandidate> Candidates(IEnumerable<CheckpointEntry> entries)
    {
        ILookup<string, string> names = Names.ToLookup(static n => n.Value, static n => n.Key, StringComparer.Ordinal);
        foreach (CheckpointEntry entry in entries)
        {
            if (!names.Contains(entry.Name))
                yield return new RestoreCandidate(entry.Name, entry);
            foreach (string name in names[entry.Name])
                yield return new RestoreCandidate(name, entry);
        }
    }
}

/// <summary>A tensor under one of its names.</summary>
internal readonly record struct RestoreCandidate(string Name, CheckpointEntry Entry);
