using System.Numerics;
using NotebookPersist.Kernels.Training;

namespace NotebookPersist;

internal abstract class ProximalAdagradUpdateOp(string signature) : UpdateOp(signature)
{
    protected override void Update<T>(VariableUpdate u) => u.Apply<T, ProximalAdagradRule<T>>(new(u.Scalar<T>("lr"), u.Scalar<T>("l1"), u.Scalar<T>("l2")));
}

internal sealed class ApplyProximalAdagradOp() : ProximalAdagradUpdateOp(
    "ApplyProximalAdagrad(var: ref(T), accum: ref(T), lr: T, l1: T, l2: T, grad: T) -> (out: ref(T)) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, use_locking: bool = false");

internal sealed class SparseApplyProximalAdagradOp() : ProximalAdagradUpdateOp(
    "SparseApplyProximalAdagrad(var: ref(T), accum: ref(T), lr: T, l1: T, l2: T, grad: T, indices: Tindices) -> (out: ref(T)) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, Tindices: int32 | int64, use_locking: bool = false");

internal sealed class ResourceApplyProximalAdagradOp() : ProximalAdagradUpdateOp(
    "ResourceApplyProximalAdagrad(var: resource, accum: resource, lr: T, l1: T, l2: T, grad: T) -> () where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, use_locking: bool = false; stateful");

internal sealed class ResourceSparseApplyProximalAdagradOp() : ProximalAdagradUpdateOp(
    "ResourceSparseApplyProximalAdagrad(var: resource, accum: resource, lr: T, l1: T, l2: T, grad: T, indices: Tindices) -> () where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, Tindices: int32 | int64, use_locking: bool = false; stateful");

/// <summary>An Adagrad step, then the proximal step of L1 and L2 regularisation.</summary>
internal readonly struct ProximalAdagradRule<T>(T lr, T l1, T l2) : IUpdateRule<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static int SlotCount => 1;

    public void Update(ref Vector<T> variable, ref Vector<T> slot0, ref Vector<T> slot1, ref Vector<T> slot2, Vector<T> gradient)
    {
        slot0 += gradient * gradient;
        Vector<T> rate = new Vector<T>(lr) / Vector.SquareRoot(slot0);
        variable = Proximal.Shrink(variable - (gradient * rate), rate * l1) / (Vector<T>.One + (rate * l2));
    }
}
