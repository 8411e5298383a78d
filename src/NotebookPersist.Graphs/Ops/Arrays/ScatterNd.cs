using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Zeros, with elements or slices summed onto the places that positions name.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="indices">The last dimension lists a position along the result's first dimensions; int32 or int64.</param>
    /// <param name="updates">A slice for each position.</param>
    /// <param name="shape">Shape of the result, of the type of <paramref name="indices"/>.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Updates of one place add up. Source: TensorFlow op "ScatterNd".</remarks>
    public static Output ScatterNd(this Graph graph, Operand indices, Operand updates, Operand shape, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<ScatterNdOp>(name, indices, updates, shape);
    }

    /// <summary>A copy with slices replaced at the places that positions name.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="tensor">Any shape and dtype.</param>
    /// <param name="indices">The last dimension lists a position along the first dimensions; int32 or int64.</param>
    /// <param name="updates">A slice for each position.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "TensorScatterUpdate".</remarks>
    public static Output TensorScatterUpdate(this Graph graph, Operand tensor, Operand indices, Operand updates, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<TensorScatterUpdateOp>(name, tensor, indices, updates);
    }

    /// <summary>A copy with slices added at the places that positions name.</summary>
    /// <inheritdoc cref="TensorScatterUpdate"/>
    public static Output TensorScatterAdd(this Graph graph, Operand tensor, Operand indices, Operand updates, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<TensorScatterAddOp>(name, tensor, indices, updates);
    }

    /// <summary>A copy with slices subtracted at the places that positions name.</summary>
    /// <inheritdoc cref="TensorScatterUpdate"/>
    public static Output TensorScatterSub(this Graph graph, Operand tensor, Operand indices, Operand updates, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<TensorScatterSubOp>(name, tensor, indices, updates);
    }
}

internal sealed class ScatterNdOp() : Op("ScatterNd(indices: Tindices, updates: T, shape: Tindices) -> (output: T) where T: type, Tindices: int32 | int64")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [null, g.Graph.GatherNd(g.Dy(0), g.X(0)), null]);

    public override void InferShapes(ShapeContext c)
    {
        Shape output = c.InputAsShape(2);
        ScatterNdRule.Check(c, c.Input(0), c.Input(1), output);
        c.Output(0, output);
    }

    public override void Compute(KernelContext c)
    {
        if (c.Input(2).Rank != 1)
            throw c.InvalidArgument("Shape must be a vector");
        Shape shape = IntVectors.Read(c.Input(2));
        Tensor output = c.AllocateOutput(0, shape);
        output.Buffer?.Bytes.Clear();
        ScatterNdRule.Scatter(c, output, c.Input(0), c.Input(1), ScatterKind.Add);
    }
}

/// <summary>Scatters into a copy of input 0.</summary>
internal abstract class TensorScatterOp(string signature, ScatterKind kind) : Op(signature)
{
    /// <summary>The gradient of the smallest and largest: those that were chosen share it.</summary>
    protected static GradientRule ToChosen => GradientRule.Via(static g =>
    {
        (Graph graph, Output indices, Output y) = (g.Graph, g.X(1), g.Y(0));
        Output isOld = graph.Cast(graph.Equal(g.X(0), y), y.DType);
        Output isNew = graph.Cast(graph.Equal(g.X(2), graph.GatherNd(y, indices)), y.DType);
        Output share = g.Dy(0) / graph.TensorScatterAdd(isOld, indices, isNew);
        return [share * isOld, null, graph.GatherNd(share, indices) * isNew];
    });

    public override void InferShapes(ShapeContext c)
    {
        ScatterNdRule.Check(c, c.Input(1), c.Input(2), c.Input(0));
        c.Output(0, c.Input(0));
    }

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        (Tensor indices, Tensor updates) = (c.Input(1), c.Input(2));
        Tensor output = c.AllocateOutput(0, input.Shape);
        StridedCopy.Run(StridedView.Of(input), StridedView.Of(output), input.Shape.Dimensions, c.Workers);
        ScatterNdRule.Scatter(c, output, indices, updates, kind);
    }
}

internal sealed class TensorScatterUpdateOp() : TensorScatterOp(
    "TensorScatterUpdate(tensor: T, indices: Tindices, updates: T) -> (output: T) where T: type, Tindices: int32 | int64", ScatterKind.Update)
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Output updates = g.Graph.GatherNd(g.Dy(0), g.X(1));
        return [g.Graph.TensorScatterUpdate(g.Graph.Identity(g.Dy(0)), g.X(1), g.Graph.ZerosLike(g.X(2))), null, updates];
    });
}

