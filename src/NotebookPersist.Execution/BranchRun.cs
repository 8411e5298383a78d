using System.Runtime.ExceptionServices;
using NotebookPersist.Kernels;

namespace NotebookPersist.Execution;

/// <summary>Runs branches of a plan side by side, each on one thread.</summary>
internal static class BranchRun
{
    /// <summary>Runs all of them; where some fail, what failed first in the order of the graph is thrown.</summary>
    /// <param name="step">The step that the branches are.</param>
    /// <param name="context">The run.</param>
    /// <param name="stop">Stops the run.</param>
    public static void Run(RunPlan.Step step, StepContext context, CancellationToken stop)
    {
        StepContext[] contexts = context.Split(step.Branches.Length, stop);
        var faults = new (ExceptionDispatchInfo Fault, int Place)?[contexts.Length];
        context.Workers.For(contexts.Length, 1, (start, end) =>
        {
            using Interruption.Scope scope = Interruption.Enter(stop);
            for (int i = start; i < end; i++)
                faults[i] = TryRun(step.Branches[i], contexts[i], stop);
        });
        context.Join(contexts);
        if (faults.Where(static f => f is not null).MinBy(static f => f!.Value.Place) is { } first) // Only those that are there are left.
            first.Fault.Throw();
    }

    private static (ExceptionDispatchInfo Fault, int Place)? TryRun(RunPlan.Step[] steps, StepContext context, CancellationToken stop)
    {
        foreach (RunPlan.Step step in steps)
        {
            try
            {
                stop.ThrowIfCancellationRequested();
                context.Enter(step);
                Session.RunStep(step, context);
                context.Leave();
            }
            catch (Exception fault) when (fault is RunException or OperationCanceledException)
            {
                return (ExceptionDispatchInfo.Capture(fault), step.Operation.Id);
            }
        }

        return null;
    }
}
