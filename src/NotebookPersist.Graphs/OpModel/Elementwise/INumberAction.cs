using System.Numerics;

namespace NotebookPersist.Graphs.OpModel.Elementwise;

/// <summary>Something to do for whichever type of real number a tensor holds.</summary>
internal interface INumberAction
{
    /// <summary>Does it.</summary>
    void Run<T>(KernelContext c)
        where T : unmanaged, INumber<T>;
}
