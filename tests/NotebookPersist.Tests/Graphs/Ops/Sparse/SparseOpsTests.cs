using NotebookPersist.Tests.Graphs.Gradients;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Sparse;

public sealed class SparseOpsTests : IDisposable
{
    private readonly OpRuns _ops = new();

    public void Dispose() => _ops.Dispose();

    [Fact]
    public void Sums_keep_what_is_not_below_the_threshold()
    {
        // [[., 1], [2, .], [., 3]] and [[., .1], [., .], [., -2]], as in TensorFlow's documentation of SparseAdd's thresh.
        Tensor a = OpRuns.Matrix(2, 0, 1, 1, 0, 2, 1);
        Tensor b = OpRuns.Matrix(2, 0, 1, 2, 1);
        Tensor[] all = _ops.Run("SparseAdd", null, a, new[] { 1f, 2f, 3f }, OpRuns.Longs(3, 2), b, new[] { 0.5f, -3f }, OpRuns.Longs(3, 2), 0f);
        Assert.Equal([0, 1, 1, 0, 2, 1], all[0].ToArray<long>());
        Assert.Equal([1.5f, 2, 0], all[1].ToArray<float>());
        Tensor[] some = _ops.Run("SparseAdd", null, a, new[] { 1f, 2f, 3f }, OpRuns.Longs(3, 2), b, new[] { 0.5f, -3f }, OpRuns.Longs(3, 2), 1.6f);
        Assert.Equal([1, 0], some[0].ToArray<long>());
        Assert.Equal([2f], some[1].ToArray<float>());
    }

    [Fact]
    public void Empty_rows_take_the_default()
    {
        // The example of TensorFlow's documentation: [5, 6] with entries in rows 0, 2 and 3.
        (Output indices, Output values, Output empty, Output map) = _ops.Graph.SparseFillEmptyRows(
            OpRuns.Matrix(2, 0, 1, 0, 3, 2, 0, 3, 1), new[] { "a", "b", "c", "d" }, OpRuns.Longs(5, 6), "x");
        Assert.Equal([0, 1, 0, 3, 1, 0, 2, 0, 3, 1, 4, 0], _ops.Session.Run(indices).ToArray<long>());
        Assert.Equal(["a", "b", "x", "c", "d", "x"], OpRuns.Texts(_ops.Session.Run(values)));
        Assert.Equal([false, true, false, false, true], _ops.Session.Run(empty).ToArray<bool>());
        Assert.Equal([0, 1, 3, 4], _ops.Session.Run(map).ToArray<long>());
    }

    [Fact]
    public void Entries_are_joined_cut_and_reshaped()
    {
        // The example of TensorFlow's documentation of SparseConcat: [2,3] beside [2,4].
        Tensor[] joined = _ops.Run(
            "SparseConcat",
            new() { { "concat_dim", 1 } },
            OpRuns.Matrix(2, 0, 2, 1, 0, 1, 1),
            OpRuns.Matrix(2, 0, 1, 0, 2),
            new[] { "a", "b", "c" },
            new[] { "d", "e" },
            OpRuns.Longs(2, 3),
            OpRuns.Longs(2, 4));
        Assert.Equal([0, 2, 0, 4, 0, 5, 1, 0, 1, 1], joined[0].ToArray<long>());
        Assert.Equal(["a", "d", "e", "b", "c"], OpRuns.Texts(joined[1]));
        Assert.Equal([2, 7], joined[2].ToArray<long>());

        Tensor[] cut = _ops.Run("SparseSlice", null, joined[0], joined[1], joined[2], OpRuns.Longs(0, 4), OpRuns.Longs(2, 3));
        Assert.Equal([0, 0, 0, 1], cut[0].ToArray<long>());
        Assert.Equal(["d", "e"], OpRuns.Texts(cut[1]));
        Assert.Equal([2, 3], cut[2].ToArray<long>());

        Tensor[] halves = _ops.Run("SparseSplit", new() { { "num_split", 2 } }, 1L, joined[0], joined[1], joined[2]);
        Assert.Equal(["a", "b", "c"], OpRuns.Texts(halves[2]));
        Assert.Equal([2, 4], halves[4].ToArray<long>());
        Assert.Equal([0, 0, 0, 1], halves[1].ToArray<long>());

        Tensor[] reshaped = _ops.Run("SparseReshape", null, OpRuns.Matrix(3, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 2, 3), OpRuns.Longs(2, 3, 6), OpRuns.Longs(9, -1));
        Assert.Equal([0, 0, 0, 1, 1, 2, 4, 2, 8, 1], reshaped[0].ToArray<long>());
        Assert.Equal([9, 4], reshaped[1].ToArray<long>());
    }

