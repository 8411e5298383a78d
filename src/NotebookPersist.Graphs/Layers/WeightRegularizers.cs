namespace NotebookPersist;

/// <summary>Loss terms that grow with weights.</summary>
/// <remarks>Each is given to <c>kernelRegularizer</c> or <c>regularizer</c>; thread safety: pure. Source: TensorFlow 1.15's contrib layers and Keras regularizers.</remarks>
public static class WeightRegularizers
{
    /// <summary>Half the sum of squares, times a factor.</summary>
    /// <param name="scale">The factor, not negative; 0 gives no term.</param>
    /// <remarks>Source: <c>tf.contrib.layers.l2_regularizer</c>.</remarks>
    public static Func<Output, Output?> L2(double scale) => Scaled(scale, "l2_regularizer", static weights => weights.Graph.L2Loss(weights));

    /// <summary>The sum of absolute values, times a factor.</summary>
    /// <param name="scale">The factor, not negative; 0 gives no term.</param>
    /// <remarks>Source: <c>tf.contrib.layers.l1_regularizer</c>.</remarks>
    public static Func<Output, Output?> L1(double scale) => Scaled(scale, "l1_regularizer", static weights => weights.Graph.ReduceSum(weights.Graph.Abs(weights)));

    /// <summary>Sums of absolute values and of squares (not halved), each times a factor.</summary>
    /// <param name="l1">Factor of the absolute values; 0 leaves them out.</param>
    /// <param name="l2">Factor of the squares; 0 leaves them out.</param>
    /// <remarks>Source: <c>tf.keras.regularizers.l1_l2</c>.</remarks>
    public static Func<Output, Output?> L1L2(double l1 = 0, double l2 = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(l1);
        ArgumentOutOfRangeException.ThrowIfNegative(l2);
        return weights =>
        {
            Output? first = l1 > 0 ? weights.Graph.ReduceSum(l1 * weights.Graph.Abs(weights)) : null;
            Output? second = l2 > 0 ? weights.Graph.ReduceSum(l2 * weights.Graph.Square(weights)) : null;
            return first is not null && second is not null ? first + second : first ?? second;
        };
    }

    private static Func<Output, Output?> Scaled(double scale, string name, Func<Output, Output> norm)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(scale);
        return weights =>
        {
            if (scale == 0)
                return null;
            using NameScope scope = weights.Graph.NameScope(name);
            Output factor = weights.Graph.Constant(scale, weights.DType, name: "scale");
            return weights.Graph.Multiply(factor, norm(weights), scope.Name);
        };
    }
}
