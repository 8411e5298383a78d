namespace NotebookPersist;

/// <summary>Both ways in which a batch normalisation is computed: in one node, or step by step.</summary>
internal sealed record BatchNormalizationParts(
    Output Inputs, int Axis, Variable? Gamma, Variable? Beta, Variable Mean, Variable Variance, double Epsilon, Operand Training, bool? IsTraining)
{
    private Graph Graph => Inputs.Graph;

    /// <summary>In one node, of batches of images.</summary>
    public (Output Y, Output Mean, Output Variance) Fused()
    {
        Output gamma = Gamma is null ? Graph.Constant(Ones()) : Gamma.Value;
        Output beta = Beta is null ? Graph.Constant(new float[Mean.Shape[0]]) : Beta.Value;
        string format = Axis == 1 ? "NCHW" : "NHWC";
        if (IsTraining == false)
            return Used();
        (Output y, Output mean, Output variance) = Graph.FusedBatchNorm(Inputs, gamma, beta, epsilon: (float)Epsilon, dataFormat: format);
        return (IsTraining == true ? y : Graph.Where(Training, y, Used().Y), mean, variance);

        (Output Y, Output Mean, Output Variance) Used() => Graph.FusedBatchNorm(Inputs, gamma, beta, Mean, Variance, (float)Epsilon, format, isTraining: false);
    }

    /// <summary>Step by step, of any rank.</summary>
    public (Output Y, Output Mean, Output Variance) InSteps()
    {
        int rank = Inputs.Shape.Rank;
        bool last = Axis == rank - 1;
        Output mean = Mean.Value;
        Output variance = Variance.Value;
        Output batchMean = mean;
        Output batchVariance = variance;
        if (IsTraining != false)
        {
            (batchMean, batchVariance) = Graph.Moments(Graph.Cast(Inputs, Mean.DType), [.. Enumerable.Range(0, rank).Where(i => i != Axis)]);
            mean = IsTraining == true ? batchMean : Graph.Where(Training, batchMean, mean);
            variance = IsTraining == true ? batchVariance : Graph.Where(Training, batchVariance, variance);
        }

        Output y = Graph.BatchNormalization(
            Inputs,
            Spread(mean),
            Spread(variance),
            Beta is null ? default(Operand) : Spread(Beta.Value),
            Gamma is null ? default(Operand) : Spread(Gamma.Value),
            Epsilon);
        return (y, batchMean, batchVariance);

        Output Spread(Output channels)
        {
            if (last)
                return channels;
            int[] shape = new int[rank];
            Array.Fill(shape, 1);
            shape[Axis] = -1;
            return Graph.Reshape(channels, shape);
        }
    }

    private float[] Ones()
    {
        float[] ones = new float[Mean.Shape[0]];
        Array.Fill(ones, 1f);
        return ones;
    }
}
