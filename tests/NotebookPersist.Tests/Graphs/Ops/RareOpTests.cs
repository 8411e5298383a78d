using NotebookPersist.Graphs.Functions;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops;

/// <summary>Operations that few graphs contain, by values that TensorFlow publishes or that are computed apart.</summary>
public sealed class RareOpTests : IDisposable
{
    private const long DefaultHashKey = 0xDECAFCAFFE;

    private readonly OpRuns _runs = new();

    [Theory]
    [InlineData(0L, 0L, 1971693436396284976)]
    [InlineData(1L, 0L, 4847552627144134031)]
    [InlineData(0L, 100L, 83)]
    [InlineData(1L, 100L, 31)]
    public void Crossed_features_have_the_hashes_that_TensorFlow_publishes(long key, long buckets, long expected)
    {
        // python/kernel_tests/sparse_cross_op_test.py.
        Tensor[] found = Cross([[["batch1-FC1-F1"]], [["batch1-FC2-F1"]], [["batch1-FC3-F1"]]], DefaultHashKey + key, buckets);
        Assert.Equal([expected], found[1].ToArray<long>());
        Assert.Equal([1L, 1], found[2].ToArray<long>());
    }

    [Fact]
    public void Features_are_crossed_as_text_in_every_combination()
    {
        Tensor[] found = Cross([[["a", "b"], ["c"]], [["x"], []], [["1", "2"], ["3"]]], 0, -1);
        Assert.Equal(["a_X_x_X_1", "a_X_x_X_2", "b_X_x_X_1", "b_X_x_X_2"], OpRuns.Texts(found[1]));
        Assert.Equal([0L, 0, 0, 1, 0, 2, 0, 3], found[0].ToArray<long>());
        Assert.Equal([2L, 4], found[2].ToArray<long>());
    }

    [Fact]
    public void Rows_of_sparse_gradients_are_averaged_one_by_one()
    {
        Operation accumulator = _runs.Add("SparseConditionalAccumulator", new() { { "dtype", DType.Float32 }, { "shape", OpRuns.Sizes(9, 2) } });
        Operation Apply(long step, long[] rows, float[] values) => _runs.Add(
            "SparseAccumulatorApplyGradient", new() { { "has_known_shape", false } }, accumulator[0], step, OpRuns.Longs(rows), Tensor.Of<float>([rows.Length, 2], values), OpRuns.Longs());
        _runs.Session.Run(Apply(0, [5, 1], [1, 2, 3, 4]));
        _runs.Session.Run(Apply(0, [5], [5, 6]));
        Assert.Equal(2, _runs.Run("AccumulatorNumAccumulated", null, accumulator[0])[0].Item<int>());
        Operation take = _runs.Add("SparseAccumulatorTakeGradient", new() { { "dtype", DType.Float32 } }, accumulator[0], 2);
        Tensor[] taken = _runs.Run(take);
        Assert.Equal([1L, 5], taken[0].ToArray<long>());
        Assert.Equal([3f, 4, 3, 4], taken[1].ToArray<float>());
        Assert.Equal([9L, 2], taken[2].ToArray<long>());
        // The step is over: what comes late does not count.
        _runs.Session.Run(Apply(0, [2], [1, 1]));
        Assert.Equal(0, _runs.Run("AccumulatorNumAccumulated", null, accumulator[0])[0].Item<int>());
        Assert.Equal(RunErrorCode.InvalidArgument, Assert.Throws<RunException>(() => _runs.Session.Run(Apply(1, [9], [1, 1]))).Code);
        Assert.Equal(RunErrorCode.InvalidArgument, Assert.Throws<RunException>(() => _runs.Run("AccumulatorTakeGradient", new() { { "dtype", DType.Float32 } }, accumulator[0], 1)).Code);
    }

