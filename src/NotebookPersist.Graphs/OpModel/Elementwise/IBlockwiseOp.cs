namespace NotebookPersist.Graphs.OpModel.Elementwise;

/// <summary>An operation each of whose elements depends on the operands' elements in the same place, so that a chain of such operations can be computed block by block.</summary>
internal interface IBlockwiseOp
{
    /// <summary>1 or 2.</summary>
    int OperandCount { get; }

    /// <summary>Whether both operands must have the same shape; else they are broadcast.</summary>
    bool NeedsSameShapes => false;

    /// <summary>Computes elements exactly as the operation itself does.</summary>
    /// <param name="x">The first operand.</param>
    /// <param name="y">The second operand; of no use to operations of one.</param>
    /// <param name="z">The result, as long as the operands. Aliasing: can be one of them.</param>
    void ComputeBlock(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> z);
}
