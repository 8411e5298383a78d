namespace NotebookPersist;

public static partial class tf
{
    /// <inheritdoc cref="GraphOps.Abs(Graph, Operand, string)"/>
    public static Output Abs(Operand x, string? name = null) => Graph.Abs(x, name);

    /// <inheritdoc cref="GraphOps.AccumulateN(Graph, ReadOnlySpan{Operand}, Shape, string)"/>
    public static Output AccumulateN(ReadOnlySpan<Operand> inputs, Shape? shape = null, string? name = null) => Graph.AccumulateN(inputs, shape, name);

    /// <inheritdoc cref="GraphOps.Acos(Graph, Operand, string)"/>
    public static Output Acos(Operand x, string? name = null) => Graph.Acos(x, name);

    /// <inheritdoc cref="GraphOps.Acosh(Graph, Operand, string)"/>
    public static Output Acosh(Operand x, string? name = null) => Graph.Acosh(x, name);

    /// <inheritdoc cref="GraphOps.Add(Graph, Operand, Operand, string)"/>
    public static Output Add(Operand x, Operand y, string? name = null) => Graph.Add(x, y, name);

    /// <inheritdoc cref="GraphOps.AddN(Graph, ReadOnlySpan{Operand}, string)"/>
    public static Output AddN(ReadOnlySpan<Operand> inputs, string? name = null) => Graph.AddN(inputs, name);

    /// <inheritdoc cref="GraphOps.Angle(Graph, Output, string)"/>
    public static Output Angle(Output input, string? name = null) => Graph.Angle(input, name);

    /// <inheritdoc cref="GraphOps.ApproximateEqual(Graph, Operand, Operand, float, string)"/>
    public static Output ApproximateEqual(Operand x, Operand y, float tolerance = 1E-05f, string? name = null) => Graph.ApproximateEqual(x, y, tolerance, name);

    /// <inheritdoc cref="GraphOps.ArgMax(Graph, Operand, Operand, DType, string)"/>
    public static Output ArgMax(Operand input, Operand axis = default, DType outputType = DType.Int64, string? name = null) =>
        Graph.ArgMax(input, axis, outputType, name);

    /// <inheritdoc cref="GraphOps.ArgMin(Graph, Operand, Operand, DType, string)"/>
    public static Output ArgMin(Operand input, Operand axis = default, DType outputType = DType.Int64, string? name = null) =>
        Graph.ArgMin(input, axis, outputType, name);

    /// <inheritdoc cref="GraphOps.Asin(Graph, Operand, string)"/>
    public static Output Asin(Operand x, string? name = null) => Graph.Asin(x, name);

    /// <inheritdoc cref="GraphOps.Asinh(Graph, Operand, string)"/>
    public static Output Asinh(Operand x, string? name = null) => Graph.Asinh(x, name);

    /// <inheritdoc cref="GraphOps.Assert(Graph, Operand, ReadOnlySpan{Operand}, int, string)"/>
    public static Operation Assert(Operand condition, ReadOnlySpan<Operand> data, int summarize = 3, string? name = null) =>
        Graph.Assert(condition, data, summarize, name);

    /// <inheritdoc cref="GraphOps.AssignAdd(Graph, Output, Operand, bool, string)"/>
    public static Output AssignAdd(Output reference, Operand value, bool useLocking = false, string? name = null) =>
        Graph.AssignAdd(reference, value, useLocking, name);

    /// <inheritdoc cref="GraphOps.AssignAddVariableOp(Graph, Output, Operand, string)"/>
    public static Operation AssignAddVariableOp(Output resource, Operand value, string? name = null) => Graph.AssignAddVariableOp(resource, value, name);

    /// <inheritdoc cref="GraphOps.AssignSub(Graph, Output, Operand, bool, string)"/>
    public static Output AssignSub(Output reference, Operand value, bool useLocking = false, string? name = null) =>
        Graph.AssignSub(reference, value, useLocking, name);

    /// <inheritdoc cref="GraphOps.AssignSubVariableOp(Graph, Output, Operand, string)"/>
    public static Operation AssignSubVariableOp(Output resource, Operand value, string? name = null) => Graph.AssignSubVariableOp(resource, value, name);

    /// <inheritdoc cref="GraphOps.AssignVariableOp(Graph, Output, Operand, string)"/>
    public static Operation AssignVariableOp(Output resource, Operand value, string? name = null) => Graph.AssignVariableOp(resource, value, name);

    /// <inheritdoc cref="GraphOps.Atan(Graph, Operand, string)"/>
    public static Output Atan(Operand x, string? name = null) => Graph.Atan(x, name);

    /// <inheritdoc cref="GraphOps.Atan2(Graph, Operand, Operand, string)"/>
    public static Output Atan2(Operand y, Operand x, string? name = null) => Graph.Atan2(y, x, name);

    /// <inheritdoc cref="GraphOps.Atanh(Graph, Operand, string)"/>
    public static Output Atanh(Operand x, string? name = null) => Graph.Atanh(x, name);

    /// <inheritdoc cref="GraphOps.BatchMatMul(Graph, Operand, Operand, bool, bool, string)"/>
    public static Output BatchMatMul(Operand x, Operand y, bool adjointX = false, bool adjointY = false, string? name = null) =>
        Graph.BatchMatMul(x, y, adjointX, adjointY, name);

    /// <inheritdoc cref="GraphOps.Betainc(Graph, Operand, Operand, Operand, string)"/>
    public static Output Betainc(Operand a, Operand b, Operand x, string? name = null) => Graph.Betainc(a, b, x, name);

    /// <inheritdoc cref="GraphOps.Bitcast(Graph, Operand, DType, string)"/>
    public static Output Bitcast(Operand input, DType type, string? name = null) => Graph.Bitcast(input, type, name);

    /// <inheritdoc cref="GraphOps.BitwiseAnd(Graph, Operand, Operand, string)"/>
    public static Output BitwiseAnd(Operand x, Operand y, string? name = null) => Graph.BitwiseAnd(x, y, name);

    /// <inheritdoc cref="GraphOps.BitwiseOr(Graph, Operand, Operand, string)"/>
    public static Output BitwiseOr(Operand x, Operand y, string? name = null) => Graph.BitwiseOr(x, y, name);

    /// <inheritdoc cref="GraphOps.BitwiseXor(Graph, Operand, Operand, string)"/>
    public static Output BitwiseXor(Operand x, Operand y, string? name = null) => Graph.BitwiseXor(x, y, name);

    /// <inheritdoc cref="GraphOps.BooleanMask(Graph, Operand, Operand, int, string)"/>
    public static Output BooleanMask(Operand tensor, Operand mask, int axis = 0, string? name = null) => Graph.BooleanMask(tensor, mask, axis, name);

    /// <inheritdoc cref="GraphOps.BroadcastDynamicShape(Graph, Operand, Operand, string)"/>
    public static Output BroadcastDynamicShape(Operand shapeX, Operand shapeY, string? name = null) => Graph.BroadcastDynamicShape(shapeX, shapeY, name);

    /// <inheritdoc cref="GraphOps.BroadcastTo(Graph, Operand, Operand, string)"/>
    public static Output BroadcastTo(Operand input, Operand shape, string? name = null) => Graph.BroadcastTo(input, shape, name);

