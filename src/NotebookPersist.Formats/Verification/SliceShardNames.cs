using System.Globalization;
using System.Text.RegularExpressions;
using NotebookPersist.Formats.Files;

namespace NotebookPersist.Formats;

/// <summary>What the names of V1 shards tell: how many there should be.</summary>
internal static partial class SliceShardNames
{
    // A name can claim any number; a checkpoint of more files than this has never been seen.
    private const int MostMissing = 100;

    /// <summary>The files that are there; those that should be and are not become damages.</summary>
    public static IReadOnlyList<string> Complete(CheckpointPath path, List<CheckpointDamage> damages)
    {
        IReadOnlyList<string> files = path.SliceFiles();
        if (path.Kind != CheckpointKind.SliceShards)
            return files;
        int[] counts = [.. files.Select(CountOf).Distinct()];
        if (counts.Length > 1)
        {
            damages.Add(new CheckpointDamage(
                CheckpointDamageKind.ForeignFile,
                $"The files of checkpoint '{path.Prefix}' belong to different saves: their names tell of {string.Join(" and of ", counts)} files.",
                files[0]));
            return files;
        }

        HashSet<string> present = new(files, StringComparer.Ordinal);
        string[] missing =
        [
            .. Enumerable.Range(0, counts[0])
                .Select(i => string.Create(CultureInfo.InvariantCulture, $"{path.Prefix}-{i:D5}-of-{counts[0]:D5}"))
                .Where(f => !present.Contains(f))
                .Take(MostMissing),
        ];
        damages.AddRange(missing.Select(f => new CheckpointDamage(
            CheckpointDamageKind.MissingFile, $"The file '{f}' is missing; the names of the others tell of {counts[0]} files.", f)));
        return files;
    }

    private static int CountOf(string file) => int.TryParse(CountText().Match(file).Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : 0;

    [GeneratedRegex(@"-of-(\d{5,})$", RegexOptions.CultureInvariant)]
    private static partial Regex CountText();
}
