using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Moves parts of the batch back into blocks of positions, and crops.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [batch, positions..., rest...]. Any dtype of fixed size.</param>
    /// <param name="blockShape">Block sizes, one a spatial axis. DType: int32 or int64.</param>
    /// <param name="crops">Positions to drop at the start and the end. Shape: [axes, 2]. DType: int32 or int64.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "BatchToSpaceND".</remarks>
    public static Output BatchToSpaceND(this Graph graph, Operand input, Operand blockShape, Operand crops, string? name = null) =>
        graph.Add<BatchToSpaceNDOp>(name, input, blockShape, crops);

    /// <summary>Moves parts of the batch back into square blocks of positions, and crops.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [batch, height, width, channels]. Any dtype of fixed size.</param>
    /// <param name="crops">Positions to drop at the start and the end. Shape: [2, 2]. DType: int32 or int64.</param>
    /// <param name="blockSize">Side of the blocks.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: <c>tf.batch_to_space</c>, which makes TensorFlow op "BatchToSpaceND".</remarks>
    public static Output BatchToSpace(this Graph graph, Operand input, Operand crops, int blockSize, string? name = null)
    {
        Output result = graph.BatchToSpaceND(input, new[] { blockSize, blockSize }, crops, name);
        result.SetShape([-1, -1, -1, -1]);
        return result;
    }
}

internal sealed class BatchToSpaceNDOp() : Op(
    "BatchToSpaceND(input: T, block_shape: Tblock_shape, crops: Tcrops) -> (output: T) "
    + "where T: type, Tblock_shape: int32 | int64 = int32, Tcrops: int32 | int64 = int32")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.Add<SpaceToBatchNDOp>(null, g.Dy(0), g.X(1), g.X(2)), null, null]);

    public override void InferShapes(ShapeContext c) =>
        c.Output(0, BlockMoves.InferBatchToSpace(c, c.Input(0), c.InputInts(1), c.InputInts(2), Math.Max(0, c.WithRank(1, 1)[0])));

    public override void Compute(KernelContext c) => BlockMoves.BatchToSpace(c, BlockMoves.Ints(c.Input(1)), BlockMoves.Ints(c.Input(2)));
}

internal sealed class BatchToSpaceOp() : Op("BatchToSpace(input: T, crops: Tidx) -> (output: T) where T: type, block_size: int >= 2, Tidx: int32 | int64 = int32")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.Add<SpaceToBatchOp>(null, g.Copy("block_size"), g.Dy(0), g.X(1)), null]);

    public override void InferShapes(ShapeContext c)
    {
        long size = c.Attributes.Int("block_size");
        c.Output(0, BlockMoves.InferBatchToSpace(c, c.WithRank(0, 4), [size, size], c.InputInts(1), 2));
    }

    public override void Compute(KernelContext c)
    {
        long size = c.Attributes.Int("block_size");
        BlockMoves.BatchToSpace(c, [size, size], BlockMoves.Ints(c.Input(1)));
    }
}
