using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;
using NotebookPersist.Kernels.Images;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Chooses boxes by score, leaving out those that overlap a chosen one too much.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="boxes">Shape: [n, 4]: y, x, y, x of two opposite corners. DType: float16, float32.</param>
    /// <param name="scores">Shape: [n].</param>
    /// <param name="maxOutputSize">At most so many are chosen. DType: int32.</param>
    /// <param name="iouThreshold">Share of the area covered together from which boxes are left out.</param>
    /// <param name="scoreThreshold">Only boxes with larger scores are chosen.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>Positions of the chosen boxes, best first. DType: int32.</returns>
    /// <remarks>Source: TensorFlow's <c>tf.image.non_max_suppression</c>, op "NonMaxSuppressionV3".</remarks>
    public static Output NonMaxSuppression(
        this Graph graph, Operand boxes, Operand scores, Operand maxOutputSize, float iouThreshold = 0.5f, float scoreThreshold = float.NegativeInfinity, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "non_max_suppression");
        (Output iou, Output least) = (graph.Constant(iouThreshold, name: "iou_threshold"), graph.Constant(scoreThreshold, name: "score_threshold"));
        return graph.Add<NonMaxSuppressionV3Op>(null, boxes, scores, maxOutputSize, iou, least);
    }

    /// <summary>Chooses boxes by score as <see cref="NonMaxSuppression"/> does, padded with zeros if that is asked for, and tells how many.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="boxes">Shape: [n, 4]: y, x, y, x of two opposite corners. DType: float16, float32.</param>
    /// <param name="scores">Shape: [n].</param>
    /// <param name="maxOutputSize">At most so many are chosen. DType: int32.</param>
    /// <param name="iouThreshold">Share of the area covered together from which boxes are left out.</param>
    /// <param name="scoreThreshold">Only boxes with larger scores are chosen.</param>
    /// <param name="padToMaxOutputSize">Whether the result always has the largest size.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>Positions of the chosen boxes, best first, and how many of them are valid. DType: int32.</returns>
    /// <remarks>Source: TensorFlow's <c>tf.image.non_max_suppression_padded</c>, op "NonMaxSuppressionV4".</remarks>
    public static (Output SelectedIndices, Output ValidOutputs) NonMaxSuppressionPadded(
        this Graph graph,
        Operand boxes,
        Operand scores,
        Operand maxOutputSize,
        float iouThreshold = 0.5f,
        float scoreThreshold = float.NegativeInfinity,
        bool padToMaxOutputSize = false,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "non_max_suppression_padded");
        (Output iou, Output least) = (graph.Constant(iouThreshold, name: "iou_threshold"), graph.Constant(scoreThreshold, name: "score_threshold"));
        Operation node = graph.AddOperation<NonMaxSuppressionV4Op>(
            null, new AttributeList { { "pad_to_max_output_size", padToMaxOutputSize } }, boxes, scores, maxOutputSize, iou, least);
        return (node[0], node[1]);
    }

    /// <summary>Chooses boxes by score, lowering the scores of those that overlap a chosen one, and gives the scores they have then.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="boxes">Shape: [n, 4]: y, x, y, x of two opposite corners. DType: float16, float32.</param>
    /// <param name="scores">Shape: [n].</param>
    /// <param name="maxOutputSize">At most so many are chosen. DType: int32.</param>
    /// <param name="iouThreshold">Share of the area covered together from which boxes are left out.</param>
    /// <param name="scoreThreshold">Only boxes with larger scores are chosen.</param>
    /// <param name="softNmsSigma">How softly scores are lowered; 0 leaves them as they are.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>Positions of the chosen boxes, best first, and their scores.</returns>
    /// <remarks>Source: TensorFlow's <c>tf.image.non_max_suppression_with_scores</c>, op "NonMaxSuppressionV5".</remarks>
    public static (Output SelectedIndices, Output SelectedScores) NonMaxSuppressionWithScores(
        this Graph graph,
        Operand boxes,
        Operand scores,
        Operand maxOutputSize,
        float iouThreshold = 0.5f,
        float scoreThreshold = float.NegativeInfinity,
        float softNmsSigma = 0,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "non_max_suppression_with_scores");
        (Output iou, Output least) = (graph.Constant(iouThreshold, name: "iou_threshold"), graph.Constant(scoreThreshold, name: "score_threshold"));
        Output sigma = graph.Constant(softNmsSigma, name: "soft_nms_sigma");
        Operation node = graph.AddOperation<NonMaxSuppressionV5Op>(null, null, boxes, scores, maxOutputSize, iou, least, sigma);
        return (node[0], node[1]);
    }

    /// <summary>Chooses boxes by score, leaving out those whose given overlap with a chosen one is too much.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="overlaps">Shape: [n, n]. DType: float32.</param>
    /// <param name="scores">Shape: [n]. DType: float32.</param>
    /// <param name="maxOutputSize">At most so many are chosen. DType: int32.</param>
    /// <param name="overlapThreshold">Overlap from which boxes are left out.</param>
    /// <param name="scoreThreshold">Only boxes with larger scores are chosen.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>Positions of the chosen boxes, best first. DType: int32.</returns>
    /// <remarks>Source: TensorFlow's <c>tf.image.non_max_suppression_overlaps</c>, op "NonMaxSuppressionWithOverlaps".</remarks>
    public static Output NonMaxSuppressionOverlaps(
        this Graph graph, Operand overlaps, Operand scores, Operand maxOutputSize, float overlapThreshold = 0.5f, float scoreThreshold = float.NegativeInfinity, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "non_max_suppression_overlaps");
        Output threshold = graph.Constant(overlapThreshold, name: "overlap_threshold");
        return graph.Add<NonMaxSuppressionWithOverlapsOp>(null, overlaps, scores, maxOutputSize, threshold, scoreThreshold);
    }

    /// <summary>Chooses boxes by score, class by class, and the best of all classes, for each image of a batch.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="boxes">Shape: [batch, n, classes or 1, 4].</param>
    /// <param name="scores">Shape: [batch, n, classes].</param>
    /// <param name="maxOutputSizePerClass">At most so many of each class. DType: int32.</param>
    /// <param name="maxTotalSize">At most so many of each image. DType: int32.</param>
    /// <param name="iouThreshold">Share of the area covered together above which boxes are left out.</param>
    /// <param name="scoreThreshold">Only boxes with larger scores are chosen.</param>
    /// <param name="padPerClass">Pads to classes times boxes per class where that is less than the total.</param>
    /// <param name="clipBoxes">Clips coordinates to [0, 1].</param>
    /// <param name="name">Node name.</param>
    /// <returns>Boxes, scores and classes of the chosen, padded with zeros, and how many there are.</returns>
    /// <remarks>Source: TensorFlow's <c>tf.image.combined_non_max_suppression</c>.</remarks>
    public static (Output Boxes, Output Scores, Output Classes, Output Counts) CombinedNonMaxSuppression(
        this Graph graph,
        Operand boxes,
        Operand scores,
        Operand maxOutputSizePerClass,
        Operand maxTotalSize,
        float iouThreshold = 0.5f,
        float scoreThreshold = float.NegativeInfinity,
        bool padPerClass = false,
        bool clipBoxes = true,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Operation node = graph.AddOperation<CombinedNonMaxSuppressionOp>(
            name, new AttributeList { { "pad_per_class", padPerClass }, { "clip_boxes", clipBoxes } }, boxes, scores, maxOutputSizePerClass, maxTotalSize, iouThreshold, scoreThreshold);
        return (node[0], node[1], node[2], node[3]);
    }
}

