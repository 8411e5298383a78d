using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Whether the target of each row is among its k best predictions; ties count for the target.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="predictions">DType: float32. Shape: [rows, classes].</param>
    /// <param name="targets">DType: int32 or int64. Shape: [rows].</param>
    /// <param name="k">Scalar.</param>
    /// <param name="name">Node name.</param>
    /// <returns>DType: bool. Shape: [rows]. False where the target or its prediction is no proper number.</returns>
    /// <remarks>Source: TensorFlow op "InTopKV2".</remarks>
    public static Output InTopK(this Graph graph, Operand predictions, Operand targets, Operand k, string? name = null) =>
        graph.Add<InTopKV2Op>(name ?? "in_top_k", predictions, targets, k);
}

internal abstract class AmongLargestOp(string signature) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("its output is true or false");

    public override void InferShapes(ShapeContext c)
    {
        Shape predictions = c.WithRank(0, 2);
        Shape targets = c.WithRank(1, 1);
        c.Output(0, [c.Merge(predictions[0], targets[0])]);
    }

    public override void Compute(KernelContext c)
    {
        Tensor predictions = c.Input(0);
        if (predictions.Rank != 2)
            throw c.InvalidArgument("predictions must be 2-dimensional");
        if (c.Input(1).Rank != 1)
            throw c.InvalidArgument("targets must be 1-dimensional");
        long[] targets = IntVectors.Read(c.Input(1));
        if (predictions.Shape[0] != targets.Length)
            throw c.InvalidArgument($"First dimension of predictions {predictions.Shape[0]} must match length of targets {targets.Length}");
        long k = c.InputCount == 2 ? c.Attributes.Int("k") : IntVectors.Read(c.Input(2))[0];
        int classes = (int)predictions.Shape[1];
        Span<bool> results = c.AllocateOutput(0, [targets.Length]).MutableData<bool>();
        for (int row = 0; row < targets.Length; row++)
        {
            ReadOnlySpan<float> scores = predictions.Data<float>().Slice(row * classes, classes);
            long target = targets[row];
            bool isProper = target >= 0 && target < classes && float.IsFinite(scores[(int)target]);
            long better = 0;
            foreach (float score in scores)
            {
                isProper &= float.IsFinite(score);
                if (isProper && score > scores[(int)target])
                    better++;
            }

            results[row] = isProper && better < k;
        }
    }
}

internal sealed class InTopKV2Op() : AmongLargestOp("InTopKV2(predictions: float, targets: T, k: T) -> (precision: bool) where T: int32 | int64 = int32");

internal sealed class InTopKOp() : AmongLargestOp("InTopK(predictions: float, targets: T) -> (precision: bool) where k: int, T: int32 | int64 = int32");
