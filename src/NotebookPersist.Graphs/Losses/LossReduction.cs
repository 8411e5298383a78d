namespace NotebookPersist;

/// <summary>How the losses of elements become one number.</summary>
/// <remarks>Source: TensorFlow's <c>tf.losses.Reduction</c>.</remarks>
public enum LossReduction
{
    /// <summary>Not at all: the weighted losses as they are.</summary>
    None,

    /// <summary>Their weighted sum.</summary>
    Sum,

    /// <summary>Their weighted sum over the sum of weights.</summary>
    Mean,

    /// <summary>Their weighted sum over their number.</summary>
    SumOverBatchSize,

    /// <summary>Their weighted sum over the number of those whose weight is not 0.</summary>
    SumByNonzeroWeights,
}
