using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Kernels;
using NotebookPersist.Kernels.Recurrent;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Connectionist temporal classification: how unlikely the labels are, whatever the alignment.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="inputs">Unnormalised log-probabilities; the last class is the blank. Shape: [time, batch, classes]. DType: float32, float64.</param>
    /// <param name="labelIndices">Batch and position of each label, in order. Shape: [n, 2]. DType: int64.</param>
    /// <param name="labelValues">Class of each label. Shape: [n]. DType: int32.</param>
    /// <param name="sequenceLength">Steps that count. Shape: [batch]. DType: int32.</param>
    /// <param name="collapseRepeated">Takes equal labels in a row for one beforehand.</param>
    /// <param name="mergeRepeated">Equal classes in a row stand for one label.</param>
    /// <param name="ignoreLongerOutputs">A sequence shorter than its labels has no loss; else it fails the run.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: [batch].</returns>
    /// <remarks>Source: TensorFlow's <c>tf.nn.ctc_loss</c>, op "CTCLoss".</remarks>
    public static Output CtcLoss(
        this Graph graph,
        Operand inputs,
        Operand labelIndices,
        Operand labelValues,
        Operand sequenceLength,
        bool collapseRepeated = false,
        bool mergeRepeated = true,
        bool ignoreLongerOutputs = false,
        string? name = null) =>
        graph.Add<CTCLossOp>(
            name,
            new AttributeList
            {
                { "preprocess_collapse_repeated", collapseRepeated },
                { "ctc_merge_repeated", mergeRepeated },
                { "ignore_longer_outputs_than_inputs", ignoreLongerOutputs },
            },
            inputs, labelIndices, labelValues, sequenceLength);
}

/// <summary>The loss with the blank as the last class or as the first.</summary>
internal abstract class TemporalLossOp(string signature, bool blankFirst) : FloatingOp(signature)
{
    public override GradientRule Gradient => GradientRule.Via(static g => [g.Graph.ExpandDims(g.Dy(0), -1) * g.Y(1), null, null, null]);

    public override void InferShapes(ShapeContext c)
    {
        Shape inputs = c.WithRank(0, 3);
        c.Merge(c.WithRank(1, 2)[0], c.WithRank(2, 1)[0]);
        long batch = c.Merge(inputs[1], c.WithRank(3, 1)[0]);
        c.Output(0, [batch]);
        c.Output(1, [inputs[0], batch, inputs[2]]);
    }

    protected override void Compute<T>(KernelContext c)
    {
        (Tensor inputs, Tensor indices, Tensor values) = (c.Input(0), c.Input(1), c.Input(2));
        (int steps, int batch, int classes) = Sizes(c, inputs, c.Input(3));
        if (indices.Rank != 2 || indices.Shape[1] != 2)
            throw c.InvalidArgument($"labels_indices is not a matrix of two columns: {indices.Shape}");
        if (values.Rank != 1 || values.Shape[0] != indices.Shape[0])
            throw c.InvalidArgument($"labels_indices and labels_values must contain the same number of rows, but saw shapes: {indices.Shape} vs. {values.Shape}");
        List<int>[] labels = [.. Enumerable.Range(0, batch).Select(static _ => new List<int>())];
        for (int i = 0; i < values.Count; i++)
        {
            long row = indices.Data<long>()[2 * i];
            if (row < 0 || row >= batch)
                throw c.InvalidArgument($"labels batch index must be between 0 and {batch} but saw: {row}");
            int label = values.Data<int>()[i];
            label -= blankFirst ? 1 : 0;
            if (label < 0 || label >= classes - 1)
                throw c.InvalidArgument($"Saw a non-null label (index >= num_classes - 1) following a null label, batch: {row} num_classes: {classes} label: {label}");
            if (!c.Attributes.Bool("preprocess_collapse_repeated") || labels[row].Count == 0 || labels[row][^1] != label)
                labels[row].Add(label);
        }

        Span<T> losses = c.AllocateOutput(0, [batch]).MutableData<T>();
        Tensor gradient = c.AllocateOutput(1, inputs.Shape);
        gradient.MutableBytes.Clear();
        bool merge = c.Attributes.Bool("ctc_merge_repeated");
        for (int b = 0; b < batch; b++)
        {
            Interruption.Check();
            int length = c.Input<int>(3)[b];
            losses[b] = T.Zero;
            if (length == 0)
                continue;
            if (labels[b].Count > length)
            {
                if (c.Attributes.Bool("ignore_longer_outputs_than_inputs"))
                    continue;
                throw c.InvalidArgument($"Not enough time for target transition sequence (required: {labels[b].Count}, available: {length}){b}You can turn this error into a warning by using the flag ignore_longer_outputs_than_inputs");
            }

            // The computation has the blank last.
            double[] y = Temporal.Softmax(inputs.Data<T>(), b, batch, classes, length);
            if (blankFirst)
                Turn(y, classes, 1);
            (double loss, double[] slopes) = Temporal.Loss(y, classes, [.. labels[b]], merge);
            if (blankFirst)
                Turn(slopes, classes, classes - 1);
            losses[b] = T.CreateTruncating(loss);
            Span<T> to = gradient.MutableData<T>();
            for (int i = 0; i < slopes.Length; i++)
                to[(((i / classes * batch) + b) * classes) + (i % classes)] = T.CreateTruncating(slopes[i]);
        }
    }

    private static void Turn(double[] rows, int classes, int by)
    {
        for (int at = 0; at < rows.Length; at += classes)
        {
            double[] row = rows[at..(at + classes)];
            for (int k = 0; k < classes; k++)
                rows[at + k] = row[(k + by) % classes];
        }
    }

    internal static (int Steps, int Batch, int Classes) Sizes(KernelContext c, Tensor inputs, Tensor lengths)
    {
        if (inputs.Rank != 3)
            throw c.InvalidArgument("inputs is not a 3-Tensor");
        (int steps, int batch) = ((int)inputs.Shape[0], (int)inputs.Shape[1]);
        if (lengths.Rank != 1 || lengths.Shape[0] != batch)
            throw c.InvalidArgument($"len(sequence_length) != batch_size.  len(sequence_length):  {lengths.Count} batch_size: {batch}");
        if (steps == 0)
            throw c.InvalidArgument("Max time or first dimension of input cannot be 0.");
        for (int b = 0; b < batch; b++)
        {
            Interruption.Check();
            if (lengths.Data<int>()[b] < 0 || lengths.Data<int>()[b] > steps)
                throw c.InvalidArgument($"sequence_length({b}) <= {steps}");
        }

        // The blank is a class of its own.
        return inputs.Shape[2] > 0 ? (steps, batch, (int)inputs.Shape[2]) : throw c.InvalidArgument("inputs must have at least one class, the blank");
    }
}

internal sealed class CTCLossOp() : TemporalLossOp(
    "CTCLoss(inputs: T, labels_indices: int64, labels_values: int32, sequence_length: int32) -> (loss: T, gradient: T) "
    + "where preprocess_collapse_repeated: bool = false, ctc_merge_repeated: bool = true, ignore_longer_outputs_than_inputs: bool = false, T: float | double = float",
    blankFirst: false);

internal sealed class CTCLossV2Op() : TemporalLossOp(
    "CTCLossV2(inputs: float, labels_indices: int64, labels_values: int32, sequence_length: int32) -> (loss: float, gradient: float) "
    + "where preprocess_collapse_repeated: bool = false, ctc_merge_repeated: bool = true, ignore_longer_outputs_than_inputs: bool = false",
    blankFirst: true);
