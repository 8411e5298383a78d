using System.Numerics;
using NotebookPersist.Kernels.Training;

namespace NotebookPersist;

internal abstract class PowerSignUpdateOp(string signature) : UpdateOp(signature)
{
    protected override void Update<T>(VariableUpdate u) => u.Apply<T, PowerSignRule<T>>(new(u.Scalar<T>("lr"), u.Scalar<T>("logbase"), u.Scalar<T>("sign_decay"), u.Scalar<T>("beta")));
}

internal sealed class ApplyPowerSignOp() : PowerSignUpdateOp(
    "ApplyPowerSign(var: ref(T), m: ref(T), lr: T, logbase: T, sign_decay: T, beta: T, grad: T) -> (out: ref(T)) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, use_locking: bool = false");

internal sealed class ResourceApplyPowerSignOp() : PowerSignUpdateOp(
    "ResourceApplyPowerSign(var: resource, m: resource, lr: T, logbase: T, sign_decay: T, beta: T, grad: T) -> () where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, use_locking: bool = false; stateful");

/// <summary>Scales by a power that grows where gradient and momentum agree in sign.</summary>
internal readonly struct PowerSignRule<T>(T lr, T logbase, T signDecay, T beta) : IUpdateRule<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static int SlotCount => 1;

    public void Update(ref Vector<T> variable, ref Vector<T> slot0, ref Vector<T> slot1, ref Vector<T> slot2, Vector<T> gradient)
    {
        slot0 = (slot0 * beta) + (gradient * (T.One - beta));
        Vector<T> agreement = Proximal.Sign(gradient) * Proximal.Sign(slot0);
        // The sign product has only three values, so that three powers are all it takes.
        (T up, T down) = (T.Exp(logbase * signDecay), T.Exp(-logbase * signDecay));
        Vector<T> scale = Vector.ConditionalSelect(
            Vector.GreaterThan(agreement, Vector<T>.Zero),
            new Vector<T>(up),
            Vector.ConditionalSelect(Vector.LessThan(agreement, Vector<T>.Zero), new Vector<T>(down), Vector<T>.One));
        variable -= scale * gradient * lr;
    }
}
