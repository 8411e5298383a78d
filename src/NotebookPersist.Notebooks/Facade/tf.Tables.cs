namespace NotebookPersist;

public static partial class tf
{
    /// <inheritdoc cref="GraphOps.HashTable(Graph, DType, DType, string, string)"/>
    public static Output HashTable(DType keyType, DType valueType, string sharedName = "", string? name = null) => Graph.HashTable(keyType, valueType, sharedName, name);

    /// <inheritdoc cref="GraphOps.MutableHashTable(Graph, DType, DType, string, string)"/>
    public static Output MutableHashTable(DType keyType, DType valueType, string sharedName = "", string? name = null) =>
        Graph.MutableHashTable(keyType, valueType, sharedName, name);

    /// <inheritdoc cref="GraphOps.InitializeTable(Graph, Output, Operand, Operand, string)"/>
    public static Operation InitializeTable(Output table, Operand keys, Operand values, string? name = null) => Graph.InitializeTable(table, keys, values, name);

    /// <inheritdoc cref="GraphOps.InitializeTableFromTextFile(Graph, Output, Operand, int, int, int, string, string)"/>
    public static Operation InitializeTableFromTextFile(
        Output table, Operand filename, int keyIndex, int valueIndex, int vocabSize = -1, string delimiter = "\t", string? name = null) =>
        Graph.InitializeTableFromTextFile(table, filename, keyIndex, valueIndex, vocabSize, delimiter, name);

    /// <inheritdoc cref="GraphOps.TablesInitializer(Graph, string)"/>
    public static Operation TablesInitializer(string name = "init_all_tables") => Graph.TablesInitializer(name);

    /// <inheritdoc cref="GraphOps.LookupTableFind(Graph, Output, Operand, Operand, string)"/>
    public static Output LookupTableFind(Output table, Operand keys, Operand defaultValue, string? name = null) => Graph.LookupTableFind(table, keys, defaultValue, name);

    /// <inheritdoc cref="GraphOps.LookupTableInsert(Graph, Output, Operand, Operand, string)"/>
    public static Operation LookupTableInsert(Output table, Operand keys, Operand values, string? name = null) => Graph.LookupTableInsert(table, keys, values, name);

    /// <inheritdoc cref="GraphOps.LookupTableRemove(Graph, Output, Operand, string)"/>
    public static Operation LookupTableRemove(Output table, Operand keys, string? name = null) => Graph.LookupTableRemove(table, keys, name);

    /// <inheritdoc cref="GraphOps.LookupTableSize(Graph, Output, string)"/>
    public static Output LookupTableSize(Output table, string? name = null) => Graph.LookupTableSize(table, name);

    /// <inheritdoc cref="GraphOps.LookupTableExport(Graph, Output, DType, DType, string)"/>
    public static (Output Keys, Output Values) LookupTableExport(Output table, DType keyType, DType valueType, string? name = null) =>
        Graph.LookupTableExport(table, keyType, valueType, name);
}
