using System.Text;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Where a session is in a dataset.</summary>
/// <remarks>Thread safety: one run at a time takes an element.</remarks>
internal sealed class SessionIterator(string container, string name)
{
    private readonly Lock _gate = new();
    private DatasetRun _run = new();
    private Func<Tensor[]?>? _next;
    private bool _isOver;

    public string Container => container;

    public string Name => name;

    /// <summary>Begins a dataset.</summary>
    public void Begin(KernelContext c, Dataset dataset)
    {
        lock (_gate)
        {
            _run = new DatasetRun();
            _next = _run.Open(c, dataset);
            _isOver = false;
        }
    }

    /// <summary>The next element; null behind the last.</summary>
    /// <exception cref="KernelException">No dataset was begun.</exception>
    public Tensor[]? Next(KernelContext c)
    {
        lock (_gate)
        {
            if (_next is null)
            {
                throw new KernelException(
                    RunErrorCode.FailedPrecondition,
                    "GetNext() failed because the iterator has not been initialized. Ensure that you have run the initializer operation for this iterator before getting the next element.");
            }

            Tensor[]? element = _isOver ? null : _run.Next(c, _next);
            _isOver = element is null;
            return element;
        }
    }
}

/// <summary>An operation on an iterator.</summary>
internal abstract class IteratorUsingOp(string signature) : UndifferentiatedOp(signature, "the elements of a dataset are data")
{
    /// <summary>Says of outputs what the attributes say of the components of an element.</summary>
    public static void InferElement(ShapeContext c)
    {
        IReadOnlyList<Shape> shapes = c.Attributes.Shapes("output_shapes");
        for (int i = 0; i < c.OutputCount && i < shapes.Count; i++)
            c.Output(i, shapes[i]);
    }

    /// <summary>Sets the outputs to the components of an element.</summary>
    public static void Output(KernelContext c, Tensor[] element)
    {
        int count = c.Operation.Outputs.Count;
        if (element.Length != count)
            throw c.InvalidArgument($"The number of components of an element does not match: expected {count} but got {element.Length}.");
        for (int i = 0; i < count; i++)
        {
            Output declared = c.Operation.Outputs[i];
            if (element[i].DType != declared.DType)
                throw c.InvalidArgument($"Data type mismatch at component {i}: expected {declared.DType.Name()} but got {element[i].DType.Name()}.");
            c.Output(i, element[i]);
        }
    }

    protected static SessionIterator Iterator(KernelContext c, int input) => ReferenceHandles.Find<SessionIterator>(c, input, "iterator");
}

internal abstract class GetNextBase(string name) : IteratorUsingOp(
    $"{name}(iterator: resource) -> (components: [output_types]) where output_types: list(type) >= 1, output_shapes: list(shape) >= 1; stateful")
{
    public override void InferShapes(ShapeContext c) => InferElement(c);

    public override void Compute(KernelContext c) =>
        Output(c, Iterator(c, 0).Next(c) ?? throw new KernelException(RunErrorCode.OutOfRange, "End of sequence"));
}

internal sealed class IteratorGetNextOp() : GetNextBase("IteratorGetNext");

internal sealed class IteratorGetNextSyncOp() : GetNextBase("IteratorGetNextSync");

/// <summary>Begins a dataset.</summary>
internal sealed class MakeIteratorOp() : IteratorUsingOp("MakeIterator(dataset: variant, iterator: resource) -> (); stateful")
{
    public override void Compute(KernelContext c) => Iterator(c, 1).Begin(c, Dataset.Of(c, 0));
}

internal sealed class IteratorToStringHandleOp() : IteratorUsingOp("IteratorToStringHandle(resource_handle: resource) -> (string_handle: string); stateful")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Scalar);

    public override void Compute(KernelContext c)
    {
        SessionIterator iterator = Iterator(c, 0);
        c.Output(0, Tensor.OfStrings(Shape.Scalar, [Encoding.UTF8.GetBytes($"{iterator.Container}\0{iterator.Name}")]));
    }
}

internal abstract class FromStringHandleBase(string name) : IteratorUsingOp(
    $"{name}(string_handle: string) -> (resource_handle: resource) where output_types: list(type) >= 0 = [], output_shapes: list(shape) >= 0 = []; stateful")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Scalar);

    public override void Compute(KernelContext c)
    {
        string[] parts = Encoding.UTF8.GetString(c.Input(0).Count == 1 ? c.Input(0).Strings[0] : []).Split('\0');
        SessionIterator? iterator = parts.Length == 2 ? c.FindResource<SessionIterator>(parts[0], parts[1]) : null;
        c.Output(0, Tensor.OfObjects(DType.Resource, Shape.Scalar, [iterator ?? throw c.InvalidArgument("The string is no handle of an iterator of this session; IteratorToStringHandle gives one.")]));
    }
}

internal sealed class IteratorFromStringHandleOp() : FromStringHandleBase("IteratorFromStringHandle");

internal sealed class IteratorFromStringHandleV2Op() : FromStringHandleBase("IteratorFromStringHandleV2");