    [Fact]
    public void A_session_keeps_tensors_under_handles()
    {
        Tensor handle = _runs.Run("GetSessionHandle", null, new[] { 3f, 4 })[0];
        Output given = _runs.Graph.Constant(handle);
        Output value = _runs.Add("GetSessionTensor", new() { { "dtype", DType.Float32 } }, given)[0];
        Assert.Equal([3f, 4], _runs.Session.Run(value).ToArray<float>());
        Assert.Throws<RunException>(() => _runs.Run("GetSessionTensor", new() { { "dtype", DType.Int32 } }, given));
        Operation delete = _runs.Add("DeleteSessionTensor", null, given);
        _runs.Session.Run(delete);
        Assert.Contains("not in the session store", Assert.Throws<RunException>(() => _runs.Session.Run(value)).Message, StringComparison.Ordinal);
        Assert.Throws<RunException>(() => _runs.Session.Run(delete));
    }

    [Fact]
    public void The_nearest_centers_come_first()
    {
        Tensor[] found = _runs.Run("NearestNeighbors", null, new[,] { { 0f, 0 }, { 5, 5 } }, new[,] { { 4f, 4 }, { 1, 0 }, { 0, -1 } }, 2L);
        Assert.Equal([1L, 2, 0, 1], found[0].ToArray<long>());
        Assert.Equal([1f, 1, 2, 41], found[1].ToArray<float>());
        Assert.Equal([2L, 3], _runs.Run("NearestNeighbors", null, new[,] { { 0f, 0 }, { 5, 5 } }, new[,] { { 4f, 4 }, { 1, 0 }, { 0, -1 } }, 9L)[0].Shape.ToArray());
    }

    [Fact]
    public void Sparse_tensors_are_kept_under_numbers()
    {
        AttributeList Named() => new() { { "shared_name", "map" } };
        Output handles = _runs.Add("AddManySparseToTensorsMap", Named(), OpRuns.Matrix(2, 0, 1, 0, 3, 2, 0), new[] { 5f, 6, 7 }, OpRuns.Longs(3, 4))[0];
        AttributeList taking = Named();
        taking.Add("dtype", DType.Float32);
        Tensor[] found = _runs.Run(_runs.Add("TakeManySparseFromTensorsMap", taking, handles));
        Assert.Equal([0L, 1, 0, 3, 2, 0], found[0].ToArray<long>());
        Assert.Equal([5f, 6, 7], found[1].ToArray<float>());
        Assert.Equal([3L, 4], found[2].ToArray<long>());
        long handle = _runs.Run("AddSparseToTensorsMap", Named(), OpRuns.Matrix(1, 2), new[] { 9f }, OpRuns.Longs(5))[0].Item<long>();
        AttributeList again = Named();
        again.Add("dtype", DType.Float32);
        Assert.Equal([0L, 2], _runs.Run("TakeManySparseFromTensorsMap", again, OpRuns.Longs(handle))[0].ToArray<long>());
    }

    [Fact]
    public void A_ragged_tensor_goes_through_variants()
    {
        var values = Tensor.Of<float>([5], [1, 2, 3, 4, 5]);
        foreach (bool batched in new[] { false, true })
        {
            Output variant = _runs.Add("RaggedTensorToVariant", new() { { "batched_input", batched } }, OpRuns.Longs(0, 2, 2, 3), OpRuns.Longs(0, 2, 2, 5), values)[0];
            Tensor[] back = _runs.Run(_runs.Add(
                "RaggedTensorFromVariant", new() { { "input_ragged_rank", -1L }, { "output_ragged_rank", 2L }, { "Tvalues", DType.Float32 }, { "Tsplits", DType.Int64 } }, variant));
            Assert.Equal([0L, 2, 2, 3], back[0].ToArray<long>());
            Assert.Equal([0L, 2, 2, 5], back[1].ToArray<long>());
            Assert.Equal([1f, 2, 3, 4, 5], back[2].ToArray<float>());
        }
    }