    /// <inheritdoc cref="GraphOps.Cast(Graph, Operand, DType, string)"/>
    public static Output Cast(Operand x, DType dtype, string? name = null) => Graph.Cast(x, dtype, name);

    /// <inheritdoc cref="GraphOps.Ceil(Graph, Operand, string)"/>
    public static Output Ceil(Operand x, string? name = null) => Graph.Ceil(x, name);

    /// <inheritdoc cref="GraphOps.CheckNumerics(Graph, Operand, string, string)"/>
    public static Output CheckNumerics(Operand tensor, string message, string? name = null) => Graph.CheckNumerics(tensor, message, name);

    /// <inheritdoc cref="GraphOps.Cholesky(Graph, Operand, string)"/>
    public static Output Cholesky(Operand input, string? name = null) => Graph.Cholesky(input, name);

    /// <inheritdoc cref="GraphOps.ClipByGlobalNorm(Graph, IReadOnlyList{Output}, Operand, Output, string)"/>
    public static (Output?[] Values, Output Norm) ClipByGlobalNorm(IReadOnlyList<Output?> tList, Operand clipNorm, Output? useNorm = null, string? name = null) =>
        Graph.ClipByGlobalNorm(tList, clipNorm, useNorm, name);

    /// <inheritdoc cref="GraphOps.ClipByValue(Graph, Operand, Operand, Operand, string)"/>
    public static Output ClipByValue(Operand value, Operand minimum, Operand maximum, string? name = null) => Graph.ClipByValue(value, minimum, maximum, name);

    /// <inheritdoc cref="GraphOps.ClipByValue(Graph, Output, Operand, Operand, string)"/>
    public static Output ClipByValue(Output t, Operand clipValueMin, Operand clipValueMax, string? name = null) =>
        Graph.ClipByValue(t, clipValueMin, clipValueMax, name);

    /// <inheritdoc cref="GraphOps.Complex(Graph, Output, Output, string)"/>
    public static Output Complex(Output real, Output imag, string? name = null) => Graph.Complex(real, imag, name);

    /// <inheritdoc cref="GraphOps.ComplexAbs(Graph, Output, string)"/>
    public static Output ComplexAbs(Output x, string? name = null) => Graph.ComplexAbs(x, name);

    /// <inheritdoc cref="GraphOps.Concat(Graph, ReadOnlySpan{Operand}, Operand, string)"/>
    public static Output Concat(ReadOnlySpan<Operand> values, Operand axis, string? name = null) => Graph.Concat(values, axis, name);

    /// <inheritdoc cref="GraphOps.Conjugate(Graph, Output, string)"/>
    public static Output Conjugate(Output x, string? name = null) => Graph.Conjugate(x, name);

    /// <inheritdoc cref="GraphOps.Convert(Graph, Operand, DType, string)"/>
    public static Output ConvertToTensor(Operand value, DType dtype = DType.Invalid, string? name = null) => Graph.Convert(value, dtype, name);

    /// <inheritdoc cref="GraphOps.Cos(Graph, Operand, string)"/>
    public static Output Cos(Operand x, string? name = null) => Graph.Cos(x, name);

    /// <inheritdoc cref="GraphOps.Cosh(Graph, Operand, string)"/>
    public static Output Cosh(Operand x, string? name = null) => Graph.Cosh(x, name);

    /// <inheritdoc cref="GraphOps.Cross(Graph, Operand, Operand, string)"/>
    public static Output Cross(Operand a, Operand b, string? name = null) => Graph.Cross(a, b, name);

    /// <inheritdoc cref="GraphOps.Cumprod(Graph, Operand, Operand, bool, bool, string)"/>
    public static Output Cumprod(Operand x, Operand axis = default, bool exclusive = false, bool reverse = false, string? name = null) =>
        Graph.Cumprod(x, axis.IsMissing ? 0 : axis, exclusive, reverse, name);

    /// <inheritdoc cref="GraphOps.Cumsum(Graph, Operand, Operand, bool, bool, string)"/>
    public static Output Cumsum(Operand x, Operand axis = default, bool exclusive = false, bool reverse = false, string? name = null) =>
        Graph.Cumsum(x, axis.IsMissing ? 0 : axis, exclusive, reverse, name);

    /// <inheritdoc cref="GraphOps.Diag(Graph, Operand, string)"/>
    public static Output Diag(Operand diagonal, string? name = null) => Graph.Diag(diagonal, name);

    /// <inheritdoc cref="GraphOps.DiagPart(Graph, Operand, string)"/>
    public static Output DiagPart(Operand input, string? name = null) => Graph.DiagPart(input, name);

    /// <inheritdoc cref="GraphOps.Digamma(Graph, Operand, string)"/>
    public static Output Digamma(Operand x, string? name = null) => Graph.Digamma(x, name);

    /// <inheritdoc cref="GraphOps.Div(Graph, Operand, Operand, string)"/>
    public static Output Div(Operand x, Operand y, string? name = null) => Graph.Div(x, y, name);

    /// <inheritdoc cref="GraphOps.Divide(Graph, Operand, Operand, string)"/>
    public static Output Divide(Operand x, Operand y, string? name = null) => Graph.Divide(x, y, name);

    /// <inheritdoc cref="GraphOps.DivideNoNan(Graph, Operand, Operand, string)"/>
    public static Output DivideNoNan(Operand x, Operand y, string? name = null) => Graph.DivideNoNan(x, y, name);

    /// <inheritdoc cref="GraphOps.DynamicPartition(Graph, Operand, Operand, int, string)"/>
    public static IReadOnlyList<Output> DynamicPartition(Operand data, Operand partitions, int numPartitions, string? name = null) =>
        Graph.DynamicPartition(data, partitions, numPartitions, name);

    /// <inheritdoc cref="GraphOps.DynamicStitch(Graph, ReadOnlySpan{Operand}, ReadOnlySpan{Operand}, string)"/>
    public static Output DynamicStitch(ReadOnlySpan<Operand> indices, ReadOnlySpan<Operand> data, string? name = null) =>
        Graph.DynamicStitch(indices, data, name);

    /// <inheritdoc cref="GraphOps.EnsureShape(Graph, Operand, Shape, string)"/>
    public static Output EnsureShape(Operand x, Shape shape, string? name = null) => Graph.EnsureShape(x, shape, name);

    /// <inheritdoc cref="GraphOps.Equal(Graph, Operand, Operand, string)"/>
    public static Output Equal(Operand x, Operand y, string? name = null) => Graph.Equal(x, y, name);

    /// <inheritdoc cref="GraphOps.Erf(Graph, Operand, string)"/>
    public static Output Erf(Operand x, string? name = null) => Graph.Erf(x, name);

    /// <inheritdoc cref="GraphOps.Erfc(Graph, Operand, string)"/>
    public static Output Erfc(Operand x, string? name = null) => Graph.Erfc(x, name);

    /// <inheritdoc cref="GraphOps.Exp(Graph, Operand, string)"/>
    public static Output Exp(Operand x, string? name = null) => Graph.Exp(x, name);

    /// <inheritdoc cref="GraphOps.ExpandDims(Graph, Operand, Operand, string)"/>
    public static Output ExpandDims(Operand input, Operand axis, string? name = null) => Graph.ExpandDims(input, axis, name);

