using System.Numerics.Tensors;
using System.Numerics;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Elementwise;
using NotebookPersist.Kernels;

namespace NotebookPersist;

/// <summary>The elements of a TensorArray during a run.</summary>
/// <remarks>Thread safety: one step uses it at a time. Source: TensorFlow's tensor_array.cc; its messages.</remarks>
internal sealed class TensorArrayState
{
    // The memory that a damaged graph can ask for before it writes anything.
    private const int MostElements = 1 << 24;

    private readonly Dictionary<string, TensorArrayState> _gradients = new(StringComparer.Ordinal);
    private readonly bool _clears;
    private readonly bool _identicalShapes;
    private readonly bool _adds;
    private bool _grows;
    private bool _closed;
    private Element[] _elements;

    public TensorArrayState(string name, DType dtype, int size, Shape elementShape, bool grows, bool clears, bool identicalShapes)
    {
        (Name, DType, ElementShape, _grows, _clears, _identicalShapes) = (name, dtype, elementShape, grows, clears, identicalShapes);
        (_elements, Count) = (new Element[size], size);
    }

    // What flows back into an array comes from every place that read from it.
    private TensorArrayState(TensorArrayState forward, string source, Shape prepended)
        : this($"{forward.Name}@{source}", forward.DType, forward.Count, Prepended(prepended, forward.ElementShape), grows: false, clears: true, identicalShapes: false)
    {
        _adds = true;
        for (int i = 0; i < Count; i++)
            _elements[i].Shape = forward._elements[i].Shape is { } shape ? Prepended(prepended, shape) : null;
    }

    public string Name { get; }

    public DType DType { get; }

    public int Count { get; private set; }

    public Shape ElementShape { get; private set; }

    public static int CheckedSize(KernelContext c, Tensor size)
    {
        if (size.Rank != 0)
            throw c.InvalidArgument($"TensorArray size must be scalar, but had shape: {size.Shape}");
        int count = size.Data<int>()[0];
        return count switch
        {
            < 0 => throw c.InvalidArgument("Size should be >= 0."),
            > MostElements => throw new KernelException(RunErrorCode.ResourceExhausted, $"A TensorArray of {count:N0} elements is larger than the {MostElements:N0} that are allowed."),
            _ => count,
        };
    }

    /// <summary>The array that gathers gradients for this one; the same for the same source.</summary>
    public TensorArrayState GradientOf(KernelContext c, string source, Shape prepended)
    {
        CheckOpen(c);
        // Whoever has begun to differentiate relies on the size.
        _grows = false;
        if (!_gradients.TryGetValue(source, out TensorArrayState? gradient))
            _gradients.Add(source, gradient = new TensorArrayState(this, source, prepended));
        return gradient;
    }

    public void Write(KernelContext c, long index, Tensor value)
    {
        CheckOpen(c);
        if (value.DType != DType)
            throw c.InvalidArgument($"TensorArray dtype is {DType.Name()} but Op is trying to write dtype {value.DType.Name()}.");
        if (index < 0 || (index >= Count && !_grows))
        {
            throw c.InvalidArgument(_grows
                ? $"TensorArray {Name}: Tried to write to index {index}, which is negative."
                : $"TensorArray {Name}: Tried to write to index {index} but array is not resizeable and size is: {Count}");
        }

        if (index >= MostElements)
            throw new KernelException(RunErrorCode.ResourceExhausted, $"TensorArray {Name}: Tried to write to index {index:N0}, beyond the {MostElements:N0} elements that are allowed.");
        if (!ElementShape.IsCompatibleWith(value.Shape))
            throw c.InvalidArgument($"TensorArray {Name}: Could not write to TensorArray index {index} because the value shape is {value.Shape} which is incompatible with the TensorArray's inferred element shape: {ElementShape} (consider setting infer_shape=False).");
        if (_identicalShapes)
            ElementShape = ElementShape.MergeWith(value.Shape);
        Grow((int)index + 1);
        ref Element element = ref _elements[index];
        if (element.IsRead)
            throw c.InvalidArgument($"TensorArray {Name}: Could not write to TensorArray index {index} because it has already been read.");
        if (element.Value is { } old)
        {
            if (!_adds)
                throw c.InvalidArgument($"TensorArray {Name}: Could not write to TensorArray index {index} because it has already been written to.");
            if (old.Value.Shape != value.Shape)
                throw c.InvalidArgument($"TensorArray {Name}: Could not aggregate to TensorArray index {index} because the existing shape is {old.Value.Shape} but the new input shape is {value.Shape}.");
            value = Sum(c, old.Value, value);
            old.Release();
        }

        element.Value = KeptTensor.Keep(value);
        element.Shape = value.Shape;
    }

