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

        ForgetSettings(cell);
        foreach (List<CollectionItem> items in _collections.Values)
            items.RemoveAll(i => i.Cell == cell || BelongsTo(i.Item, removed));

        // Also where there is nothing to remove: an operation that could not be made has taken its name.
        Forget(removed);
        return [.. removed.Where(o => o.Cell != cell).OrderBy(static o => o.Id)];
    }

    /// <summary>Says which cells made the operations of a graph that came from a file.</summary>
    /// <param name="cells">Names of operations by cell; the graph's other operations belong to none.</param>
    /// <exception cref="KeyNotFoundException">The graph has no such operation.</exception>
    public void AssignCells(IReadOnlyDictionary<string, IReadOnlyList<string>> cells)
    {
        ArgumentNullException.ThrowIfNull(cells);
        foreach (Operation operation in _operations)
            operation.Cell = null;
        foreach ((string cell, IReadOnlyList<string> names) in cells)
        {
            foreach (string name in names)
                GetOperationByName(name).Cell = cell;
        }
    }

    /// <summary>Takes away the newest operation, whose inputs turned out not to fit. Its name stays taken, as in TensorFlow.</summary>
    internal void Withdraw(Operation operation)
    {
        operation.IsRemoved = true;
        lock (_names)
        {
            _operations.Remove(operation);
            _byName.Remove(operation.Name);
        }

        foreach (Output input in operation.Inputs)
            input.RemoveConsumers(o => o == operation);
        Version++;
    }

    /// <summary>What to say of something that was removed.</summary>
    internal static string RemovedMessage(string what) =>
        $"{what} is no longer in the graph: the cell that made it, or one that it was built on, was run again. Run the cell that makes it once more.";

    // What a cell set for the whole graph goes with its last run.
    private void ForgetSettings(string cell)
    {
        if (_seedCell == cell)
            Seed = null;
        if (_useResourceCell == cell)
            UseResourceVariables = false;
    }

    private void Forget(HashSet<Operation> removed)
    {
        lock (_names)
        {
            _operations.RemoveAll(removed.Contains);
            foreach (Operation operation in removed)
            {
                operation.IsRemoved = true;
                _byName.Remove(operation.Name);
            }
        }

        foreach (Output input in removed.SelectMany(static o => o.Inputs).Distinct())
            input.RemoveConsumers(removed.Contains);

        // The initialiser of one in parts is made anew whenever it is asked for.
        foreach (Variable variable in _collections.Values.SelectMany(static i => i).Select(static i => i.Item).OfType<Variable>().Where(static v => v is not PartitionedVariable))
            variable.ForgetInitializer();

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
