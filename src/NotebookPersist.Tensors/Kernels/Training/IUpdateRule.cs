using System.Numerics;

namespace NotebookPersist.Kernels.Training;

/// <summary>How one training step changes a variable and its slots, element by element.</summary>
/// <typeparam name="T">float or double.</typeparam>
public interface IUpdateRule<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Slots that the rule keeps beside the variable; at most 3.</summary>
    static abstract int SlotCount { get; }

    /// <summary>Changes some elements; slots beyond <see cref="SlotCount"/> are to be left alone.</summary>
    void Update(ref Vector<T> variable, ref Vector<T> slot0, ref Vector<T> slot1, ref Vector<T> slot2, Vector<T> gradient);
}
