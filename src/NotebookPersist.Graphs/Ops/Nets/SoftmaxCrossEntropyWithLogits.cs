using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Cross entropy between labels and softmax(logits), and its gradient.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="features">Logits. Shape: [batch, classes]. DType: floats.</param>
    /// <param name="labels">Probabilities. Shape: broadcasts with that of <paramref name="features"/>.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Loss [batch] and gradient towards the logits [batch, classes].</returns>
    /// <remarks>Source: TensorFlow op "SoftmaxCrossEntropyWithLogits". Most programs want <see cref="SoftmaxCrossEntropyWithLogitsV2"/>.</remarks>
    public static (Output Loss, Output Backprop) SoftmaxCrossEntropy(this Graph graph, Operand features, Operand labels, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Operation operation = graph.AddOperation<SoftmaxCrossEntropyWithLogitsOp>(name, null, features, labels);
        return (operation[0], operation[1]);
    }

    /// <summary>Cross entropy between labels and softmax(logits) for logits of any rank; gradients flow to both.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="labels">Probabilities. Shape: [..., classes].</param>
    /// <param name="logits">Any numbers. Shape: that of <paramref name="labels"/>. DType: floats.</param>
    /// <param name="name">Name of the scope.</param>
    /// <returns>Shape: that of <paramref name="logits"/> without its last dimension.</returns>
    /// <remarks>Source: <c>tf.nn.softmax_cross_entropy_with_logits_v2</c>.</remarks>
    public static Output SoftmaxCrossEntropyWithLogitsV2(this Graph graph, Operand labels, Operand logits, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "softmax_cross_entropy_with_logits");
        Output precise = graph.AsOutput(logits, "logits");
        Output targets = graph.AsOutput(labels, "labels");
        DType dtype = precise.DType;
        Shape shape = precise.Shape;
        if (dtype is DType.Float16 or DType.BFloat16)
            precise = graph.Cast(precise, DType.Float32);
        if (targets.DType != precise.DType)
            targets = graph.Cast(targets, precise.DType);
        Output rank = graph.Rank(precise);
        Output sizes = graph.Shape(precise);
        Output flatLogits = FlattenOuter(graph, precise);
        Output flatLabels = FlattenOuter(graph, targets);
        Output loss = graph.SoftmaxCrossEntropy(flatLogits, flatLabels, scope.Name).Loss;
        Output outer = graph.Slice(sizes, new[] { 0 }, graph.Stack([graph.Subtract(rank, 1)], name: "Slice/size"));
        Output result = graph.Reshape(loss, outer);
        if (shape.HasRank && shape.Rank > 0)
            result.SetShape(NotebookPersist.Shape.Create(shape.Dimensions[..^1]));
        return dtype == result.DType ? result : graph.Cast(result, dtype);
    }

    /// <summary>Cross entropy between labels and softmax(logits) for logits of any rank; no gradient flows to the labels.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="labels">Probabilities. Shape: [..., classes].</param>
    /// <param name="logits">Any numbers. Shape: that of <paramref name="labels"/>. DType: floats.</param>
    /// <param name="name">Name of the scope.</param>
    /// <returns>Shape: that of <paramref name="logits"/> without its last dimension.</returns>
    /// <remarks>Source: <c>tf.nn.softmax_cross_entropy_with_logits</c>.</remarks>
    public static Output SoftmaxCrossEntropyWithLogits(this Graph graph, Operand labels, Operand logits, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "softmax_cross_entropy_with_logits_sg");
        Output fixedLabels = graph.StopGradient(graph.AsOutput(labels, "labels"), "labels_stop_gradient");
        return graph.SoftmaxCrossEntropyWithLogitsV2(fixedLabels, logits, scope.Name);
    }

    private static Output FlattenOuter(Graph graph, Output x)
    {
        Output rank = graph.Rank(x);
        Output last = graph.Slice(graph.Shape(x), graph.Stack([graph.Subtract(rank, 1)], name: "Slice/begin"), new[] { 1 });
        Output flat = graph.Reshape(x, graph.Concat([new[] { -1 }, last], 0));
        if (!x.Shape.HasRank || x.Shape.Rank < 1)
            return flat;
        long product = 1;
        foreach (long size in x.Shape.Dimensions[..^1])
            product = size < 0 || product < 0 ? -1 : product * size;
        flat.SetShape([product, x.Shape[^1]]);
        return flat;
    }
}

