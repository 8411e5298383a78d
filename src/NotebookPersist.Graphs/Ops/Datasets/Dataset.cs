using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist;

/// <summary>Elements that come one after another, each a tuple of tensors; the value of a variant.</summary>
/// <param name="open">Begins with the first element: gives the next one at each call, null behind the last.</param>
/// <remarks>Thread safety: immutable; what <paramref name="open"/> gives belongs to one iterator.</remarks>
internal sealed class Dataset(Func<DatasetRun, Func<Tensor[]?>> open)
{
    /// <summary>Begins with the first element.</summary>
    public Func<Tensor[]?> Open(DatasetRun run) => open(run);

    /// <summary>The dataset that an input is.</summary>
    /// <exception cref="KernelException">It is none.</exception>
    public static Dataset Of(KernelContext c, int input) => Of(c.Input(input))
        ?? throw c.InvalidArgument($"Input {input} of node '{c.Operation.Name}' is no dataset.");

    /// <summary>The dataset in a variant; null where it is none.</summary>
    public static Dataset? Of(Tensor variant) => variant is { DType: DType.Variant, Count: 1 } && variant.Objects[0] is Dataset dataset ? dataset : null;
}

/// <summary>What an iterator's elements are computed with: the run that asks for the present one.</summary>
internal sealed class DatasetRun
{
    private KernelContext? _context;

    public CancellationToken Cancellation => Context.Workers.Cancellation;

    private KernelContext Context => _context ?? throw new InvalidOperationException("A dataset is read outside of a run.");

    /// <summary>Runs a function of the graph's library; its results may be kept.</summary>
    public Tensor[] Call(NameAttrList function, ReadOnlySpan<Tensor> arguments) => Context.Call(function, arguments);

    /// <summary>Takes the next element in a run.</summary>
    public Tensor[]? Next(KernelContext context, Func<Tensor[]?> next)
    {
        KernelContext? outer = _context;
        _context = context;
        try
        {
            return next();
        }
        finally
        {
            _context = outer;
        }
    }

    /// <summary>Begins a dataset in a run.</summary>
    public Func<Tensor[]?> Open(KernelContext context, Dataset dataset)
    {
        _context = context;
        try
        {
            return dataset.Open(this);
        }
        finally
        {
            _context = null;
        }
    }
}
