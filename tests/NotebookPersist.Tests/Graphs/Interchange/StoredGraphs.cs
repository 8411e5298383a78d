using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Protos;

namespace NotebookPersist.Tests.Graphs.Interchange;

/// <summary>Every graph among the reference files: frozen graphs, meta graphs and SavedModels.</summary>
internal static class StoredGraphs
{
    /// <summary>One stored graph.</summary>
    /// <param name="Name">Where it lies in the shared folder, and which of a file's graphs it is.</param>
    /// <param name="GraphDef">The graph.</param>
    /// <param name="MetaGraph">The meta graph around it; null for a bare graph.</param>
    public sealed record StoredGraph(string Name, GraphDef GraphDef, MetaGraphDef? MetaGraph)
    {
        public OpList? OpList => MetaGraph?.MetaInfoDef?.StrippedOpList;
    }

    public static IEnumerable<StoredGraph> All() => Bare().Concat(Meta());

    public static IEnumerable<StoredGraph> Bare() =>
        SharedFiles.Enumerate("fixtures/frozen", "*.pb")
            .Concat(SharedFiles.Enumerate("fixtures/frozen", "*.pbtxt"))
            .Concat(SharedFiles.Enumerate("fixtures/expected", "*.pb"))
            .Concat(SharedFiles.Enumerate("fixtures/v1ckpt", "graph.pbtxt"))
            .Concat(SharedFiles.Enumerate("fixtures/v2ckpt", "*.pbtxt"))
            .Concat(SharedFiles.Enumerate("fixtures/v2ckpt", "frozen*.pb"))
            .Concat(SharedFiles.Enumerate("golden-tf115/ops", "graph.pb"))
            .Select(static p => new StoredGraph(SharedFiles.Relative(p), MessageFile.Read<GraphDef>(p), null))
            .Where(static g => g.GraphDef.Node.Count > 0);

    public static IEnumerable<StoredGraph> Meta()
    {
        foreach (string path in SharedFiles.Enumerate("fixtures", "*.meta"))
        {
            MetaGraphDef meta = MessageFile.Read<MetaGraphDef>(path);
            yield return new StoredGraph(SharedFiles.Relative(path), meta.GraphDef, meta);
        }

        foreach (string path in SharedFiles.Enumerate("fixtures/savedmodel", "saved_model.pb*"))
        {
            Protos.SavedModel model = MessageFile.Read<Protos.SavedModel>(path);
            for (int i = 0; i < model.MetaGraphs.Count; i++)
                yield return new StoredGraph($"{SharedFiles.Relative(path)}[{i}]", model.MetaGraphs[i].GraphDef, model.MetaGraphs[i]);
        }
    }
}
