using System.Numerics;
using NotebookPersist.Kernels.Training;

namespace NotebookPersist;

internal abstract class AdadeltaUpdateOp(string signature) : UpdateOp(signature)
{
    protected override void Update<T>(VariableUpdate u) => u.Apply<T, AdadeltaRule<T>>(new(u.Scalar<T>("lr"), u.Scalar<T>("rho"), u.Scalar<T>("epsilon")));
}

internal sealed class ApplyAdadeltaOp() : AdadeltaUpdateOp(
    "ApplyAdadelta(var: ref(T), accum: ref(T), accum_update: ref(T), lr: T, rho: T, epsilon: T, grad: T) -> (out: ref(T)) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, use_locking: bool = false");

internal sealed class SparseApplyAdadeltaOp() : AdadeltaUpdateOp(
    "SparseApplyAdadelta(var: ref(T), accum: ref(T), accum_update: ref(T), lr: T, rho: T, epsilon: T, grad: T, indices: Tindices) -> (out: ref(T)) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, Tindices: int32 | int64, use_locking: bool = false");

internal sealed class ResourceApplyAdadeltaOp() : AdadeltaUpdateOp(
    "ResourceApplyAdadelta(var: resource, accum: resource, accum_update: resource, lr: T, rho: T, epsilon: T, grad: T) -> () where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, use_locking: bool = false; stateful");

internal sealed class ResourceSparseApplyAdadeltaOp() : AdadeltaUpdateOp(
    "ResourceSparseApplyAdadelta(var: resource, accum: resource, accum_update: resource, lr: T, rho: T, epsilon: T, grad: T, indices: Tindices) -> () where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, Tindices: int32 | int64, use_locking: bool = false; stateful");

/// <summary>Scales by the ratio of the roots of decaying means of squared updates and squared gradients.</summary>
internal readonly struct AdadeltaRule<T>(T lr, T rho, T epsilon) : IUpdateRule<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static int SlotCount => 2;

    public void Update(ref Vector<T> variable, ref Vector<T> slot0, ref Vector<T> slot1, ref Vector<T> slot2, Vector<T> gradient)
    {
        var e = new Vector<T>(epsilon);
        slot0 = (slot0 * rho) + (gradient * gradient * (T.One - rho));
        Vector<T> update = Vector.SquareRoot(slot1 + e) / Vector.SquareRoot(slot0 + e) * gradient;
        variable -= update * lr;
        slot1 = (slot1 * rho) + (update * update * (T.One - rho));
    }
}
