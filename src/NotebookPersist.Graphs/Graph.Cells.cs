using System.Collections;
using NotebookPersist.Graphs.ControlFlow;

namespace NotebookPersist;

public sealed partial class Graph
{
    /// <summary>The notebook cell that operations made now belong to; null outside notebooks.</summary>
    public string? CurrentCell { get; set; }

    /// <summary>
    /// Takes away the operations that a notebook cell made, those of other cells that were built on them, and all that names them:
    /// collection items, name counters. Names become free again.
    /// </summary>
    /// <returns>Operations of other cells that had to go as well, in the order they were made.</returns>
    /// <remarks>Values of variables live in sessions under the variables' names and stay.</remarks>
    public IReadOnlyList<Operation> RemoveCell(string cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        var removed = new HashSet<Operation>();
        var queue = new Queue<Operation>(_operations.Where(o => o.Cell == cell));
        ILookup<Operation, Operation> controlled = _operations
            .SelectMany(static o => o.ControlInputs.Select(c => (Input: c, Operation: o)))
            .ToLookup(static p => p.Input, static p => p.Operation);
        while (queue.TryDequeue(out Operation? operation))
        {
            if (!removed.Add(operation))
                continue;
            foreach (Output output in operation.Outputs)
            {
                foreach (Operation consumer in output.Consumers)
                    queue.Enqueue(consumer);
            }

            foreach (Operation waiting in controlled[operation])
                queue.Enqueue(waiting);
        }

        if (removed.Count == 0)
            return [];
        Forget(removed);
        return [.. removed.Where(o => o.Cell != cell).OrderBy(static o => o.Id)];
    }

    private void Forget(HashSet<Operation> removed)
    {
        lock (_names)
        {
            _operations.RemoveAll(removed.Contains);
            foreach (Operation operation in removed)
                _byName.Remove(operation.Name);
        }

        foreach (Output input in removed.SelectMany(static o => o.Inputs).Distinct())
            input.RemoveConsumers(removed.Contains);

        foreach (List<object> items in _collections.Values)
            items.RemoveAll(i => BelongsTo(i, removed));

        // Counters restart: names still in use are skipped when they are counted through again.
        _namesInUse.Clear();
        foreach (Operation operation in _operations)
        {
            for (string name = operation.Name; name.Length > 0; name = name.LastIndexOf('/') is > 0 and int slash ? name[..slash] : "")
                MarkNameUsed(name);
        }

        RecountVariableScopes();
        Version++;
    }

    private static bool BelongsTo(object item, HashSet<Operation> removed) => item switch
    {
        Output output => removed.Contains(output.Operation),
        Operation operation => removed.Contains(operation),
        Variable variable => removed.Contains(variable.Operation),
        ControlFlowContext { Anchor: { } anchor } => removed.Contains(anchor),
        IEnumerable items and not string => items.Cast<object>().Any(i => BelongsTo(i, removed)),
        _ => false,
    };
}
