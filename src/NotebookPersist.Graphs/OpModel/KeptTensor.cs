using NotebookPersist.Memory;

namespace NotebookPersist.Graphs.OpModel;

/// <summary>A tensor that outlives the computation that made it, without a copy: its bytes stay as they are until it is let go.</summary>
/// <remarks>Runs reuse memory, and variables are written over in place; neither happens to the bytes meanwhile.</remarks>
internal readonly struct KeptTensor
{
    private KeptTensor(Tensor value, bool isHeld) => (Value, IsHeld) = (value, isHeld);

    public Tensor Value { get; }

    private bool IsHeld { get; }

    public static KeptTensor Keep(Tensor value)
    {
        TensorBuffer? buffer = value.Buffer;
        buffer?.Retain();
        bool hold = buffer is { IsShared: true };
        if (hold)
            buffer!.Hold();
        return new KeptTensor(value, hold);
    }

    /// <summary>Lets go. Whoever was given the value meanwhile keeps it by itself.</summary>
    public void Release()
    {
        if (IsHeld)
            Value.Buffer!.Unhold();
        Value.Buffer?.Release();
    }
}
