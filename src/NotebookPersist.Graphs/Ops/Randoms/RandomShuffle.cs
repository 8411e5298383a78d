using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels.Randoms;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The same rows in random order.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="value">Shuffled along its first dimension.</param>
    /// <param name="seed">Makes the order the same in every session; see <see cref="Graph.Seed"/>.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "RandomShuffle".</remarks>
    public static Output RandomShuffle(this Graph graph, Operand value, int? seed = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        (long first, long second) = graph.SeedsFor(seed);
        return graph.Add<RandomShuffleOp>(name, new AttributeList { { "seed", first }, { "seed2", second } }, value);
    }
}

internal sealed class RandomShuffleOp() : Op("RandomShuffle(value: T) -> (output: T) where seed: int = 0, seed2: int = 0, T: type; stateful")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("the order is random");

    public override void InferShapes(ShapeContext c) => c.Output(0, c.Input(0));

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        if (input.Count <= 1 || input.Shape[0] <= 1)
        {
            c.Output(0, input);
            return;
        }

        int rows = (int)input.Shape[0];
        // One number a swap, four a step.
        Write(c, input, RandomFill.Permutation(rows, RandomStream.Of(c).Reserve((rows - 1 + 3) / 4)));
    }

    /// <summary>Sets the output to the input's rows in another order.</summary>
    internal static void Write(KernelContext c, Tensor input, int[] order)
    {
        int rows = order.Length;
        if (input.DType == DType.String)
        {
            c.Output(0, ShuffledStrings(input, order));
            return;
        }

        Tensor output = c.AllocateOutput(0, input.Shape);
        int rowBytes = input.Bytes.Length / rows;
        Span<byte> target = output.MutableBytes;
        for (int row = 0; row < rows; row++)
            input.Bytes.Slice(order[row] * rowBytes, rowBytes).CopyTo(target[(row * rowBytes)..]);
    }

    private static Tensor ShuffledStrings(Tensor input, int[] order)
    {
        int width = input.Count / order.Length;
        byte[][] shuffled = new byte[input.Count][];
        for (int row = 0; row < order.Length; row++)
            input.Strings.Slice(order[row] * width, width).CopyTo(shuffled.AsSpan(row * width));
        return Tensor.OfStrings(input.Shape, shuffled);
    }
}
