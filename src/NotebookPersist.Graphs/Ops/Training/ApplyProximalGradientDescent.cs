using System.Numerics;
using NotebookPersist.Kernels.Training;

namespace NotebookPersist;

internal abstract class ProximalGradientDescentUpdateOp(string signature) : UpdateOp(signature)
{
    protected override void Update<T>(VariableUpdate u) => u.Apply<T, ProximalGradientDescentRule<T>>(new(u.Scalar<T>("alpha"), u.Scalar<T>("l1"), u.Scalar<T>("l2")));
}

internal sealed class ApplyProximalGradientDescentOp() : ProximalGradientDescentUpdateOp(
    "ApplyProximalGradientDescent(var: ref(T), alpha: T, l1: T, l2: T, delta: T) -> (out: ref(T)) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, use_locking: bool = false");

internal sealed class SparseApplyProximalGradientDescentOp() : ProximalGradientDescentUpdateOp(
    "SparseApplyProximalGradientDescent(var: ref(T), alpha: T, l1: T, l2: T, grad: T, indices: Tindices) -> (out: ref(T)) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, Tindices: int32 | int64, use_locking: bool = false");

internal sealed class ResourceApplyProximalGradientDescentOp() : ProximalGradientDescentUpdateOp(
    "ResourceApplyProximalGradientDescent(var: resource, alpha: T, l1: T, l2: T, delta: T) -> () where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, use_locking: bool = false; stateful");

internal sealed class ResourceSparseApplyProximalGradientDescentOp() : ProximalGradientDescentUpdateOp(
    "ResourceSparseApplyProximalGradientDescent(var: resource, alpha: T, l1: T, l2: T, grad: T, indices: Tindices) -> () where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, Tindices: int32 | int64, use_locking: bool = false; stateful");

/// <summary>A gradient step, then the proximal step of L1 and L2 regularisation.</summary>
internal readonly struct ProximalGradientDescentRule<T>(T alpha, T l1, T l2) : IUpdateRule<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static int SlotCount => 0;

    public void Update(ref Vector<T> variable, ref Vector<T> slot0, ref Vector<T> slot1, ref Vector<T> slot2, Vector<T> gradient)
    {
        Vector<T> moved = variable - (gradient * alpha);
        variable = Proximal.Shrink(moved, new Vector<T>(alpha * l1)) / new Vector<T>(T.One + (l2 * alpha));
    }
}
