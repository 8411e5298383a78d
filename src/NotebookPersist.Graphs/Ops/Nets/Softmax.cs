using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>exp(x) / sum(exp(x)) along an axis.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="logits">At least one dimension. DType: floats.</param>
    /// <param name="axis">The axis to sum over, the last by default.</param>
    /// <param name="name">Node name.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    /// <remarks>Source: <c>tf.nn.softmax</c>; TensorFlow op "Softmax".</remarks>
    public static Output Softmax(this Graph graph, Operand logits, int axis = -1, string? name = null) => SoftmaxAlong<SoftmaxOp>(graph, logits, axis, name);

    /// <summary>x - log(sum(exp(x))) along an axis.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="logits">At least one dimension. DType: floats.</param>
    /// <param name="axis">The axis to sum over, the last by default.</param>
    /// <param name="name">Node name.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    /// <remarks>Source: <c>tf.nn.log_softmax</c>; TensorFlow op "LogSoftmax".</remarks>
    public static Output LogSoftmax(this Graph graph, Operand logits, int axis = -1, string? name = null) => SoftmaxAlong<LogSoftmaxOp>(graph, logits, axis, name);

    private static Output SoftmaxAlong<TOp>(Graph graph, Operand logits, int axis, string? name)
        where TOp : Op
    {
        ArgumentNullException.ThrowIfNull(graph);
        Shape shape = logits.Output?.Shape ?? logits.Value?.Shape ?? NotebookPersist.Shape.Unknown;
        if (axis == -1 || axis == shape.Rank - 1)
            return graph.Add<TOp>(name, logits);
        if (!shape.HasRank)
            throw new ArgumentException("The rank of the logits must be known to take another axis than the last.", nameof(logits));
        ArgumentOutOfRangeException.ThrowIfLessThan(axis, -shape.Rank);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(axis, shape.Rank);
        int[] order = [.. Enumerable.Range(0, shape.Rank)];
        int place = axis < 0 ? axis + shape.Rank : axis;
        (order[place], order[^1]) = (order[^1], order[place]);
        Output result = graph.Transpose(graph.Add<TOp>(null, graph.Transpose(logits, order)), order, name: name);
        result.SetShape(shape);
        return result;
    }
}

internal abstract class SoftmaxBase(string signature, bool logarithm) : FloatingOp(signature)
{
    public override void InferShapes(ShapeContext c) => c.Output(0, c.WithRankAtLeast(0, 1));

    protected override void Compute<T>(KernelContext c)
    {
        Tensor logits = c.Input(0);
        if (logits.Rank < 1)
            throw c.InvalidArgument("logits must have >= 1 dimension, got 0");
        Tensor result = c.ForwardOrAllocateOutput(0, 0, logits.Shape);
        Kernels.Softmax.Run(logits.Data<T>(), result.MutableData<T>(), (int)logits.Shape[^1], logarithm, c.Workers);
    }
}

internal sealed class SoftmaxOp() : SoftmaxBase("Softmax(logits: T) -> (softmax: T) where T: half | bfloat16 | float | double", false)
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Output sum = g.SumOfLast(g.Dy(0) * g.Y(0));
        return [(g.Dy(0) - sum) * g.Y(0)];
    });
}

internal sealed class LogSoftmaxOp() : SoftmaxBase("LogSoftmax(logits: T) -> (logsoftmax: T) where T: half | bfloat16 | float | double", true)
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Output softmax = g.Graph.AddOperation("Exp", null, null, g.Y(0))[0];
        return [g.Dy(0) - (g.SumOfLast(g.Dy(0)) * softmax)];
    });
}
