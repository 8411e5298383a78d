using System.Numerics;
using NotebookPersist.Kernels.Training;

namespace NotebookPersist;

internal abstract class GradientDescentUpdateOp(string signature) : UpdateOp(signature)
{
    protected override void Update<T>(VariableUpdate u) => u.Apply<T, GradientDescentRule<T>>(new(u.Scalar<T>("alpha")));
}

internal sealed class ApplyGradientDescentOp() : GradientDescentUpdateOp(
    "ApplyGradientDescent(var: ref(T), alpha: T, delta: T) -> (out: ref(T)) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, use_locking: bool = false");

internal sealed class ResourceApplyGradientDescentOp() : GradientDescentUpdateOp(
    "ResourceApplyGradientDescent(var: resource, alpha: T, delta: T) -> () where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, use_locking: bool = false; stateful");

/// <summary>variable -= rate * gradient.</summary>
internal readonly struct GradientDescentRule<T>(T alpha) : IUpdateRule<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static int SlotCount => 0;

    public void Update(ref Vector<T> variable, ref Vector<T> slot0, ref Vector<T> slot1, ref Vector<T> slot2, Vector<T> gradient)
    {
        variable -= gradient * alpha;
    }
}