internal sealed class TensorScatterAddOp() : TensorScatterOp(
    "TensorScatterAdd(tensor: T, indices: Tindices, updates: T) -> (output: T) where T: type, Tindices: int32 | int64", ScatterKind.Add)
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.Identity(g.Dy(0)), null, g.Graph.GatherNd(g.Dy(0), g.X(1))]);
}

internal sealed class TensorScatterSubOp() : TensorScatterOp(
    "TensorScatterSub(tensor: T, indices: Tindices, updates: T) -> (output: T) where T: type, Tindices: int32 | int64", ScatterKind.Subtract)
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.Identity(g.Dy(0)), null, -g.Graph.GatherNd(g.Dy(0), g.X(1))]);
}

internal sealed class TensorScatterMaxOp() : TensorScatterOp(
    "TensorScatterMax(tensor: T, indices: Tindices, updates: T) -> (output: T) where T: type, Tindices: int32 | int64", ScatterKind.Maximum)
{
    public override GradientRule Gradient => ToChosen;
}

internal sealed class TensorScatterMinOp() : TensorScatterOp(
    "TensorScatterMin(tensor: T, indices: Tindices, updates: T) -> (output: T) where T: type, Tindices: int32 | int64", ScatterKind.Minimum)
{
    public override GradientRule Gradient => ToChosen;
}

internal sealed class ScatterNdNonAliasingAddOp() : TensorScatterOp(
    "ScatterNdNonAliasingAdd(input: T, indices: Tindices, updates: T) -> (output: T) where T: float | double | int32 | uint8 | int16 | int8 | complex64 | int64 | qint8 | quint8 | qint32 | bfloat16 | uint16 | complex128 | half | uint32 | uint64 | bool, Tindices: int32 | int64",
    ScatterKind.Add)
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Dy(0), null, g.Graph.GatherNd(g.Dy(0), g.X(1))]);
}

/// <summary>What the ScatterNd family has in common.</summary>
internal static class ScatterNdRule
{
    /// <summary>Checks what is known of the shapes.</summary>
    /// <exception cref="GraphException">They cannot be.</exception>
    public static void Check(ShapeContext c, Shape indices, Shape updates, Shape target)
    {
        if (!indices.HasRank || !updates.HasRank || !target.HasRank || indices.Rank == 0 || indices[^1] < 0)
            return;
        if (target.IsFullyKnown && target.ElementCount == 0 && indices.IsFullyKnown && indices.ElementCount > 0 && updates.IsFullyKnown && updates.ElementCount > 0)
            throw c.Fault("Indices and updates specified for empty output.");
        if (indices[^1] > target.Rank)
            throw c.Fault($"The last dimension of indices {indices} is larger than the rank of the output {target}.");
        Shape expected = Expected(indices, target);
        if (!updates.IsCompatibleWith(expected))
            throw c.Fault($"The outer {indices.Rank - 1} dimensions of indices.shape={indices} must match the outer {indices.Rank - 1} dimensions of updates.shape={updates}, and the inner ones those of output.shape={target}.");
    }

    /// <summary>Checks shapes and positions, and scatters.</summary>
    public static void Scatter(KernelContext c, Tensor target, Tensor indices, Tensor updates, ScatterKind kind)
    {
        if (indices.Rank == 0)
            throw c.InvalidArgument($"Indices shape must have rank at least one. Found:{indices.Shape}");
        if (updates.Rank == 0 && indices.Rank > 1)
            throw c.InvalidArgument($"Updates shape must have rank at least one. Found:{updates.Shape}");
        if (target.Count == 0)
        {
            if (indices.Count > 0 && updates.Count > 0)
                throw c.InvalidArgument("Indices and updates specified for empty output shape");
            return;
        }

        if (indices.Shape[^1] > target.Rank)
            throw c.InvalidArgument($"Inner dimensions of output shape must match inner dimensions of updates shape. Output: {target.Shape} updates: {updates.Shape}");
        if (updates.Shape != Expected(indices.Shape, target.Shape))
            throw c.InvalidArgument($"Outer dimensions of indices and update must match, and inner ones those of the output. Indices shape: {indices.Shape}, updates shape:{updates.Shape}, output shape: {target.Shape}");
        int[] starts = RowStarts.Of(indices, target.Shape, out int bad);
        if (bad >= 0)
            throw c.InvalidArgument($"indices{RowStarts.Describe(indices, bad)} does not index into shape {target.Shape}");
        int row = IntVectors.Product(target.Shape.Dimensions[(int)indices.Shape[^1]..]);
        if (!Scattering.TryApply(target, starts, row, updates, kind))
            throw c.Unsupported(target.DType);
    }

    private static Shape Expected(Shape indices, Shape target) =>
        Shape.Create([.. indices.Dimensions[..^1], .. target.Dimensions[(int)indices[^1]..]]);
}
