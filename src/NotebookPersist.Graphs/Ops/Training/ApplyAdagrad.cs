using System.Numerics;
using NotebookPersist.Kernels.Training;

namespace NotebookPersist;

internal abstract class AdagradUpdateOp(string signature) : UpdateOp(signature)
{
    protected override void Update<T>(VariableUpdate u) => u.Apply<T, AdagradRule<T>>(new(u.Scalar<T>("lr"), u.Operation.Attributes.Bool("update_slots")));
}

internal sealed class ApplyAdagradOp() : AdagradUpdateOp(
    "ApplyAdagrad(var: ref(T), accum: ref(T), lr: T, grad: T) -> (out: ref(T)) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, use_locking: bool = false, update_slots: bool = true");

internal sealed class SparseApplyAdagradOp() : AdagradUpdateOp(
    "SparseApplyAdagrad(var: ref(T), accum: ref(T), lr: T, grad: T, indices: Tindices) -> (out: ref(T)) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, Tindices: int32 | int64, use_locking: bool = false, update_slots: bool = true");

internal sealed class ResourceApplyAdagradOp() : AdagradUpdateOp(
    "ResourceApplyAdagrad(var: resource, accum: resource, lr: T, grad: T) -> () where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, use_locking: bool = false, update_slots: bool = true; stateful");

internal sealed class ResourceSparseApplyAdagradOp() : AdagradUpdateOp(
    "ResourceSparseApplyAdagrad(var: resource, accum: resource, lr: T, grad: T, indices: Tindices) -> () where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, Tindices: int32 | int64, use_locking: bool = false, update_slots: bool = true; stateful");

/// <summary>Divides by the root of the sum of squared gradients.</summary>
internal readonly struct AdagradRule<T>(T lr, bool updateSlots) : IUpdateRule<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static int SlotCount => 1;

    public void Update(ref Vector<T> variable, ref Vector<T> slot0, ref Vector<T> slot1, ref Vector<T> slot2, Vector<T> gradient)
    {
        if (updateSlots)
            slot0 += gradient * gradient;
        variable -= gradient * lr / Vector.SquareRoot(slot0);
    }
}