    [Theory]
    [InlineData(-1f, 1f, 0f, 1f)]
    [InlineData(-3f, 0.5f, 0f, 1f)]
    [InlineData(2f, 2.1f, 0f, 1f)]
    [InlineData(4f, float.PositiveInfinity, 0f, 1f)]
    [InlineData(float.NegativeInfinity, -30f, -10f, 5f)]
    public void Truncated_normal_numbers_lie_between_their_bounds_and_have_the_mean(float low, float high, float mean, float deviation)
    {
        AttributeList Seeds(DType type) => new() { { "seed", 3L }, { "seed2", 7L }, { "dtype", type } };
        Tensor found = _runs.Run("ParameterizedTruncatedNormal", Seeds(DType.Float64), new[] { 20000 }, (double)mean, (double)deviation, (double)low, (double)high)[0];
        double[] numbers = found.ToArray<double>();
        Assert.All(numbers, x => Assert.InRange(x, low, high));
        // The mean of the distribution by numerical integration of its density.
        double from = Math.Max(low, mean - (12 * deviation)), to = Math.Min(high, mean + (12 * deviation)), mass = 0, moment = 0;
        for (int i = 0; i < 100000; i++)
        {
            double x = from + ((to - from) * (i + 0.5) / 100000), density = Math.Exp(-0.5 * Math.Pow((x - mean) / deviation, 2));
            (mass, moment) = (mass + density, moment + (density * x));
        }

        Assert.Equal(moment / mass, numbers.Average(), 0.03 * deviation);
        Tensor single = _runs.Run("ParameterizedTruncatedNormal", Seeds(DType.Float32), new[] { 2, 1000 }, new[] { mean, mean }, deviation, low, high)[0];
        Assert.All(single.ToArray<float>(), x => Assert.InRange(x, low, high));
    }

    [Theory]
    [InlineData("REFLECT")]
    [InlineData("SYMMETRIC")]
    public void A_fused_convolution_is_its_parts(string mode)
    {
        float[] image = [.. Enumerable.Range(0, 2 * 4 * 5 * 3).Select(static i => MathF.Sin(i))], filter = [.. Enumerable.Range(0, 3 * 2 * 3 * 4).Select(static i => MathF.Cos(i * 0.7f))];
        Tensor x = Tensor.Of<float>([2, 4, 5, 3], image), f = Tensor.Of<float>([3, 2, 3, 4], filter);
        var paddings = Tensor.Of<int>([4, 2], [0, 0, 2, 1, 1, 2, 0, 0]);
        AttributeList Attributes() => new() { { "mode", mode }, { "strides", OpRuns.Ints(1, 2, 1, 1) }, { "padding", "SAME" } };
        Graph g = _runs.Graph;
        Output padded = g.AddOperation("MirrorPad", null, new() { { "mode", mode } }, x, paddings)[0];
        Output fused = _runs.Add("FusedPadConv2D", Attributes(), x, paddings, f)[0];
        Output plain = g.Conv2D(padded, f, [1, 2, 1, 1], "SAME");
        Same(plain, fused);
        Output resized = g.AddOperation("MirrorPad", null, new() { { "mode", mode } }, g.ResizeBilinear(x, new[] { 7, 6 }), paddings)[0];
        Output fusedToo = _runs.Add("FusedResizeAndPadConv2D", Attributes(), x, new[] { 7, 6 }, paddings, f)[0];
        Same(g.Conv2D(resized, f, [1, 2, 1, 1], "SAME"), fusedToo);
    }

