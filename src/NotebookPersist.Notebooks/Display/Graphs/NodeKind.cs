namespace NotebookPersist.Notebooks.Graphs;

/// <summary>What a node is there for; gives it its colour.</summary>
internal enum NodeKind
{
    Compute,
    Layer,
    Input,
    Variable,
    Constant,
    Control,
    State,
    Training,
}
