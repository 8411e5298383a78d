using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Tables;

public sealed class TableOpsTests : IDisposable
{
    private readonly OpRuns _ops = new();

    public void Dispose() => _ops.Dispose();

    [Fact]
    public void A_table_answers_after_its_initialiser_and_keeps_its_entries_between_runs()
    {
        Graph graph = _ops.Graph;
        Output table = graph.HashTable(DType.String, DType.Int64);
        graph.InitializeTable(table, new[] { "emerson", "lake", "palmer" }, new[] { 0L, 1L, 2L });
        Output found = graph.LookupTableFind(table, new[] { "lake", "other" }, -1L);
        Operation fill = graph.TablesInitializer();
        Assert.Contains("Table not initialized", Assert.Throws<RunException>(() => _ops.Session.Run(found)).Message, StringComparison.Ordinal);
        _ops.Session.Run(fill);
        _ops.Session.Run(fill);
        Assert.Equal([1, -1], _ops.Session.Run(found).ToArray<long>());
        Assert.Equal(3, (long)_ops.Session.Run(graph.LookupTableSize(table)));
        using var other = new Session(graph);
        Assert.Throws<RunException>(() => other.Run(found));
    }

    [Fact]
    public void A_mutable_table_takes_and_gives_entries_away()
    {
        Graph graph = _ops.Graph;
        Output table = graph.MutableHashTable(DType.Int64, DType.Float32);
        _ops.Session.Run(graph.LookupTableInsert(table, new[] { 5L, 7L }, new[] { 0.5f, 0.7f }));
        _ops.Session.Run(graph.LookupTableInsert(table, new[] { 7L, 9L }, new[] { 0.8f, 0.9f }));
        _ops.Session.Run(graph.LookupTableRemove(table, new[] { 5L, 6L }));
        (Output keys, Output values) = graph.LookupTableExport(table, DType.Int64, DType.Float32);
        Assert.Equal([7, 9], _ops.Session.Run(keys).ToArray<long>());
        Assert.Equal([0.8f, 0.9f], _ops.Session.Run(values).ToArray<float>());
    }

    [Fact]
    public void Dense_tables_have_keys_and_values_of_any_shape_and_refuse_the_empty_key()
    {
        var attributes = new NotebookPersist.Graphs.OpModel.AttributeList { { "value_dtype", DType.Float32 }, { "value_shape", OpRuns.Sizes(2) } };
        Output table = _ops.Graph.AddOperation("MutableDenseHashTableV2", null, attributes, new[] { 0L, 0L }, new[] { -1L, -1L })[0];
        _ops.Session.Run(_ops.Graph.LookupTableInsert(table, new[,] { { 1L, 2L }, { 3L, 4L } }, new[,] { { 1f, 2f }, { 3f, 4f } }));
        Tensor found = _ops.Session.Run(_ops.Graph.LookupTableFind(table, new[,] { { 3L, 4L }, { 9L, 9L } }, new[] { -1f, -2f }));
        Assert.Equal([3, 4, -1, -2], found.ToArray<float>());
        Operation refused = _ops.Graph.LookupTableInsert(table, new[,] { { 0L, 0L } }, new[,] { { 1f, 2f } });
        Assert.Contains("empty_key", Assert.Throws<RunException>(() => _ops.Session.Run(refused)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Vocabulary_files_fill_tables_by_line_and_by_column()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "vocabulary.txt");
        File.WriteAllText(path, "red,10\ngreen,20\nblue,30\n");
        Graph graph = _ops.Graph;
        Output byLine = graph.HashTable(DType.Int64, DType.String);
        graph.InitializeTableFromTextFile(byLine, path, keyIndex: -1, valueIndex: -2);
        Output byColumn = graph.HashTable(DType.String, DType.Int64);
        graph.InitializeTableFromTextFile(byColumn, path, keyIndex: 0, valueIndex: 1, delimiter: ",");
        _ops.Session.Run(graph.TablesInitializer());
        Assert.Equal(["blue,30", "?"], OpRuns.Texts(_ops.Session.Run(graph.LookupTableFind(byLine, new[] { 2L, 9L }, "?"))));
        Assert.Equal([20], _ops.Session.Run(graph.LookupTableFind(byColumn, new[] { "green" }, 0L)).ToArray<long>());
    }

    [Fact]
    public void The_first_version_names_tables_by_reference()
    {
        Graph graph = _ops.Graph;
        Output table = graph.AddOperation("HashTable", "table", new() { { "key_dtype", DType.Int64 }, { "value_dtype", DType.Int64 } })[0];
        _ops.Session.Run(graph.AddOperation("InitializeTable", null, null, table, new[] { 1L, 2L }, new[] { 10L, 20L }));
        Assert.Equal([20, 0], _ops.Session.Run(graph.AddOperation("LookupTableFind", null, null, table, new[] { 2L, 3L }, 0L)[0]).ToArray<long>());
    }
}
