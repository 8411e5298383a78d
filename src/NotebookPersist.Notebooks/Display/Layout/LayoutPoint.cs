namespace NotebookPersist.Notebooks.Layout;

/// <summary>A place in a drawing. Unit: pixels, down and to the right.</summary>
internal readonly record struct LayoutPoint(double X, double Y);