    [Fact]
    public void The_gradient_of_a_moved_image_is_moved_back()
    {
        Graph g = _runs.Graph;
        Output x = g.Placeholder(DType.Float32, [1, 3, 4, 1]);
        var move = Tensor.Of<float>([1, 8], [1, 0, 1, 0, 1, -1, 0, 0]);
        var weights = Tensor.Of<float>([1, 3, 4, 1], [.. Enumerable.Range(1, 12).Select(static i => (float)i)]);
        Output y = g.AddOperation("ImageProjectiveTransformV2", null, new() { { "interpolation", "NEAREST" } }, x, move, new[] { 3, 4 })[0];
        Output gradient = g.Gradients(g.ReduceSum(y * weights), x)[0]!;
        // y[r, c] = x[r - 1, c + 1], so x[r, c] is weighted as y[r + 1, c - 1].
        Assert.Equal([0f, 5, 6, 7, 0, 9, 10, 11, 0, 0, 0, 0], _runs.Session.Run(gradient, new() { [x] = Tensor.Zeros(DType.Float32, [1, 3, 4, 1]) }).ToArray<float>());
    }

    [Fact]
    public void Watching_nodes_hand_values_on()
    {
        var x = Tensor.Of<float>([3], [1, float.NaN, float.NaN]);
        foreach (string type in new[] { "Copy", "CopyHost", "DebugIdentity", "DebugGradientIdentity" })
            Assert.Equal(x.ToArray<float>(), _runs.Run(type, null, x)[0].ToArray<float>());
        Assert.Equal(2, _runs.Run("DebugNanCount", null, x)[0].Item<long>());
        Assert.Equal("0! == 1", OpRuns.Texts(_runs.Run("Fact", null)[0])[0]);
        Assert.Equal(OpRuns.Sizes(2, 0), _runs.Run("FakeParam", new() { { "dtype", DType.Float32 }, { "shape", OpRuns.Sizes(2, -1) } })[0].Shape);
    }

    [Fact]
    public void A_function_is_called_for_each_number()
    {
        var inner = new Graph { Library = _runs.Graph.Library };
        Output index = inner.Placeholder(DType.Int32, Shape.Scalar), sum = inner.Placeholder(DType.Int32, Shape.Scalar);
        NameAttrList body = FunctionDefs.AddTo(_runs.Graph, "add_index", [index, sum], [sum + index]);
        Assert.Equal(100 + 9 + 7 + 5, _runs.Run("For", new() { { "body", body } }, 9, 3, -2, 100)[0].Item<int>());
        Assert.Throws<RunException>(() => _runs.Run("For", new() { { "body", body } }, 0, 3, -1, 100));
    }

    public void Dispose() => _runs.Dispose();

    private void Same(Output expected, Output found)
    {
        Tensor?[] values = _runs.Session.Run([expected, found]);
        Assert.Equal(values[0]!.Shape, values[1]!.Shape);
        Assert.Equal(values[0]!.Shape, found.Shape);
        Assert.Equal(values[0]!.ToArray<float>(), values[1]!.ToArray<float>(), static (a, b) => Math.Abs(a - b) < 1e-4);
    }

    // Columns of rows of features; hashed where there is a number of buckets, 0 for as many as there are hashes.
    private Tensor[] Cross(string[][][] columns, long key, long buckets)
    {
        var inputs = new List<Operand>();
        long[][] positions = [.. columns.Select(static c => c.SelectMany(static (row, r) => row.SelectMany((_, i) => new long[] { r, i })).ToArray())];
        inputs.AddRange(positions.Select(static p => (Operand)OpRuns.Matrix(2, p)));
        inputs.AddRange(columns.Select(static c => (Operand)c.SelectMany(static row => row).ToArray()));
        inputs.AddRange(columns.Select(static c => (Operand)OpRuns.Longs(c.Length, c.Max(static row => row.Length))));
        var attributes = new AttributeList
        {
            { "N", (long)columns.Length }, { "hashed_output", buckets >= 0 }, { "num_buckets", Math.Max(buckets, 0) }, { "hash_key", key },
            { "sparse_types", Enumerable.Repeat(DType.String, columns.Length) }, { "dense_types", Array.Empty<DType>() },
            { "out_type", buckets >= 0 ? DType.Int64 : DType.String }, { "internal_type", DType.String },
        };
        return _runs.Run("SparseCross", attributes, [.. inputs]);
    }
}
