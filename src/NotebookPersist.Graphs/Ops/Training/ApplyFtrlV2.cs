using System.Numerics;
using NotebookPersist.Kernels.Training;

namespace NotebookPersist;

internal abstract class FtrlV2UpdateOp(string signature) : UpdateOp(signature)
{
    protected override void Update<T>(VariableUpdate u) => u.Apply<T, FtrlV2Rule<T>>(new(u.Scalar<T>("lr"), u.Scalar<T>("l1"), u.Scalar<T>("l2"), u.Scalar<T>("l2_shrinkage"), u.Scalar<T>("lr_power")));
}

internal sealed class ApplyFtrlV2Op() : FtrlV2UpdateOp(
    "ApplyFtrlV2(var: ref(T), accum: ref(T), linear: ref(T), grad: T, lr: T, l1: T, l2: T, l2_shrinkage: T, lr_power: T) -> (out: ref(T)) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, use_locking: bool = false");

internal sealed class SparseApplyFtrlV2Op() : FtrlV2UpdateOp(
    "SparseApplyFtrlV2(var: ref(T), accum: ref(T), linear: ref(T), grad: T, indices: Tindices, lr: T, l1: T, l2: T, l2_shrinkage: T, lr_power: T) -> (out: ref(T)) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, Tindices: int32 | int64, use_locking: bool = false");

internal sealed class ResourceApplyFtrlV2Op() : FtrlV2UpdateOp(
    "ResourceApplyFtrlV2(var: resource, accum: resource, linear: resource, grad: T, lr: T, l1: T, l2: T, l2_shrinkage: T, lr_power: T) -> () where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, use_locking: bool = false; stateful");

internal sealed class ResourceSparseApplyFtrlV2Op() : FtrlV2UpdateOp(
    "ResourceSparseApplyFtrlV2(var: resource, accum: resource, linear: resource, grad: T, indices: Tindices, lr: T, l1: T, l2: T, l2_shrinkage: T, lr_power: T) -> () where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, Tindices: int32 | int64, use_locking: bool = false; stateful");

/// <summary>Follow the regularised leader, with shrinkage.</summary>
internal readonly struct FtrlV2Rule<T>(T lr, T l1, T l2, T l2Shrinkage, T lrPower) : IUpdateRule<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static int SlotCount => 2;

    public void Update(ref Vector<T> variable, ref Vector<T> slot0, ref Vector<T> slot1, ref Vector<T> slot2, Vector<T> gradient)
    {
        FtrlStep.Take(ref variable, ref slot0, ref slot1, gradient, gradient + (variable * (l2Shrinkage + l2Shrinkage)), (lr, l1, l2, lrPower));
    }
}
