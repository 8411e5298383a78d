namespace NotebookPersist;

public static partial class tf
{
    /// <summary>Operations on strings, in the default graph.</summary>
    public static partial class Strings
    {
        /// <inheritdoc cref="GraphOps.AsString(Graph, Operand, int, bool, bool, int, string, string)"/>
        public static Output AsString(Operand input, int precision = -1, bool scientific = false, bool shortest = false, int width = -1, string fill = "", string? name = null) =>
            Graph.AsString(input, precision, scientific, shortest, width, fill, name);

        /// <inheritdoc cref="GraphOps.DecodeBase64(Graph, Operand, string)"/>
        public static Output DecodeBase64(Operand input, string? name = null) => Graph.DecodeBase64(input, name);

        /// <inheritdoc cref="GraphOps.EncodeBase64(Graph, Operand, bool, string)"/>
        public static Output EncodeBase64(Operand input, bool pad = false, string? name = null) => Graph.EncodeBase64(input, pad, name);

        /// <inheritdoc cref="GraphOps.ReduceJoin(Graph, Operand, Operand, bool, string, string)"/>
        public static Output ReduceJoin(Operand inputs, Operand axis = default, bool keepDims = false, string separator = "", string? name = null) =>
            Graph.ReduceJoin(inputs, axis, keepDims, separator, name);

        /// <inheritdoc cref="GraphOps.RegexFullMatch(Graph, Operand, Operand, string)"/>
        public static Output RegexFullMatch(Operand input, Operand pattern, string? name = null) => Graph.RegexFullMatch(input, pattern, name);

        /// <inheritdoc cref="GraphOps.RegexReplace(Graph, Operand, Operand, Operand, bool, string)"/>
        public static Output RegexReplace(Operand input, Operand pattern, Operand rewrite, bool replaceGlobal = true, string? name = null) =>
            Graph.RegexReplace(input, pattern, rewrite, replaceGlobal, name);

        /// <inheritdoc cref="GraphOps.StringJoin(Graph, ReadOnlySpan{Operand}, string, string)"/>
        public static Output StringJoin(ReadOnlySpan<Operand> inputs, string separator = "", string? name = null) => Graph.StringJoin(inputs, separator, name);

        /// <inheritdoc cref="GraphOps.StringLength(Graph, Operand, string, string)"/>
        public static Output StringLength(Operand input, string unit = "BYTE", string? name = null) => Graph.StringLength(input, unit, name);

        /// <inheritdoc cref="GraphOps.StringLower(Graph, Operand, string, string)"/>
        public static Output StringLower(Operand input, string encoding = "", string? name = null) => Graph.StringLower(input, encoding, name);

        /// <inheritdoc cref="GraphOps.StringSplit(Graph, Operand, Operand, bool, string)"/>
        public static (Output Indices, Output Values, Output DenseShape) StringSplit(Operand source, Operand delimiter = default, bool skipEmpty = true, string? name = null) =>
            Graph.StringSplit(source, delimiter, skipEmpty, name);

        /// <inheritdoc cref="GraphOps.StringStrip(Graph, Operand, string)"/>
        public static Output StringStrip(Operand input, string? name = null) => Graph.StringStrip(input, name);

        /// <inheritdoc cref="GraphOps.StringToHashBucketFast(Graph, Operand, long, string)"/>
        public static Output StringToHashBucketFast(Operand input, long numBuckets, string? name = null) =>
            Graph.StringToHashBucketFast(input, numBuckets, name);

        /// <inheritdoc cref="GraphOps.StringToNumber(Graph, Operand, DType, string)"/>
        public static Output StringToNumber(Operand stringTensor, DType outType = DType.Float32, string? name = null) =>
            Graph.StringToNumber(stringTensor, outType, name);

        /// <inheritdoc cref="GraphOps.StringUpper(Graph, Operand, string, string)"/>
        public static Output StringUpper(Operand input, string encoding = "", string? name = null) => Graph.StringUpper(input, encoding, name);

        /// <inheritdoc cref="GraphOps.Substr(Graph, Operand, Operand, Operand, string, string)"/>
        public static Output Substr(Operand input, Operand pos, Operand len, string unit = "BYTE", string? name = null) =>
            Graph.Substr(input, pos, len, unit, name);
    }
}
