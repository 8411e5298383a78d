namespace NotebookPersist.Execution.Flow;

/// <summary>Runs the steps of a plan with branches and loops: what is dead is passed over, loops come round.</summary>
/// <remarks>A value is dead where it comes from a branch that was not taken; so is whatever depends on it, up to a Merge with a live input.</remarks>
internal sealed class FlowRun(StepContext context, int markCount, CancellationToken stop)
{
    private readonly bool[] _ran = new bool[markCount];

    public void Run(RunPlan.Step[] steps)
    {
        foreach (RunPlan.Step step in steps)
        {
            if (step.Loop is { } loop)
                RunLoop(loop);
            else
                RunStep(step);
            context.Enter(step);
            context.Leave();
        }
    }

    private void RunStep(RunPlan.Step step)
    {
        stop.ThrowIfCancellationRequested();
        context.Enter(step);
        bool runs = step.Runs switch
        {
            RunPlan.Runs.WithAllInputs => context.HasAllInputs() && HaveRun(step.Waits),
            RunPlan.Runs.WithAnyInput => context.HasAnyInput(),
            _ => true,
        };
        if (runs)
            Session.RunStep(step, context);
        else
            context.Drop(step.Outputs);
        if (step.Mark >= 0)
            _ran[step.Mark] = runs;
    }

    // A loop whose Enters are dead runs one dead iteration, which makes its Exits dead.
    private void RunLoop(RunPlan.Loop loop)
    {
        foreach (RunPlan.Step enter in loop.Enters)
            RunStep(enter);
        do
            Run(loop.Body);
        while (GoesOn(loop.Carried));
        context.Drop(loop.Slots);
    }

    private bool GoesOn(int[] carried)
    {
        foreach (int slot in carried)
        {
            if (context.IsLive(slot))
                return true;
        }

        return false;
    }

    private bool HaveRun(int[] marks)
    {
        foreach (int mark in marks)
        {
            if (!_ran[mark])
                return false;
        }

        return true;
    }
}
