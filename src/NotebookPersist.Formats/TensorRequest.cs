namespace NotebookPersist.Formats;

/// <summary>A tensor, or a part of one, to be read from a checkpoint.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Slice">Which part; null for all of it.</param>
public sealed record TensorRequest(string Name, TensorSlice? Slice = null);
