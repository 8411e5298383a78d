using NotebookPersist.Protos;

namespace NotebookPersist.Execution.Planning;

/// <summary>Finds branches that can run side by side: operations of their own from one value on, until they meet others.</summary>
/// <remarks>
/// Threads inside of an operation pay for large ones; several small ones next to each other keep as many threads busy without waiting for each
/// other at every step. Only operations of known size that have no effects are taken, and such between them in the order of the run.
/// </remarks>
internal sealed class BranchSearch
{
    private const int MostStepsOfLeaf = 4;

    private readonly IReadOnlyList<Operation> _operations;
    private readonly HashSet<Output> _fed;
    private readonly Dictionary<Operation, int> _places = [];
    private readonly Dictionary<Output, List<Operation>> _readers = [];
    private readonly HashSet<Operation> _ordered = [];

    private BranchSearch(IReadOnlyList<Operation> operations, HashSet<Output> fed)
    {
        (_operations, _fed) = (operations, fed);
        for (int i = 0; i < operations.Count; i++)
        {
            Operation operation = operations[i];
            _places.Add(operation, i);
            foreach (Output input in operation.Inputs.Distinct())
            {
                if (!_readers.TryGetValue(input, out List<Operation>? readers))
                    _readers.Add(input, readers = []);
                readers.Add(operation);
            }

            if (operation.ControlInputs.Count > 0)
                _ordered.Add(operation);
            _ordered.UnionWith(operation.ControlInputs);
        }
    }

    /// <summary>The same operations in an order in which branches lie next to each other.</summary>
    /// <param name="operations">All operations, in an order in which they can run.</param>
    /// <param name="fed">Values that are given.</param>
    /// <param name="groups">Where branches begin that may run at the same time, and how many operations each has.</param>
    public static Operation[] Of(IReadOnlyList<Operation> operations, HashSet<Output> fed, out List<(int First, int[] Lengths)> groups)
    {
        groups = [];
        return new BranchSearch(operations, fed).Order(groups);
    }

    private Operation[] Order(List<(int First, int[] Lengths)> groups)
    {
        var ordered = new List<Operation>(_operations.Count);
        int done = 0;
        foreach (List<Operation> readers in _readers.Values.Where(static r => r.Count > 1).OrderBy(r => _places[r[0]]))
        {
            int start = _places[readers[0]];
            if (start < done)
                continue;
            List<Operation>[] branches = [.. readers.Select(r => Grow(r, start)).Where(static b => b.Count > 0)];
            if (!BranchCosts.Pay(branches))
                continue;
            var members = new HashSet<Operation>(branches.SelectMany(static b => b));
            int end = members.Max(m => _places[m]) + 1;
            if (!TrySplit(start, end, members, out List<Operation> before, out List<Operation> after))
                continue;
            ordered.AddRange(_operations.Skip(done).Take(start - done));
            ordered.AddRange(before);
            groups.Add((ordered.Count, [.. branches.Select(static b => b.Count)]));
            ordered.AddRange(branches.SelectMany(static b => b));
            ordered.AddRange(after);
            done = end;
        }

        ordered.AddRange(_operations.Skip(done));
        return [.. ordered];
    }

    // As long as a result has one reader, and that one needs nothing but what the branch has or what was there before.
    private List<Operation> Grow(Operation first, int start)
    {
        var branch = new List<Operation>();
        Operation? next = first;
        while (next is not null && IsFree(next) && next.Inputs.All(i => _fed.Contains(i) || branch.Contains(i.Operation) || IsThere(i.Operation, start)))
        {
            branch.Add(next);
            Operation[] readers = [.. next.Outputs.SelectMany(o => _readers.GetValueOrDefault(o) ?? []).Distinct()];
            next = readers.Length == 1 ? readers[0] : null;
        }

        return branch;
    }

    private bool IsThere(Operation operation, int start) => !_places.TryGetValue(operation, out int place) || place < start || IsLeaf(operation);

    // What comes of variables and constants alone, in a few steps, can be computed any time.
    private bool IsLeaf(Operation operation, int steps = MostStepsOfLeaf)
    {
        if (operation.Type is "VariableV2" or "Variable")
            return !_ordered.Contains(operation);
        return IsFree(operation) && operation.Inputs.All(i => !_fed.Contains(i) && steps > 0 && IsLeaf(i.Operation, steps - 1));
    }

    // Variables may be read: nothing that could write them runs at the same time.
    private bool IsFree(Operation operation) =>
        operation.Definition is { IsPure: true, IsControlFlow: false }
        && !_ordered.Contains(operation)
        && operation.Inputs.All(static i => i.DType is not (DType.Resource or DType.Variant))
        && operation.Outputs.All(static o => !o.IsReference && o.DType is not (DType.Resource or DType.Variant))
        && !operation.Attributes.Any(static a => a.Value.ValueCase is AttrValue.ValueOneofCase.Func);

    // What lies between the branches in the order runs before them, or after them where it needs what they give.
    private bool TrySplit(int start, int end, HashSet<Operation> members, out List<Operation> before, out List<Operation> after)
    {
        (before, after) = ([], []);
        var late = new HashSet<Operation>(members);
        for (int i = start; i < end; i++)
        {
            Operation operation = _operations[i];
            if (members.Contains(operation))
                continue;
            if (!IsLeaf(operation) && !IsFree(operation))
                return false;
            if (operation.Inputs.Any(input => !_fed.Contains(input) && late.Contains(input.Operation)))
            {
                late.Add(operation);
                after.Add(operation);
            }
            else
            {
                before.Add(operation);
            }
        }

        return true;
    }
}
