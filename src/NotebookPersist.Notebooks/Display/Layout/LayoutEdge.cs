namespace NotebookPersist.Notebooks.Layout;

/// <summary>An edge between two boxes, by their numbers.</summary>
/// <param name="From">The box above.</param>
/// <param name="To">The box below.</param>
internal readonly record struct LayoutEdge(int From, int To);
