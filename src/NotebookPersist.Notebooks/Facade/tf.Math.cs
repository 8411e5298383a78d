namespace NotebookPersist;

public static partial class tf
{
    /// <summary>Functions of numbers, in the default graph: those of <see cref="tf"/> under the names of TensorFlow's own module.</summary>
    public static partial class Math
    {
        /// <inheritdoc cref="tf.Abs(Operand, string)"/>
        public static Output Abs(Operand x, string? name = null) => tf.Abs(x, name);

        /// <inheritdoc cref="tf.AccumulateN(ReadOnlySpan{Operand}, Shape, string)"/>
        public static Output AccumulateN(ReadOnlySpan<Operand> inputs, Shape? shape = null, string? name = null) =>
            tf.AccumulateN(inputs, shape, name);

        /// <inheritdoc cref="tf.Acos(Operand, string)"/>
        public static Output Acos(Operand x, string? name = null) => tf.Acos(x, name);

        /// <inheritdoc cref="tf.Acosh(Operand, string)"/>
        public static Output Acosh(Operand x, string? name = null) => tf.Acosh(x, name);

        /// <inheritdoc cref="tf.Add(Operand, Operand, string)"/>
        public static Output Add(Operand x, Operand y, string? name = null) => tf.Add(x, y, name);

        /// <inheritdoc cref="tf.AddN(ReadOnlySpan{Operand}, string)"/>
        public static Output AddN(ReadOnlySpan<Operand> inputs, string? name = null) => tf.AddN(inputs, name);

        /// <inheritdoc cref="tf.Angle(Output, string)"/>
        public static Output Angle(Output input, string? name = null) => tf.Angle(input, name);

        /// <inheritdoc cref="tf.ArgMax(Operand, Operand, DType, string)"/>
        public static Output ArgMax(Operand input, Operand axis = default, DType outputType = DType.Int64, string? name = null) =>
            tf.ArgMax(input, axis, outputType, name);

        /// <inheritdoc cref="tf.ArgMin(Operand, Operand, DType, string)"/>
        public static Output ArgMin(Operand input, Operand axis = default, DType outputType = DType.Int64, string? name = null) =>
            tf.ArgMin(input, axis, outputType, name);

        /// <inheritdoc cref="tf.Asin(Operand, string)"/>
        public static Output Asin(Operand x, string? name = null) => tf.Asin(x, name);

        /// <inheritdoc cref="tf.Asinh(Operand, string)"/>
        public static Output Asinh(Operand x, string? name = null) => tf.Asinh(x, name);

        /// <inheritdoc cref="tf.Atan(Operand, string)"/>
        public static Output Atan(Operand x, string? name = null) => tf.Atan(x, name);

        /// <inheritdoc cref="tf.Atan2(Operand, Operand, string)"/>
        public static Output Atan2(Operand y, Operand x, string? name = null) => tf.Atan2(y, x, name);

        /// <inheritdoc cref="tf.Atanh(Operand, string)"/>
        public static Output Atanh(Operand x, string? name = null) => tf.Atanh(x, name);

        /// <inheritdoc cref="tf.BesselI0(Operand, string)"/>
        public static Output BesselI0(Operand x, string? name = null) => tf.BesselI0(x, name);

        /// <inheritdoc cref="tf.BesselI0e(Operand, string)"/>
        public static Output BesselI0e(Operand x, string? name = null) => tf.BesselI0e(x, name);

        /// <inheritdoc cref="tf.BesselI1(Operand, string)"/>
        public static Output BesselI1(Operand x, string? name = null) => tf.BesselI1(x, name);

        /// <inheritdoc cref="tf.BesselI1e(Operand, string)"/>
        public static Output BesselI1e(Operand x, string? name = null) => tf.BesselI1e(x, name);

        /// <inheritdoc cref="tf.Betainc(Operand, Operand, Operand, string)"/>
        public static Output Betainc(Operand a, Operand b, Operand x, string? name = null) => tf.Betainc(a, b, x, name);

        /// <inheritdoc cref="tf.Bincount(Operand, Operand, Operand, Operand, DType, string)"/>
        public static Output Bincount(Operand numbers, Operand weights = default, Operand minLength = default, Operand maxLength = default, DType dtype = DType.Int32, string? name = null) =>
            tf.Bincount(numbers, weights, minLength, maxLength, dtype, name);

