using System.Globalization;
using NotebookPersist.Notebooks.Magics;

namespace NotebookPersist.Notebooks.Snapshots;

/// <summary>What a snapshot holds, in words.</summary>
internal static class SnapshotReport
{
    public static MagicReport Of(string title, string folder, SnapshotManifest manifest, TimeSpan elapsed, IEnumerable<string> notes)
    {
        string state = SessionSnapshot.GenerationFolder(folder, manifest.Generation);
        long bytes = new DirectoryInfo(state).EnumerateFiles().Sum(static f => f.Length);
        return new MagicReport(
            title,
            [
                KeyValuePair.Create("snapshot", folder),
                KeyValuePair.Create("graphs", Count(manifest.Graphs.Count)),
                KeyValuePair.Create("values of graph variables", Count(manifest.Sessions.Sum(static s => s.Values.Count))),
                KeyValuePair.Create("C# variables", manifest.Variables.Count == 0 ? "none" : string.Join(", ", manifest.Variables.Select(static v => v.Name))),
                KeyValuePair.Create("left out", manifest.LeftOut.Count == 0 ? "nothing" : string.Join(", ", manifest.LeftOut.Select(static o => $"{o.Name} ({o.Type})"))),
                KeyValuePair.Create("cells run", Count(manifest.Cells.Count)),
                KeyValuePair.Create("bytes", MagicReport.Bytes(bytes)),
                KeyValuePair.Create("time", MagicReport.Seconds(elapsed)),
            ],
            [
                .. notes.Distinct(),
                "Functions, types and usings of cells are code and are not part of a snapshot, nor are random generators, tables and queues of sessions: run their cells again.",
            ]);
    }

    private static string Count(int number) => number.ToString(CultureInfo.InvariantCulture);
}