    /// <summary>An element, which the array may forget on this occasion; its bytes are good until <see cref="Forget"/>.</summary>
    public Tensor Read(KernelContext c, long index)
    {
        CheckOpen(c);
        if (index < 0 || index >= Count)
            throw c.InvalidArgument($"TensorArray {Name}: Tried to read from index {index} but array size is: {Count}");
        ref Element element = ref _elements[index];
        if (element.IsRead && element.Value is null)
            throw c.InvalidArgument($"TensorArray {Name}: Could not read index {index} twice because it was cleared after previous reading (perhaps try setting clear_after_read = false?).");
        if (element.Value is { } value)
            return value.Value;
        Shape shape = element.Shape ?? ElementShape;
        return shape.IsFullyKnown
            ? Tensor.Zeros(DType, shape)
            : throw c.InvalidArgument($"TensorArray {Name}: Could not read from TensorArray index {index}.  Furthermore, the element shape is not fully defined: {shape}. It is possible you are working with a resizeable TensorArray and stop_gradients is not allowing the gradients to be written.  If you set the full element_shape property on the forward TensorArray, the proper all-zeros tensor will be returned instead of incurring this error.");
    }

    /// <summary>Lets go of an element that was read, where the array is to.</summary>
    public void Forget(long index)
    {
        ref Element element = ref _elements[index];
        element.IsRead = true;
        if (!_clears || element.Value is not { } value)
            return;
        value.Release();
        element.Value = null;
    }

    public void Resize(KernelContext c, long count, string what)
    {
        CheckOpen(c);
        if (count > Count && _grows && count <= MostElements)
            Grow((int)count);
        if (count > Count || (!_grows && what == "split" && count != Count))
            throw c.InvalidArgument($"TensorArray {Name}: size must be {(what == "split" ? "equal to" : "at least")} the {count} values of the {what}, but it is {Count} (not resizeable).");
    }

    public void CheckOpen(KernelContext c)
    {
        if (_closed)
            throw c.InvalidArgument($"TensorArray {Name} has already been closed.");
    }

    public void Close()
    {
        _closed = true;
        foreach (Element element in _elements)
            element.Value?.Release();
        _elements = [];
        Count = 0;
    }

    private void Grow(int count)
    {
        if (count <= Count)
            return;
        if (count > _elements.Length)
            Array.Resize(ref _elements, Math.Max(count, _elements.Length * 2));
        Count = count;
    }

    private static Shape Prepended(Shape first, Shape rest) => first.Rank == 0 ? rest : first.Concatenate(rest);

    private static Tensor Sum(KernelContext c, Tensor left, Tensor right)
    {
        Tensor sum = Tensor.Uninitialized(left.DType, left.Shape);
        if (left.DType == DType.BFloat16)
            ElementwiseLoops.Binary(left, right, sum, BroadcastPlan.TryCreate(left.Shape, left.Shape)!, ElementwiseLoops.Widened((BinaryBody<float, float, float>)TensorPrimitives.Add), c.Workers);
        else if (NumberLoops.IsSupported(left.DType))
            NumberLoops.Run(left.DType, new Adding(left, right, sum, c.Workers));
        else
            throw c.Unsupported(left.DType);
        return sum;
    }

    private readonly record struct Adding(Tensor Left, Tensor Right, Tensor Sum, Workers Workers) : INumberLoop
    {
        public void Run<T>()
            where T : unmanaged, INumberBase<T> =>
            // A shape always meets itself.
            ElementwiseLoops.Binary(Left, Right, Sum, BroadcastPlan.TryCreate(Left.Shape, Left.Shape)!, (BinaryBody<T, T, T>)TensorPrimitives.Add, Workers);
    }

    private record struct Element(KeptTensor? Value, Shape? Shape, bool IsRead);
}
