namespace NotebookPersist.Graphs.Interchange;

/// <summary>Where one input of a stored node comes from.</summary>
/// <param name="From">Position of a stored node; -1 where the input is mapped.</param>
/// <param name="Index">Which of its outputs; <see cref="NodeInput.Control"/> where it only has to run first.</param>
/// <param name="Mapped">What the input is mapped to; null where it is not.</param>
internal readonly record struct ImportedLink(int From, int Index, Output? Mapped)
{
    public bool IsControl => Index == NodeInput.Control;

    public bool IsMapped => Mapped is not null;
}
