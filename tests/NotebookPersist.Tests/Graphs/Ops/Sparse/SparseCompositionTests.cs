using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Sparse;

public sealed class SparseCompositionTests : IDisposable
{
    private readonly OpRuns _runs = new();

    private Graph Graph => _runs.Graph;

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Sparse_tensors_are_added_joined_cut_and_turned()
    {
        (Output, Output, Output) x = Of(new[,] { { 0f, 1 }, { 2, 0 } }), y = Of(new[,] { { 0f, -1 }, { 3, 4 } });
        Dense([0, 0, 5, 4], Graph.SparseAdd(x, y));
        Dense([0, 1, 0, -1, 2, 0, 3, 4], Graph.SparseConcat(1, [x, y]));
        Dense([3, 4], Graph.SparseSlice(y, OpRuns.Longs(1, 0), OpRuns.Longs(1, 9)));
        Dense([0, 2, 1, 0], Graph.SparseTranspose(x, [1, 0]));
        Dense([0, 1, 2, 0], Graph.SparseReshape(x, new[] { 4, -1 }));
        Assert.Equal([4L], _runs.Session.Run(Graph.SparseReshape(x, new[] { -1 }).Shape).ToArray<long>());
        Dense([0, 0, 2, 0], Graph.SparseRetain(x, new[] { false, true }));
        _runs.Expect([9, 1, 2, 9], Graph.SparseTensorToDense(x, 9f));
    }

    [Fact]
    public void Rows_are_reduced_and_normalised()
    {
        (Output indices, Output values, Output shape) = Of(new[,] { { 0f, -1 }, { 3, 4 } });
        _runs.Expect([-1, 7], Graph.SparseReduceSum(indices, values, shape, 1));
        _runs.Expect([6], Graph.SparseReduceSum(indices, values, shape));
        _runs.Expect([-1, 4], Graph.SparseReduceMax(indices, values, shape, new[] { 1 }));
        Assert.Equal([2L, 1], _runs.Session.Run(Graph.SparseReduceMax(indices, values, shape, 1, keepDims: true)).Shape.ToArray());
        double part = 1 / (1 + Math.E);
        _runs.Expect([1, part, 1 - part], Graph.SparseSoftmax(indices, values, shape));
    }

    [Fact]
    public void Placeholders_take_the_parts()
    {
        (Output indices, Output values, Output shape) = Graph.SparsePlaceholder(DType.Float32, [-1, 3], "sparse");
        Assert.Equal(("sparse/indices:0", "sparse/values:0", "sparse/shape:0"), (indices.Name, values.Name, shape.Name));
        Assert.Equal([-1L, 2], indices.Shape.ToArray());
        Output dense = Graph.SparseTensorToDense((indices, values, shape));
        Assert.Equal([0f, 0, 7], _runs.Session.Run(dense, new() { { indices, OpRuns.Matrix(2, 0, 2) }, { values, new[] { 7f } }, { shape, OpRuns.Longs(1, 3) } }).ToArray<float>());
        Assert.Equal("Const", Graph.SparsePlaceholder(DType.Float32, [4, 3]).Shape.Operation.Type);
    }

    private (Output Indices, Output Values, Output Shape) Of(Array dense) => Graph.SparseFromDense(dense);

    private void Dense(double[] expected, (Output Indices, Output Values, Output Shape) sparse) => _runs.Expect(expected, Graph.SparseTensorToDense(sparse));
}
