using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Picks slices by their positions along a dimension.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="parameters">Rank at least 1.</param>
    /// <param name="indices">Positions, int32 or int64, any shape.</param>
    /// <param name="axis">The dimension, counted from the end where negative; by default the first. A scalar.</param>
    /// <param name="batchDims">So many leading dimensions the two have in common.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape of <paramref name="parameters"/> with that of <paramref name="indices"/> in the place of the dimension.</returns>
    /// <remarks>
    /// The gradient along the first dimension is one of <see cref="IndexedSlices"/>.
    /// Source: TensorFlow's <c>tf.gather</c>, op "GatherV2".
    /// </remarks>
    public static Output Gather(this Graph graph, Operand parameters, Operand indices, Operand axis = default, int batchDims = 0, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<GatherV2Op>(name, new AttributeList { { "batch_dims", batchDims } }, parameters, indices, axis.IsMissing ? 0 : axis);
    }
}

internal abstract class GatheringOp(string signature) : Op(signature)
{
    public override void InferShapes(ShapeContext c)
    {
        Shape parameters = c.WithRankAtLeast(0, 1);
        Shape indices = c.Input(1);
        long? asked = c.InputCount < 3 ? 0 : c.InputInts(2)?[0];
        if (!parameters.HasRank || !indices.HasRank || asked is null)
        {
            c.Output(0, parameters.HasRank && indices.HasRank ? Shape.OfRank(parameters.Rank + indices.Rank - 1 - BatchDims(c.Attributes, indices.Rank)) : Shape.Unknown);
            return;
        }

        if (asked < -parameters.Rank || asked >= parameters.Rank)
            throw c.Fault($"Expected axis in the range [{-parameters.Rank}, {parameters.Rank}), but got {asked}.");
        int axis = (int)(asked < 0 ? asked + parameters.Rank : asked);
        int batch = BatchDims(c.Attributes, indices.Rank);
        if (batch > indices.Rank || batch > axis)
            throw c.Fault($"batch_dims ({batch}) must be at most axis ({axis}) and the rank of indices ({indices.Rank}).");
        c.Output(0, Gathered(parameters, indices, axis, batch));
    }

    public override void Compute(KernelContext c) => Gather(c, c.Input(0), c.InputCount < 3 ? 0 : IntVectors.Read(c.Input(2))[0]);

    /// <summary>Gathers from a value, be it an input or what a handle leads to.</summary>
    internal static void Gather(KernelContext c, Tensor parameters, long asked)
    {
        Tensor indices = c.Input(1);
        if (parameters.Rank == 0)
            throw c.InvalidArgument("params must be at least 1 dimensional");
        if (asked < -parameters.Rank || asked >= parameters.Rank)
            throw c.InvalidArgument($"Expected axis in the range [{-parameters.Rank}, {parameters.Rank}), but got {asked}");
        int axis = (int)(asked < 0 ? asked + parameters.Rank : asked);
        int batch = BatchDims(c.Attributes, indices.Rank);
        if (batch < 0 || batch > indices.Rank || batch > axis)
            throw c.InvalidArgument($"batch_dims ({batch}) must be less than or equal to axis ({axis}).");
        for (int i = 0; i < batch; i++)
        {
            if (parameters.Shape[i] != indices.Shape[i])
                throw c.InvalidArgument($"params.shape[{i}]: {parameters.Shape[i]} should be equal to indices.shape[{i}]: {indices.Shape[i]}");
        }

        Tensor output = c.AllocateOutput(0, Gathered(parameters.Shape, indices.Shape, axis, batch));
        ReadOnlySpan<long> sizes = parameters.Shape.Dimensions;
        var layout = new GatherLayout(
            IntVectors.Product(sizes[..batch]), IntVectors.Product(sizes[batch..axis]), (int)sizes[axis], IntVectors.Product(sizes[(axis + 1)..]));
        long[] positions = IntVectors.Read(indices);
        int bad = Gathering.Rows(parameters, layout, positions, output, c.Workers);
        if (bad >= 0)
            throw c.InvalidArgument($"indices{Positions.Describe(indices.Shape, bad)} = {positions[bad]} is not in [0, {sizes[axis]})");
    }

    private static int BatchDims(Attributes attributes, int rank)
    {
        long batch = attributes.Contains("batch_dims") ? attributes.Int("batch_dims") : 0;
        return (int)(batch < 0 ? batch + rank : batch);
    }

    private static Shape Gathered(Shape parameters, Shape indices, int axis, int batch) =>
        Shape.Create([.. parameters.Dimensions[..axis], .. indices.Dimensions[batch..], .. parameters.Dimensions[(axis + 1)..]]);
}

