using System.Numerics;
using NotebookPersist.Kernels.Training;

namespace NotebookPersist;

internal abstract class AdagradDAUpdateOp(string signature) : UpdateOp(signature)
{
    protected override void Update<T>(VariableUpdate u) => u.Apply<T, AdagradDARule<T>>(new(u.Scalar<T>("lr"), u.Scalar<T>("l1"), u.Scalar<T>("l2"), u.Scalar<T>("global_step")));
}

internal sealed class ApplyAdagradDAOp() : AdagradDAUpdateOp(
    "ApplyAdagradDA(var: ref(T), gradient_accumulator: ref(T), gradient_squared_accumulator: ref(T), grad: T, lr: T, l1: T, l2: T, global_step: int64) -> (out: ref(T)) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, use_locking: bool = false");

internal sealed class SparseApplyAdagradDAOp() : AdagradDAUpdateOp(
    "SparseApplyAdagradDA(var: ref(T), gradient_accumulator: ref(T), gradient_squared_accumulator: ref(T), grad: T, indices: Tindices, lr: T, l1: T, l2: T, global_step: int64) -> (out: ref(T)) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, Tindices: int32 | int64, use_locking: bool = false");

internal sealed class ResourceApplyAdagradDAOp() : AdagradDAUpdateOp(
    "ResourceApplyAdagradDA(var: resource, gradient_accumulator: resource, gradient_squared_accumulator: resource, grad: T, lr: T, l1: T, l2: T, global_step: int64) -> () where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, use_locking: bool = false; stateful");

internal sealed class ResourceSparseApplyAdagradDAOp() : AdagradDAUpdateOp(
    "ResourceSparseApplyAdagradDA(var: resource, gradient_accumulator: resource, gradient_squared_accumulator: resource, grad: T, indices: Tindices, lr: T, l1: T, l2: T, global_step: int64) -> () where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, Tindices: int32 | int64, use_locking: bool = false; stateful");

/// <summary>Adagrad by dual averaging.</summary>
internal readonly struct AdagradDARule<T>(T lr, T l1, T l2, T globalStep) : IUpdateRule<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static int SlotCount => 2;

    public void Update(ref Vector<T> variable, ref Vector<T> slot0, ref Vector<T> slot1, ref Vector<T> slot2, Vector<T> gradient)
    {
        slot0 += gradient;
        slot1 += gradient * gradient;
        variable = Proximal.Shrink(slot0, new Vector<T>(globalStep * l1)) * -lr / (new Vector<T>(l2 * globalStep * lr) + Vector.SquareRoot(slot1));
    }
}