    /// <inheritdoc cref="GraphOps.Expm1(Graph, Operand, string)"/>
    public static Output Expm1(Operand x, string? name = null) => Graph.Expm1(x, name);

    /// <inheritdoc cref="GraphOps.ExponentialDecay(Graph, Operand, Operand, Operand, Operand, bool, string)"/>
    public static Output ExponentialDecay(Operand learningRate, Operand globalStep, Operand decaySteps, Operand decayRate, bool staircase = false, string? name = null) =>
        Graph.ExponentialDecay(learningRate, globalStep, decaySteps, decayRate, staircase, name);

    /// <inheritdoc cref="GraphOps.Eye(Graph, int, int?, long[], DType, string)"/>
    public static Output Eye(int numRows, int? numColumns = null, long[]? batchShape = null, DType dtype = DType.Float32, string? name = null) =>
        Graph.Eye(numRows, numColumns, batchShape, dtype, name);

    /// <inheritdoc cref="GraphOps.FakeQuantWithMinMaxArgs(Graph, Operand, float, float, int, bool, string)"/>
    public static Output FakeQuantWithMinMaxArgs(Operand inputs, float min = -6f, float max = 6f, int numBits = 8, bool narrowRange = false, string? name = null) =>
        Graph.FakeQuantWithMinMaxArgs(inputs, min, max, numBits, narrowRange, name);

    /// <inheritdoc cref="GraphOps.FakeQuantWithMinMaxVars(Graph, Operand, Operand, Operand, int, bool, string)"/>
    public static Output FakeQuantWithMinMaxVars(Operand inputs, Operand min, Operand max, int numBits = 8, bool narrowRange = false, string? name = null) =>
        Graph.FakeQuantWithMinMaxVars(inputs, min, max, numBits, narrowRange, name);

    /// <inheritdoc cref="GraphOps.Fill(Graph, Operand, Operand, string)"/>
    public static Output Fill(Operand dims, Operand value, string? name = null) => Graph.Fill(dims, value, name);

    /// <inheritdoc cref="GraphOps.Floor(Graph, Operand, string)"/>
    public static Output Floor(Operand x, string? name = null) => Graph.Floor(x, name);

    /// <inheritdoc cref="GraphOps.FloorDivide(Graph, Operand, Operand, string)"/>
    public static Output FloorDivide(Operand x, Operand y, string? name = null) => Graph.FloorDivide(x, y, name);

    /// <inheritdoc cref="GraphOps.FloorMod(Graph, Operand, Operand, string)"/>
    public static Output FloorMod(Operand x, Operand y, string? name = null) => Graph.FloorMod(x, y, name);

    /// <inheritdoc cref="GraphOps.Gather(Graph, Operand, Operand, Operand, int, string)"/>
    public static Output Gather(Operand parameters, Operand indices, Operand axis = default, int batchDims = 0, string? name = null) =>
        Graph.Gather(parameters, indices, axis, batchDims, name);

    /// <inheritdoc cref="GraphOps.GatherNd(Graph, Operand, Operand, string)"/>
    public static Output GatherNd(Operand parameters, Operand indices, string? name = null) => Graph.GatherNd(parameters, indices, name);

    /// <inheritdoc cref="GraphOps.GlobalNorm(Graph, IReadOnlyList{Output}, string)"/>
    public static Output GlobalNorm(IReadOnlyList<Output?> tList, string? name = null) => Graph.GlobalNorm(tList, name);

    /// <inheritdoc cref="GraphOps.Gradients(Graph, Output, ReadOnlySpan{Output})"/>
    public static Output?[] Gradients(Output y, params ReadOnlySpan<Output> xs) => Graph.Gradients(y, xs);

    /// <inheritdoc cref="GraphOps.Gradients(Graph, Output, ReadOnlySpan{Variable})"/>
    public static Output?[] Gradients(Output y, params ReadOnlySpan<Variable> xs) => Graph.Gradients(y, xs);

    /// <inheritdoc cref="GraphOps.Gradients(Graph, IReadOnlyList{Output}, IReadOnlyList{Output}, IReadOnlyList{Output}, IReadOnlyList{Output}, bool, string, AggregationMethod)"/>
    public static Output?[] Gradients(IReadOnlyList<Output> ys, IReadOnlyList<Output> xs, IReadOnlyList<Output?>? gradYs = null, IReadOnlyList<Output>? stopGradients = null, bool gateGradients = false, string? name = null, AggregationMethod aggregationMethod = AggregationMethod.Default) =>
        Graph.Gradients(ys, xs, gradYs, stopGradients, gateGradients, name, aggregationMethod);

    /// <inheritdoc cref="GraphOps.Greater(Graph, Operand, Operand, string)"/>
    public static Output Greater(Operand x, Operand y, string? name = null) => Graph.Greater(x, y, name);

    /// <inheritdoc cref="GraphOps.GreaterEqual(Graph, Operand, Operand, string)"/>
    public static Output GreaterEqual(Operand x, Operand y, string? name = null) => Graph.GreaterEqual(x, y, name);

    /// <inheritdoc cref="GraphOps.Identity(Graph, Operand, string)"/>
    public static Output Identity(Operand input, string? name = null) => Graph.Identity(input, name);

    /// <inheritdoc cref="GraphOps.IdentityN(Graph, ReadOnlySpan{Operand}, string)"/>
    public static IReadOnlyList<Output> IdentityN(ReadOnlySpan<Operand> inputs, string? name = null) => Graph.IdentityN(inputs, name);

    /// <inheritdoc cref="GraphOps.Igamma(Graph, Operand, Operand, string)"/>
    public static Output Igamma(Operand a, Operand x, string? name = null) => Graph.Igamma(a, x, name);

    /// <inheritdoc cref="GraphOps.Igammac(Graph, Operand, Operand, string)"/>
    public static Output Igammac(Operand a, Operand x, string? name = null) => Graph.Igammac(a, x, name);

    /// <inheritdoc cref="GraphOps.Imaginary(Graph, Output, string)"/>
    public static Output Imaginary(Output input, string? name = null) => Graph.Imaginary(input, name);

    /// <inheritdoc cref="GraphOps.InTopK(Graph, Operand, Operand, Operand, string)"/>
    public static Output InTopK(Operand predictions, Operand targets, Operand k, string? name = null) => Graph.InTopK(predictions, targets, k, name);

    /// <inheritdoc cref="GraphOps.InvertPermutation(Graph, Operand, string)"/>
    public static Output InvertPermutation(Operand x, string? name = null) => Graph.InvertPermutation(x, name);

    /// <inheritdoc cref="GraphOps.IsFinite(Graph, Operand, string)"/>
    public static Output IsFinite(Operand x, string? name = null) => Graph.IsFinite(x, name);

    /// <inheritdoc cref="GraphOps.IsInf(Graph, Operand, string)"/>
    public static Output IsInf(Operand x, string? name = null) => Graph.IsInf(x, name);

    /// <inheritdoc cref="GraphOps.IsNan(Graph, Operand, string)"/>
    public static Output IsNan(Operand x, string? name = null) => Graph.IsNan(x, name);

    /// <inheritdoc cref="GraphOps.IsVariableInitialized(Graph, Output, string)"/>
    public static Output IsVariableInitialized(Output reference, string? name = null) => Graph.IsVariableInitialized(reference, name);

