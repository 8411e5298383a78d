using System.Numerics;
using NotebookPersist.Kernels.Training;

namespace NotebookPersist;

internal abstract class AdagradV2UpdateOp(string signature) : UpdateOp(signature)
{
    protected override void Update<T>(VariableUpdate u) => u.Apply<T, AdagradV2Rule<T>>(new(u.Scalar<T>("lr"), u.Scalar<T>("epsilon"), u.Operation.Attributes.Bool("update_slots")));
}

internal sealed class ApplyAdagradV2Op() : AdagradV2UpdateOp(
    "ApplyAdagradV2(var: ref(T), accum: ref(T), lr: T, epsilon: T, grad: T) -> (out: ref(T)) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, use_locking: bool = false, update_slots: bool = true");

internal sealed class SparseApplyAdagradV2Op() : AdagradV2UpdateOp(
    "SparseApplyAdagradV2(var: ref(T), accum: ref(T), lr: T, epsilon: T, grad: T, indices: Tindices) -> (out: ref(T)) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, Tindices: int32 | int64, use_locking: bool = false, update_slots: bool = true");

internal sealed class ResourceApplyAdagradV2Op() : AdagradV2UpdateOp(
    "ResourceApplyAdagradV2(var: resource, accum: resource, lr: T, epsilon: T, grad: T) -> () where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, use_locking: bool = false, update_slots: bool = true; stateful");

internal sealed class ResourceSparseApplyAdagradV2Op() : AdagradV2UpdateOp(
    "ResourceSparseApplyAdagradV2(var: resource, accum: resource, lr: T, epsilon: T, grad: T, indices: Tindices) -> () where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, Tindices: int32 | int64, use_locking: bool = false, update_slots: bool = true; stateful");

/// <summary>As Adagrad, with a small number added to the divisor.</summary>
internal readonly struct AdagradV2Rule<T>(T lr, T epsilon, bool updateSlots) : IUpdateRule<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static int SlotCount => 1;

    public void Update(ref Vector<T> variable, ref Vector<T> slot0, ref Vector<T> slot1, ref Vector<T> slot2, Vector<T> gradient)
    {
        if (updateSlots)
            slot0 += gradient * gradient;
        variable -= gradient * lr / (Vector.SquareRoot(slot0) + new Vector<T>(epsilon));
    }
}