        /// <inheritdoc cref="tf.Ceil(Operand, string)"/>
        public static Output Ceil(Operand x, string? name = null) => tf.Ceil(x, name);

        /// <inheritdoc cref="tf.ConfusionMatrix(Operand, Operand, Operand, Operand, DType, string)"/>
        public static Output ConfusionMatrix(Operand labels, Operand predictions, Operand classCount = default, Operand weights = default, DType dtype = DType.Int32, string? name = null) =>
            tf.ConfusionMatrix(labels, predictions, classCount, weights, dtype, name);

        /// <inheritdoc cref="tf.Conj(Output, string)"/>
        public static Output Conj(Output x, string? name = null) => tf.Conj(x, name);

        /// <inheritdoc cref="tf.Cos(Operand, string)"/>
        public static Output Cos(Operand x, string? name = null) => tf.Cos(x, name);

        /// <inheritdoc cref="tf.Cosh(Operand, string)"/>
        public static Output Cosh(Operand x, string? name = null) => tf.Cosh(x, name);

        /// <inheritdoc cref="tf.CountNonzero(Operand, Operand, bool, DType, string)"/>
        public static Output CountNonzero(Operand input, Operand axis = default, bool keepDims = false, DType dtype = DType.Int64, string? name = null) =>
            tf.CountNonzero(input, axis, keepDims, dtype, name);

        /// <inheritdoc cref="tf.Cumprod(Operand, Operand, bool, bool, string)"/>
        public static Output Cumprod(Operand x, Operand axis, bool exclusive = false, bool reverse = false, string? name = null) =>
            tf.Cumprod(x, axis, exclusive, reverse, name);

        /// <inheritdoc cref="tf.Cumsum(Operand, Operand, bool, bool, string)"/>
        public static Output Cumsum(Operand x, Operand axis, bool exclusive = false, bool reverse = false, string? name = null) =>
            tf.Cumsum(x, axis, exclusive, reverse, name);

        /// <inheritdoc cref="tf.CumulativeLogsumexp(Operand, Operand, bool, bool, string)"/>
        public static Output CumulativeLogsumexp(Operand x, Operand axis = default, bool exclusive = false, bool reverse = false, string? name = null) =>
            tf.CumulativeLogsumexp(x, axis, exclusive, reverse, name);

        /// <inheritdoc cref="tf.Digamma(Operand, string)"/>
        public static Output Digamma(Operand x, string? name = null) => tf.Digamma(x, name);

        /// <inheritdoc cref="tf.Divide(Operand, Operand, string)"/>
        public static Output Divide(Operand x, Operand y, string? name = null) => tf.Divide(x, y, name);

        /// <inheritdoc cref="tf.DivideNoNan(Operand, Operand, string)"/>
        public static Output DivideNoNan(Operand x, Operand y, string? name = null) => tf.DivideNoNan(x, y, name);

        /// <inheritdoc cref="tf.Equal(Operand, Operand, string)"/>
        public static Output Equal(Operand x, Operand y, string? name = null) => tf.Equal(x, y, name);

        /// <inheritdoc cref="tf.Erf(Operand, string)"/>
        public static Output Erf(Operand x, string? name = null) => tf.Erf(x, name);

        /// <inheritdoc cref="tf.Erfc(Operand, string)"/>
        public static Output Erfc(Operand x, string? name = null) => tf.Erfc(x, name);

        /// <inheritdoc cref="tf.Exp(Operand, string)"/>
        public static Output Exp(Operand x, string? name = null) => tf.Exp(x, name);

        /// <inheritdoc cref="tf.Expm1(Operand, string)"/>
        public static Output Expm1(Operand x, string? name = null) => tf.Expm1(x, name);

        /// <inheritdoc cref="tf.Floor(Operand, string)"/>
        public static Output Floor(Operand x, string? name = null) => tf.Floor(x, name);

        /// <inheritdoc cref="tf.FloorDiv(Operand, Operand, string)"/>
        public static Output Floordiv(Operand x, Operand y, string? name = null) => tf.FloorDiv(x, y, name);

        /// <inheritdoc cref="tf.FloorMod(Operand, Operand, string)"/>
        public static Output FloorMod(Operand x, Operand y, string? name = null) => tf.FloorMod(x, y, name);

        /// <inheritdoc cref="tf.Greater(Operand, Operand, string)"/>
        public static Output Greater(Operand x, Operand y, string? name = null) => tf.Greater(x, y, name);

