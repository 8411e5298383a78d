using System.Collections.Concurrent;
using System.Text;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Tensors that a session keeps from run to run under handles that it gives out.</summary>
/// <remarks>Thread safety: all members may be called from any thread.</remarks>
internal sealed class SessionTensors
{
    private readonly ConcurrentDictionary<string, Tensor> _kept = new(StringComparer.Ordinal);
    private long _made;

    public static SessionTensors Of(KernelContext c) => c.Resource("", "session tensors", static () => new SessionTensors());

    public string Keep(string node, Tensor value)
    {
        // Name, number and device, as TensorFlow's handles tell them.
        string handle = $"{node};{Interlocked.Increment(ref _made)};/job:localhost/replica:0/task:0/device:CPU:0";
        _kept[handle] = TensorList.Kept(value);
        return handle;
    }

    public Tensor? Find(string handle) => _kept.GetValueOrDefault(handle);

    public bool Remove(string handle) => _kept.TryRemove(handle, out _);
}

internal abstract class SessionHandleOp(string signature) : UndifferentiatedOp(signature, "handles are not differentiated")
{
    protected static string Handle(KernelContext c) => c.Input(0) is { DType: DType.String, Count: 1 } handle
        ? Encoding.UTF8.GetString(handle.Strings[0])
        : throw c.InvalidArgument($"A handle is one string, not {c.Input(0).Shape}.");

    protected static KernelException Missing(string handle) =>
        new(RunErrorCode.InvalidArgument, $"The tensor with handle '{handle}' is not in the session store.");
}

internal sealed class GetSessionHandleOp() : SessionHandleOp("GetSessionHandle(value: T) -> (handle: string) where T: type; stateful")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Scalar);

    public override void Compute(KernelContext c) =>
        c.Output(0, Tensor.OfStrings(Shape.Scalar, [Encoding.UTF8.GetBytes(SessionTensors.Of(c).Keep(c.Operation.Name, c.Input(0)))]));
}

internal sealed class GetSessionTensorOp() : SessionHandleOp("GetSessionTensor(handle: string) -> (value: dtype) where dtype: type; stateful")
{
    public override void Compute(KernelContext c)
    {
        string handle = Handle(c);
        Tensor kept = SessionTensors.Of(c).Find(handle) ?? throw Missing(handle);
        DType wanted = c.Operation.Outputs[0].DType;
        c.Output(0, kept.DType == wanted ? kept : throw c.InvalidArgument($"The tensor with handle '{handle}' is {kept.DType.Name()}, not {wanted.Name()}."));
    }
}

internal sealed class DeleteSessionTensorOp() : SessionHandleOp("DeleteSessionTensor(handle: string) -> (); stateful")
{
    public override void Compute(KernelContext c)
    {
        string handle = Handle(c);
        if (!SessionTensors.Of(c).Remove(handle))
            throw Missing(handle);
    }
}
