using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The most likely class of each step, without blanks.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="inputs">Scores; the last class is the blank. Shape: [time, batch, classes]. DType: float32, float64.</param>
    /// <param name="sequenceLength">Steps that count. Shape: [batch]. DType: int32.</param>
    /// <param name="mergeRepeated">Equal classes in a row stand for one.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Indices, values and shape of a sparse matrix of classes, and the negated sum of scores, [batch, 1].</returns>
    /// <remarks>Source: TensorFlow's <c>tf.nn.ctc_greedy_decoder</c>.</remarks>
    public static (Output Indices, Output Values, Output Shape, Output NegativeScores) CtcGreedyDecoder(
        this Graph graph, Operand inputs, Operand sequenceLength, bool mergeRepeated = true, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Operation node = graph.AddOperation<CTCGreedyDecoderOp>(name, new AttributeList { { "merge_repeated", mergeRepeated } }, inputs, sequenceLength);
        return (node[0], node[1], node[2], node[3]);
    }
}

internal sealed class CTCGreedyDecoderOp() : FloatingOp(
    "CTCGreedyDecoder(inputs: T, sequence_length: int32) -> (decoded_indices: int64, decoded_values: int64, decoded_shape: int64, log_probability: T) "
    + "where merge_repeated: bool = false, T: float | double = float")
{
    public override GradientRule Gradient => GradientRule.NotDifferentiable("classes are chosen, not computed");

    public override void InferShapes(ShapeContext c)
    {
        Shape inputs = c.WithRank(0, 3);
        c.Output(0, [-1, 2]);
        c.Output(1, [-1]);
        c.Output(2, [2]);
        c.Output(3, [c.Merge(inputs[1], c.WithRank(1, 1)[0]), 1]);
    }

    protected override void Compute<T>(KernelContext c)
    {
        (_, int batch, int classes) = TemporalLossOp.Sizes(c, c.Input(0), c.Input(1));
        ReadOnlySpan<T> inputs = c.Input(0).Data<T>();
        bool merge = c.Attributes.Bool("merge_repeated");
        // Later releases choose the blank; counted from the end where negative.
        long blank = c.Attributes.Contains("blank_index") ? c.Attributes.Int("blank_index") : -1;
        blank = blank < 0 ? blank + classes : blank;
        if (blank < 0 || blank >= classes)
            throw c.InvalidArgument($"blank_index expected to be between {-classes} and {classes - 1}");
        var indices = new List<long>();
        var values = new List<long>();
        long longest = 0;
        Span<T> scores = c.AllocateOutput(3, [batch, 1]).MutableData<T>();
        for (int b = 0; b < batch; b++)
        {
            (long position, int before) = (0, -1);
            scores[b] = T.Zero;
            for (int t = 0; t < c.Input<int>(1)[b]; t++)
            {
                ReadOnlySpan<T> row = inputs.Slice(((t * batch) + b) * classes, classes);
                int best = 0;
                for (int k = 1; k < classes; k++)
                    best = row[k] > row[best] ? k : best;
                scores[b] -= row[best];
                if (best != blank && !(merge && best == before))
                {
                    indices.AddRange([b, position++]);
                    values.Add(best);
                }

                before = best;
            }

            longest = Math.Max(longest, position);
        }

        indices.CopyTo(c.AllocateOutput(0, [values.Count, 2]).MutableData<long>());
        values.CopyTo(c.AllocateOutput(1, [values.Count]).MutableData<long>());
        Span<long> shape = c.AllocateOutput(2, [2]).MutableData<long>();
        (shape[0], shape[1]) = (batch, longest);
    }
}
