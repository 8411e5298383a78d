using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Sends each slice to the part that its number names.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="data">Its shape begins with that of <paramref name="partitions"/>.</param>
    /// <param name="partitions">From 0 on, below <paramref name="count"/>; int32.</param>
    /// <param name="count">Number of parts.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "DynamicPartition".</remarks>
    public static IReadOnlyList<Output> DynamicPartition(this Graph graph, Operand data, Operand partitions, int count, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.AddOperation<DynamicPartitionOp>(name, new AttributeList { { "num_partitions", count } }, data, partitions).Outputs;
    }
}

internal sealed class DynamicPartitionOp() : Op(
    "DynamicPartition(data: T, partitions: int32) -> (outputs: num_partitions * T) where num_partitions: int >= 1, T: type")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Graph graph = g.Graph;
        int count = (int)g.Attributes.Int("num_partitions");
        Output prefix = graph.Shape(g.X(1));
        Output total = graph.AddOperation("Prod", null, null, prefix, 0)[0];
        Output places = graph.Reshape(graph.Range(0, total, 1), prefix);
        IReadOnlyList<Output> parts = graph.DynamicPartition(places, g.X(1), count);
        var gradients = new Operand[count];
        for (int i = 0; i < count; i++)
            gradients[i] = g.Dy(i);
        Output stitched = graph.DynamicStitch([.. parts], gradients);
        return [graph.Reshape(stitched, graph.Shape(g.X(0))), null];
    });

    public override void InferShapes(ShapeContext c)
    {
        Shape data = c.Input(0);
        Shape partitions = c.Input(1);
        Shape part = Shape.Unknown;
        if (data.HasRank && partitions.HasRank)
        {
            if (partitions.Rank > data.Rank)
                throw c.Fault($"data.shape must start with partitions.shape, got data.shape = {data}, partitions.shape = {partitions}.");
            c.Merge(Shape.Create(data.Dimensions[..partitions.Rank]), partitions);
            part = Shape.Create([-1, .. data.Dimensions[partitions.Rank..]]);
        }

        for (int i = 0; i < c.OutputCount; i++)
            c.Output(i, part);
    }

    public override void Compute(KernelContext c)
    {
        Tensor data = c.Input(0);
        Tensor partitions = c.Input(1);
        int rank = partitions.Rank;
        if (rank > data.Rank || !data.Shape.Dimensions[..rank].SequenceEqual(partitions.Shape.Dimensions))
            throw c.InvalidArgument($"data.shape must start with partitions.shape, got data.shape = {data.Shape}, partitions.shape = {partitions.Shape}");
        int row = IntVectors.Product(data.Shape.Dimensions[rank..]);
        var starts = new List<int>[c.Operation.Outputs.Count];
        for (int i = 0; i < starts.Length; i++)
            starts[i] = [];
        ReadOnlySpan<int> parts = c.Input<int>(1);
        for (int i = 0; i < parts.Length; i++)
        {
            if ((uint)parts[i] >= (uint)starts.Length)
                throw c.InvalidArgument($"partitions{Positions.Describe(partitions.Shape, i)} = {parts[i]} is not in [0, {starts.Length})");
            starts[parts[i]].Add(i * row);
        }

        for (int i = 0; i < starts.Length; i++)
            Gathering.At(data, [.. starts[i]], row, c.AllocateOutput(i, Shape.Create([starts[i].Count, .. data.Shape.Dimensions[rank..]])), c.Workers);
    }
}
