namespace NotebookPersist.Execution.Planning;

/// <summary>The operations that run together in each iteration of one loop; the outermost frame is the run itself.</summary>
internal sealed class Frame(Frame? parent)
{
    public Frame? Parent { get; } = parent;

    /// <summary>How many loops lie around an operation of this frame.</summary>
    public int Depth { get; } = parent is null ? 0 : parent.Depth + 1;

    /// <summary>What runs in this frame but in none of its children: the loop's Enters and Exits included.</summary>
    public List<Operation> Operations { get; } = [];

    public List<Frame> Children { get; } = [];
}