/// <summary>The operations of one image: boxes or overlaps, scores, a limit, and thresholds that vary with the version.</summary>
internal abstract class SuppressionOp(string signature) : Op(signature)
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("positions are chosen, not computed");

    public override void InferShapes(ShapeContext c)
    {
        Shape boxes = c.WithRank(0, 2);
        Shape scores = c.WithRank(1, 1);
        c.Merge(boxes[0], scores[0]);
        if (c.Operation.Type != "NonMaxSuppressionWithOverlaps")
            c.Merge(boxes[1], 4);
        bool padded = c.Attributes.Contains("pad_to_max_output_size") && c.Attributes.Bool("pad_to_max_output_size");
        long count = padded && c.InputInts(2) is [long most] ? most : -1;
        for (int i = 0; i < c.OutputCount; i++)
            c.Output(i, i > 0 && i == c.OutputCount - 1 ? Shape.Scalar : [count]);
    }

    public override void Compute(KernelContext c)
    {
        (Tensor boxes, Tensor scores, Tensor limit) = (c.Input(0), c.Input(1), c.Input(2));
        if (limit.Rank != 0)
            throw c.InvalidArgument($"max_output_size must be 0-D, got shape {limit.Shape}");
        bool overlaps = c.Operation.Type == "NonMaxSuppressionWithOverlaps";
        string what = overlaps ? "overlaps" : "boxes";
        if (boxes.Rank != 2)
            throw c.InvalidArgument($"{what} must be 2-D{boxes.Shape}");
        int count = (int)boxes.Shape[0];
        if (boxes.Shape[1] != (overlaps ? count : 4))
            throw c.InvalidArgument(overlaps ? $"overlaps must be square{boxes.Shape}" : "boxes must have 4 columns");
        if (scores.Rank != 1)
            throw c.InvalidArgument($"scores must be 1-D{scores.Shape}");
        if (scores.Shape[0] != count)
            throw c.InvalidArgument("scores has incompatible shape");
        int most = limit.Item<int>();
        if (most < 0)
            throw c.InvalidArgument("output size must be non-negative");
        (float threshold, float least, float sigma) = Thresholds(c);
        if (!overlaps && !(threshold >= 0 && threshold <= 1))
            throw c.InvalidArgument("iou_threshold must be in [0, 1]");
        if (sigma < 0)
            throw c.InvalidArgument($"soft_nms_sigma should be >= 0: {sigma}");
        float[] b = Singles(boxes);
        Func<int, int, float> similarity = overlaps
            ? (i, j) => b[(i * count) + j]
            : (i, j) => BoxSuppression.IntersectionOverUnion(b, i, j);
        Write(c, BoxSuppression.Select(Singles(scores), similarity, most, threshold, least, sigma), most);
    }

    /// <summary>Overlap, least score and softness.</summary>
    protected abstract (float Threshold, float Least, float Sigma) Thresholds(KernelContext c);

    /// <summary>Positions, then scores where they are asked for, then the count where it is.</summary>
    private static void Write(KernelContext c, List<(int Box, float Score)> chosen, int most)
    {
        bool padded = c.Attributes.Contains("pad_to_max_output_size") && c.Attributes.Bool("pad_to_max_output_size");
        int outputs = c.Operation.Outputs.Count;
        int count = padded ? most : chosen.Count;
        Span<int> positions = c.AllocateOutput(0, [count]).MutableData<int>();
        positions.Clear();
        for (int i = 0; i < chosen.Count; i++)
            positions[i] = chosen[i].Box;
        if (outputs == 3)
        {
            Tensor scores = c.AllocateOutput(1, [count]);
            scores.MutableBytes.Clear();
            for (int i = 0; i < chosen.Count; i++)
            {
                if (scores.DType == DType.Float16)
                    scores.MutableData<Half>()[i] = (Half)chosen[i].Score;
                else
                    scores.MutableData<float>()[i] = chosen[i].Score;
            }
        }

        if (outputs > 1)
            c.AllocateOutput(outputs - 1, Shape.Scalar).MutableData<int>()[0] = chosen.Count;
    }

    protected static float Scalar(KernelContext c, int input, string name) => c.Input(input).Rank == 0
        ? c.Input(input).Item<float>()
        : throw c.InvalidArgument($"{name} must be 0-D, got shape {c.Input(input).Shape}");

    private static float[] Singles(Tensor tensor) =>
        tensor.DType == DType.Float16 ? Array.ConvertAll(tensor.ToArray<Half>(), static h => (float)h) : tensor.ToArray<float>();
}

