using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.Interchange;

/// <summary>What came with a meta graph beside its nodes.</summary>
/// <param name="Saver">The saver whose nodes are in the graph, with the names they had before <paramref name="Scope"/> went before them; null where there is none.</param>
/// <param name="Scope">Name scope of the nodes with a slash at its end; empty at the root.</param>
/// <param name="Warnings">What could not be restored, a sentence each.</param>
public sealed record ImportedMetaGraph(SaverDef? Saver, string Scope, IReadOnlyList<string> Warnings);
