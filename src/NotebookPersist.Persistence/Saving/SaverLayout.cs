using NotebookPersist.Protos;

namespace NotebookPersist.Persistence;

/// <summary>Which nodes a saver makes.</summary>
/// <param name="Name">Name scope; null for "save".</param>
/// <param name="Filename">Default of the file name; null for "model".</param>
/// <param name="Reshape">Whether what is read gets the shape of its variable.</param>
/// <param name="Sharded">Whether each device writes a file of its own.</param>
/// <param name="Version">Format that is written.</param>
internal sealed record SaverLayout(string? Name, string? Filename, bool Reshape, bool Sharded, SaverDef.Types.CheckpointFormatVersion Version);
