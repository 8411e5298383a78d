using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Graphs.OpModel.Elementwise;

namespace NotebookPersist.Execution.Planning;

/// <summary>Joins operations that compute element by element, where nobody else sees what lies between.</summary>
/// <remarks>Moves an operation back to where its reader runs; not across a change of the variable that it reads.</remarks>
internal sealed class ElementwiseFusion : PlanPass
{
    // Below this a step more costs no more than going through a chain block by block.
    private const int LeastElements = 1024;

    // Each operand costs a stretch of the cache.
    private const int MostInputs = 8;
    private const int MostParts = 16;

    // By the operation that makes a variable's handle: when operations were made that may write to it.
    private readonly Dictionary<Operation, List<int>> _writers = [];

    // Which loop or branch an operation lies in is told by its inputs, so that in plans with any nothing is joined.
    private bool _hasControlFlow;

    protected override void Prepare(PlanGraph graph)
    {
        _hasControlFlow = graph.Operations.Any(static o => o.Definition is { IsControlFlow: true });
        foreach (Operation operation in graph.Operations)
        {
            foreach (Output input in operation.Inputs)
            {
                if ((input.IsReference || input.DType == DType.Resource) && !IsView(operation) && Variable(input) is { } variable)
                {
                    if (!_writers.TryGetValue(variable, out List<int>? ids))
                        _writers.Add(variable, ids = []);
                    ids.Add(operation.Id);
                }
            }
        }
    }

    protected override bool TryReplace(Operation before, Operation now)
    {
        if (_hasControlFlow || now.Definition is not IBlockwiseOp op || !IsJoinable(now) || IsFed(before[0]) || (now[0].Shape is { IsFullyKnown: true, ElementCount: < LeastElements }))
            return false;
        var joining = new Joining();
        int left = joining.Operand(now.Inputs[0], Joins(before, now, 0));
        int right = op.OperandCount == 2 ? joining.Operand(now.Inputs[1], Joins(before, now, 1)) : left;
        if (joining.Parts.Count == 0 || joining.Inputs.Count > MostInputs || joining.Parts.Count >= MostParts)
            return false;
        joining.Parts.Add(new ElementwiseChain.Part(op, left, right, now.Name));
        var chain = new ElementwiseChain(joining.Parts);
        Operation fused = now.Detached(chain, new Attributes(now.Name, 0), [.. joining.Inputs], [.. now.ControlInputs], [(DType.Float32, false)]);
        fused[0].Shape = now[0].Shape;
        Emit(fused);
        Map(before[0], fused[0]);
        return true;
    }

    private bool Joins(Operation before, Operation now, int input)
    {
        Operation source = now.Inputs[input].Operation;
        return source.Definition is IBlockwiseOp or ElementwiseChain
            && source.ControlInputs.Count == 0
            && IsUsedOnce(before.Inputs[input])
            && IsJoinable(source)
            && source.Inputs.All(i => !IsWrittenBetween(i, source.Id, now.Id));
    }

    private static bool IsJoinable(Operation operation) =>
        operation.Outputs.Count == 1 && operation[0].DType == DType.Float32 && operation.Inputs.All(static i => i.DType == DType.Float32 && !i.IsReference);

    private bool IsWrittenBetween(Output read, int first, int last) =>
        _writers.Count > 0 && Variable(read) is { } variable && _writers.TryGetValue(variable, out List<int>? ids) && ids.Exists(i => i > first && i < last);

    // What makes the handle of the variable whose bytes a value may share; null where it shares none.
    private static Operation? Variable(Output value)
    {
        Operation operation = value.Operation;
        bool isHandle = value.IsReference || value.DType == DType.Resource;
        while (IsView(operation) || (isHandle && operation.Inputs.Count > 0))
        {
            value = operation.Inputs[0];
            isHandle |= value.IsReference || value.DType == DType.Resource;
            operation = value.Operation;
        }

        return isHandle ? operation : null;
    }

    // Operations that may hand on the bytes of their first input.
    private static bool IsView(Operation operation) => operation.Inputs.Count > 0 && operation.Type is
        "Identity" or "ReadVariableOp" or "Reshape" or "Squeeze" or "ExpandDims" or "StopGradient" or "PreventGradient" or "Snapshot" or "IdentityN"
        or "Switch" or "RefSwitch" or "Merge" or "RefMerge" or "Enter" or "RefEnter" or "Exit" or "RefExit" or "RefIdentity" or "CheckNumerics";

    // The parts and operands of a chain in the making.
    private sealed class Joining
    {
        public List<ElementwiseChain.Part> Parts { get; } = [];

        public List<Output> Inputs { get; } = [];

        public int Operand(Output value, bool joins)
        {
            if (!joins)
                return Input(value);
            Operation source = value.Operation;
            int[] inputs = [.. source.Inputs.Select(Input)];
            if (source.Definition is ElementwiseChain chain)
            {
                int first = Parts.Count;
                foreach (ElementwiseChain.Part part in chain.Parts)
                    Parts.Add(part with { Left = Moved(part.Left, first), Right = Moved(part.Right, first) });
            }
            else
            {
                Parts.Add(new ElementwiseChain.Part((IBlockwiseOp)source.Definition!, inputs[0], inputs[^1], source.Name)); // Joins saw what it is.
            }

            return ~(Parts.Count - 1);

            int Moved(int operand, int first) => operand >= 0 ? inputs[operand] : ~(~operand + first);
        }

        private int Input(Output value)
        {
            int at = Inputs.IndexOf(value);
            if (at >= 0)
                return at;
            Inputs.Add(value);
            return Inputs.Count - 1;
        }
    }
}
