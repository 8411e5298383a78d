using System.Numerics;
using NotebookPersist.Kernels.Training;

namespace NotebookPersist;

internal abstract class KerasMomentumUpdateOp(string signature) : UpdateOp(signature)
{
    protected override void Update<T>(VariableUpdate u) => u.Apply<T, KerasMomentumRule<T>>(new(u.Scalar<T>("lr"), u.Scalar<T>("momentum"), u.Operation.Attributes.Bool("use_nesterov")));
}

internal sealed class ResourceApplyKerasMomentumOp() : KerasMomentumUpdateOp(
    "ResourceApplyKerasMomentum(var: resource, accum: resource, lr: T, grad: T, momentum: T) -> () where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, use_locking: bool = false, use_nesterov: bool = false; stateful");

internal sealed class ResourceSparseApplyKerasMomentumOp() : KerasMomentumUpdateOp(
    "ResourceSparseApplyKerasMomentum(var: resource, accum: resource, lr: T, grad: T, indices: Tindices, momentum: T) -> () where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, Tindices: int32 | int64, use_locking: bool = false, use_nesterov: bool = false; stateful");

/// <summary>As momentum, but the rate is taken into the sum.</summary>
internal readonly struct KerasMomentumRule<T>(T lr, T momentum, bool useNesterov) : IUpdateRule<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static int SlotCount => 1;

    public void Update(ref Vector<T> variable, ref Vector<T> slot0, ref Vector<T> slot1, ref Vector<T> slot2, Vector<T> gradient)
    {
        slot0 = (slot0 * momentum) - (gradient * lr);
        variable += useNesterov ? (slot0 * momentum) - (gradient * lr) : slot0;
    }
}
