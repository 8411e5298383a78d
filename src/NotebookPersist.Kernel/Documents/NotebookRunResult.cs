namespace NotebookPersist.Kernel.Documents;

/// <summary>The outcome of running a notebook.</summary>
/// <param name="Failures">The cells that failed, in their order: at most one unless the run went on after errors. Cells tagged "raises-exception" are none.</param>
/// <param name="Warnings">What the user should know although the run went on.</param>
/// <param name="Elapsed">How long the run took.</param>
public sealed record NotebookRunResult(IReadOnlyList<NotebookFailure> Failures, IReadOnlyList<string> Warnings, TimeSpan Elapsed)
{
    /// <summary>The first cell that failed; null when none did.</summary>
    public NotebookFailure? Failure => Failures.Count > 0 ? Failures[0] : null;

    /// <summary>Messages of work that cells left running and that failed.</summary>
    public IReadOnlyList<string> LateFailures { get; init; } = [];

    /// <summary>Whether all cells ran, and all that they left running.</summary>
    public bool Succeeded => Failures.Count == 0 && LateFailures.Count == 0;
}
