using NotebookPersist.Formats;

namespace NotebookPersist.Persistence;

/// <summary>What a tensor must be to go to a variable.</summary>
/// <param name="Spec">Type and shape of the variable, or of the whole that it is a part of.</param>
/// <param name="Reshapes">Whether any shape of as many elements will do.</param>
internal sealed record RestoreTarget(TensorSpec Spec, bool Reshapes = false)
{
    /// <summary>Match, or how a tensor differs.</summary>
    public RestoreOutcome Compare(CheckpointEntry entry) => entry.DType != Spec.DType ? RestoreOutcome.DTypeDiffers
        : Takes(entry.Shape) ? RestoreOutcome.Match
        : RestoreOutcome.ShapeDiffers;

    /// <summary>True where a tensor can go to the variable.</summary>
    public bool Fits(CheckpointEntry entry) => Compare(entry) == RestoreOutcome.Match;

    private bool Takes(Shape shape) => Spec.Shape.IsCompatibleWith(shape)
        || (Reshapes && (!Spec.Shape.IsFullyKnown || (shape.IsFullyKnown && shape.ElementCount == Spec.Shape.ElementCount)));
}
