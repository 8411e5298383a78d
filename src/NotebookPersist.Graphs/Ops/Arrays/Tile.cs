using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Repeats a value along its dimensions.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Any shape and dtype.</param>
    /// <param name="multiples">How often in each dimension. Shape: [rank], int32 or int64.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "Tile".</remarks>
    public static Output Tile(this Graph graph, Operand input, Operand multiples, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<TileOp>(name, input, multiples);
    }
}

internal sealed class TileOp() : Op("Tile(input: T, multiples: Tmultiples) -> (output: T) where T: type, Tmultiples: int32 | int64 = int32")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        // Seen as [multiple, size, multiple, size, ...], the sum over the multiples is what arrives at each element.
        Output sizes = g.Graph.Shape(g.X(0), g.X(1).DType);
        Output split = g.Graph.Reshape(g.Graph.Transpose(g.Graph.Stack([g.X(1), sizes])), new[] { -1 });
        Output axes = g.Graph.Range(0, g.Graph.Size(split), 2);
        Output sum = g.Graph.AddOperation("Sum", null, null, g.Graph.Reshape(g.Dy(0), split), axes)[0];
        sum.SetShape(g.X(0).Shape);
        return [sum, null];
    });

    public override void InferShapes(ShapeContext c)
    {
        Shape input = c.Input(0);
        Shape multiples = c.InputAsShape(1);
        if (!input.HasRank || !multiples.HasRank)
        {
            c.Output(0, input.HasRank ? Shape.OfRank(input.Rank) : multiples.HasRank ? Shape.OfRank(multiples.Rank) : Shape.Unknown);
            return;
        }

        if (multiples.Rank != input.Rank)
            throw c.Fault($"Shape must be rank {multiples.Rank} but is rank {input.Rank} for '{c.Operation.Name}' with input shapes: {input}, [{multiples.Rank}].");
        long[] sizes = new long[input.Rank];
        for (int i = 0; i < sizes.Length; i++)
            sizes[i] = input[i] < 0 || multiples[i] < 0 ? -1 : checked(input[i] * multiples[i]);
        c.Output(0, sizes);
    }

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        Tensor counts = c.Input(1);
        if (counts.Rank != 1 || counts.Count != input.Rank)
            throw c.InvalidArgument($"Expected multiples argument to be a vector of length {input.Rank} but got length {counts.Count}");
        long[] multiples = IntVectors.Read(counts);
        long[] sizes = new long[multiples.Length];
        for (int i = 0; i < sizes.Length; i++)
        {
            if (multiples[i] < 0)
                throw c.InvalidArgument($"Expected multiples[{i}] >= 0, but got {multiples[i]}");
            sizes[i] = checked(multiples[i] * input.Shape[i]);
        }

        if (Array.TrueForAll(multiples, static m => m == 1))
        {
            c.Output(0, input);
            return;
        }

        Tiling.Tile(input, c.AllocateOutput(0, sizes), c.Workers);
    }
}