    [Fact]
    public void Reductions_are_those_of_the_documentation()
    {
        // x = [[1, ?, 1], [?, 1, ?]]
        Tensor indices = OpRuns.Matrix(2, 0, 0, 0, 2, 1, 1);
        Operand[] x = [indices, new[] { 1, 1, 1 }, OpRuns.Longs(2, 3)];
        Assert.Equal([1, 1, 1], _ops.Run("SparseReduceSum", null, [.. x, new[] { 0 }])[0].ToArray<int>());
        Assert.Equal([2, 1], _ops.Run("SparseReduceSum", null, [.. x, new[] { 1 }])[0].ToArray<int>());
        Tensor kept = _ops.Run("SparseReduceSum", new() { { "keep_dims", true } }, [.. x, new[] { 1 }])[0];
        Assert.Equal("[2,1]", kept.Shape.ToString());
        Assert.Equal([3], _ops.Run("SparseReduceSum", null, [.. x, new[] { 0, 1 }])[0].ToArray<int>());
        Tensor[] largest = _ops.Run("SparseReduceMaxSparse", null, indices, new[] { 1, 3, 2 }, OpRuns.Longs(2, 3), new[] { 1 });
        Assert.Equal([0, 1], largest[0].ToArray<long>());
        Assert.Equal([3, 2], largest[1].ToArray<int>());
        Assert.Equal([2], largest[2].ToArray<long>());
    }

    [Fact]
    public void Softmax_counts_only_what_is_there()
    {
        // The documentation's example: [[e, 1], [1, e]] of [[., e, 1], [.]]-like rows gives softmax over the entries alone.
        Tensor indices = OpRuns.Matrix(3, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 1, 1, 0);
        Tensor values = _ops.Run("SparseSoftmax", null, indices, new[] { 1.0, 1.0, 1.0, Math.Log(3), 5.0 }, OpRuns.Longs(2, 2, 2))[0];
        double e = Math.E / (Math.E + 3);
        double[] expected = [1, 1, e, 1 - e, 1];
        Assert.All(expected.Zip(values.ToArray<double>()), static p => Assert.Equal(p.First, p.Second, 1e-12));
    }

