using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The number of a value's dimensions.</summary>
    /// <returns>Shape: scalar, int32. A constant where the rank is already known, as TensorFlow's Python has it.</returns>
    /// <remarks>Source: TensorFlow op "Rank", <c>tf.rank</c>.</remarks>
    public static Output Rank(this Graph graph, Operand input, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Output value = graph.ToOutput(input);
        return value.Shape.HasRank ? graph.Constant(value.Shape.Rank, name: name ?? "Rank") : graph.Add<RankOp>(name, value);
    }
}

internal sealed class RankOp() : Op("Rank(input: T) -> (output: int32) where T: type")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("a rank does not change with the values");

    public override void InferShapes(ShapeContext c) => c.Output(0, Shape.Scalar);

    public override void Compute(KernelContext c) => c.AllocateOutput(0, Shape.Scalar).MutableData<int>()[0] = c.Input(0).Rank;

    public override Tensor? FoldFromShapes(Operation operation) => operation.Inputs[0].Shape is { HasRank: true } shape ? shape.Rank : null;
}
