namespace NotebookPersist;

/// <summary>What an entry of an index asks for.</summary>
internal enum SliceIndexKind
{
    Span,
    Position,
    Ellipsis,
    NewAxis,
}
