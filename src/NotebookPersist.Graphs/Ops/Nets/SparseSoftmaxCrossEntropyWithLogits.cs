using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Cross entropy between one class a row and softmax(logits).</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="labels">Classes. Shape: that of <paramref name="logits"/> without its last dimension. DType: int32 or int64.</param>
    /// <param name="logits">Any numbers. Shape: [..., classes]. DType: floats.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: that of <paramref name="labels"/>.</returns>
    /// <exception cref="ArgumentException">Ranks or shapes do not fit.</exception>
    /// <remarks>Source: <c>tf.nn.sparse_softmax_cross_entropy_with_logits</c>.</remarks>
    public static Output SparseSoftmaxCrossEntropyWithLogits(this Graph graph, Operand labels, Operand logits, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "SparseSoftmaxCrossEntropyWithLogits");
        Output classes = graph.AsOutput(labels, "labels");
        Output given = graph.AsOutput(logits, "logits");
        Output precise = given.DType == DType.Float16 ? graph.Cast(given, DType.Float32) : given;
        Output classesShape = graph.Shape(classes);
        Shape shape = given.Shape;
        if (shape.Rank == 0)
            throw new ArgumentException($"Logits cannot be scalars - received shape {shape.ToPythonString()}.", nameof(logits));
        if (shape.HasRank && classes.Shape.HasRank && classes.Shape.Rank != shape.Rank - 1)
            throw new ArgumentException($"Rank mismatch: Rank of labels (received {classes.Shape.Rank}) should equal rank of logits minus 1 (received {shape.Rank}).", nameof(labels));
        if (shape.HasRank && classes.Shape.IsFullyKnown && NotebookPersist.Shape.Create(shape.Dimensions[..^1]).IsFullyKnown && classes.Shape != NotebookPersist.Shape.Create(shape.Dimensions[..^1]))
            throw new ArgumentException($"Shape mismatch: The shape of labels (received {classes.Shape.ToPythonString()}) should equal the shape of logits except for the last dimension (received {shape.ToPythonString()}).", nameof(labels));
        if (shape.Rank == 2)
        {
            // The node repeats the scope's name inside it, as TensorFlow's does.
            Output loss = graph.AddOperation<SparseSoftmaxCrossEntropyWithLogitsOp>(name ?? "SparseSoftmaxCrossEntropyWithLogits", null, precise, classes)[0];
            return loss.DType == given.DType ? loss : graph.Cast(loss, given.DType);
        }

        Output lastSize = graph.PartOf(graph.Shape(given), graph.Rank(given) - 1);
        Output flatLogits = graph.Reshape(precise, graph.Stack([-1, lastSize]));
        Output flatLabels = graph.Reshape(classes, new[] { -1 });
        Output flatLoss = graph.AddOperation<SparseSoftmaxCrossEntropyWithLogitsOp>(name ?? "SparseSoftmaxCrossEntropyWithLogits", null, flatLogits, flatLabels)[0];
        Output result = graph.Reshape(flatLoss, classesShape);
        result.SetShape(classes.Shape);
        return result.DType == given.DType ? result : graph.Cast(result, given.DType);
    }
}

internal sealed class SparseSoftmaxCrossEntropyWithLogitsOp() : FloatingOp(
    "SparseSoftmaxCrossEntropyWithLogits(features: T, labels: Tlabels) -> (loss: T, backprop: T) "
    + "where T: half | bfloat16 | float | double, Tlabels: int32 | int64 = int64")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Output gradient = g.Graph.PreventGradient(
            g.Y(1),
            "Currently there is no way to take the second derivative of sparse_softmax_cross_entropy_with_logits due to the fused implementation's interaction with tf.gradients()");
        return [g.Graph.ExpandDims(g.Dy(0), -1) * gradient, null];
    });

    public override void InferShapes(ShapeContext c)
    {
        Shape logits = c.WithRank(0, 2);
        Shape labels = c.WithRank(1, 1);
        long batch = c.Merge(logits[0], labels[0]);
        c.Output(0, [batch]);
        c.Output(1, [batch, logits[1]]);
    }

    protected override void Compute<T>(KernelContext c)
    {
        Tensor logits = c.Input(0);
        Tensor labels = c.Input(1);
        if (logits.Rank != 2)
            throw c.InvalidArgument($"logits must be 2-D, but got shape {logits.Shape}");
        if (labels.Rank != 1)
            throw c.InvalidArgument($"labels must be 1-D, but got shape {labels.Shape}");
        if (labels.Count != logits.Shape[0])
            throw c.InvalidArgument($"logits and labels must have the same first dimension, got logits shape {logits.Shape} and labels shape {labels.Shape}");
        int classes = (int)logits.Shape[1];
        if (classes == 0)
            throw c.InvalidArgument($"Must have at least one class, but got logits shape {logits.Shape}");
        long[] positions = new long[labels.Count];
        for (int i = 0; i < positions.Length; i++)
        {
            positions[i] = labels.ItemAt<long>(i);
            if (positions[i] < 0 || positions[i] >= classes)
                throw c.InvalidArgument($"Received a label value of {positions[i]} which is outside the valid range of [0, {classes}).  Label values: {TensorSummary.Of(labels, labels.Count)}");
        }

        Tensor loss = c.AllocateOutput(0, labels.Shape);
        Tensor gradient = c.AllocateOutput(1, logits.Shape);
        Kernels.Softmax.SparseCrossEntropy(logits.Data<T>(), positions, loss.MutableData<T>(), gradient.MutableData<T>(), classes, c.Workers);
    }
}