        /// <inheritdoc cref="tf.GreaterEqual(Operand, Operand, string)"/>
        public static Output GreaterEqual(Operand x, Operand y, string? name = null) => tf.GreaterEqual(x, y, name);

        /// <inheritdoc cref="tf.Igamma(Operand, Operand, string)"/>
        public static Output Igamma(Operand a, Operand x, string? name = null) => tf.Igamma(a, x, name);

        /// <inheritdoc cref="tf.Igammac(Operand, Operand, string)"/>
        public static Output Igammac(Operand a, Operand x, string? name = null) => tf.Igammac(a, x, name);

        /// <inheritdoc cref="tf.Imag(Output, string)"/>
        public static Output Imag(Output input, string? name = null) => tf.Imag(input, name);

        /// <inheritdoc cref="tf.InTopK(Operand, Operand, Operand, string)"/>
        public static Output InTopK(Operand predictions, Operand targets, Operand k, string? name = null) => tf.InTopK(predictions, targets, k, name);

        /// <inheritdoc cref="tf.InvertPermutation(Operand, string)"/>
        public static Output InvertPermutation(Operand x, string? name = null) => tf.InvertPermutation(x, name);

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

        /// <inheritdoc cref="tf.Nn.L2Normalize(Operand, Operand, double, string)"/>
        public static Output L2Normalize(Operand x, Operand axis = default, double epsilon = 1E-12, string? name = null) =>
            tf.Nn.L2Normalize(x, axis, epsilon, name);

        /// <inheritdoc cref="tf.Lbeta(Operand, string)"/>
        public static Output Lbeta(Operand x, string? name = null) => tf.Lbeta(x, name);

        /// <inheritdoc cref="tf.Less(Operand, Operand, string)"/>
        public static Output Less(Operand x, Operand y, string? name = null) => tf.Less(x, y, name);

        /// <inheritdoc cref="tf.LessEqual(Operand, Operand, string)"/>
        public static Output LessEqual(Operand x, Operand y, string? name = null) => tf.LessEqual(x, y, name);

        /// <inheritdoc cref="tf.Lgamma(Operand, string)"/>
        public static Output Lgamma(Operand x, string? name = null) => tf.Lgamma(x, name);

        /// <inheritdoc cref="tf.Log(Operand, string)"/>
        public static Output Log(Operand x, string? name = null) => tf.Log(x, name);

        /// <inheritdoc cref="tf.Log1p(Operand, string)"/>
        public static Output Log1p(Operand x, string? name = null) => tf.Log1p(x, name);

        /// <inheritdoc cref="tf.LogSigmoid(Operand, string)"/>
        public static Output LogSigmoid(Operand x, string? name = null) => tf.LogSigmoid(x, name);

        /// <inheritdoc cref="tf.Nn.LogSoftmax(Operand, string)"/>
        public static Output LogSoftmax(Operand logits, string? name) => tf.Nn.LogSoftmax(logits, name);

        /// <inheritdoc cref="tf.Nn.LogSoftmax(Operand, int, string)"/>
        public static Output LogSoftmax(Operand logits, int axis = -1, string? name = null) => tf.Nn.LogSoftmax(logits, axis, name);

        /// <inheritdoc cref="tf.LogicalAnd(Operand, Operand, string)"/>
        public static Output LogicalAnd(Operand x, Operand y, string? name = null) => tf.LogicalAnd(x, y, name);

        /// <inheritdoc cref="tf.LogicalNot(Operand, string)"/>
        public static Output LogicalNot(Operand x, string? name = null) => tf.LogicalNot(x, name);

        /// <inheritdoc cref="tf.LogicalOr(Operand, Operand, string)"/>
        public static Output LogicalOr(Operand x, Operand y, string? name = null) => tf.LogicalOr(x, y, name);

        /// <inheritdoc cref="tf.LogicalXor(Output, Output, string)"/>
        public static Output LogicalXor(Output x, Output y, string name = "LogicalXor") => tf.LogicalXor(x, y, name);

        /// <inheritdoc cref="tf.Maximum(Operand, Operand, string)"/>
        public static Output Maximum(Operand x, Operand y, string? name = null) => tf.Maximum(x, y, name);

        /// <inheritdoc cref="tf.Minimum(Operand, Operand, string)"/>
        public static Output Minimum(Operand x, Operand y, string? name = null) => tf.Minimum(x, y, name);