    /// <inheritdoc cref="GraphOps.L2Loss(Graph, Operand, string)"/>
    public static Output L2Loss(Operand t, string? name = null) => Graph.L2Loss(t, name);

    /// <inheritdoc cref="GraphOps.LeftShift(Graph, Operand, Operand, string)"/>
    public static Output LeftShift(Operand x, Operand y, string? name = null) => Graph.LeftShift(x, y, name);

    /// <inheritdoc cref="GraphOps.Less(Graph, Operand, Operand, string)"/>
    public static Output Less(Operand x, Operand y, string? name = null) => Graph.Less(x, y, name);

    /// <inheritdoc cref="GraphOps.LessEqual(Graph, Operand, Operand, string)"/>
    public static Output LessEqual(Operand x, Operand y, string? name = null) => Graph.LessEqual(x, y, name);

    /// <inheritdoc cref="GraphOps.Lgamma(Graph, Operand, string)"/>
    public static Output Lgamma(Operand x, string? name = null) => Graph.Lgamma(x, name);

    /// <inheritdoc cref="GraphOps.LinSpace(Graph, Operand, Operand, Operand, string)"/>
    public static Output LinSpace(Operand start, Operand stop, Operand num, string? name = null) => Graph.LinSpace(start, stop, num, name);

    /// <inheritdoc cref="GraphOps.Log(Graph, Operand, string)"/>
    public static Output Log(Operand x, string? name = null) => Graph.Log(x, name);

    /// <inheritdoc cref="GraphOps.Log1p(Graph, Operand, string)"/>
    public static Output Log1p(Operand x, string? name = null) => Graph.Log1p(x, name);

    /// <inheritdoc cref="GraphOps.LogMatrixDeterminant(Graph, Operand, string)"/>
    public static (Output Sign, Output LogAbsoluteDeterminant) LogMatrixDeterminant(Operand input, string? name = null) =>
        Graph.LogMatrixDeterminant(input, name);

    /// <inheritdoc cref="GraphOps.LogicalAnd(Graph, Operand, Operand, string)"/>
    public static Output LogicalAnd(Operand x, Operand y, string? name = null) => Graph.LogicalAnd(x, y, name);

    /// <inheritdoc cref="GraphOps.LogicalNot(Graph, Operand, string)"/>
    public static Output LogicalNot(Operand x, string? name = null) => Graph.LogicalNot(x, name);

    /// <inheritdoc cref="GraphOps.LogicalOr(Graph, Operand, Operand, string)"/>
    public static Output LogicalOr(Operand x, Operand y, string? name = null) => Graph.LogicalOr(x, y, name);

    /// <inheritdoc cref="GraphOps.LogicalXor(Graph, Output, Output, string)"/>
    public static Output LogicalXor(Output x, Output y, string name = "LogicalXor") => Graph.LogicalXor(x, y, name);

    /// <inheritdoc cref="GraphOps.MatMul(Graph, Operand, Operand, bool, bool, string)"/>
    public static Output MatMul(Operand a, Operand b, bool transposeA = false, bool transposeB = false, string? name = null) =>
        Graph.MatMul(a, b, transposeA, transposeB, name);

    /// <inheritdoc cref="GraphOps.MatrixBandPart(Graph, Operand, Operand, Operand, string)"/>
    public static Output MatrixBandPart(Operand input, Operand numLower, Operand numUpper, string? name = null) => Graph.MatrixBandPart(input, numLower, numUpper, name);

    /// <inheritdoc cref="GraphOps.MatrixDeterminant(Graph, Operand, string)"/>
    public static Output MatrixDeterminant(Operand input, string? name = null) => Graph.MatrixDeterminant(input, name);

    /// <inheritdoc cref="GraphOps.MatrixDiag(Graph, Operand, string)"/>
    public static Output MatrixDiag(Operand diagonal, string? name = null) => Graph.MatrixDiag(diagonal, name);

    /// <inheritdoc cref="GraphOps.MatrixDiagPart(Graph, Operand, string)"/>
    public static Output MatrixDiagPart(Operand input, string? name = null) => Graph.MatrixDiagPart(input, name);

    /// <inheritdoc cref="GraphOps.MatrixInverse(Graph, Operand, bool, string)"/>
    public static Output MatrixInverse(Operand input, bool adjoint = false, string? name = null) => Graph.MatrixInverse(input, adjoint, name);

    /// <inheritdoc cref="GraphOps.MatrixSetDiag(Graph, Operand, Operand, string)"/>
    public static Output MatrixSetDiag(Operand input, Operand diagonal, string? name = null) => Graph.MatrixSetDiag(input, diagonal, name);

    /// <inheritdoc cref="GraphOps.Maximum(Graph, Operand, Operand, string)"/>
    public static Output Maximum(Operand x, Operand y, string? name = null) => Graph.Maximum(x, y, name);

    /// <inheritdoc cref="GraphOps.Meshgrid(Graph, ReadOnlySpan{Operand}, string, string)"/>
    public static IReadOnlyList<Output> Meshgrid(ReadOnlySpan<Operand> vectors, string indexing = "xy", string? name = null) =>
        Graph.Meshgrid(vectors, indexing, name);

    /// <inheritdoc cref="GraphOps.Minimum(Graph, Operand, Operand, string)"/>
    public static Output Minimum(Operand x, Operand y, string? name = null) => Graph.Minimum(x, y, name);

    /// <inheritdoc cref="GraphOps.Mod(Graph, Operand, Operand, string)"/>
    public static Output Mod(Operand x, Operand y, string? name = null) => Graph.Mod(x, y, name);

    /// <inheritdoc cref="GraphOps.Multinomial(Graph, Operand, Operand, int?, DType, string)"/>
    public static Output Multinomial(Operand logits, Operand numSamples, int? seed = null, DType outputDtype = DType.Int64, string? name = null) =>
        Graph.Multinomial(logits, numSamples, seed, outputDtype, name);

    /// <inheritdoc cref="GraphOps.Multiply(Graph, Operand, Operand, string)"/>
    public static Output Multiply(Operand x, Operand y, string? name = null) => Graph.Multiply(x, y, name);

    /// <inheritdoc cref="GraphOps.MultiplyNoNan(Graph, Operand, Operand, string)"/>
    public static Output MultiplyNoNan(Operand x, Operand y, string? name = null) => Graph.MultiplyNoNan(x, y, name);

    /// <inheritdoc cref="GraphOps.Negative(Graph, Operand, string)"/>
    public static Output Negative(Operand x, string? name = null) => Graph.Negative(x, name);

    /// <inheritdoc cref="GraphOps.NotEqual(Graph, Operand, Operand, string)"/>
    public static Output NotEqual(Operand x, Operand y, string? name = null) => Graph.NotEqual(x, y, name);

    /// <inheritdoc cref="GraphOps.OneHot(Graph, Operand, Operand, Operand, Operand, int, DType, string)"/>
    public static Output OneHot(Operand indices, Operand depth, Operand onValue = default, Operand offValue = default, int axis = -1, DType dtype = DType.Invalid, string? name = null) =>
        Graph.OneHot(indices, depth, onValue, offValue, axis, dtype, name);

    /// <inheritdoc cref="GraphOps.Ones(Graph, Shape, DType, string)"/>
    public static Output Ones(Shape shape, DType dtype = DType.Float32, string? name = null) => Graph.Ones(shape, dtype, name);

