namespace NotebookPersist;

public static partial class tf
{
    /// <inheritdoc cref="GraphOps.DecodeRaw(Graph, Operand, DType, bool, string)"/>
    public static Output DecodeRaw(Operand inputBytes, DType outType, bool littleEndian = true, string? name = null) => Graph.DecodeRaw(inputBytes, outType, littleEndian, name);

    /// <inheritdoc cref="GraphOps.DecodeCsv(Graph, Operand, ReadOnlySpan{Operand}, string, bool, string, IReadOnlyList{int}, string)"/>
    public static IReadOnlyList<Output> DecodeCsv(
        Operand records,
        ReadOnlySpan<Operand> recordDefaults,
        string fieldDelim = ",",
        bool useQuoteDelim = true,
        string naValue = "",
        IReadOnlyList<int>? selectCols = null,
        string? name = null) => Graph.DecodeCsv(records, recordDefaults, fieldDelim, useQuoteDelim, naValue, selectCols, name);

    /// <inheritdoc cref="GraphOps.ParseTensor(Graph, Operand, DType, string)"/>
    public static Output ParseTensor(Operand serialized, DType outType, string? name = null) => Graph.ParseTensor(serialized, outType, name);

    /// <inheritdoc cref="GraphOps.SerializeTensor(Graph, Operand, string)"/>
    public static Output SerializeTensor(Operand tensor, string? name = null) => Graph.SerializeTensor(tensor, name);

    /// <inheritdoc cref="GraphOps.DecodeCompressed(Graph, Operand, string, string)"/>
    public static Output DecodeCompressed(Operand bytes, string compressionType = "", string? name = null) => Graph.DecodeCompressed(bytes, compressionType, name);

    /// <inheritdoc cref="GraphOps.ReadFile(Graph, Operand, string)"/>
    public static Output ReadFile(Operand filename, string? name = null) => Graph.ReadFile(filename, name);

    /// <inheritdoc cref="GraphOps.WriteFile(Graph, Operand, Operand, string)"/>
    public static Operation WriteFile(Operand filename, Operand contents, string? name = null) => Graph.WriteFile(filename, contents, name);

    /// <inheritdoc cref="GraphOps.MatchingFiles(Graph, Operand, string)"/>
    public static Output MatchingFiles(Operand pattern, string? name = null) => Graph.MatchingFiles(pattern, name);

    public static partial class Strings
    {
        /// <inheritdoc cref="GraphOps.StringFormat(Graph, string, ReadOnlySpan{Operand}, string, int, string)"/>
        public static Output StringFormat(string template, ReadOnlySpan<Operand> inputs, string placeholder = "{}", int summarize = 3, string? name = null) =>
            Graph.StringFormat(template, inputs, placeholder, summarize, name);

        /// <inheritdoc cref="GraphOps.StringToHashBucketStrong(Graph, Operand, long, IReadOnlyList{long}, string)"/>
        public static Output StringToHashBucketStrong(Operand input, long numBuckets, IReadOnlyList<long> key, string? name = null) =>
            Graph.StringToHashBucketStrong(input, numBuckets, key, name);
    }
}
