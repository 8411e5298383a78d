using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Picks elements or slices by their positions along the first dimensions.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="parameters">Rank at least 1.</param>
    /// <param name="indices">The last dimension lists a position; int32 or int64.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>The gradient is a dense tensor. Source: TensorFlow op "GatherNd".</remarks>
    public static Output GatherNd(this Graph graph, Operand parameters, Operand indices, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<GatherNdOp>(name, parameters, indices);
    }
}

internal sealed class GatherNdOp() : Op("GatherNd(params: Tparams, indices: Tindices) -> (output: Tparams) where Tparams: type, Tindices: int32 | int64")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Output shape = g.Graph.Shape(g.X(0), g.X(1).DType);
        return [g.Graph.ScatterNd(g.X(1), g.Dy(0), shape), null];
    });

    public override void InferShapes(ShapeContext c) => InferShapes(c, c.Input(0));

    public override void Compute(KernelContext c) => Gather(c, c.Input(0));

    internal static void InferShapes(ShapeContext c, Shape parameters)
    {
        Shape indices = c.WithRankAtLeast(1, 1);
        if (!parameters.HasRank || !indices.HasRank || indices[^1] < 0)
        {
            c.Output(0, Shape.Unknown);
            return;
        }

        if (indices[^1] > parameters.Rank)
            throw c.Fault($"indices.shape[-1] must be <= params.rank, but saw indices shape: {indices} and params shape: {parameters}.");
        c.Output(0, Shape.Create([.. indices.Dimensions[..^1], .. parameters.Dimensions[(int)indices[^1]..]]));
    }

    internal static void Gather(KernelContext c, Tensor parameters)
    {
        Tensor indices = c.Input(1);
        if (parameters.Rank == 0)
            throw c.InvalidArgument("params must be at least a vector");
        if (indices.Rank == 0)
            throw c.InvalidArgument("indices must be at least a vector");
        long depth = indices.Shape[^1];
        if (depth > parameters.Rank)
            throw c.InvalidArgument($"index innermost dimension length must be <= params rank; saw: {depth} vs. {parameters.Rank}");
        Shape shape = Shape.Create([.. indices.Shape.Dimensions[..^1], .. parameters.Shape.Dimensions[(int)depth..]]);
        int[] starts = RowStarts.Of(indices, parameters.Shape, out int bad);
        if (parameters.Count == 0 && shape.ElementCount > 0)
            throw c.InvalidArgument($"Requested more than 0 entries, but params is empty.  Params shape: {parameters.Shape}");
        if (bad >= 0)
            throw c.InvalidArgument($"indices{RowStarts.Describe(indices, bad)} does not index into param shape {parameters.Shape}");
        Gathering.At(parameters, starts, IntVectors.Product(parameters.Shape.Dimensions[(int)depth..]), c.AllocateOutput(0, shape), c.Workers);
    }
}
