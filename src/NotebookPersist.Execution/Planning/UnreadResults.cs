using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist.Execution.Planning;

/// <summary>Does nothing where others only wait for a result that nobody reads.</summary>
/// <remarks>
/// Optimizers wait for all gradients of an operation, also for those towards inputs that nobody trains, such as images: without this pass the
/// first layer of every network would compute one for nothing. TensorFlow's graph optimizer does the same.
/// </remarks>
internal sealed class UnreadResults : PlanPass
{
    private static readonly NoOpOp Nothing = new();

    private readonly HashSet<Operation> _targets = [];

    // There an operation that is dead makes those dead that wait for it.
    private bool _hasControlFlow;

    protected override void Prepare(PlanGraph graph)
    {
        _targets.UnionWith(graph.Targets);
        _hasControlFlow = graph.Operations.Any(static o => o.Definition is { IsControlFlow: true });
    }

    protected override bool TryReplace(Operation before, Operation now)
    {
        if (_hasControlFlow || now.Inputs.Count == 0 || now.Outputs.Count == 0 || _targets.Contains(before) || !before.Outputs.All(o => IsUnused(o) && !IsFed(o)) || !ControlFlow.IsPure(now) || MayRefuse(now))
            return false;
        Operation[] awaited = [.. now.Inputs.Zip(before.Inputs).Where(i => !IsFed(i.Second)).Select(static i => i.First.Operation).Concat(now.ControlInputs).Distinct()];
        Operation nothing = now.Detached(Nothing, new Attributes(now.Name, 0), [], awaited, []);
        Emit(nothing);
        Stand(before, nothing);
        return true;
    }

    // Whoever waits for a check wants it to be made; a function may hold one.
    private static bool MayRefuse(Operation operation) =>
        operation.Type is "CheckNumerics" or "CheckNumericsV2" or "EnsureShape" || operation.Attributes.Any(static a => a.Value.ValueCase is AttrValue.ValueOneofCase.Func);
}
