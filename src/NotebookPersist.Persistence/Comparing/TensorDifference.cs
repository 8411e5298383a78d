namespace NotebookPersist;

/// <summary>How a tensor of one model relates to the other model.</summary>
public enum TensorChange
{
    /// <summary>The same bytes under the same name: frozen.</summary>
    Same,

    /// <summary>Values that differ by no more than the tolerance.</summary>
    Close,

    /// <summary>The same shape, other values.</summary>
    Changed,

    /// <summary>Another element type, whatever the values.</summary>
    Retyped,

    /// <summary>Another shape.</summary>
    Reshaped,

    /// <summary>The same bytes under another name.</summary>
    Renamed,

    /// <summary>Only in the second model.</summary>
    Added,

    /// <summary>Only in the first model.</summary>
    Removed,

    /// <summary>The same type and shape on both sides, but one side has no values: a graph that is not frozen.</summary>
    NotCompared,

    /// <summary>The values of one side cannot be read.</summary>
    Unreadable,
}

/// <summary>One tensor compared.</summary>
/// <param name="Name">Its name in the first model, or in the second where it is only there.</param>
/// <param name="Change">How it relates.</param>
/// <param name="A">Type and shape in the first model; null where it is not there.</param>
/// <param name="B">Type and shape in the second model; null where it is not there.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record TensorDifference(string Name, TensorChange Change, TensorSpec? A, TensorSpec? B)
{
    /// <summary>Its name in the second model where that is another; else null.</summary>
    public string? NewName { get; init; }

    /// <summary>How far the values differ; null where they were not compared, or are no numbers.</summary>
    public ValueDistance? Distance { get; init; }

    /// <summary>How many elements differ; 0 where they were not compared.</summary>
    public long DifferingCount { get; init; }

    /// <summary>For a reshaped tensor: true where the elements are the same in the same order.</summary>
    public bool HasSameElements { get; init; }

    /// <summary>Why the values cannot be read; else null.</summary>
    public string? Problem { get; init; }

    /// <summary>True where the models agree on it.</summary>
    public bool IsEqual => Change is TensorChange.Same or TensorChange.Close or TensorChange.NotCompared;
}

/// <summary>How far the values of two tensors of one shape lie apart.</summary>
/// <param name="RelativeL2">Euclidean length of the difference in units of the first tensor's; infinite where that has no length.</param>
/// <param name="Greatest">Greatest difference of two elements.</param>
/// <param name="Cosine">Cosine of the angle between them; not a number where one has no length.</param>
/// <param name="NonFinite">Elements that are not a number or infinite on one side and not the same on the other; they count in nothing else.</param>
public readonly record struct ValueDistance(double RelativeL2, double Greatest, double Cosine, long NonFinite);
