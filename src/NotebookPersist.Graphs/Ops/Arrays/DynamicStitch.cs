using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Puts slices at the places that indices name; later ones win.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="indices">int32, as many as <paramref name="data"/>.</param>
    /// <param name="data">The shape of each begins with that of its indices.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "DynamicStitch".</remarks>
    public static Output DynamicStitch(this Graph graph, ReadOnlySpan<Operand> indices, ReadOnlySpan<Operand> data, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<DynamicStitchOp>(name, [.. indices, .. data]);
    }
}

internal abstract class StitchingOp(string name) : Op($"{name}(indices: N * int32, data: N * T) -> (merged: T) where N: int >= 1, T: type")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        int count = g.InputCount / 2;
        Output?[] gradients = new Output?[2 * count];
        for (int i = 0; i < count; i++)
            gradients[count + i] = g.Graph.Gather(g.Dy(0), g.X(i));
        return gradients;
    });

    public override void InferShapes(ShapeContext c)
    {
        int count = c.InputCount / 2;
        Shape rest = Shape.Unknown;
        long largest = -1;
        bool known = true;
        for (int i = 0; i < count; i++)
        {
            (Shape indices, Shape data) = (c.Input(i), c.Input(count + i));
            if (c.InputInts(i) is { } values)
                largest = Math.Max(largest, values.DefaultIfEmpty(-1).Max());
            else
                known = false;
            if (!indices.HasRank || !data.HasRank)
                continue;
            if (indices.Rank > data.Rank)
                throw c.Fault($"data[{i}].shape = {data} must start with indices[{i}].shape = {indices}.");
            c.Merge(Shape.Create(data.Dimensions[..indices.Rank]), indices);
            rest = c.Merge(rest, Shape.Create(data.Dimensions[indices.Rank..]));
        }

        c.Output(0, Shape.Create([known ? largest + 1 : -1]).Concatenate(rest));
    }

    public override void Compute(KernelContext c)
    {
        int count = c.InputCount / 2;
        long size = 0;
        ReadOnlySpan<long> rest = c.Input(count).Shape.Dimensions[Math.Min(c.Input(0).Rank, c.Input(count).Rank)..];
        for (int i = 0; i < count; i++)
        {
            (Tensor indices, Tensor data) = (c.Input(i), c.Input(count + i));
            if (indices.Rank > data.Rank || !data.Shape.Dimensions[..indices.Rank].SequenceEqual(indices.Shape.Dimensions))
                throw c.InvalidArgument($"data[{i}].shape = {data.Shape} does not start with indices[{i}].shape = {indices.Shape}");
            if (!data.Shape.Dimensions[indices.Rank..].SequenceEqual(rest))
                throw c.InvalidArgument($"Need data[0].shape[{c.Input(0).Rank}:] = data[{i}].shape[{indices.Rank}:], got data[0].shape = {c.Input(count).Shape}, data[{i}].shape = {data.Shape}");
            foreach (int index in indices.Data<int>())
            {
                if (index < 0)
                    throw c.InvalidArgument($"indices[{i}] is out of range: {index}");
                size = Math.Max(size, index + 1L);
            }
        }

        Tensor merged = c.AllocateOutput(0, Shape.Create([size, .. rest]));
        // Places that no index names are left open by TensorFlow; here they are 0.
        merged.Buffer?.Bytes.Clear();
        int row = IntVectors.Product(merged.Shape.Dimensions[1..]);
        for (int i = 0; i < count; i++)
        {
            int[] starts = Array.ConvertAll(c.Input(i).ToArray<int>(), index => index * row);
            Scattering.TryApply(merged, starts, row, c.Input(count + i), ScatterKind.Update);
        }
    }
}

internal sealed class DynamicStitchOp() : StitchingOp("DynamicStitch");

internal sealed class ParallelDynamicStitchOp() : StitchingOp("ParallelDynamicStitch");
