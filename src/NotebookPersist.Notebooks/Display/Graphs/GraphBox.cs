namespace NotebookPersist.Notebooks.Graphs;

/// <summary>A box of a graph's picture: one operation, or several folded into one.</summary>
/// <param name="Title">The first line.</param>
/// <param name="Subtitle">The second line; may be empty.</param>
/// <param name="Kind">Gives the colour.</param>
/// <param name="Nodes">Numbers of the operations it stands for.</param>
/// <param name="Tooltip">What is told when pointed at.</param>
/// <param name="IsAside">True for what is set apart from the model: savers, training, start-up.</param>
internal sealed record GraphBox(string Title, string Subtitle, NodeKind Kind, IReadOnlyList<int> Nodes, string Tooltip, bool IsAside)
{
    /// <summary>True where the box stands for more than one operation.</summary>
    public bool IsFolded => Nodes.Count > 1;
}