    /// <inheritdoc cref="GraphOps.Ones(Graph, Output, DType, string)"/>
    public static Output Ones(Output shape, DType dtype = DType.Float32, string? name = null) => Graph.Ones(shape, dtype, name);

    /// <inheritdoc cref="GraphOps.OnesLike(Graph, Operand, DType, string)"/>
    public static Output OnesLike(Operand tensor, DType dtype = DType.Invalid, string? name = null) => Graph.OnesLike(tensor, dtype, name);

    /// <inheritdoc cref="GraphOps.Pad(Graph, Operand, Operand, string, Operand, string)"/>
    public static Output Pad(Operand tensor, Operand paddings, string mode = "CONSTANT", Operand constantValues = default, string? name = null) =>
        Graph.Pad(tensor, paddings, mode, constantValues, name);

    /// <inheritdoc cref="GraphOps.PlaceholderWithDefault(Graph, Operand, Shape, string)"/>
    public static Output PlaceholderWithDefault(Operand input, Shape shape, string? name = null) => Graph.PlaceholderWithDefault(input, shape, name);

    /// <inheritdoc cref="GraphOps.Polygamma(Graph, Operand, Operand, string)"/>
    public static Output Polygamma(Operand a, Operand x, string? name = null) => Graph.Polygamma(a, x, name);

    /// <inheritdoc cref="GraphOps.Power(Graph, Operand, Operand, string)"/>
    public static Output Power(Operand x, Operand y, string? name = null) => Graph.Power(x, y, name);

    /// <inheritdoc cref="GraphOps.Power(Graph, Operand, Operand, string)"/>
    public static Output Pow(Operand x, Operand y, string? name = null) => Graph.Power(x, y, name);

    /// <inheritdoc cref="GraphOps.Print(Graph, Operand, ReadOnlySpan{Operand}, string, int, int, string)"/>
    public static Output Print(Operand input, ReadOnlySpan<Operand> data, string message = "", int firstN = -1, int summarize = 3, string? name = null) =>
        Graph.Print(input, data, message, firstN, summarize, name);

    /// <inheritdoc cref="GraphOps.PrintV2(Graph, Operand, string, string, string)"/>
    public static Operation PrintV2(Operand input, string outputStream = "stderr", string end = "\n", string? name = null) =>
        Graph.PrintV2(input, outputStream, end, name);

    /// <inheritdoc cref="GraphOps.RandomNormal(Graph, Shape, Operand?, Operand?, DType, int?, string)"/>
    public static Output RandomNormal(Shape shape, Operand? mean = null, Operand? stddev = null, DType dtype = DType.Float32, int? seed = null, string? name = null) =>
        Graph.RandomNormal(shape, mean, stddev, dtype, seed, name);

    /// <inheritdoc cref="GraphOps.RandomNormal(Graph, Output, Operand?, Operand?, DType, int?, string)"/>
    public static Output RandomNormal(Output shape, Operand? mean = null, Operand? stddev = null, DType dtype = DType.Float32, int? seed = null, string? name = null) =>
        Graph.RandomNormal(shape, mean, stddev, dtype, seed, name);

    /// <inheritdoc cref="GraphOps.RandomPoisson(Graph, Operand, Operand, DType, int?, string)"/>
    public static Output RandomPoisson(Operand lam, Operand shape, DType dtype = DType.Float32, int? seed = null, string? name = null) =>
        Graph.RandomPoisson(lam, shape, dtype, seed, name);

    /// <inheritdoc cref="GraphOps.RandomShuffle(Graph, Operand, int?, string)"/>
    public static Output RandomShuffle(Operand value, int? seed = null, string? name = null) => Graph.RandomShuffle(value, seed, name);

    /// <inheritdoc cref="GraphOps.RandomUniform(Graph, Shape, Operand?, Operand?, DType, int?, string)"/>
    public static Output RandomUniform(Shape shape, Operand? minval = null, Operand? maxval = null, DType dtype = DType.Float32, int? seed = null, string? name = null) =>
        Graph.RandomUniform(shape, minval, maxval, dtype, seed, name);

    /// <inheritdoc cref="GraphOps.RandomUniform(Graph, Output, Operand?, Operand?, DType, int?, string)"/>
    public static Output RandomUniform(Output shape, Operand? minval = null, Operand? maxval = null, DType dtype = DType.Float32, int? seed = null, string? name = null) =>
        Graph.RandomUniform(shape, minval, maxval, dtype, seed, name);

    /// <inheritdoc cref="GraphOps.Range(Graph, Operand, string)"/>
    public static Output Range(Operand limit, string? name = null) => Graph.Range(limit, name);

    /// <inheritdoc cref="GraphOps.Range(Graph, Operand, Operand, Operand, string)"/>
    public static Output Range(Operand start, Operand limit, Operand delta = default, string? name = null) => Graph.Range(start, limit, delta, name);

    /// <inheritdoc cref="GraphOps.Rank(Graph, Operand, string)"/>
    public static Output Rank(Operand input, string? name = null) => Graph.Rank(input, name);

    /// <inheritdoc cref="GraphOps.ReadVariableOp(Graph, Output, DType, string)"/>
    public static Output ReadVariableOp(Output resource, DType dtype, string? name = null) => Graph.ReadVariableOp(resource, dtype, name);

    /// <inheritdoc cref="GraphOps.Real(Graph, Output, string)"/>
    public static Output Real(Output input, string? name = null) => Graph.Real(input, name);

    /// <inheritdoc cref="GraphOps.RealDivide(Graph, Operand, Operand, string)"/>
    public static Output RealDivide(Operand x, Operand y, string? name = null) => Graph.RealDivide(x, y, name);

    /// <inheritdoc cref="GraphOps.Reciprocal(Graph, Operand, string)"/>
    public static Output Reciprocal(Operand x, string? name = null) => Graph.Reciprocal(x, name);

    /// <inheritdoc cref="GraphOps.ReduceAll(Graph, Operand, Operand, bool, string)"/>
    public static Output ReduceAll(Operand inputTensor, Operand axis = default, bool keepDims = false, string? name = null) =>
        Graph.ReduceAll(inputTensor, axis, keepDims, name);

    /// <inheritdoc cref="GraphOps.ReduceAny(Graph, Operand, Operand, bool, string)"/>
    public static Output ReduceAny(Operand inputTensor, Operand axis = default, bool keepDims = false, string? name = null) =>
        Graph.ReduceAny(inputTensor, axis, keepDims, name);

    /// <inheritdoc cref="GraphOps.ReduceEuclideanNorm(Graph, Operand, Operand, bool, string)"/>
    public static Output ReduceEuclideanNorm(Operand inputTensor, Operand axis = default, bool keepDims = false, string? name = null) =>
        Graph.ReduceEuclideanNorm(inputTensor, axis, keepDims, name);

    /// <inheritdoc cref="GraphOps.ReduceMax(Graph, Operand, Operand, bool, string)"/>
    public static Output ReduceMax(Operand inputTensor, Operand axis = default, bool keepDims = false, string? name = null) =>
        Graph.ReduceMax(inputTensor, axis, keepDims, name);