internal sealed class GatherOp() : GatheringOp(
    "Gather(params: Tparams, indices: Tindices) -> (output: Tparams) where validate_indices: bool = true, Tparams: type, Tindices: int32 | int64")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Output shape;
        using (g.Graph.ColocateWith(g.X(0).Operation))
            shape = g.Graph.Shape(g.X(0));
        return [GatherGradient.AlongFirst(g, shape), null];
    });
}

internal sealed class GatherV2Op() : GatheringOp(
    "GatherV2(params: Tparams, indices: Tindices, axis: Taxis) -> (output: Tparams) where batch_dims: int = 0, Tparams: type, Tindices: int32 | int64, Taxis: int32 | int64")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Output shape;
        using (g.Graph.ColocateWith(g.X(0).Operation))
            shape = g.Graph.Cast(g.Graph.Shape(g.X(0), DType.Int64), DType.Int32);
        bool first = g.Attributes.Int("batch_dims") == 0 && ConstantValues.Of(g.X(2)) is { } axis && axis.ItemAt<long>(0) == 0;
        return [first ? GatherGradient.AlongFirst(g, shape) : GatherGradient.AlongAxis(g, shape), null, null];
    });
}

/// <summary>The sum of all gradients that arrive at each gathered slice.</summary>
internal static class GatherGradient
{
    /// <summary>Of slices along the first dimension.</summary>
    public static Output AlongFirst(GradientContext g, Output shape)
    {
        Graph graph = g.Graph;
        Output count = graph.ExpandDims(graph.Size(g.X(1)), 0);
        Output values = graph.Reshape(g.Dy(0), graph.Concat([count, shape[1..]], 0));
        Output sum = new IndexedSlices(values, graph.Reshape(g.X(1), count), shape).ToDense();
        if (g.X(0).DType != DType.Resource)
            sum.SetShape(g.X(0).Shape); // A handle's is its own.
        return sum;
    }

    /// <summary>Of slices along any dimension: it is moved to the front, behind the common ones, and back afterwards.</summary>
    public static Output AlongAxis(GradientContext g, Output shape)
    {
        Graph graph = g.Graph;
        int batch = (int)g.Attributes.Int("batch_dims");
        int rank = g.X(0).Shape.Rank;
        int indexRank = g.X(1).Shape.Rank;
        if (ConstantValues.Of(g.X(2)) is not { } constant || rank < 0 || indexRank < 0)
            throw new GraphException($"The gradient of '{g.Operation.Name}' needs a constant axis and known ranks.", g.Operation.Name, g.Operation.Type);
        int axis = (int)constant.ItemAt<long>(0);
        axis = axis < 0 ? axis + rank : axis;
        batch = batch < 0 ? batch + indexRank : batch;

        // [batch..., outer..., indices..., inner...] as [batch, indices, outer, inner].
        Output sizes = graph.Cast(graph.Shape(g.X(1)), DType.Int32);
        Output outer = shape[batch..axis];
        Output inner = shape[(axis + 1)..];
        Output values = graph.Reshape(g.Dy(0), graph.Concat([shape[..batch], outer, Product(graph, sizes[batch..]), inner], 0));
        int[] forward = [.. Enumerable.Range(0, batch), axis, .. Enumerable.Range(batch, axis - batch), .. Enumerable.Range(axis + 1, rank - axis - 1)];
        values = graph.Transpose(values, forward);
        Output indices = g.X(1);
        Output segments = shape[axis];
        if (batch > 0)
        {
            // Each batch has positions of its own.
            Output batches = Product(graph, shape[..batch]);
            Output offsets = graph.Range(0, graph.Reshape(batches, Array.Empty<int>()), 1) * segments;
            indices = graph.Reshape(indices, graph.Concat([batches, new[] { -1 }], 0)) + graph.Cast(graph.ExpandDims(offsets, 1), indices.DType);
            values = graph.Reshape(values, graph.Concat([new[] { -1 }, outer, inner], 0));
            segments = graph.Reshape(batches, Array.Empty<int>()) * segments;
        }

        Output sum = graph.AddOperation("UnsortedSegmentSum", null, null, values, graph.Reshape(indices, new[] { -1 }), segments)[0];
        if (batch > 0)
            sum = graph.Reshape(sum, graph.Concat([shape[..batch], graph.ExpandDims(shape[axis], 0), outer, inner], 0));
        int[] back = new int[rank];
        for (int i = 0; i < rank; i++)
            back[forward[i]] = i;
        Output gradient = graph.Transpose(sum, back);
        gradient.SetShape(g.X(0).Shape);
        return gradient;
    }

    private static Output Product(Graph graph, Output sizes) =>
        graph.AddOperation("Prod", null, new AttributeList { { "keep_dims", true } }, sizes, 0)[0];
}
