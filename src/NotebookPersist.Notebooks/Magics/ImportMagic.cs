using System.Globalization;
using NotebookPersist.Notebooks.Hosting;

namespace NotebookPersist.Notebooks.Magics;

internal sealed class ImportMagic() : Magic(
    "#!import",
    "Gives the session's variables values from a file of any kind that holds tensors: all that are asked for, or none. Runs the cells of a notebook or script.",
    new("path", "A .safetensors, .npz or .npy file, a checkpoint, a frozen graph or a SavedModel; or an .ipynb, .dib, .cs or .csx file.", "path", IsPositional: true, IsRequired: true),
    new("names", "Variables to give values to, separated by commas, with * and ?; by default all, beside --map those that the file names.", "names"),
    new("map", "Where names differ: name-in-file=variable, separated by commas; whole names, without * and ?.", "renames"),
    new("dry-run", "Only shows what fits and what does not."),
    new("session", "Variable that holds the session; by default the latest.", "name"))
{
    protected override Task<object?> RunAsync(MagicCall call, CancellationToken cancellation)
    {
        string path = call.Required("path");
        if (Path.GetExtension(path).ToLowerInvariant() is ".ipynb" or ".dib" or ".cs" or ".csx")
        {
            ImportedCells cells = call.Host.RunNext(path);
            KeyValuePair<string, string>[] facts = cells.Count is { } count ? [KeyValuePair.Create("cells", count.ToString(CultureInfo.InvariantCulture))] : [];
            return Task.FromResult<object?>(new MagicReport($"Running '{path}'", facts, [.. cells.LeftOut.Select(static c => $"left out: {c}")]));
        }

        using TensorSource source = TensorSource.Open(path);
        Session session = call.Workspace.FindSession(call["session"]);
        IReadOnlyDictionary<string, string> map = call.Renames("map");
        IReadOnlyList<string>? names = call.Names("names") ?? (map.Count == 0 ? null : Named(session.Graph, source, map));
        return Task.FromResult<object?>(call.Has("dry-run")
            ? VariableImport.Compare(session.Graph, source, names, map)
            : VariableImport.Run(session, source, names, map, cancellation));
    }

    // Whoever maps one array to one variable does not ask for the others.
    private static string[] Named(Graph graph, TensorSource source, IReadOnlyDictionary<string, string> map)
    {
        HashSet<string> there = [.. source.Entries.Select(static e => e.Name), .. map.Values];
        return [.. graph.GetCollection<Variable>(GraphKeys.GlobalVariables).Select(static v => v.OperationName).Where(there.Contains).Concat(map.Values).Distinct()];
    }
}
