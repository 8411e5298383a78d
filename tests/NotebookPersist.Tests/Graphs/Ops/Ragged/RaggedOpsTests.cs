using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Ragged;

public sealed class RaggedOpsTests : IDisposable
{
    private readonly OpRuns _ops = new();

    public void Dispose() => _ops.Dispose();

    [Fact]
    public void Ranges_are_those_of_the_documentation()
    {
        Tensor[] ranges = _ops.Run("RaggedRange", null, new[] { 2, 5, 8 }, new[] { 3, 5, 12 }, new[] { 1, 1, 1 });
        Assert.Equal([0, 1, 1, 5], ranges[0].ToArray<long>());
        Assert.Equal([2, 8, 9, 10, 11], ranges[1].ToArray<int>());
        Tensor[] down = _ops.Run("RaggedRange", null, Tensor.Scalar(4.5), new[] { 3.0, 5.0 }, Tensor.Scalar(-0.5));
        Assert.Equal([0, 3, 3], down[0].ToArray<long>());
        Assert.Equal([4.5, 4.0, 3.5], down[1].ToArray<double>());
    }

    [Fact]
    public void Rows_of_rows_are_gathered()
    {
        // [[[1, 2], [3]], [], [[4]]], rows 2, 0, 1 and 0
        Tensor[] gathered = _ops.Run(
            "RaggedGather",
            new() { { "OUTPUT_RAGGED_RANK", 2 }, { "PARAMS_RAGGED_RANK", 2 } },
            OpRuns.Longs(0, 2, 2, 3),
            OpRuns.Longs(0, 2, 3, 4),
            new[] { 1, 2, 3, 4 },
            new[] { 2, 0, 1, 0 });
        Assert.Equal([0, 1, 3, 3, 5], gathered[0].ToArray<long>());
        Assert.Equal([0, 1, 3, 4, 6, 7], gathered[1].ToArray<long>());
        Assert.Equal([4, 1, 2, 3, 1, 2, 3], gathered[2].ToArray<int>());
    }

    [Fact]
    public void Ragged_matrices_become_sparse_and_dense_ones()
    {
        // [[1, 2, 3], [], [4, 5]]
        Tensor[] sparse = _ops.Run("RaggedTensorToSparse", null, OpRuns.Longs(0, 3, 3, 5), new[] { 1, 2, 3, 4, 5 });
        Assert.Equal([0, 0, 0, 1, 0, 2, 2, 0, 2, 1], sparse[0].ToArray<long>());
        Assert.Equal([3, 3], sparse[2].ToArray<long>());

        Tensor dense = _ops.Run("RaggedTensorToTensor", new() { { "row_partition_types", (string[])["ROW_SPLITS"] } }, OpRuns.Longs(-1, -1), new[] { 1, 2, 3, 4, 5 }, -9, OpRuns.Longs(0, 3, 3, 5))[0];
        Assert.Equal([1, 2, 3, -9, -9, -9, 4, 5, -9], dense.ToArray<int>());
        Tensor cut = _ops.Run(
            "RaggedTensorToTensor",
            new() { { "row_partition_types", (string[])["FIRST_DIM_SIZE", "VALUE_ROWIDS"] } },
            OpRuns.Longs(4, 2),
            new[] { 1, 2, 3, 4, 5 },
            0,
            3L,
            OpRuns.Longs(0, 0, 0, 2, 2))[0];
        Assert.Equal([1, 2, 0, 0, 4, 5, 0, 0], cut.ToArray<int>());
    }
}
