using System.Globalization;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The name of one shard of a file: <c>base-00002-of-00010</c>.</summary>
    /// <remarks>Source: TensorFlow op "ShardedFilename".</remarks>
    public static Output ShardedFilename(this Graph graph, Operand basename, Operand shard, Operand shardCount, string? name = null) =>
        graph.Add<ShardedFilenameOp>(name, basename, shard, shardCount);
}

internal sealed class ShardedFilenameOp() : Op("ShardedFilename(basename: string, shard: int32, num_shards: int32) -> (filename: string)")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("a name is no number");

    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Scalar);

    public override void Compute(KernelContext c) => c.Output(0, string.Create(
        CultureInfo.InvariantCulture, $"{(string)c.Input(0)}-{(int)c.Input(1):D5}-of-{(int)c.Input(2):D5}"));
}

internal sealed class ShardedFilespecOp() : Op("ShardedFilespec(basename: string, num_shards: int32) -> (filename: string)")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("a name is no number");

    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Scalar);

    public override void Compute(KernelContext c) => c.Output(0, string.Create(
        CultureInfo.InvariantCulture, $"{(string)c.Input(0)}-?????-of-{(int)c.Input(1):D5}"));
}
