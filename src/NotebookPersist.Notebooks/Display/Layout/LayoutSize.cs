namespace NotebookPersist.Notebooks.Layout;

/// <summary>Size of a box. Unit: pixels.</summary>
internal readonly record struct LayoutSize(double Width, double Height);
