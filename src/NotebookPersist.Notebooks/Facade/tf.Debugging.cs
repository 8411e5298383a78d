namespace NotebookPersist;

public static partial class tf
{
    /// <summary>Checks, in the default graph: those of <see cref="tf"/> under the names of TensorFlow's own module.</summary>
    public static partial class Debugging
    {
        /// <inheritdoc cref="tf.Assert(Operand, ReadOnlySpan{Operand}, int, string)"/>
        public static Operation Assert(Operand condition, ReadOnlySpan<Operand> data, int summarize = 3, string? name = null) =>
            tf.Assert(condition, data, summarize, name);

        /// <inheritdoc cref="tf.AssertEqual(Operand, Operand, string, int, string)"/>
        public static Operation AssertEqual(Operand x, Operand y, string? message = null, int summarize = 3, string? name = null) =>
            tf.AssertEqual(x, y, message, summarize, name);

        /// <inheritdoc cref="tf.AssertGreater(Operand, Operand, string, int, string)"/>
        public static Operation AssertGreater(Operand x, Operand y, string? message = null, int summarize = 3, string? name = null) =>
            tf.AssertGreater(x, y, message, summarize, name);

        /// <inheritdoc cref="tf.AssertGreaterEqual(Operand, Operand, string, int, string)"/>
        public static Operation AssertGreaterEqual(Operand x, Operand y, string? message = null, int summarize = 3, string? name = null) =>
            tf.AssertGreaterEqual(x, y, message, summarize, name);

        /// <inheritdoc cref="tf.AssertInteger(Operand, string, string)"/>
        public static Operation AssertInteger(Operand x, string? message = null, string? name = null) => tf.AssertInteger(x, message, name);

        /// <inheritdoc cref="tf.AssertLess(Operand, Operand, string, int, string)"/>
        public static Operation AssertLess(Operand x, Operand y, string? message = null, int summarize = 3, string? name = null) =>
            tf.AssertLess(x, y, message, summarize, name);

        /// <inheritdoc cref="tf.AssertLessEqual(Operand, Operand, string, int, string)"/>
        public static Operation AssertLessEqual(Operand x, Operand y, string? message = null, int summarize = 3, string? name = null) =>
            tf.AssertLessEqual(x, y, message, summarize, name);

        /// <inheritdoc cref="tf.AssertNear(Operand, Operand, double?, double?, string, int, string)"/>
        public static Operation AssertNear(Operand x, Operand y, double? rtol = null, double? atol = null, string? message = null, int summarize = 3, string? name = null) =>
            tf.AssertNear(x, y, rtol, atol, message, summarize, name);

        /// <inheritdoc cref="tf.AssertNegative(Operand, string, int, string)"/>
        public static Operation AssertNegative(Operand x, string? message = null, int summarize = 3, string? name = null) =>
            tf.AssertNegative(x, message, summarize, name);

        /// <inheritdoc cref="tf.AssertNonNegative(Operand, string, int, string)"/>
        public static Operation AssertNonNegative(Operand x, string? message = null, int summarize = 3, string? name = null) =>
            tf.AssertNonNegative(x, message, summarize, name);

        /// <inheritdoc cref="tf.AssertNonPositive(Operand, string, int, string)"/>
        public static Operation AssertNonPositive(Operand x, string? message = null, int summarize = 3, string? name = null) =>
            tf.AssertNonPositive(x, message, summarize, name);

        /// <inheritdoc cref="tf.AssertNoneEqual(Operand, Operand, string, int, string)"/>
        public static Operation AssertNoneEqual(Operand x, Operand y, string? message = null, int summarize = 3, string? name = null) =>
            tf.AssertNoneEqual(x, y, message, summarize, name);

        /// <inheritdoc cref="tf.AssertPositive(Operand, string, int, string)"/>
        public static Operation AssertPositive(Operand x, string? message = null, int summarize = 3, string? name = null) =>
            tf.AssertPositive(x, message, summarize, name);

        /// <inheritdoc cref="tf.AssertRank(Operand, int, string, string)"/>
        public static Operation AssertRank(Operand x, int rank, string? message = null, string? name = null) => tf.AssertRank(x, rank, message, name);

        /// <inheritdoc cref="tf.AssertRankAtLeast(Operand, int, string, string)"/>
        public static Operation AssertRankAtLeast(Operand x, int rank, string? message = null, string? name = null) =>
            tf.AssertRankAtLeast(x, rank, message, name);

        /// <inheritdoc cref="tf.AssertScalar(Operand, string)"/>
        public static Output AssertScalar(Operand tensor, string? name = null) => tf.AssertScalar(tensor, name);

        /// <inheritdoc cref="tf.AssertType(Output, DType, string, string)"/>
        public static Operation AssertType(Output tensor, DType dtype, string? message = null, string? name = null) =>
            tf.AssertType(tensor, dtype, message, name);

        /// <inheritdoc cref="tf.CheckNumerics(Operand, string, string)"/>
        public static Output CheckNumerics(Operand tensor, string message, string? name = null) => tf.CheckNumerics(tensor, message, name);

        /// <inheritdoc cref="tf.IsFinite(Operand, string)"/>
        public static Output IsFinite(Operand x, string? name = null) => tf.IsFinite(x, name);

        /// <inheritdoc cref="tf.IsInf(Operand, string)"/>
        public static Output IsInf(Operand x, string? name = null) => tf.IsInf(x, name);

        /// <inheritdoc cref="tf.IsNan(Operand, string)"/>
        public static Output IsNan(Operand x, string? name = null) => tf.IsNan(x, name);

        /// <inheritdoc cref="tf.IsNonDecreasing(Operand, string)"/>
        public static Output IsNonDecreasing(Operand x, string? name = null) => tf.IsNonDecreasing(x, name);

        /// <inheritdoc cref="tf.IsStrictlyIncreasing(Operand, string)"/>
        public static Output IsStrictlyIncreasing(Operand x, string? name = null) => tf.IsStrictlyIncreasing(x, name);
    }
}
