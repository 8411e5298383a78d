namespace NotebookPersist;

/// <summary>How a node of one graph relates to the other graph.</summary>
public enum NodeChange
{
    /// <summary>Only in the second graph.</summary>
    Added,

    /// <summary>Only in the first graph.</summary>
    Removed,

    /// <summary>Another operation, other inputs or other attributes.</summary>
    Changed,
}

/// <summary>A node that is not the same in two graphs.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Change">How it relates.</param>
/// <param name="Op">Its operation, in the second graph where it is there.</param>
/// <param name="Details">What differs, one phrase each; empty unless it was changed.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record NodeDifference(string Name, NodeChange Change, string Op, IReadOnlyList<string> Details);