        /// <inheritdoc cref="tf.FloorMod(Operand, Operand, string)"/>
        public static Output Mod(Operand x, Operand y, string? name = null) => tf.FloorMod(x, y, name);

        /// <inheritdoc cref="tf.Multiply(Operand, Operand, string)"/>
        public static Output Multiply(Operand x, Operand y, string? name = null) => tf.Multiply(x, y, name);

        /// <inheritdoc cref="tf.MultiplyNoNan(Operand, Operand, string)"/>
        public static Output MultiplyNoNan(Operand x, Operand y, string? name = null) => tf.MultiplyNoNan(x, y, name);

        /// <inheritdoc cref="tf.Negative(Operand, string)"/>
        public static Output Negative(Operand x, string? name = null) => tf.Negative(x, name);

        /// <inheritdoc cref="tf.NextAfter(Operand, Operand, string)"/>
        public static Output NextAfter(Operand x1, Operand x2, string? name = null) => tf.NextAfter(x1, x2, name);

        /// <inheritdoc cref="tf.NotEqual(Operand, Operand, string)"/>
        public static Output NotEqual(Operand x, Operand y, string? name = null) => tf.NotEqual(x, y, name);

        /// <inheritdoc cref="tf.Polygamma(Operand, Operand, string)"/>
        public static Output Polygamma(Operand a, Operand x, string? name = null) => tf.Polygamma(a, x, name);

        /// <inheritdoc cref="tf.Polyval(ReadOnlySpan{Operand}, Operand, string)"/>
        public static Output Polyval(ReadOnlySpan<Operand> coefficients, Operand x, string? name = null) => tf.Polyval(coefficients, x, name);

        /// <inheritdoc cref="tf.Pow(Operand, Operand, string)"/>
        public static Output Pow(Operand x, Operand y, string? name = null) => tf.Pow(x, y, name);

        /// <inheritdoc cref="tf.Real(Output, string)"/>
        public static Output Real(Output input, string? name = null) => tf.Real(input, name);

        /// <inheritdoc cref="tf.Reciprocal(Operand, string)"/>
        public static Output Reciprocal(Operand x, string? name = null) => tf.Reciprocal(x, name);

        /// <inheritdoc cref="tf.ReciprocalNoNan(Operand, string)"/>
        public static Output ReciprocalNoNan(Operand x, string? name = null) => tf.ReciprocalNoNan(x, name);

        /// <inheritdoc cref="tf.ReduceAll(Operand, Operand, bool, string)"/>
        public static Output ReduceAll(Operand input, Operand axis = default, bool keepDims = false, string? name = null) =>
            tf.ReduceAll(input, axis, keepDims, name);

        /// <inheritdoc cref="tf.ReduceAny(Operand, Operand, bool, string)"/>
        public static Output ReduceAny(Operand input, Operand axis = default, bool keepDims = false, string? name = null) =>
            tf.ReduceAny(input, axis, keepDims, name);

        /// <inheritdoc cref="tf.ReduceEuclideanNorm(Operand, Operand, bool, string)"/>
        public static Output ReduceEuclideanNorm(Operand input, Operand axis = default, bool keepDims = false, string? name = null) =>
            tf.ReduceEuclideanNorm(input, axis, keepDims, name);

        /// <inheritdoc cref="tf.ReduceLogsumexp(Operand, Operand, bool, string)"/>
        public static Output ReduceLogsumexp(Operand input, Operand axis = default, bool keepDims = false, string? name = null) =>
            tf.ReduceLogsumexp(input, axis, keepDims, name);

        /// <inheritdoc cref="tf.ReduceMax(Operand, Operand, bool, string)"/>
        public static Output ReduceMax(Operand input, Operand axis = default, bool keepDims = false, string? name = null) =>
            tf.ReduceMax(input, axis, keepDims, name);

        /// <inheritdoc cref="tf.ReduceMean(Operand, Operand, bool, string)"/>
        public static Output ReduceMean(Operand input, Operand axis = default, bool keepDims = false, string? name = null) =>
            tf.ReduceMean(input, axis, keepDims, name);

        /// <inheritdoc cref="tf.ReduceMin(Operand, Operand, bool, string)"/>
        public static Output ReduceMin(Operand input, Operand axis = default, bool keepDims = false, string? name = null) =>
            tf.ReduceMin(input, axis, keepDims, name);

