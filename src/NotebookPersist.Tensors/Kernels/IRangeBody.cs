namespace NotebookPersist.Kernels;

/// <summary>What to do with a range of positions; ranges come in any order and from several threads at once.</summary>
public interface IRangeBody
{
    /// <summary>Does it for [start, end).</summary>
    void Run(int start, int end);
}
