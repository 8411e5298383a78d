using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>A tensor of twice the rank with a value on its diagonal and 0 elsewhere.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="diagonal">Rank at least 1.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow's <c>tf.diag</c>, op "Diag".</remarks>
    public static Output Diag(this Graph graph, Operand diagonal, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<DiagOp>(name, diagonal);
    }

    /// <summary>The diagonal of a tensor whose first half of dimensions equals the second.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Rank even.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow's <c>tf.diag_part</c>, op "DiagPart".</remarks>
    public static Output DiagPart(this Graph graph, Operand input, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<DiagPartOp>(name, input);
    }
}

internal sealed class DiagOp() : Op(
    "Diag(diagonal: T) -> (output: T) where T: bfloat16 | half | float | double | int32 | int64 | complex64 | complex128")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.DiagPart(g.Dy(0))]);

    public override void InferShapes(ShapeContext c) => c.Output(0, c.WithRankAtLeast(0, 1) is { HasRank: true } shape ? shape.Concatenate(shape) : Shape.Unknown);

    public override void Compute(KernelContext c)
    {
        Tensor diagonal = c.Input(0);
        if (diagonal.Rank == 0)
            throw c.InvalidArgument("Input must be at least rank 1, got 0");
        Tensor output = c.AllocateOutput(0, diagonal.Shape.Concatenate(diagonal.Shape));
        output.MutableBytes.Clear();
        StridedCopy.Run(new StridedView(diagonal, 0, [1]), new StridedView(output, 0, [diagonal.Count + 1]), [diagonal.Count], c.Workers);
    }
}

internal sealed class DiagPartOp() : Op(
    "DiagPart(input: T) -> (diagonal: T) where T: bfloat16 | half | float | double | int32 | int64 | complex64 | complex128")
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.Diag(g.Dy(0))]);

    public override void InferShapes(ShapeContext c)
    {
        Shape input = c.Input(0);
        if (!input.HasRank)
            return;
        if (input.Rank % 2 != 0 || input.Rank == 0)
            throw c.Fault($"Input must have even and non-zero rank, input rank is {input.Rank}.");
        int half = input.Rank / 2;
        c.Output(0, c.Merge(Shape.Create(input.Dimensions[..half]), Shape.Create(input.Dimensions[half..])));
    }

    public override void Compute(KernelContext c)
    {
        Tensor input = c.Input(0);
        int half = input.Rank / 2;
        if (input.Rank == 0 || input.Rank % 2 != 0)
            throw c.InvalidArgument($"The rank of the tensor should be even and positive, got shape {input.Shape}");
        if (!input.Shape.Dimensions[..half].SequenceEqual(input.Shape.Dimensions[half..]))
            throw c.InvalidArgument($"Invalid shape {input.Shape}: the first half of its dimensions does not equal the second");
        Tensor diagonal = c.AllocateOutput(0, Shape.Create(input.Shape.Dimensions[..half]));
        StridedCopy.Run(new StridedView(input, 0, [diagonal.Count + 1]), new StridedView(diagonal, 0, [1]), [diagonal.Count], c.Workers);
    }
}