        /// <inheritdoc cref="tf.ReduceProd(Operand, Operand, bool, string)"/>
        public static Output ReduceProd(Operand input, Operand axis = default, bool keepDims = false, string? name = null) =>
            tf.ReduceProd(input, axis, keepDims, name);

        /// <inheritdoc cref="tf.ReduceStd(Operand, Operand, bool, string)"/>
        public static Output ReduceStd(Operand input, Operand axis = default, bool keepDims = false, string? name = null) =>
            tf.ReduceStd(input, axis, keepDims, name);

        /// <inheritdoc cref="tf.ReduceSum(Operand, Operand, bool, string)"/>
        public static Output ReduceSum(Operand input, Operand axis = default, bool keepDims = false, string? name = null) =>
            tf.ReduceSum(input, axis, keepDims, name);

        /// <inheritdoc cref="tf.ReduceVariance(Operand, Operand, bool, string)"/>
        public static Output ReduceVariance(Operand input, Operand axis = default, bool keepDims = false, string? name = null) =>
            tf.ReduceVariance(input, axis, keepDims, name);

        /// <inheritdoc cref="tf.Rint(Operand, string)"/>
        public static Output Rint(Operand x, string? name = null) => tf.Rint(x, name);

        /// <inheritdoc cref="tf.Round(Operand, string)"/>
        public static Output Round(Operand x, string? name = null) => tf.Round(x, name);

        /// <inheritdoc cref="tf.Rsqrt(Operand, string)"/>
        public static Output Rsqrt(Operand x, string? name = null) => tf.Rsqrt(x, name);

        /// <inheritdoc cref="tf.ScalarMul(Operand, Operand, string)"/>
        public static Output ScalarMul(Operand scalar, Operand x, string? name = null) => tf.ScalarMul(scalar, x, name);

        /// <inheritdoc cref="tf.SegmentMax(Operand, Operand, string)"/>
        public static Output SegmentMax(Operand data, Operand segmentIds, string? name = null) => tf.SegmentMax(data, segmentIds, name);

        /// <inheritdoc cref="tf.SegmentMean(Operand, Operand, string)"/>
        public static Output SegmentMean(Operand data, Operand segmentIds, string? name = null) => tf.SegmentMean(data, segmentIds, name);

        /// <inheritdoc cref="tf.SegmentMin(Operand, Operand, string)"/>
        public static Output SegmentMin(Operand data, Operand segmentIds, string? name = null) => tf.SegmentMin(data, segmentIds, name);

        /// <inheritdoc cref="tf.SegmentProd(Operand, Operand, string)"/>
        public static Output SegmentProd(Operand data, Operand segmentIds, string? name = null) => tf.SegmentProd(data, segmentIds, name);

        /// <inheritdoc cref="tf.SegmentSum(Operand, Operand, string)"/>
        public static Output SegmentSum(Operand data, Operand segmentIds, string? name = null) => tf.SegmentSum(data, segmentIds, name);

        /// <inheritdoc cref="tf.Sigmoid(Operand, string)"/>
        public static Output Sigmoid(Operand x, string? name = null) => tf.Sigmoid(x, name);

        /// <inheritdoc cref="tf.Sign(Operand, string)"/>
        public static Output Sign(Operand x, string? name = null) => tf.Sign(x, name);

        /// <inheritdoc cref="tf.Sin(Operand, string)"/>
        public static Output Sin(Operand x, string? name = null) => tf.Sin(x, name);

        /// <inheritdoc cref="tf.Sinh(Operand, string)"/>
        public static Output Sinh(Operand x, string? name = null) => tf.Sinh(x, name);

        /// <inheritdoc cref="tf.Nn.Softmax(Operand, string)"/>
        public static Output Softmax(Operand logits, string? name) => tf.Nn.Softmax(logits, name);

        /// <inheritdoc cref="tf.Nn.Softmax(Operand, int, string)"/>
        public static Output Softmax(Operand logits, int axis = -1, string? name = null) => tf.Nn.Softmax(logits, axis, name);

        /// <inheritdoc cref="tf.Nn.Softplus(Operand, string)"/>
        public static Output Softplus(Operand features, string? name = null) => tf.Nn.Softplus(features, name);

        /// <inheritdoc cref="tf.Nn.Softsign(Operand, string)"/>
        public static Output Softsign(Operand features, string? name = null) => tf.Nn.Softsign(features, name);

