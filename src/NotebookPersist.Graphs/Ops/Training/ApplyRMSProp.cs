using System.Numerics;
using NotebookPersist.Kernels.Training;

namespace NotebookPersist;

internal abstract class RMSPropUpdateOp(string signature) : UpdateOp(signature)
{
    protected override void Update<T>(VariableUpdate u) => u.Apply<T, RMSPropRule<T>>(new(u.Scalar<T>("lr"), u.Scalar<T>("rho"), u.Scalar<T>("momentum"), u.Scalar<T>("epsilon")));
}

internal sealed class ApplyRMSPropOp() : RMSPropUpdateOp(
    "ApplyRMSProp(var: ref(T), ms: ref(T), mom: ref(T), lr: T, rho: T, momentum: T, epsilon: T, grad: T) -> (out: ref(T)) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, use_locking: bool = false");

internal sealed class SparseApplyRMSPropOp() : RMSPropUpdateOp(
    "SparseApplyRMSProp(var: ref(T), ms: ref(T), mom: ref(T), lr: T, rho: T, momentum: T, epsilon: T, grad: T, indices: Tindices) -> (out: ref(T)) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, Tindices: int32 | int64, use_locking: bool = false");

internal sealed class ResourceApplyRMSPropOp() : RMSPropUpdateOp(
    "ResourceApplyRMSProp(var: resource, ms: resource, mom: resource, lr: T, rho: T, momentum: T, epsilon: T, grad: T) -> () where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, use_locking: bool = false; stateful");

internal sealed class ResourceSparseApplyRMSPropOp() : RMSPropUpdateOp(
    "ResourceSparseApplyRMSProp(var: resource, ms: resource, mom: resource, lr: T, rho: T, momentum: T, epsilon: T, grad: T, indices: Tindices) -> () where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, Tindices: int32 | int64, use_locking: bool = false; stateful");

/// <summary>Divides by the root of a decaying mean of squared gradients, with momentum.</summary>
internal readonly struct RMSPropRule<T>(T lr, T rho, T momentum, T epsilon) : IUpdateRule<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static int SlotCount => 2;

    public void Update(ref Vector<T> variable, ref Vector<T> slot0, ref Vector<T> slot1, ref Vector<T> slot2, Vector<T> gradient)
    {
        slot0 += ((gradient * gradient) - slot0) * (T.One - rho);
        slot1 = (slot1 * momentum) + (gradient * lr / Vector.SquareRoot(slot0 + new Vector<T>(epsilon)));
        variable -= slot1;
    }
}