    /// <inheritdoc cref="GraphOps.ReduceMean(Graph, Operand, Operand, bool, string)"/>
    public static Output ReduceMean(Operand inputTensor, Operand axis = default, bool keepDims = false, string? name = null) =>
        Graph.ReduceMean(inputTensor, axis, keepDims, name);

    /// <inheritdoc cref="GraphOps.ReduceMin(Graph, Operand, Operand, bool, string)"/>
    public static Output ReduceMin(Operand inputTensor, Operand axis = default, bool keepDims = false, string? name = null) =>
        Graph.ReduceMin(inputTensor, axis, keepDims, name);

    /// <inheritdoc cref="GraphOps.ReduceProd(Graph, Operand, Operand, bool, string)"/>
    public static Output ReduceProd(Operand inputTensor, Operand axis = default, bool keepDims = false, string? name = null) =>
        Graph.ReduceProd(inputTensor, axis, keepDims, name);

    /// <inheritdoc cref="GraphOps.ReduceSum(Graph, Operand, Operand, bool, string)"/>
    public static Output ReduceSum(Operand inputTensor, Operand axis = default, bool keepDims = false, string? name = null) =>
        Graph.ReduceSum(inputTensor, axis, keepDims, name);

    /// <inheritdoc cref="GraphOps.Reshape(Graph, Operand, Operand, string)"/>
    public static Output Reshape(Operand tensor, Operand shape, string? name = null) => Graph.Reshape(tensor, shape, name);

    /// <inheritdoc cref="GraphOps.Reverse(Graph, Operand, Operand, string)"/>
    public static Output Reverse(Operand tensor, Operand axis, string? name = null) => Graph.Reverse(tensor, axis, name);

    /// <inheritdoc cref="GraphOps.ReverseSequence(Graph, Operand, Operand, int, int, string)"/>
    public static Output ReverseSequence(Operand input, Operand seqLengths, int seqAxis, int batchAxis = 0, string? name = null) =>
        Graph.ReverseSequence(input, seqLengths, seqAxis, batchAxis, name);

    /// <inheritdoc cref="GraphOps.RightShift(Graph, Operand, Operand, string)"/>
    public static Output RightShift(Operand x, Operand y, string? name = null) => Graph.RightShift(x, y, name);

    /// <inheritdoc cref="GraphOps.Rint(Graph, Operand, string)"/>
    public static Output Rint(Operand x, string? name = null) => Graph.Rint(x, name);

    /// <inheritdoc cref="GraphOps.Roll(Graph, Operand, Operand, Operand, string)"/>
    public static Output Roll(Operand input, Operand shift, Operand axis, string? name = null) => Graph.Roll(input, shift, axis, name);

    /// <inheritdoc cref="GraphOps.Round(Graph, Operand, string)"/>
    public static Output Round(Operand x, string? name = null) => Graph.Round(x, name);

    /// <inheritdoc cref="GraphOps.Rsqrt(Graph, Operand, string)"/>
    public static Output Rsqrt(Operand x, string? name = null) => Graph.Rsqrt(x, name);

    /// <inheritdoc cref="GraphOps.ScatterAdd(Graph, Output, Operand, Operand, bool, string)"/>
    public static Output ScatterAdd(Output reference, Operand indices, Operand updates, bool useLocking = false, string? name = null) =>
        Graph.ScatterAdd(reference, indices, updates, useLocking, name);

    /// <inheritdoc cref="GraphOps.ScatterDiv(Graph, Output, Operand, Operand, bool, string)"/>
    public static Output ScatterDiv(Output reference, Operand indices, Operand updates, bool useLocking = false, string? name = null) =>
        Graph.ScatterDiv(reference, indices, updates, useLocking, name);

    /// <inheritdoc cref="GraphOps.ScatterMul(Graph, Output, Operand, Operand, bool, string)"/>
    public static Output ScatterMul(Output reference, Operand indices, Operand updates, bool useLocking = false, string? name = null) =>
        Graph.ScatterMul(reference, indices, updates, useLocking, name);

    /// <inheritdoc cref="GraphOps.ScatterNd(Graph, Operand, Operand, Operand, string)"/>
    public static Output ScatterNd(Operand indices, Operand updates, Operand shape, string? name = null) => Graph.ScatterNd(indices, updates, shape, name);

    /// <inheritdoc cref="GraphOps.ScatterNdAdd(Graph, Output, Operand, Operand, bool, string)"/>
    public static Output ScatterNdAdd(Output reference, Operand indices, Operand updates, bool useLocking = false, string? name = null) =>
        Graph.ScatterNdAdd(reference, indices, updates, useLocking, name);

    /// <inheritdoc cref="GraphOps.ScatterNdSub(Graph, Output, Operand, Operand, bool, string)"/>
    public static Output ScatterNdSub(Output reference, Operand indices, Operand updates, bool useLocking = false, string? name = null) =>
        Graph.ScatterNdSub(reference, indices, updates, useLocking, name);

    /// <inheritdoc cref="GraphOps.ScatterNdUpdate(Graph, Output, Operand, Operand, bool, string)"/>
    public static Output ScatterNdUpdate(Output reference, Operand indices, Operand updates, bool useLocking = true, string? name = null) =>
        Graph.ScatterNdUpdate(reference, indices, updates, useLocking, name);

    /// <inheritdoc cref="GraphOps.ScatterSub(Graph, Output, Operand, Operand, bool, string)"/>
    public static Output ScatterSub(Output reference, Operand indices, Operand updates, bool useLocking = false, string? name = null) =>
        Graph.ScatterSub(reference, indices, updates, useLocking, name);

    /// <inheritdoc cref="GraphOps.ScatterUpdate(Graph, Output, Operand, Operand, bool, string)"/>
    public static Output ScatterUpdate(Output reference, Operand indices, Operand updates, bool useLocking = true, string? name = null) =>
        Graph.ScatterUpdate(reference, indices, updates, useLocking, name);

    /// <inheritdoc cref="GraphOps.SegmentMax(Graph, Operand, Operand, string)"/>
    public static Output SegmentMax(Operand data, Operand segmentIds, string? name = null) => Graph.SegmentMax(data, segmentIds, name);

    /// <inheritdoc cref="GraphOps.SegmentMean(Graph, Operand, Operand, string)"/>
    public static Output SegmentMean(Operand data, Operand segmentIds, string? name = null) => Graph.SegmentMean(data, segmentIds, name);

    /// <inheritdoc cref="GraphOps.SegmentMin(Graph, Operand, Operand, string)"/>
    public static Output SegmentMin(Operand data, Operand segmentIds, string? name = null) => Graph.SegmentMin(data, segmentIds, name);

    /// <inheritdoc cref="GraphOps.SegmentProd(Graph, Operand, Operand, string)"/>
    public static Output SegmentProd(Operand data, Operand segmentIds, string? name = null) => Graph.SegmentProd(data, segmentIds, name);

    /// <inheritdoc cref="GraphOps.SegmentSum(Graph, Operand, Operand, string)"/>
    public static Output SegmentSum(Operand data, Operand segmentIds, string? name = null) => Graph.SegmentSum(data, segmentIds, name);

    /// <inheritdoc cref="GraphOps.SequenceMask(Graph, Operand, Operand, DType, string)"/>
    public static Output SequenceMask(Operand lengths, Operand maxlen = default, DType dtype = DType.Bool, string? name = null) =>
        Graph.SequenceMask(lengths, maxlen, dtype, name);

