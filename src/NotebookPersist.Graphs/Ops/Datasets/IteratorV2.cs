using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Makes an iterator of the session, which some dataset is begun with later.</summary>
internal abstract class IteratorMakingOp(string signature) : UndifferentiatedOp(signature, "the elements of a dataset are data")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Scalar);

    public override void Compute(KernelContext c)
    {
        (string container, string name) = ReferenceHandles.NameOf(c);
        SessionIterator iterator = c.Resource(container, name, () => Make(c, new SessionIterator(container, name)));
        c.Output(0, Tensor.OfObjects(DType.Resource, Shape.Scalar, [iterator]));
    }

    protected virtual SessionIterator Make(KernelContext c, SessionIterator iterator) => iterator;
}

internal sealed class IteratorOp() : IteratorMakingOp(
    "Iterator() -> (handle: resource) where shared_name: string, container: string, output_types: list(type) >= 1, output_shapes: list(shape) >= 1; stateful");

internal sealed class IteratorV2Op() : IteratorMakingOp(
    "IteratorV2() -> (handle: resource) where shared_name: string, container: string, output_types: list(type) >= 1, output_shapes: list(shape) >= 1; stateful");

/// <summary>An iterator that begins by itself, with the dataset that a function makes.</summary>
internal sealed class OneShotIteratorOp() : IteratorMakingOp(
    "OneShotIterator() -> (handle: resource) where dataset_factory: func, output_types: list(type) >= 1, output_shapes: list(shape) >= 1, container: string = '', shared_name: string = ''; stateful")
{
    protected override SessionIterator Make(KernelContext c, SessionIterator iterator)
    {
        Tensor[] made = c.Call(c.Attributes.Function("dataset_factory"), []);
        iterator.Begin(c, made is [var variant] && Dataset.Of(variant) is { } dataset
            ? dataset
            : throw c.InvalidArgument("The `dataset_factory` function must return a single dataset tensor."));
        return iterator;
    }
}

/// <summary>The only element of a dataset.</summary>
internal sealed class DatasetToSingleElementOp() : UndifferentiatedOp(
    "DatasetToSingleElement(dataset: variant) -> (components: [output_types]) where output_types: list(type) >= 1, output_shapes: list(shape) >= 1; stateful", "the elements of a dataset are data")
{
    public override void InferShapes(ShapeContext c) => IteratorUsingOp.InferElement(c);

    public override void Compute(KernelContext c)
    {
        var run = new DatasetRun();
        Func<Tensor[]?> next = run.Open(c, Dataset.Of(c, 0));
        Tensor[] element = run.Next(c, next) ?? throw c.InvalidArgument("Dataset was empty.");
        if (run.Next(c, next) is not null)
            throw c.InvalidArgument("Dataset had more than one element.");
        IteratorUsingOp.Output(c, element);
    }
}
