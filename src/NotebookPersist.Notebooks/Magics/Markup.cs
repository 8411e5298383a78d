namespace NotebookPersist.Notebooks.Magics;

/// <summary>Text that a client draws.</summary>
/// <param name="MimeType">What it is.</param>
/// <param name="Content">The text.</param>
/// <param name="PlainText">What is shown where nothing draws it.</param>
public sealed record Markup(string MimeType, string Content, string PlainText);
