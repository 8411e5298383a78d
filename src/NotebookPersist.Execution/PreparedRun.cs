using NotebookPersist.Execution;

namespace NotebookPersist;

/// <summary>What fetches and feeds of a run come down to.</summary>
/// <param name="Plan">What is run.</param>
/// <param name="Fed">What each value replaces.</param>
/// <param name="Places">Where each fetch is among the results; -1 for operations.</param>
internal sealed record PreparedRun(RunPlan Plan, Output[] Fed, int[] Places);
