using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

/// <summary>A list of tensors of one element type, the value of a variant.</summary>
/// <remarks>
/// An element that was reserved but never set is null and reads as zeros. Lists never change: each operation gives a new one,
/// though lists that grew from each other at the end share their storage. Thread safety: as said, immutable.
/// </remarks>
internal sealed class TensorList
{
    private readonly List<Tensor?> _items;

    private TensorList(DType dtype, Shape elementShape, int limit, List<Tensor?> items, int count) =>
        (DType, ElementShape, Limit, _items, Count) = (dtype, elementShape, limit, items, count);

    public DType DType { get; }

    /// <summary>What is known of every element's shape.</summary>
    public Shape ElementShape { get; }

    /// <summary>The most elements; -1 without a limit.</summary>
    public int Limit { get; }

    public int Count { get; }

    public Tensor? this[int index]
    {
        get
        {
            lock (_items)
                return _items[index];
        }
    }

    /// <summary>A list of given elements, which are kept.</summary>
    public static TensorList Of(DType dtype, Shape elementShape, IEnumerable<Tensor?> items, int limit = -1)
    {
        List<Tensor?> list = [.. items];
        return new TensorList(dtype, elementShape, limit, list, list.Count);
    }

    /// <summary>A copy of a tensor that only borrowed its bytes, fit to be kept.</summary>
    public static Tensor Kept(Tensor tensor)
    {
        Tensor copy = tensor.Clone();
        copy.Buffer?.Share();
        return copy;
    }

    /// <summary>The elements.</summary>
    public Tensor?[] ToArray()
    {
        lock (_items)
            return [.. _items[..Count]];
    }

    /// <summary>The list with one more element.</summary>
    public TensorList Push(Tensor item)
    {
        lock (_items)
        {
            // Where nobody went on from this list yet, its storage is free after the end.
            if (_items.Count == Count)
            {
                _items.Add(item);
                return new TensorList(DType, ElementShape, Limit, _items, Count + 1);
            }
        }

        return Of(DType, ElementShape, [.. ToArray(), item], Limit);
    }

    /// <summary>The list without its last element.</summary>
    public TensorList Pop() => Of(DType, ElementShape, ToArray()[..^1], Limit);

    /// <summary>The list with other elements.</summary>
    public TensorList With(IEnumerable<Tensor?> items) => Of(DType, ElementShape, items, Limit);

    /// <summary>Zeros in the shape of each element.</summary>
    public TensorList Zeros() => With(ToArray().Select(static t => t is null ? null : Kept(Tensor.Zeros(t.DType, t.Shape))));

    /// <summary>The sum, element by element.</summary>
    /// <exception cref="KernelException">The lists do not fit each other.</exception>
    public TensorList Plus(TensorList other)
    {
        if (other.DType != DType)
            throw new KernelException(RunErrorCode.InvalidArgument, $"Trying to add two lists of tensors of different dtypes. One is {DType.SignatureName()} and the other is {other.DType.SignatureName()}");
        if (other.Count != Count)
            throw new KernelException(RunErrorCode.InvalidArgument, $"Trying to add two lists of tensors with different lengths. One is {Count} and the other is {other.Count}");
        return With(ToArray().Zip(other.ToArray(), static (a, b) => a is null ? b : b is null ? a : Sum(a, b)));
    }

    private static Tensor Sum(Tensor a, Tensor b)
    {
        Tensor sum = Kept(a);
        return a.Shape == b.Shape && Scattering.TryApply(sum, [0], sum.Count, b, ScatterKind.Add)
            ? sum
            : throw new KernelException(RunErrorCode.InvalidArgument, $"Cannot add list elements of shapes {a.Shape} and {b.Shape} and type {a.DType.SignatureName()}");
    }
}