internal sealed class NonMaxSuppressionOp() : SuppressionOp("NonMaxSuppression(boxes: float, scores: float, max_output_size: int32) -> (selected_indices: int32) where iou_threshold: float = 0.5")
{
    protected override (float Threshold, float Least, float Sigma) Thresholds(KernelContext c) => (c.Attributes.Float("iou_threshold"), float.MinValue, 0);
}

internal sealed class NonMaxSuppressionV2Op() : SuppressionOp(
    "NonMaxSuppressionV2(boxes: T, scores: T, max_output_size: int32, iou_threshold: T_threshold) -> (selected_indices: int32) where T: half | float = float, T_threshold: half | float = float")
{
    protected override (float Threshold, float Least, float Sigma) Thresholds(KernelContext c) => (Scalar(c, 3, "iou_threshold"), float.MinValue, 0);
}

internal abstract class ThresholdSuppressionOp(string signature) : SuppressionOp(signature)
{
    protected override (float Threshold, float Least, float Sigma) Thresholds(KernelContext c) =>
        (Scalar(c, 3, "iou_threshold"), Scalar(c, 4, "score_threshold"), c.InputCount > 5 ? Scalar(c, 5, "soft_nms_sigma") : 0);
}

internal sealed class NonMaxSuppressionV3Op() : ThresholdSuppressionOp(
    "NonMaxSuppressionV3(boxes: T, scores: T, max_output_size: int32, iou_threshold: T_threshold, score_threshold: T_threshold) -> (selected_indices: int32) where T: half | float = float, T_threshold: half | float = float");