internal sealed class SoftmaxCrossEntropyWithLogitsOp() : FloatingOp("SoftmaxCrossEntropyWithLogits(features: T, labels: T) -> (loss: T, backprop: T) where T: half | bfloat16 | float | double")
{
    public override GradientRule Gradient => GradientRule.Via(static g =>
    {
        Output dLogits = g.Graph.ExpandDims(g.Dy(0), -1) * g.Y(1);
        if (g.HasDy(1) && g.Dy(1).Operation.Type is not ("ZerosLike" or "Zeros"))
        {
            Output softmax = g.Graph.Softmax(g.X(0));
            Output product = g.Graph.MatMul(g.Graph.ExpandDims(g.Dy(1), 1), g.Graph.ExpandDims(softmax, 2));
            dLogits += (g.Dy(1) - g.Graph.Squeeze(product, [1])) * softmax;
        }

        Output logs = -g.Graph.LogSoftmax(g.X(0));
        return [dLogits, g.Graph.ExpandDims(g.Dy(0), -1) * logs];
    });

    public override void InferShapes(ShapeContext c)
    {
        Shape shape = c.Input(0).HasRank && c.Input(1).HasRank ? c.Broadcast(c.Input(0), c.Input(1)) : Shape.OfRank(2);
        if (shape.Rank != 2)
            throw c.Fault($"Shape must be rank 2 but is rank {shape.Rank} with input shapes: {c.Input(0)}, {c.Input(1)}.");
        c.Output(0, [shape[0]]);
        c.Output(1, shape);
    }

    protected override void Compute<T>(KernelContext c)
    {
        Tensor logits = c.Input(0);
        Tensor labels = c.Input(1);
        if (logits.Shape != labels.Shape)
            (logits, labels) = Broadcast(c, logits, labels);
        if (logits.Rank != 2)
            throw c.InvalidArgument($"logits and labels must be either 2-dimensional, or broadcasted to be 2-dimensional: {logits.Shape}");
        Tensor loss = c.AllocateOutput(0, [logits.Shape[0]]);
        Tensor gradient = c.AllocateOutput(1, logits.Shape);
        Kernels.Softmax.CrossEntropy(logits.Data<T>(), labels.Data<T>(), loss.MutableData<T>(), gradient.MutableData<T>(), (int)logits.Shape[1], c.Workers);
    }

    private static (Tensor Logits, Tensor Labels) Broadcast(KernelContext c, Tensor logits, Tensor labels)
    {
        bool fits = logits.Rank == 2 && labels.Rank == 2;
        long[] sizes = new long[2];
        for (int i = 0; fits && i < 2; i++)
        {
            sizes[i] = logits.Shape[i] == 1 ? labels.Shape[i] : logits.Shape[i];
            fits = labels.Shape[i] == 1 || labels.Shape[i] == sizes[i];
        }

        return fits
            ? (Spread(c, logits, sizes), Spread(c, labels, sizes))
            : throw c.InvalidArgument($"logits and labels must be broadcastable: logits_size={logits.Shape} labels_size={labels.Shape}");
    }

    private static Tensor Spread(KernelContext c, Tensor tensor, long[] sizes)
    {
        Tensor result = c.Allocate(tensor.DType, sizes);
        int[] strides = [tensor.Shape[0] == 1 ? 0 : (int)tensor.Shape[1], tensor.Shape[1] == 1 ? 0 : 1];
        Kernels.StridedCopy.Run(new Kernels.StridedView(tensor, 0, strides), Kernels.StridedView.Of(result), sizes, c.Workers);
        return result;
    }
}
