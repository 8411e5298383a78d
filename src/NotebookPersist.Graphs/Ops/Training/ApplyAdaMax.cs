using System.Numerics;
using NotebookPersist.Kernels.Training;

namespace NotebookPersist;

internal abstract class AdaMaxUpdateOp(string signature) : UpdateOp(signature)
{
    protected override void Update<T>(VariableUpdate u) => u.Apply<T, AdaMaxRule<T>>(new(u.Scalar<T>("beta1_power"), u.Scalar<T>("lr"), u.Scalar<T>("beta1"), u.Scalar<T>("beta2"), u.Scalar<T>("epsilon")));
}

internal sealed class ApplyAdaMaxOp() : AdaMaxUpdateOp(
    "ApplyAdaMax(var: ref(T), m: ref(T), v: ref(T), beta1_power: T, lr: T, beta1: T, beta2: T, epsilon: T, grad: T) -> (out: ref(T)) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, use_locking: bool = false");

internal sealed class ResourceApplyAdaMaxOp() : AdaMaxUpdateOp(
    "ResourceApplyAdaMax(var: resource, m: resource, v: resource, beta1_power: T, lr: T, beta1: T, beta2: T, epsilon: T, grad: T) -> () where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, use_locking: bool = false; stateful");

/// <summary>As Adam, with a decaying maximum instead of the mean square.</summary>
internal readonly struct AdaMaxRule<T>(T beta1Power, T lr, T beta1, T beta2, T epsilon) : IUpdateRule<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static int SlotCount => 2;

    public void Update(ref Vector<T> variable, ref Vector<T> slot0, ref Vector<T> slot1, ref Vector<T> slot2, Vector<T> gradient)
    {
        slot0 += (gradient - slot0) * (T.One - beta1);
        slot1 = Vector.Max(slot1 * beta2, Vector.Abs(gradient));
        variable -= slot0 / (slot1 + new Vector<T>(epsilon)) * (lr / (T.One - beta1Power));
    }
}
