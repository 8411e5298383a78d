using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>A table that an initialiser fills once.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="keyType">Type of keys.</param>
    /// <param name="valueType">Type of values.</param>
    /// <param name="sharedName">Name in the session; by default that of the node.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Its handle.</returns>
    /// <remarks>Source: TensorFlow op "HashTableV2".</remarks>
    public static Output HashTable(this Graph graph, DType keyType, DType valueType, string sharedName = "", string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<HashTableV2Op>(name ?? "hash_table", new AttributeList { { "key_dtype", keyType }, { "value_dtype", valueType }, { "shared_name", sharedName } });
    }

    /// <summary>A table that insertions fill.</summary>
    /// <inheritdoc cref="HashTable"/>
    /// <remarks>Source: TensorFlow op "MutableHashTableV2".</remarks>
    public static Output MutableHashTable(this Graph graph, DType keyType, DType valueType, string sharedName = "", string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<MutableHashTableV2Op>(name, new AttributeList { { "key_dtype", keyType }, { "value_dtype", valueType }, { "shared_name", sharedName } });
    }

    /// <summary>Fills a table; <see cref="TablesInitializer"/> runs it with all others.</summary>
    /// <remarks>Source: TensorFlow op "InitializeTableV2".</remarks>
    public static Operation InitializeTable(this Graph graph, Output table, Operand keys, Operand values, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Operation filled = graph.AddOperation<InitializeTableV2Op>(name, null, table, keys, values);
        graph.AddToCollection(GraphKeys.TableInitializers, filled);
        return filled;
    }

    /// <summary>Fills a table from the lines of a file; <see cref="TablesInitializer"/> runs it with all others.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="table">Handle of the table.</param>
    /// <param name="filename">Path of the file.</param>
    /// <param name="keyIndex">Column of keys; -1 for the line number, -2 for the whole line.</param>
    /// <param name="valueIndex">Column of values, likewise.</param>
    /// <param name="vocabSize">How many lines; all where -1.</param>
    /// <param name="delimiter">One character between columns.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "InitializeTableFromTextFileV2".</remarks>
    public static Operation InitializeTableFromTextFile(
        this Graph graph, Output table, Operand filename, int keyIndex, int valueIndex, int vocabSize = -1, string delimiter = "\t", string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var attributes = new AttributeList { { "key_index", keyIndex }, { "value_index", valueIndex }, { "vocab_size", vocabSize }, { "delimiter", delimiter } };
        Operation filled = graph.AddOperation<InitializeTableFromTextFileV2Op>(name, attributes, table, filename);
        graph.AddToCollection(GraphKeys.TableInitializers, filled);
        return filled;
    }

    /// <summary>Fills all tables of the graph.</summary>
    /// <remarks>Source: TensorFlow's <c>tf.tables_initializer</c>.</remarks>
    public static Operation TablesInitializer(this Graph graph, string name = "init_all_tables")
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Group([.. graph.GetCollection<Operation>(GraphKeys.TableInitializers)], name);
    }

    /// <summary>The values of keys, the default where a table has none.</summary>
    /// <remarks>Source: TensorFlow op "LookupTableFindV2".</remarks>
    public static Output LookupTableFind(this Graph graph, Output table, Operand keys, Operand defaultValue, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<LookupTableFindV2Op>(name, table, keys, defaultValue);
    }

    /// <summary>Adds or replaces entries of a table.</summary>
    /// <remarks>Source: TensorFlow op "LookupTableInsertV2".</remarks>
    public static Operation LookupTableInsert(this Graph graph, Output table, Operand keys, Operand values, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.AddOperation<LookupTableInsertV2Op>(name, null, table, keys, values);
    }

    /// <summary>Takes entries out of a table.</summary>
    /// <remarks>Source: TensorFlow op "LookupTableRemoveV2".</remarks>
    public static Operation LookupTableRemove(this Graph graph, Output table, Operand keys, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.AddOperation<LookupTableRemoveV2Op>(name, null, table, keys);
    }

    /// <summary>How many entries a table has, int64.</summary>
    /// <remarks>Source: TensorFlow op "LookupTableSizeV2".</remarks>
    public static Output LookupTableSize(this Graph graph, Output table, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<LookupTableSizeV2Op>(name, table);
    }

    /// <summary>All entries of a table.</summary>
    /// <remarks>Source: TensorFlow op "LookupTableExportV2".</remarks>
    public static (Output Keys, Output Values) LookupTableExport(this Graph graph, Output table, DType keyType, DType valueType, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Operation all = graph.AddOperation<LookupTableExportV2Op>(name, new AttributeList { { "Tkeys", keyType }, { "Tvalues", valueType } }, table);
        return (all[0], all[1]);
    }
}