    /// <inheritdoc cref="GraphOps.SetDifference(Graph, Operand, Operand, DType, string)"/>
    public static (Output Values, Output Indices) SetDifference(Operand x, Operand y, DType indexType = DType.Int32, string? name = null) =>
        Graph.SetDifference(x, y, indexType, name);

    /// <inheritdoc cref="GraphOps.Shape(Graph, Operand, DType, string)"/>
    public static Output Shape(Operand input, DType outType = DType.Int32, string? name = null) => Graph.Shape(input, outType, name);

    /// <inheritdoc cref="GraphOps.ShapeN(Graph, ReadOnlySpan{Operand}, DType, string)"/>
    public static IReadOnlyList<Output> ShapeN(ReadOnlySpan<Operand> inputs, DType outType = DType.Int32, string? name = null) =>
        Graph.ShapeN(inputs, outType, name);

    /// <inheritdoc cref="GraphOps.Sigmoid(Graph, Operand, string)"/>
    public static Output Sigmoid(Operand x, string? name = null) => Graph.Sigmoid(x, name);

    /// <inheritdoc cref="GraphOps.Sign(Graph, Operand, string)"/>
    public static Output Sign(Operand x, string? name = null) => Graph.Sign(x, name);

    /// <inheritdoc cref="GraphOps.Sin(Graph, Operand, string)"/>
    public static Output Sin(Operand x, string? name = null) => Graph.Sin(x, name);

    /// <inheritdoc cref="GraphOps.Sinh(Graph, Operand, string)"/>
    public static Output Sinh(Operand x, string? name = null) => Graph.Sinh(x, name);

    /// <inheritdoc cref="GraphOps.Size(Graph, Operand, DType, string)"/>
    public static Output Size(Operand input, DType outType = DType.Int32, string? name = null) => Graph.Size(input, outType, name);

    /// <inheritdoc cref="GraphOps.Slice(Graph, Operand, Operand, Operand, string)"/>
    public static Output Slice(Operand input, Operand begin, Operand size, string? name = null) => Graph.Slice(input, begin, size, name);

    /// <inheritdoc cref="GraphOps.SparseToDense(Graph, Operand, Operand, Operand, Operand, bool, string)"/>
    public static Output SparseToDense(Operand sparseIndices, Operand outputShape, Operand sparseValues, Operand defaultValue = default, bool validateIndices = true, string? name = null) =>
        Graph.SparseToDense(sparseIndices, outputShape, sparseValues, defaultValue, validateIndices, name);

    /// <inheritdoc cref="GraphOps.Split(Graph, Operand, int, Operand, string)"/>
    public static IReadOnlyList<Output> Split(Operand value, int numOrSizeSplits, Operand axis = default, string? name = null) => Graph.Split(value, numOrSizeSplits, axis.IsMissing ? 0 : axis, name);

    /// <inheritdoc cref="GraphOps.Split(Graph, Operand, Operand, Operand, int?, string)"/>
    public static IReadOnlyList<Output> Split(Operand value, Operand numOrSizeSplits, Operand axis = default, int? num = null, string? name = null) =>
        Graph.Split(value, numOrSizeSplits, axis.IsMissing ? 0 : axis, num, name);

    /// <inheritdoc cref="GraphOps.Sqrt(Graph, Operand, string)"/>
    public static Output Sqrt(Operand x, string? name = null) => Graph.Sqrt(x, name);

    /// <inheritdoc cref="GraphOps.Square(Graph, Operand, string)"/>
    public static Output Square(Operand x, string? name = null) => Graph.Square(x, name);

    /// <inheritdoc cref="GraphOps.SquaredDifference(Graph, Operand, Operand, string)"/>
    public static Output SquaredDifference(Operand x, Operand y, string? name = null) => Graph.SquaredDifference(x, y, name);

    /// <inheritdoc cref="GraphOps.Squeeze(Graph, Operand, Axes, string)"/>
    public static Output Squeeze(Operand input, Axes axis = default, string? name = null) => Graph.Squeeze(input, axis, name);

    /// <inheritdoc cref="GraphOps.Stack(Graph, ReadOnlySpan{Operand}, int, string)"/>
    public static Output Stack(ReadOnlySpan<Operand> values, int axis = 0, string? name = null) => Graph.Stack(values, axis, name);

    /// <inheritdoc cref="GraphOps.StatelessRandomNormal(Graph, Operand, Operand, DType, string)"/>
    public static Output StatelessRandomNormal(Operand shape, Operand seed, DType dtype = DType.Float32, string? name = null) =>
        Graph.StatelessRandomNormal(shape, seed, dtype, name);

    /// <inheritdoc cref="GraphOps.StatelessRandomUniform(Graph, Operand, Operand, DType, string)"/>
    public static Output StatelessRandomUniform(Operand shape, Operand seed, DType dtype = DType.Float32, string? name = null) =>
        Graph.StatelessRandomUniform(shape, seed, dtype, name);

    /// <inheritdoc cref="GraphOps.StatelessRandomUniformInt(Graph, Operand, Operand, Operand, Operand, string)"/>
    public static Output StatelessRandomUniformInt(Operand shape, Operand seed, Operand minimum, Operand maximum, string? name = null) =>
        Graph.StatelessRandomUniformInt(shape, seed, minimum, maximum, name);

    /// <inheritdoc cref="GraphOps.StatelessTruncatedNormal(Graph, Operand, Operand, DType, string)"/>
    public static Output StatelessTruncatedNormal(Operand shape, Operand seed, DType dtype = DType.Float32, string? name = null) =>
        Graph.StatelessTruncatedNormal(shape, seed, dtype, name);

    /// <inheritdoc cref="GraphOps.StopGradient(Graph, Operand, string)"/>
    public static Output StopGradient(Operand input, string? name = null) => Graph.StopGradient(input, name);

    /// <inheritdoc cref="GraphOps.StridedSlice(Graph, Operand, Operand, Operand, Operand, int, int, int, int, int, string)"/>
    public static Output StridedSlice(Operand input, Operand begin, Operand end, Operand strides = default, int beginMask = 0, int endMask = 0, int ellipsisMask = 0, int newAxisMask = 0, int shrinkAxisMask = 0, string? name = null) =>
        Graph.StridedSlice(input, begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask, name);

    /// <inheritdoc cref="GraphOps.Subtract(Graph, Operand, Operand, string)"/>
    public static Output Subtract(Operand x, Operand y, string? name = null) => Graph.Subtract(x, y, name);

    /// <inheritdoc cref="GraphOps.Tan(Graph, Operand, string)"/>
    public static Output Tan(Operand x, string? name = null) => Graph.Tan(x, name);

    /// <inheritdoc cref="GraphOps.Tanh(Graph, Operand, string)"/>
    public static Output Tanh(Operand x, string? name = null) => Graph.Tanh(x, name);

    /// <inheritdoc cref="GraphOps.TensorScatterAdd(Graph, Operand, Operand, Operand, string)"/>
    public static Output TensorScatterAdd(Operand tensor, Operand indices, Operand updates, string? name = null) =>
        Graph.TensorScatterAdd(tensor, indices, updates, name);

