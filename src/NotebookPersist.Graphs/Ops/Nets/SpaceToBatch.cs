using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Moves blocks of positions into the batch, after padding with zeros.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [batch, positions..., rest...]. Any dtype of fixed size.</param>
    /// <param name="blockShape">Block sizes, one a spatial axis. DType: int32 or int64.</param>
    /// <param name="paddings">Zeros before and after. Shape: [axes, 2]. DType: int32 or int64.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "SpaceToBatchND".</remarks>
    public static Output SpaceToBatchND(this Graph graph, Operand input, Operand blockShape, Operand paddings, string? name = null) =>
        graph.Add<SpaceToBatchNDOp>(name, input, blockShape, paddings);

    /// <summary>Moves square blocks of positions into the batch, after padding with zeros.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [batch, height, width, channels]. Any dtype of fixed size.</param>
    /// <param name="paddings">Zeros before and after. Shape: [2, 2]. DType: int32 or int64.</param>
    /// <param name="blockSize">Side of the blocks.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: <c>tf.space_to_batch</c>, which makes TensorFlow op "SpaceToBatchND".</remarks>
    public static Output SpaceToBatch(this Graph graph, Operand input, Operand paddings, int blockSize, string? name = null)
    {
        Output result = graph.SpaceToBatchND(input, new[] { blockSize, blockSize }, paddings, name);
        result.SetShape([-1, -1, -1, -1]);
        return result;
    }
}

internal sealed class SpaceToBatchNDOp() : Op(
    "SpaceToBatchND(input: T, block_shape: Tblock_shape, paddings: Tpaddings) -> (output: T) "
    + "where T: type, Tblock_shape: int32 | int64 = int32, Tpaddings: int32 | int64 = int32")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.Add<BatchToSpaceNDOp>(null, g.Dy(0), g.X(1), g.X(2)), null, null]);

    public override void InferShapes(ShapeContext c) =>
        c.Output(0, BlockMoves.InferSpaceToBatch(c, c.Input(0), c.InputInts(1), c.InputInts(2), Math.Max(0, c.WithRank(1, 1)[0])));

    public override void Compute(KernelContext c) => BlockMoves.SpaceToBatch(c, BlockMoves.Ints(c.Input(1)), BlockMoves.Ints(c.Input(2)));
}

internal sealed class SpaceToBatchOp() : Op("SpaceToBatch(input: T, paddings: Tpaddings) -> (output: T) where T: type, Tpaddings: int32 | int64 = int32, block_size: int >= 2")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.Add<BatchToSpaceOp>(null, g.Copy("block_size"), g.Dy(0), g.X(1)), null]);

    public override void InferShapes(ShapeContext c)
    {
        long size = c.Attributes.Int("block_size");
        c.Output(0, BlockMoves.InferSpaceToBatch(c, c.WithRank(0, 4), [size, size], c.InputInts(1), 2));
    }

    public override void Compute(KernelContext c)
    {
        long size = c.Attributes.Int("block_size");
        BlockMoves.SpaceToBatch(c, [size, size], BlockMoves.Ints(c.Input(1)));
    }
}
