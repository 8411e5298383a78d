using System.Numerics;
using NotebookPersist.Kernels.Training;

namespace NotebookPersist;

internal abstract class CenteredRMSPropUpdateOp(string signature) : UpdateOp(signature)
{
    protected override void Update<T>(VariableUpdate u) => u.Apply<T, CenteredRMSPropRule<T>>(new(u.Scalar<T>("lr"), u.Scalar<T>("rho"), u.Scalar<T>("momentum"), u.Scalar<T>("epsilon")));
}

internal sealed class ApplyCenteredRMSPropOp() : CenteredRMSPropUpdateOp(
    "ApplyCenteredRMSProp(var: ref(T), mg: ref(T), ms: ref(T), mom: ref(T), lr: T, rho: T, momentum: T, epsilon: T, grad: T) -> (out: ref(T)) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, use_locking: bool = false");

internal sealed class SparseApplyCenteredRMSPropOp() : CenteredRMSPropUpdateOp(
    "SparseApplyCenteredRMSProp(var: ref(T), mg: ref(T), ms: ref(T), mom: ref(T), lr: T, rho: T, momentum: T, epsilon: T, grad: T, indices: Tindices) -> (out: ref(T)) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, Tindices: int32 | int64, use_locking: bool = false");

internal sealed class ResourceApplyCenteredRMSPropOp() : CenteredRMSPropUpdateOp(
    "ResourceApplyCenteredRMSProp(var: resource, mg: resource, ms: resource, mom: resource, lr: T, rho: T, momentum: T, epsilon: T, grad: T) -> () where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, use_locking: bool = false; stateful");

internal sealed class ResourceSparseApplyCenteredRMSPropOp() : CenteredRMSPropUpdateOp(
    "ResourceSparseApplyCenteredRMSProp(var: resource, mg: resource, ms: resource, mom: resource, lr: T, rho: T, momentum: T, epsilon: T, grad: T, indices: Tindices) -> () where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, Tindices: int32 | int64, use_locking: bool = false; stateful");

/// <summary>As RMSProp, with the variance of the gradient instead of its mean square.</summary>
internal readonly struct CenteredRMSPropRule<T>(T lr, T rho, T momentum, T epsilon) : IUpdateRule<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static int SlotCount => 3;

    public void Update(ref Vector<T> variable, ref Vector<T> slot0, ref Vector<T> slot1, ref Vector<T> slot2, Vector<T> gradient)
    {
        slot1 += ((gradient * gradient) - slot1) * (T.One - rho);
        slot0 += (gradient - slot0) * (T.One - rho);
        slot2 = (slot2 * momentum) + (gradient * lr / Vector.SquareRoot(slot1 - (slot0 * slot0) + new Vector<T>(epsilon)));
        variable -= slot2;
    }
}
