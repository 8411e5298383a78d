using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Nets;

/// <summary>Rows of tables for sparse ids, computed by hand, and pools and convolutions along one axis.</summary>
public sealed class SparseEmbeddingTests : IDisposable
{
    private readonly OpRuns _runs = new();

    private Graph Graph => _runs.Graph;

    public void Dispose() => _runs.Dispose();

    [Theory]
    [InlineData(EmbeddingCombiner.Sum, false, new[] { 3, 30, 4.0, 40 })]
    [InlineData(EmbeddingCombiner.Mean, false, new[] { 1.5, 15, 4, 40 })]
    [InlineData(EmbeddingCombiner.SqrtN, false, new[] { 2.1213203, 21.213203, 4, 40 })]
    [InlineData(EmbeddingCombiner.Sum, true, new[] { 6.5, 65, 8, 80 })]
    [InlineData(EmbeddingCombiner.Mean, true, new[] { 1.8571429, 18.571429, 4, 40 })]
    [InlineData(EmbeddingCombiner.SqrtN, true, new[] { 2.1371872, 21.371872, 4, 40 })]
    public void Rows_of_one_example_become_one(EmbeddingCombiner combiner, bool isWeighted, double[] expected)
    {
        Operand weights = isWeighted ? new[] { 0.5f, 3, 2 } : default(Operand);
        Output found = Graph.EmbeddingLookupSparse(Table(), OpRuns.Matrix(2, 0, 0, 0, 3, 1, 1), OpRuns.Longs(1, 2, 4), weights, combiner: combiner);
        Start();
        _runs.Expect(expected, found);
    }

    [Fact]
    public void Ids_that_are_none_do_not_count_and_rows_without_ids_are_zeros_or_another()
    {
        Variable table = Table();
        Output Lookup(Operand other, Operand weights = default) => Graph.SafeEmbeddingLookupSparse(
            table, OpRuns.Matrix(2, 0, 0, 0, 1, 2, 0, 2, 5), OpRuns.Longs(1, -1, 2, 4), OpRuns.Longs(4, 6), weights, other);
        Output zeros = Lookup(default), last = Lookup(4L), weighted = Lookup(default, new[] { 1f, 1, 0, 2 });
        Start();
        _runs.Expect([1, 10, 0, 0, 3, 30, 0, 0], zeros);
        _runs.Expect([1, 10, 4, 40, 3, 30, 4, 40], last);
        _runs.Expect([1, 10, 0, 0, 4, 40, 0, 0], weighted);
    }

    [Fact]
    public void Windows_slide_along_one_axis()
    {
        Tensor rows = Tensor.Of<float>([1, 4, 2], [1, 8, 3, 2, 2, 5, 7, 1]);
        Tensor turned = Tensor.Of<float>([1, 2, 4], [1, 3, 2, 7, 8, 2, 5, 1]);
        _runs.Expect([3, 8, 7, 5], Graph.MaxPool1D(rows, 2, 2, "VALID"));
        _runs.Expect([3, 3, 7, 7, 8, 5, 5, 1], Graph.MaxPool1D(turned, 2, 1, "SAME", "NCW"));
        _runs.Expect([2, 5, 2.5, 3.5, 4.5, 3], Graph.AvgPool1D(rows, 2, 1, "VALID"));
        _runs.Expect([2, 4.5, 5, 3], Graph.AvgPool1D(turned, 2, 2, "VALID", "NCW"));
        Assert.Throws<ArgumentException>(() => Graph.MaxPool1D(rows, 2, 2, "VALID", "NHWC"));
    }

    [Fact]
    public void Convolutions_along_one_axis_run_backwards()
    {
        // Each element spreads by the filter [1, 10], two apart.
        Tensor filter = Tensor.Of<float>([2, 1, 1], [1, 10]);
        _runs.Expect([1, 10, 2, 20, 3, 30], Graph.Conv1DTranspose(Tensor.Of<float>([1, 3, 1], [1, 2, 3]), filter, new[] { 1, 6, 1 }, 2));
        _runs.Expect([1, 12, 23, 30], Graph.Conv1DTranspose(Tensor.Of<float>([1, 1, 3], [1, 2, 3]), filter, new[] { 1, 1, 4 }, 1, "VALID", "NCW"));
    }

    private Variable Table() => Graph.Variable(new[,] { { 0f, 0 }, { 1, 10 }, { 2, 20 }, { 3, 30 }, { 4, 40 } }, name: "table");

    private void Start() => _runs.Session.Run(Graph.GlobalVariablesInitializer());
}