    /// <inheritdoc cref="GraphOps.TensorScatterSub(Graph, Operand, Operand, Operand, string)"/>
    public static Output TensorScatterSub(Operand tensor, Operand indices, Operand updates, string? name = null) =>
        Graph.TensorScatterSub(tensor, indices, updates, name);

    /// <inheritdoc cref="GraphOps.TensorScatterUpdate(Graph, Operand, Operand, Operand, string)"/>
    public static Output TensorScatterUpdate(Operand tensor, Operand indices, Operand updates, string? name = null) =>
        Graph.TensorScatterUpdate(tensor, indices, updates, name);

    /// <inheritdoc cref="GraphOps.Tile(Graph, Operand, Operand, string)"/>
    public static Output Tile(Operand input, Operand multiples, string? name = null) => Graph.Tile(input, multiples, name);

    /// <inheritdoc cref="GraphOps.TopK(Graph, Operand, Operand, bool, string)"/>
    public static (Output Values, Output Indices) TopK(Operand input, Operand k = default, bool sorted = true, string? name = null) =>
        Graph.TopK(input, k, sorted, name);

    /// <inheritdoc cref="GraphOps.Transpose(Graph, Operand, Operand, bool, string)"/>
    public static Output Transpose(Operand x, Operand perm = default, bool conjugate = false, string? name = null) => Graph.Transpose(x, perm, conjugate, name);

    /// <inheritdoc cref="GraphOps.TruncateDivide(Graph, Operand, Operand, string)"/>
    public static Output TruncateDivide(Operand x, Operand y, string? name = null) => Graph.TruncateDivide(x, y, name);

    /// <inheritdoc cref="GraphOps.TruncateMod(Graph, Operand, Operand, string)"/>
    public static Output TruncateMod(Operand x, Operand y, string? name = null) => Graph.TruncateMod(x, y, name);

    /// <inheritdoc cref="GraphOps.TruncatedNormal(Graph, Shape, Operand?, Operand?, DType, int?, string)"/>
    public static Output TruncatedNormal(Shape shape, Operand? mean = null, Operand? stddev = null, DType dtype = DType.Float32, int? seed = null, string? name = null) =>
        Graph.TruncatedNormal(shape, mean, stddev, dtype, seed, name);

    /// <inheritdoc cref="GraphOps.TruncatedNormal(Graph, Output, Operand?, Operand?, DType, int?, string)"/>
    public static Output TruncatedNormal(Output shape, Operand? mean = null, Operand? stddev = null, DType dtype = DType.Float32, int? seed = null, string? name = null) =>
        Graph.TruncatedNormal(shape, mean, stddev, dtype, seed, name);

    /// <inheritdoc cref="GraphOps.Unique(Graph, Operand, DType, string)"/>
    public static (Output Values, Output Indices) Unique(Operand x, DType outIdx = DType.Int32, string? name = null) => Graph.Unique(x, outIdx, name);

    /// <inheritdoc cref="GraphOps.UniqueWithCounts(Graph, Operand, DType, string)"/>
    public static (Output Values, Output Indices, Output Counts) UniqueWithCounts(Operand x, DType outIdx = DType.Int32, string? name = null) =>
        Graph.UniqueWithCounts(x, outIdx, name);

    /// <inheritdoc cref="GraphOps.UnsortedSegmentMax(Graph, Operand, Operand, Operand, string)"/>
    public static Output UnsortedSegmentMax(Operand data, Operand segmentIds, Operand numSegments, string? name = null) =>
        Graph.UnsortedSegmentMax(data, segmentIds, numSegments, name);

    /// <inheritdoc cref="GraphOps.UnsortedSegmentMin(Graph, Operand, Operand, Operand, string)"/>
    public static Output UnsortedSegmentMin(Operand data, Operand segmentIds, Operand numSegments, string? name = null) =>
        Graph.UnsortedSegmentMin(data, segmentIds, numSegments, name);

    /// <inheritdoc cref="GraphOps.UnsortedSegmentProd(Graph, Operand, Operand, Operand, string)"/>
    public static Output UnsortedSegmentProd(Operand data, Operand segmentIds, Operand numSegments, string? name = null) =>
        Graph.UnsortedSegmentProd(data, segmentIds, numSegments, name);

    /// <inheritdoc cref="GraphOps.UnsortedSegmentSum(Graph, Operand, Operand, Operand, string)"/>
    public static Output UnsortedSegmentSum(Operand data, Operand segmentIds, Operand numSegments, string? name = null) =>
        Graph.UnsortedSegmentSum(data, segmentIds, numSegments, name);

    /// <inheritdoc cref="GraphOps.Unstack(Graph, Operand, int?, int, string)"/>
    public static IReadOnlyList<Output> Unstack(Operand value, int? num = null, int axis = 0, string? name = null) => Graph.Unstack(value, num, axis, name);

    /// <inheritdoc cref="GraphOps.VarHandleOp(Graph, DType, Shape, string, string, string)"/>
    public static Output VarHandleOp(DType dtype, Shape shape, string sharedName = "", string container = "", string? name = null) =>
        Graph.VarHandleOp(dtype, shape, sharedName, container, name);

    /// <inheritdoc cref="GraphOps.VarIsInitializedOp(Graph, Output, string)"/>
    public static Output VarIsInitializedOp(Output resource, string? name = null) => Graph.VarIsInitializedOp(resource, name);

    /// <inheritdoc cref="GraphOps.Where(Graph, Operand, string)"/>
    public static Output Where(Operand condition, string? name = null) => Graph.Where(condition, name);

    /// <inheritdoc cref="GraphOps.Where(Graph, Operand, Operand, Operand, string)"/>
    public static Output Where(Operand condition, Operand x, Operand y, string? name = null) => Graph.Where(condition, x, y, name);

    /// <inheritdoc cref="GraphOps.WhereV2(Graph, Operand, Operand, Operand, string)"/>
    public static Output WhereV2(Operand condition, Operand x, Operand y, string? name = null) => Graph.WhereV2(condition, x, y, name);

    /// <inheritdoc cref="GraphOps.Xdivy(Graph, Operand, Operand, string)"/>
    public static Output Xdivy(Operand x, Operand y, string? name = null) => Graph.Xdivy(x, y, name);

    /// <inheritdoc cref="GraphOps.Xlogy(Graph, Operand, Operand, string)"/>
    public static Output Xlogy(Operand x, Operand y, string? name = null) => Graph.Xlogy(x, y, name);

    /// <inheritdoc cref="GraphOps.Zeros(Graph, Shape, DType, string)"/>
    public static Output Zeros(Shape shape, DType dtype = DType.Float32, string? name = null) => Graph.Zeros(shape, dtype, name);

    /// <inheritdoc cref="GraphOps.Zeros(Graph, Output, DType, string)"/>
    public static Output Zeros(Output shape, DType dtype = DType.Float32, string? name = null) => Graph.Zeros(shape, dtype, name);

    /// <inheritdoc cref="GraphOps.ZerosLike(Graph, Operand, DType, string, bool)"/>
    public static Output ZerosLike(Operand tensor, DType dtype = DType.Invalid, string? name = null, bool optimize = true) =>
        Graph.ZerosLike(tensor, dtype, name, optimize);

    /// <inheritdoc cref="GraphOps.Zeta(Graph, Operand, Operand, string)"/>
    public static Output Zeta(Operand x, Operand q, string? name = null) => Graph.Zeta(x, q, name);
}
