namespace NotebookPersist.Execution.Planning;

/// <summary>Reads values where they are made instead of where operations hand them on unchanged.</summary>
/// <remarks>Reading a variable is no handing on: the time at which it happens matters. Nor is the value of a branch, which may be dead.</remarks>
internal sealed class IdentityElision : PlanPass
{
    protected override bool TryReplace(Operation before, Operation now)
    {
        if (now.Type is not ("Identity" or "StopGradient" or "PreventGradient" or "Snapshot") || now.ControlInputs.Count > 0 || IsAwaited(before) || IsFed(before[0]))
            return false;
        Output source = now.Inputs[0];
        if (source.IsReference || source.Operation.Definition is { IsControlFlow: true })
            return false;
        Map(before[0], source);
        return true;
    }
}