internal sealed class NonMaxSuppressionV4Op() : ThresholdSuppressionOp(
    "NonMaxSuppressionV4(boxes: T, scores: T, max_output_size: int32, iou_threshold: T_threshold, score_threshold: T_threshold) -> (selected_indices: int32, valid_outputs: int32) where T: half | float = float, T_threshold: half | float = float, pad_to_max_output_size: bool = false");

internal sealed class NonMaxSuppressionV5Op() : ThresholdSuppressionOp(
    "NonMaxSuppressionV5(boxes: T, scores: T, max_output_size: int32, iou_threshold: T, score_threshold: T, soft_nms_sigma: T) -> (selected_indices: int32, selected_scores: T, valid_outputs: int32) where T: half | float = float, pad_to_max_output_size: bool = false");

internal sealed class NonMaxSuppressionWithOverlapsOp() : ThresholdSuppressionOp(
    "NonMaxSuppressionWithOverlaps(overlaps: float, scores: float, max_output_size: int32, overlap_threshold: float, score_threshold: float) -> (selected_indices: int32)");

internal sealed class CombinedNonMaxSuppressionOp() : Op(
    "CombinedNonMaxSuppression(boxes: float, scores: float, max_output_size_per_class: int32, max_total_size: int32, iou_threshold: float, score_threshold: float) "
    + "-> (nmsed_boxes: float, nmsed_scores: float, nmsed_classes: float, valid_detections: int32) where pad_per_class: bool = false, clip_boxes: bool = true")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("boxes are chosen, not computed");

    public override void InferShapes(ShapeContext c)
    {
        (Shape boxes, Shape scores) = (c.WithRank(0, 4), c.WithRank(1, 3));
        long batch = c.Merge(boxes[0], scores[0]);
        c.Merge(boxes[1], scores[1]);
        c.Merge(boxes[3], 4);
        long count = c.InputInts(3) is [long total] ? total : -1;
        if (c.Attributes.Bool("pad_per_class"))
            count = count >= 0 && c.InputInts(2) is [long each] && scores[2] >= 0 ? Math.Min(count, each * scores[2]) : -1;
        c.Output(0, [batch, count, 4]);
        c.Output(1, [batch, count]);
        c.Output(2, [batch, count]);
        c.Output(3, [batch]);
    }

    public override void Compute(KernelContext c)
    {
        (Tensor boxes, Tensor scores) = (c.Input(0), c.Input(1));
        if (boxes.Rank != 4)
            throw c.InvalidArgument($"boxes must be 4-D{boxes.Shape}");
        if (scores.Rank != 3)
            throw c.InvalidArgument($"scores must be 3-D{scores.Shape}");
        (int batch, int count, int kinds, int classes) = ((int)boxes.Shape[0], (int)boxes.Shape[1], (int)boxes.Shape[2], (int)scores.Shape[2]);
        if (kinds != 1 && kinds != classes)
            throw c.InvalidArgument("third dimension of boxes must be either 1 or num classes");
        if (boxes.Shape[3] != 4)
            throw c.InvalidArgument("boxes must have 4 columns");
        if (scores.Shape[0] != batch || scores.Shape[1] != count)
            throw c.InvalidArgument("scores has incompatible shape");
        (int each, int total) = (c.Input(2).Item<int>(), c.Input(3).Item<int>());
        (float iou, float least) = (c.Input(4).Item<float>(), c.Input(5).Item<float>());
        if (each <= 0)
            throw c.InvalidArgument("max_size_per_class must be positive");
        if (total <= 0)
            throw c.InvalidArgument("max_total_size must be > 0");
        if (!(iou >= 0 && iou <= 1))
            throw c.InvalidArgument("iou_threshold must be in [0, 1]");
        int size = c.Attributes.Bool("pad_per_class") ? (int)Math.Min(total, (long)each * classes) : total;
        Tensor toBoxes = c.AllocateOutput(0, [batch, size, 4]);
        Tensor toScores = c.AllocateOutput(1, [batch, size]);
        Tensor toClasses = c.AllocateOutput(2, [batch, size]);
        Tensor toCounts = c.AllocateOutput(3, [batch]);
        toBoxes.MutableBytes.Clear();
        toScores.MutableBytes.Clear();
        toClasses.MutableBytes.Clear();
        for (int image = 0; image < batch; image++)
        {
            var all = new List<(float Score, int Class, float[] Box)>();
            for (int k = 0; k < classes; k++)
            {
                Interruption.Check();
                all.AddRange(OfClass(boxes.Data<float>(), scores.Data<float>(), image, count, kinds, classes, k, Math.Min(each, count), iou, least));
            }

            (float Score, int Class, float[] Box)[] best = [.. all.OrderByDescending(static r => r.Score).Take(size)];
            toCounts.MutableData<int>()[image] = best.Length;
            for (int i = 0; i < best.Length; i++)
            {
                toScores.MutableData<float>()[(image * size) + i] = best[i].Score;
                toClasses.MutableData<float>()[(image * size) + i] = best[i].Class;
                for (int k = 0; k < 4; k++)
                    toBoxes.MutableData<float>()[(((image * size) + i) * 4) + k] = c.Attributes.Bool("clip_boxes") ? Math.Clamp(best[i].Box[k], 0, 1) : best[i].Box[k];
            }
        }
    }

    private static List<(float Score, int Class, float[] Box)> OfClass(
        ReadOnlySpan<float> boxes, ReadOnlySpan<float> scores, int image, int count, int kinds, int classes, int k, int most, float iou, float least)
    {
        float[] own = new float[count * 4];
        var candidates = new List<(int Box, float Score)>();
        for (int i = 0; i < count; i++)
        {
            Interruption.Check(i);
            boxes.Slice(((((image * count) + i) * kinds) + (kinds > 1 ? k : 0)) * 4, 4).CopyTo(own.AsSpan(i * 4));
            float score = scores[(((image * count) + i) * classes) + k];
            if (score > least)
                candidates.Add((i, score));
        }

        var chosen = new List<(float Score, int Class, float[] Box)>();
        var positions = new List<int>();
        foreach ((int box, float score) in candidates.OrderByDescending(static b => b.Score))
        {
            if (chosen.Count >= most)
                break;
            if (positions.Exists(other => BoxSuppression.IntersectionOverUnion(own, box, other) > iou))
                continue;
            positions.Add(box);
            chosen.Add((score, k, own[(box * 4)..((box * 4) + 4)]));
        }

        return chosen;
    }
}
