using System.Numerics;
using NotebookPersist.Kernels.Training;

namespace NotebookPersist;

internal abstract class MomentumUpdateOp(string signature) : UpdateOp(signature)
{
    protected override void Update<T>(VariableUpdate u) => u.Apply<T, MomentumRule<T>>(new(u.Scalar<T>("lr"), u.Scalar<T>("momentum"), u.Operation.Attributes.Bool("use_nesterov")));
}

internal sealed class ApplyMomentumOp() : MomentumUpdateOp(
    "ApplyMomentum(var: ref(T), accum: ref(T), lr: T, grad: T, momentum: T) -> (out: ref(T)) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, use_locking: bool = false, use_nesterov: bool = false");

internal sealed class SparseApplyMomentumOp() : MomentumUpdateOp(
    "SparseApplyMomentum(var: ref(T), accum: ref(T), lr: T, grad: T, indices: Tindices, momentum: T) -> (out: ref(T)) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, Tindices: int32 | int64, use_locking: bool = false, use_nesterov: bool = false");

internal sealed class ResourceApplyMomentumOp() : MomentumUpdateOp(
    "ResourceApplyMomentum(var: resource, accum: resource, lr: T, grad: T, momentum: T) -> () where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, use_locking: bool = false, use_nesterov: bool = false; stateful");

internal sealed class ResourceSparseApplyMomentumOp() : MomentumUpdateOp(
    "ResourceSparseApplyMomentum(var: resource, accum: resource, lr: T, grad: T, indices: Tindices, momentum: T) -> () where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, Tindices: int32 | int64, use_locking: bool = false, use_nesterov: bool = false; stateful");

/// <summary>Accumulates the gradient with a decay, and steps along the sum; Nesterov looks one step ahead.</summary>
internal readonly struct MomentumRule<T>(T lr, T momentum, bool useNesterov) : IUpdateRule<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static int SlotCount => 1;

    public void Update(ref Vector<T> variable, ref Vector<T> slot0, ref Vector<T> slot1, ref Vector<T> slot2, Vector<T> gradient)
    {
        slot0 = (slot0 * momentum) + gradient;
        variable -= useNesterov ? (gradient * lr) + (slot0 * momentum * lr) : slot0 * lr;
    }
}
