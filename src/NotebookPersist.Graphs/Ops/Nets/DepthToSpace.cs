using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Moves groups of channels into blocks of positions.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [batch, height, width, channels], or with channels second. Any dtype of fixed size.</param>
    /// <param name="blockSize">Side of the blocks; its square divides the number of channels.</param>
    /// <param name="dataFormat">NHWC or NCHW.</param>
    /// <param name="name">Node name.</param>
    /// <exception cref="GraphException">The number of channels is not divisible.</exception>
    /// <remarks>Source: TensorFlow op "DepthToSpace".</remarks>
    public static Output DepthToSpace(this Graph graph, Operand input, int blockSize, string dataFormat = "NHWC", string? name = null) =>
        graph.Add<DepthToSpaceOp>(name, new AttributeList { { "block_size", blockSize }, { "data_format", dataFormat } }, input);

    /// <summary>Moves blocks of positions into channels.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Shape: [batch, height, width, channels], or with channels second. Any dtype of fixed size.</param>
    /// <param name="blockSize">Side of the blocks; it divides height and width.</param>
    /// <param name="dataFormat">NHWC or NCHW.</param>
    /// <param name="name">Node name.</param>
    /// <exception cref="GraphException">Height or width is not divisible.</exception>
    /// <remarks>Source: TensorFlow op "SpaceToDepth".</remarks>
    public static Output SpaceToDepth(this Graph graph, Operand input, int blockSize, string dataFormat = "NHWC", string? name = null) =>
        graph.Add<SpaceToDepthOp>(name, new AttributeList { { "block_size", blockSize }, { "data_format", dataFormat } }, input);
}

internal sealed class DepthToSpaceOp() : Op("DepthToSpace(input: T) -> (output: T) where T: type, block_size: int >= 2, data_format: 'NHWC' | 'NCHW' | 'NCHW_VECT_C' = 'NHWC'")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.Add<SpaceToDepthOp>(null, g.Copy("block_size", "data_format"), g.Dy(0))]);

    public override void InferShapes(ShapeContext c)
    {
        Shape input = c.WithRank(0, 4);
        ImageLayout layout = ImageLayout.Of(c.Attributes, 2);
        long size = BlockMoves.BlockSize(c.Operation);
        long depth = input[layout.Channels];
        if (depth >= 0 && depth % (size * size) != 0)
            throw c.Fault($"Dimension size must be evenly divisible by {size * size} but is {depth}.");
        c.Output(0, layout.Make(input[0], [Times(input[layout.Spatial(0)], size), Times(input[layout.Spatial(1)], size)], depth < 0 ? -1 : depth / (size * size)));
    }

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        if (input.Rank != 4)
            throw c.InvalidArgument($"Input rank should be: 4 instead of: {input.Rank}");
        ImageLayout layout = ImageLayout.Of(c.Attributes, 2);
        long size = BlockMoves.BlockSize(c.Operation);
        long depth = input.Shape[layout.Channels];
        if (depth % (size * size) != 0)
            throw c.InvalidArgument($"Input depth dimension {depth} should be divisible by: {size * size}");
        (long batch, long height, long width) = (input.Shape[0], input.Shape[layout.Spatial(0)], input.Shape[layout.Spatial(1)]);
        Tensor output = c.AllocateOutput(0, layout.Make(batch, [height * size, width * size], depth / (size * size)));
        if (layout.ChannelsFirst)
            BlockMoves.Permute(c, input, [batch, size, size, depth / (size * size), height, width], [0, 3, 4, 1, 5, 2], output);
        else
            BlockMoves.Permute(c, input, [batch, height, width, size, size, depth / (size * size)], [0, 1, 3, 2, 4, 5], output);
    }

    private static long Times(long dimension, long size) => dimension < 0 ? -1 : dimension * size;
}

internal sealed class SpaceToDepthOp() : Op("SpaceToDepth(input: T) -> (output: T) where T: type, block_size: int >= 2, data_format: 'NHWC' | 'NCHW' | 'NCHW_VECT_C' = 'NHWC'")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.Add<DepthToSpaceOp>(null, g.Copy("block_size", "data_format"), g.Dy(0))]);

    public override void InferShapes(ShapeContext c)
    {
        Shape input = c.WithRank(0, 4);
        ImageLayout layout = ImageLayout.Of(c.Attributes, 2);
        long size = BlockMoves.BlockSize(c.Operation);
        long depth = input[layout.Channels];
        long[] positions = [input[layout.Spatial(0)], input[layout.Spatial(1)]];
        for (int i = 0; i < 2; i++)
        {
            if (positions[i] >= 0 && positions[i] % size != 0)
                throw c.Fault($"Dimension size must be evenly divisible by {size} but is {positions[i]}.");
            positions[i] = positions[i] < 0 ? -1 : positions[i] / size;
        }

        c.Output(0, layout.Make(input[0], positions, depth < 0 ? -1 : depth * size * size));
    }

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        if (input.Rank != 4)
            throw c.InvalidArgument($"Input rank should be 4 instead of: {input.Rank}");
        ImageLayout layout = ImageLayout.Of(c.Attributes, 2);
        long size = BlockMoves.BlockSize(c.Operation);
        long depth = input.Shape[layout.Channels];
        (long batch, long height, long width) = (input.Shape[0], input.Shape[layout.Spatial(0)], input.Shape[layout.Spatial(1)]);
        if (height % size != 0 || width % size != 0)
            throw c.InvalidArgument($"Image height {height} and width {width} should be divisible by block_size: {size}");
        (long rows, long columns) = (height / size, width / size);
        Tensor output = c.AllocateOutput(0, layout.Make(batch, [rows, columns], depth * size * size));
        if (layout.ChannelsFirst)
            BlockMoves.Permute(c, input, [batch, depth, rows, size, columns, size], [0, 3, 5, 1, 2, 4], output);
        else
            BlockMoves.Permute(c, input, [batch, rows, size, columns, size, depth], [0, 1, 3, 2, 4, 5], output);
    }
}
