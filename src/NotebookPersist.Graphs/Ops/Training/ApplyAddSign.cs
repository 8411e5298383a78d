using System.Numerics;
using NotebookPersist.Kernels.Training;

namespace NotebookPersist;

internal abstract class AddSignUpdateOp(string signature) : UpdateOp(signature)
{
    protected override void Update<T>(VariableUpdate u) => u.Apply<T, AddSignRule<T>>(new(u.Scalar<T>("lr"), u.Scalar<T>("alpha"), u.Scalar<T>("sign_decay"), u.Scalar<T>("beta")));
}

internal sealed class ApplyAddSignOp() : AddSignUpdateOp(
    "ApplyAddSign(var: ref(T), m: ref(T), lr: T, alpha: T, sign_decay: T, beta: T, grad: T) -> (out: ref(T)) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, use_locking: bool = false");

internal sealed class ResourceApplyAddSignOp() : AddSignUpdateOp(
    "ResourceApplyAddSign(var: resource, m: resource, lr: T, alpha: T, sign_decay: T, beta: T, grad: T) -> () where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64, use_locking: bool = false; stateful");

/// <summary>Scales up where gradient and momentum agree in sign.</summary>
internal readonly struct AddSignRule<T>(T lr, T alpha, T signDecay, T beta) : IUpdateRule<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static int SlotCount => 1;

    public void Update(ref Vector<T> variable, ref Vector<T> slot0, ref Vector<T> slot1, ref Vector<T> slot2, Vector<T> gradient)
    {
        slot0 = (slot0 * beta) + (gradient * (T.One - beta));
        Vector<T> agreement = Proximal.Sign(gradient) * Proximal.Sign(slot0);
        variable -= (new Vector<T>(alpha) + (agreement * signDecay)) * gradient * lr;
    }
}
