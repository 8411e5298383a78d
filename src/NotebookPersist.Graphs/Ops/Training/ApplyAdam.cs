using System.Numerics;
using NotebookPersist.Kernels.Training;

namespace NotebookPersist;

internal abstract class AdamUpdateOp(string signature) : UpdateOp(signature)
{
    protected override void Update<T>(VariableUpdate u) => u.Apply<T, AdamRule<T>>(new(u.Scalar<T>("beta1_power"), u.Scalar<T>("beta2_power"), u.Scalar<T>("lr"), u.Scalar<T>("beta1"), u.Scalar<T>("beta2"), u.Scalar<T>("epsilon"), u.Operation.Attributes.Bool("use_nesterov")));
}

internal sealed class ApplyAdamOp() : AdamUpdateOp(
    "ApplyAdam(var: ref(T), m: ref(T), v: ref(T), beta1_power: T, beta2_power: T, lr: T, beta1: T, beta2: T, epsilon: T, grad: T) -> (out: ref(T)) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, use_locking: bool = false, use_nesterov: bool = false");

internal sealed class ResourceApplyAdamOp() : AdamUpdateOp(
    "ResourceApplyAdam(var: resource, m: resource, v: resource, beta1_power: T, beta2_power: T, lr: T, beta1: T, beta2: T, epsilon: T, grad: T) -> () where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, use_locking: bool = false, use_nesterov: bool = false; stateful");

/// <summary>Decaying means of the gradient and of its square, both corrected for their start at zero.</summary>
internal readonly struct AdamRule<T>(T beta1Power, T beta2Power, T lr, T beta1, T beta2, T epsilon, bool useNesterov) : IUpdateRule<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static int SlotCount => 2;

    public void Update(ref Vector<T> variable, ref Vector<T> slot0, ref Vector<T> slot1, ref Vector<T> slot2, Vector<T> gradient)
    {
        T alpha = lr * T.Sqrt(T.One - beta2Power) / (T.One - beta1Power);
        slot0 += (gradient - slot0) * (T.One - beta1);
        slot1 += ((gradient * gradient) - slot1) * (T.One - beta2);
        Vector<T> direction = useNesterov ? (gradient * (T.One - beta1)) + (slot0 * beta1) : slot0;
        variable -= direction * alpha / (Vector.SquareRoot(slot1) + new Vector<T>(epsilon));
    }
}