        /// <inheritdoc cref="tf.Sqrt(Operand, string)"/>
        public static Output Sqrt(Operand x, string? name = null) => tf.Sqrt(x, name);

        /// <inheritdoc cref="tf.Square(Operand, string)"/>
        public static Output Square(Operand x, string? name = null) => tf.Square(x, name);

        /// <inheritdoc cref="tf.SquaredDifference(Operand, Operand, string)"/>
        public static Output SquaredDifference(Operand x, Operand y, string? name = null) => tf.SquaredDifference(x, y, name);

        /// <inheritdoc cref="tf.Subtract(Operand, Operand, string)"/>
        public static Output Subtract(Operand x, Operand y, string? name = null) => tf.Subtract(x, y, name);

        /// <inheritdoc cref="tf.Tan(Operand, string)"/>
        public static Output Tan(Operand x, string? name = null) => tf.Tan(x, name);

        /// <inheritdoc cref="tf.Tanh(Operand, string)"/>
        public static Output Tanh(Operand x, string? name = null) => tf.Tanh(x, name);

        /// <inheritdoc cref="tf.TopK(Operand, Operand, bool, string)"/>
        public static (Output Values, Output Indices) TopK(Operand input, Operand k = default, bool sorted = true, string? name = null) =>
            tf.TopK(input, k, sorted, name);

        /// <inheritdoc cref="tf.TrueDiv(Operand, Operand, string)"/>
        public static Output Truediv(Operand x, Operand y, string? name = null) => tf.TrueDiv(x, y, name);

        /// <inheritdoc cref="tf.UnsortedSegmentMax(Operand, Operand, Operand, string)"/>
        public static Output UnsortedSegmentMax(Operand data, Operand segmentIds, Operand segmentCount, string? name = null) =>
            tf.UnsortedSegmentMax(data, segmentIds, segmentCount, name);

        /// <inheritdoc cref="tf.UnsortedSegmentMean(Operand, Operand, Operand, string)"/>
        public static Output UnsortedSegmentMean(Operand data, Operand segmentIds, Operand segmentCount, string? name = null) =>
            tf.UnsortedSegmentMean(data, segmentIds, segmentCount, name);

        /// <inheritdoc cref="tf.UnsortedSegmentMin(Operand, Operand, Operand, string)"/>
        public static Output UnsortedSegmentMin(Operand data, Operand segmentIds, Operand segmentCount, string? name = null) =>
            tf.UnsortedSegmentMin(data, segmentIds, segmentCount, name);

        /// <inheritdoc cref="tf.UnsortedSegmentProd(Operand, Operand, Operand, string)"/>
        public static Output UnsortedSegmentProd(Operand data, Operand segmentIds, Operand segmentCount, string? name = null) =>
            tf.UnsortedSegmentProd(data, segmentIds, segmentCount, name);

        /// <inheritdoc cref="tf.UnsortedSegmentSqrtN(Operand, Operand, Operand, string)"/>
        public static Output UnsortedSegmentSqrtN(Operand data, Operand segmentIds, Operand segmentCount, string? name = null) =>
            tf.UnsortedSegmentSqrtN(data, segmentIds, segmentCount, name);

        /// <inheritdoc cref="tf.UnsortedSegmentSum(Operand, Operand, Operand, string)"/>
        public static Output UnsortedSegmentSum(Operand data, Operand segmentIds, Operand segmentCount, string? name = null) =>
            tf.UnsortedSegmentSum(data, segmentIds, segmentCount, name);

        /// <inheritdoc cref="tf.Xdivy(Operand, Operand, string)"/>
        public static Output Xdivy(Operand x, Operand y, string? name = null) => tf.Xdivy(x, y, name);

        /// <inheritdoc cref="tf.Xlogy(Operand, Operand, string)"/>
        public static Output Xlogy(Operand x, Operand y, string? name = null) => tf.Xlogy(x, y, name);

        /// <inheritdoc cref="tf.Nn.ZeroFraction(Operand, string)"/>
        public static Output ZeroFraction(Operand value, string? name = null) => tf.Nn.ZeroFraction(value, name);

        /// <inheritdoc cref="tf.Zeta(Operand, Operand, string)"/>
        public static Output Zeta(Operand x, Operand q, string? name = null) => tf.Zeta(x, q, name);
    }
}