    [Fact]
    public void Segments_of_chosen_rows_are_those_of_the_documentation()
    {
        int[,] rows = { { 1, 2, 3, 4 }, { -1, -2, -3, -4 }, { 5, 6, 7, 8 } };
        Graph graph = _ops.Graph;
        Assert.Equal([0, 0, 0, 0], _ops.Session.Run(graph.SparseSegmentSum(rows, new[] { 0, 1 }, new[] { 0, 0 })).ToArray<int>());
        Assert.Equal([1, 2, 3, 4, -1, -2, -3, -4], _ops.Session.Run(graph.SparseSegmentSum(rows, new[] { 0, 1 }, new[] { 0, 1 })).ToArray<int>());
        Assert.Equal([0, 0, 0, 0, 5, 6, 7, 8], _ops.Session.Run(graph.SparseSegmentSum(rows, new[] { 0, 1, 2 }, new[] { 0, 0, 1 })).ToArray<int>());
        Tensor gap = _ops.Session.Run(graph.SparseSegmentSum(rows, new[] { 0, 1 }, new[] { 0, 2 }, 4));
        Assert.Equal([1, 2, 3, 4, 0, 0, 0, 0, -1, -2, -3, -4, 0, 0, 0, 0], gap.ToArray<int>());
        Tensor mean = _ops.Session.Run(graph.SparseSegmentSqrtN(new[] { 1.0, 2.0, 3.0, 6.0 }, new[] { 0, 3, 1, 2 }, new[] { 0, 0, 0, 0 }));
        Assert.Equal([6.0], mean.ToArray<double>());
        Output unsorted = graph.SparseSegmentSum(rows, new[] { 0, 1 }, new[] { 1, 0 });
        Assert.Contains("segment ids are not increasing", Assert.Throws<RunException>(() => _ops.Session.Run(unsorted)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Products_agree_with_dense_ones()
    {
        Tensor indices = OpRuns.Matrix(2, 0, 1, 2, 0, 2, 1);
        Tensor b = new[,] { { 1.0, 2.0 }, { 3.0, 4.0 } };
        Output product = _ops.Graph.SparseTensorDenseMatMul(indices, new[] { 10.0, 20.0, 30.0 }, OpRuns.Longs(3, 2), b);
        Assert.Equal([30, 40, 0, 0, 110, 160], _ops.Session.Run(product).ToArray<double>());
        Output turned = _ops.Graph.SparseTensorDenseMatMul(indices, new[] { 10.0, 20.0, 30.0 }, OpRuns.Longs(3, 2), new[,] { { 1.0, 0, 1 } }, adjointA: true, adjointB: true);
        Assert.Equal([20, 40], _ops.Session.Run(turned).ToArray<double>());
        Tensor dense = _ops.Run("SparseMatMul", new() { { "transpose_b", true } }, new[,] { { 1f, 0f }, { 2f, 3f } }, new[,] { { 4f, 5f } })[0];
        Assert.Equal([4, 23], dense.ToArray<float>());
    }

    [Fact]
    public void Distances_are_those_of_the_documentation()
    {
        // hypothesis [["a"], ["b"]], truth [[], ["a"], ["b", "c"], ["a"]]
        Graph graph = _ops.Graph;
        var hypothesis = (graph.Constant(OpRuns.Matrix(3, 0, 0, 0, 1, 0, 0)), graph.Constant(new[] { "a", "b" }), graph.Constant(OpRuns.Longs(2, 1, 1)));
        var truth = (graph.Constant(OpRuns.Matrix(3, 0, 1, 0, 1, 0, 0, 1, 0, 1, 1, 1, 0)), graph.Constant(new[] { "a", "b", "c", "a" }), graph.Constant(OpRuns.Longs(2, 2, 2)));
        Assert.Equal([float.PositiveInfinity, 1.0f, 0.5f, 1.0f], _ops.Session.Run(graph.EditDistance(hypothesis, truth)).ToArray<float>());
    }

    [Fact]
    public void Sets_are_combined_row_by_row()
    {
        Tensor[] difference = _ops.Run("DenseToDenseSetOperation", new() { { "set_operation", "a-b" } }, new[,] { { 9, 1, 2, 1 } }, new[,] { { 2, 5, 5, 5 } });
        Assert.Equal([0, 0, 0, 1], difference[0].ToArray<long>());
        Assert.Equal([1, 9], difference[1].ToArray<int>());
        Assert.Equal([1, 2], difference[2].ToArray<long>());
        Tensor[] union = _ops.Run("SparseToSparseSetOperation", new() { { "set_operation", "union" } }, OpRuns.Matrix(2, 0, 0, 1, 0), new[] { "x", "y" }, OpRuns.Longs(2, 1), OpRuns.Matrix(2, 1, 0, 1, 1), new[] { "b", "y" }, OpRuns.Longs(2, 2));
        Assert.Equal(["x", "b", "y"], OpRuns.Texts(union[1]));
        Tensor sizes = _ops.Run("SetSize", null, OpRuns.Matrix(2, 0, 0, 0, 1, 0, 2), new[] { 4, 4, 5 }, OpRuns.Longs(2, 3))[0];
        Assert.Equal([2, 0], sizes.ToArray<int>());
    }

    [Theory]
    [InlineData(DType.String)]
    [InlineData(DType.Variant)]
    public void Rows_survive_being_serialized(DType form)
    {
        Output rows = _ops.Graph.AddOperation("SerializeManySparse", null, new() { { "out_type", form } }, OpRuns.Matrix(2, 0, 1, 2, 0), new[] { 5, 6 }, OpRuns.Longs(3, 2))[0];
        string back = form == DType.String ? "DeserializeManySparse" : "DeserializeSparse";
        Tensor[] parts = _ops.Run(back, new() { { "dtype", DType.Int32 } }, rows);
        Assert.Equal([0, 1, 2, 0], parts[0].ToArray<long>());
        Assert.Equal([5, 6], parts[1].ToArray<int>());
        Assert.Equal([3, 2], parts[2].ToArray<long>());
    }

    [Fact]
    public void Gradients_are_what_central_differences_give()
    {
        Tensor indices = OpRuns.Matrix(2, 0, 1, 1, 0, 2, 1);
        Tensor shape = OpRuns.Longs(3, 2);
        Tensor values = new[] { 0.3, 0.7, -0.4 };
        Tensor b = new[,] { { 0.5, -0.2 }, { 0.8, 0.1 } };
        GradientCheck.Run("SparseTensorDenseMatMul", (g, x) => g.SparseTensorDenseMatMul(indices, x[0], shape, x[1]), [values, b]);
        Tensor dense = new[,] { { 0.5, -0.2 }, { 0.8, 0.1 }, { 1.2, 0.9 } };
        GradientCheck.Run("SparseTensorDenseAdd", (g, x) => g.AddOperation("SparseTensorDenseAdd", null, null, indices, x[0], shape, x[1])[0], [values, dense]);
        GradientCheck.Run("SparseReduceSum", (g, x) => g.AddOperation("SparseReduceSum", null, null, indices, x[0], shape, new[] { 1 })[0], [values]);
        GradientCheck.Run("SparseDenseCwiseMul", (g, x) => g.AddOperation("SparseDenseCwiseMul", null, null, indices, x[0], shape, x[1])[0], [values, new[,] { { 0.5, 0.25 } }]);
        GradientCheck.Run("SparseDenseCwiseDiv", (g, x) => g.AddOperation("SparseDenseCwiseDiv", null, null, indices, x[0], shape, x[1])[0], [values, new[,] { { 0.5, 0.25 } }]);
        GradientCheck.Run("SparseSoftmax", (g, x) => g.AddOperation("SparseSoftmax", null, null, OpRuns.Matrix(2, 0, 0, 0, 1, 2, 1), x[0], shape)[0], [values]);
        GradientCheck.Run("SparseReorder", (g, x) => g.SparseReorder(OpRuns.Matrix(2, 2, 1, 0, 1, 1, 0), x[0], shape).Values, [values]);
        GradientCheck.Run("SparseFillEmptyRows", (g, x) => g.SparseFillEmptyRows(indices, x[0], OpRuns.Longs(5, 2), x[1]).Values, [values, 0.5]);
        GradientCheck.Run("SparseAdd", (g, x) => g.AddOperation("SparseAdd", null, null, indices, x[0], shape, OpRuns.Matrix(2, 0, 0, 1, 0, 2, 1), x[1], shape, 0.0)[1], [values, new[] { 1.0, 2.0, 3.0 }]);
        GradientCheck.Run("SparseSlice", (g, x) => g.AddOperation("SparseSlice", null, null, indices, x[0], shape, OpRuns.Longs(1, 0), OpRuns.Longs(2, 2))[1], [values]);
        foreach (string type in (string[])["SparseSegmentSum", "SparseSegmentMean", "SparseSegmentSqrtN"])
            GradientCheck.Run(type, (g, x) => g.AddOperation(type, null, null, x[0], new[] { 0, 2, 0 }, new[] { 0, 0, 1 })[0], [dense]);
    }
}
