using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>log(sum(exp(x))) over some axes, without an overflow on the way.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Any shape. DType: floats.</param>
    /// <param name="axis">The axes to sum over; all by default.</param>
    /// <param name="keepDims">Whether those axes stay with size 1.</param>
    /// <param name="name">Name scope.</param>
    /// <remarks>Source: TensorFlow's <c>tf.reduce_logsumexp</c>.</remarks>
    public static Output ReduceLogsumexp(this Graph graph, Operand input, Operand axis = default, bool keepDims = false, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Output x = graph.Convert(input);
        using NameScope scope = graph.NameScope(name ?? "ReduceLogSumExp");
        Output largest = graph.ReduceMax(x, axis, keepDims: true);
        Output offset = graph.StopGradient(graph.Where(graph.IsFinite(largest), largest, graph.ZerosLike(largest)));
        Output result = graph.Log(graph.ReduceSum(graph.Exp(graph.Subtract(x, offset)), axis, keepDims));
        if (!keepDims)
            offset = graph.Reshape(offset, graph.Shape(result));
        return graph.Add(result, offset);
    }

    /// <summary>How many elements are not zero, over some axes.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Any shape. DType: numbers, bool, string (where the empty one counts as zero).</param>
    /// <param name="axis">The axes to count over; all by default.</param>
    /// <param name="keepDims">Whether those axes stay with size 1.</param>
    /// <param name="dtype">Element type of the counts.</param>
    /// <param name="name">Name scope.</param>
    /// <remarks>Source: TensorFlow's <c>tf.count_nonzero</c>.</remarks>
    public static Output CountNonzero(this Graph graph, Operand input, Operand axis = default, bool keepDims = false, DType dtype = DType.Int64, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "count_nonzero");
        Output x = graph.Convert(input, name: "input");
        Output differs = graph.NotEqual(x, graph.Zeros(NotebookPersist.Shape.Scalar, x.DType));
        return graph.Cast(graph.ReduceSum(graph.Cast(differs, DType.Int64), axis, keepDims), dtype);
    }

    /// <summary>For each segment the mean of its elements, 0 for an empty one.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="data">Shape: begins with that of <paramref name="segmentIds"/>. DType: floats.</param>
    /// <param name="segmentIds">The segment of each element; negative for none. DType: int32, int64.</param>
    /// <param name="segmentCount">How many segments there are.</param>
    /// <param name="name">Name scope.</param>
    /// <exception cref="ArgumentException">The rank of an argument is not known.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.unsorted_segment_mean</c>.</remarks>
    public static Output UnsortedSegmentMean(this Graph graph, Operand data, Operand segmentIds, Operand segmentCount, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "UnsortedSegmentMean");
        (Output sum, Output count) = SegmentSums(graph, data, segmentIds, segmentCount);
        return sum / count;
    }

    /// <summary>For each segment the sum of its elements, divided by the root of their number; 0 for an empty one.</summary>
    /// <inheritdoc cref="UnsortedSegmentMean"/>
    /// <remarks>Source: TensorFlow's <c>tf.unsorted_segment_sqrt_n</c>.</remarks>
    public static Output UnsortedSegmentSqrtN(this Graph graph, Operand data, Operand segmentIds, Operand segmentCount, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "UnsortedSegmentSqrtN");
        (Output sum, Output count) = SegmentSums(graph, data, segmentIds, segmentCount);
        return sum / graph.Sqrt(count);
    }

    /// <summary>Another element type; what is too large or too small for it becomes its largest or smallest number.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="value">Any shape. DType: real numbers.</param>
    /// <param name="dtype">The element type to get.</param>
    /// <param name="name">Name scope, and name of the last node.</param>
    /// <exception cref="ArgumentException">One of the types has no largest number.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.saturate_cast</c>.</remarks>
    public static Output SaturateCast(this Graph graph, Operand value, DType dtype, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "saturate_cast");
        Output x = graph.Convert(value, name: "value");
        return graph.Cast(Saturated(graph, x, dtype), dtype, scope.Name);
    }

    /// <summary>How often each number from 0 comes, or the sum of the weights that come with it.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="numbers">Any shape. DType: int32, none negative.</param>
    /// <param name="weights">Shape: that of <paramref name="numbers"/>; left out to count.</param>
    /// <param name="minLength">Least length of the result; left out for none.</param>
    /// <param name="maxLength">Largest length of the result, beyond which numbers are left out; left out for none.</param>
    /// <param name="dtype">Element type of counts.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>Shape: [largest number + 1] within the limits.</returns>
    /// <remarks>Source: TensorFlow's <c>tf.bincount</c>.</remarks>
    public static Output Bincount(this Graph graph, Operand numbers, Operand weights = default, Operand minLength = default, Operand maxLength = default, DType dtype = DType.Int32, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "bincount");
        Output values = graph.Convert(numbers, DType.Int32, "arr");
        Output isFilled = graph.ReduceProd(graph.Shape(values)) > 0;
        Output size = graph.Cast(isFilled, DType.Int32) * (graph.ReduceMax(values) + 1);
        if (!minLength.IsMissing)
            size = graph.Maximum(graph.Convert(minLength, DType.Int32, "minlength"), size);
        if (!maxLength.IsMissing)
            size = graph.Minimum(graph.Convert(maxLength, DType.Int32, "maxlength"), size);
        return weights.IsMissing
            ? graph.Add<BincountOp>(null, values, size, graph.Zeros([0], dtype))
            : graph.UnsortedSegmentSum(graph.Convert(weights, name: "weights"), values, size);
    }

    /// <summary>How many values fall into each of some bins of equal width; what lies outside counts for the first or last.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="values">Any shape. DType: int32, int64, float32, float64.</param>
    /// <param name="valueRange">Shape: [2]; where the first bin begins and the last ends.</param>
    /// <param name="binCount">How many bins there are; 100 by default.</param>
    /// <param name="dtype">int32 or int64.</param>
    /// <param name="name">Name scope, and name of the node.</param>
    /// <remarks>Source: TensorFlow's <c>tf.histogram_fixed_width</c>.</remarks>
    public static Output HistogramFixedWidth(this Graph graph, Operand values, Operand valueRange, Operand binCount = default, DType dtype = DType.Int32, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "histogram_fixed_width");
        Output x = graph.Convert(values);
        return graph.Add<HistogramFixedWidthOp>(scope.Name, new AttributeList { { "dtype", dtype } }, x, graph.Convert(valueRange, x.DType), binCount.IsMissing ? 100 : binCount);
    }

    /// <summary>Counts which class was predicted for which: one row a true class, one column a predicted one.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="labels">The true classes. Shape: [n], or [n, 1].</param>
    /// <param name="predictions">The predicted classes. Shape: [n], or [n, 1].</param>
    /// <param name="classCount">How many classes there are; by default one more than the largest that comes.</param>
    /// <param name="weights">Shape: [n]; what each pair counts; 1 by default.</param>
    /// <param name="dtype">Element type of the result.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>Shape: [classes, classes]. A class below 0 or beyond the last fails the run.</returns>
    /// <remarks>Source: TensorFlow's <c>tf.confusion_matrix</c>.</remarks>
    public static Output ConfusionMatrix(this Graph graph, Operand labels, Operand predictions, Operand classCount = default, Operand weights = default, DType dtype = DType.Int32, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "confusion_matrix");
        Output truth = graph.Cast(graph.Reshape(graph.Convert(labels, name: "labels"), new[] { -1 }), DType.Int64);
        Output said = graph.Cast(graph.Reshape(graph.Convert(predictions, name: "predictions"), new[] { -1 }), DType.Int64);
        List<Operation> checks = [graph.AssertNonNegative(truth, "`labels` contains negative values"), graph.AssertNonNegative(said, "`predictions` contains negative values")];
        Output count;
        if (classCount.IsMissing)
        {
            count = graph.Maximum(graph.ReduceMax(said), graph.ReduceMax(truth)) + 1L;
        }
        else
        {
            count = graph.Cast(classCount, DType.Int64);
            checks.Add(graph.AssertLess(truth, count, "`labels` out of bound"));
            checks.Add(graph.AssertLess(said, count, "`predictions` out of bound"));
        }

        using (graph.ControlDependencies([.. checks]))
        {
            Output places = graph.Stack([truth, said], axis: 1);
            Output values = weights.IsMissing ? graph.OnesLike(said, dtype) : graph.Cast(weights, dtype);
            return graph.ScatterNd(places, values, graph.Stack([count, count]));
        }
    }

    /// <summary>Where values would have to be put into rows of rising numbers, to keep them rising.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="sorted">Shape: [..., n], each row rising.</param>
    /// <param name="values">Shape: [..., m]. DType: that of <paramref name="sorted"/>.</param>
    /// <param name="side">"left": before equal ones; "right": behind them.</param>
    /// <param name="outType">int32 or int64.</param>
    /// <param name="name">Name of the searching node.</param>
    /// <returns>Shape: that of <paramref name="values"/>.</returns>
    /// <exception cref="ArgumentException">The side is neither.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.searchsorted</c>.</remarks>
    public static Output Searchsorted(this Graph graph, Operand sorted, Operand values, string side = "left", DType outType = DType.Int32, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (side is not ("left" or "right"))
            throw new ArgumentException($"side must be either 'right' or 'left'. Saw: '{side}'.", nameof(side));
        Output rows = graph.Convert(sorted, name: "sorted_sequence");
        Output sought = graph.Convert(values, rows.DType, "values");
        Output rowsByWidth = graph.Reshape(rows, graph.Stack([-1, graph.Shape(rows)[-1]]));
        Output soughtByWidth = graph.Reshape(sought, graph.Stack([-1, graph.Shape(sought)[-1]]));
        var attributes = new AttributeList { { "out_type", outType } };
        Output found = side == "left" ? graph.Add<LowerBoundOp>(name, attributes, rowsByWidth, soughtByWidth) : graph.Add<UpperBoundOp>(name, attributes, rowsByWidth, soughtByWidth);
        return graph.Reshape(found, graph.Shape(sought));
    }

    private static (Output Sum, Output Count) SegmentSums(Graph graph, Operand data, Operand segmentIds, Operand segmentCount)
    {
        Output values = graph.Convert(data);
        Output ids = graph.Convert(segmentIds);
        if (!values.Shape.HasRank || !ids.Shape.HasRank)
            throw new ArgumentException("The ranks of the data and of the segments must be known. Give the placeholders a shape.", nameof(data));
        Output ones = graph.Fill(graph.Shape(ids), graph.Constant(1, values.DType));
        Output count = graph.UnsortedSegmentSum(ones, ids, segmentCount);
        Operand[] shape = [segmentCount, .. Enumerable.Repeat((Operand)1, values.Shape.Rank - ids.Shape.Rank)];
        count = graph.Maximum(graph.Reshape(count, graph.Stack(shape)), graph.Constant(1, values.DType));
        return (graph.UnsortedSegmentSum(values, ids, segmentCount), count);
    }

    private static Output Saturated(Graph graph, Output x, DType dtype)
    {
        if (WholeRange(x.DType) is { } own)
        {
            // Whole numbers all lie within floats but the smallest.
            (Int128 least, Int128 most) = WholeRange(dtype) ?? (Int128.CreateSaturating(-Largest(dtype)), Int128.CreateSaturating(Largest(dtype)));
            if (own.Least < least)
                x = graph.Maximum(x, graph.Constant((long)least, x.DType, name: "min"));
            return own.Most > most ? graph.Minimum(x, graph.Constant((long)most, x.DType, name: "max")) : x;
        }

        if (WholeRange(dtype) is { } whole)
        {
            // The largest number itself may be no float: 2^31 - 1 would be rounded up to what is no int32 any more.
            x = graph.Maximum(x, graph.Constant((double)whole.Least, x.DType, name: "min"));
            return graph.Minimum(x, graph.Constant((double)(whole.Most + 1) * (1 - Math.ScaleB(1, -SignificandBits(x.DType))), x.DType, name: "max"));
        }

        if (Largest(x.DType) <= Largest(dtype))
            return x;
        x = graph.Maximum(x, graph.Constant(-Largest(dtype), x.DType, name: "min"));
        return graph.Minimum(x, graph.Constant(Largest(dtype), x.DType, name: "max"));
    }

    private static (Int128 Least, Int128 Most)? WholeRange(DType type) => type switch
    {
        DType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
        DType.Int16 => (short.MinValue, short.MaxValue),
        DType.Int32 => (int.MinValue, int.MaxValue),
        DType.Int64 => (long.MinValue, long.MaxValue),
        DType.UInt8 => (byte.MinValue, byte.MaxValue),
        DType.UInt16 => (ushort.MinValue, ushort.MaxValue),
        DType.UInt32 => (uint.MinValue, uint.MaxValue),
        DType.UInt64 => (ulong.MinValue, ulong.MaxValue),
        _ => null,
    };

    private static double Largest(DType type) => type switch
    {
        DType.Float16 => (double)Half.MaxValue,
        DType.BFloat16 => Math.ScaleB(2 - Math.ScaleB(1, -7), 127),
        DType.Float32 => float.MaxValue,
        DType.Float64 => double.MaxValue,
        _ => throw new ArgumentException($"{type.Name()} has no largest number to stop at.", nameof(type)),
    };

    private static int SignificandBits(DType type) => type switch
    {
        DType.Float16 => 11,
        DType.BFloat16 => 8,
        DType.Float32 => 24,
        _ => 53,
    };
}
