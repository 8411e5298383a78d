namespace NotebookPersist;

public static partial class tf
{
    public static partial class Strings
    {
        /// <inheritdoc cref="GraphOps.BytesSplit"/>
        public static (Output Values, Output RowSplits) BytesSplit(Operand input, string? name = null) => Graph.BytesSplit(input, name);

        /// <inheritdoc cref="GraphOps.StringFormat"/>
        public static Output Format(string template, ReadOnlySpan<Operand> inputs, string placeholder = "{}", int summarize = 3, string? name = null) =>
            Graph.StringFormat(template, inputs, placeholder, summarize, name);

        /// <inheritdoc cref="GraphOps.StringJoin"/>
        public static Output Join(ReadOnlySpan<Operand> inputs, string separator = "", string? name = null) => Graph.StringJoin(inputs, separator, name);

        /// <inheritdoc cref="GraphOps.StringLength"/>
        public static Output Length(Operand input, string unit = "BYTE", string? name = null) => Graph.StringLength(input, unit, name);

        /// <inheritdoc cref="GraphOps.StringLower"/>
        public static Output Lower(Operand input, string encoding = "", string? name = null) => Graph.StringLower(input, encoding, name);

        /// <inheritdoc cref="GraphOps.Ngrams"/>
        public static Output Ngrams(
            Operand data,
            IReadOnlyList<int> ngramWidth,
            string separator = " ",
            (string Left, string Right)? padValues = null,
            int? paddingWidth = null,
            bool preserveShortSequences = false,
            string? name = null) =>
            Graph.Ngrams(data, ngramWidth, separator, padValues, paddingWidth, preserveShortSequences, name);

        /// <inheritdoc cref="GraphOps.Ngrams"/>
        public static Output Ngrams(
            Operand data,
            int ngramWidth,
            string separator = " ",
            (string Left, string Right)? padValues = null,
            int? paddingWidth = null,
            bool preserveShortSequences = false,
            string? name = null) => Graph.Ngrams(data, [ngramWidth], separator, padValues, paddingWidth, preserveShortSequences, name);

        /// <inheritdoc cref="GraphOps.StringSplit(Graph, Operand, Operand, int, string)"/>
        public static (Output Indices, Output Values, Output DenseShape) Split(Operand input, Operand sep = default, int maxsplit = -1, string? name = null) =>
            Graph.StringSplit(input, sep, maxsplit, name);

        /// <inheritdoc cref="GraphOps.StringToHashBucket"/>
        public static Output StringToHashBucket(Operand stringTensor, long numBuckets, string? name = null) => Graph.StringToHashBucket(stringTensor, numBuckets, name);

        /// <inheritdoc cref="GraphOps.StringStrip"/>
        public static Output Strip(Operand input, string? name = null) => Graph.StringStrip(input, name);

        /// <inheritdoc cref="GraphOps.StringToHashBucket"/>
        public static Output ToHashBucket(Operand input, long numBuckets, string? name = null) => Graph.StringToHashBucket(input, numBuckets, name);

        /// <inheritdoc cref="GraphOps.StringToHashBucketFast"/>
        public static Output ToHashBucketFast(Operand input, long numBuckets, string? name = null) => Graph.StringToHashBucketFast(input, numBuckets, name);

        /// <inheritdoc cref="GraphOps.StringToHashBucketStrong"/>
        public static Output ToHashBucketStrong(Operand input, long numBuckets, IReadOnlyList<long> key, string? name = null) =>
            Graph.StringToHashBucketStrong(input, numBuckets, key, name);

        /// <inheritdoc cref="GraphOps.StringToNumber"/>
        public static Output ToNumber(Operand stringTensor, DType outType = DType.Float32, string? name = null) => Graph.StringToNumber(stringTensor, outType, name);

        /// <inheritdoc cref="GraphOps.UnicodeDecode"/>
        public static (Output Values, Output RowSplits) UnicodeDecode(
            Operand input,
            string inputEncoding,
            string errors = "replace",
            int replacementChar = 0xFFFD,
            bool replaceControlCharacters = false,
            string? name = null) =>
            Graph.UnicodeDecode(input, inputEncoding, errors, replacementChar, replaceControlCharacters, name);

        /// <inheritdoc cref="GraphOps.UnicodeEncode(Graph, Operand, string, string, int, string)"/>
        public static Output UnicodeEncode(Operand input, string outputEncoding, string errors = "replace", int replacementChar = 0xFFFD, string? name = null) =>
            Graph.UnicodeEncode(input, outputEncoding, errors, replacementChar, name);

        /// <inheritdoc cref="GraphOps.UnicodeEncode(Graph, ValueTuple{Output, Output}, string, string, int, string)"/>
        public static Output UnicodeEncode(
            (Output Values, Output RowSplits) ragged,
            string outputEncoding,
            string errors = "replace",
            int replacementChar = 0xFFFD,
            string? name = null) =>
            Graph.UnicodeEncode(ragged, outputEncoding, errors, replacementChar, name);

        /// <inheritdoc cref="GraphOps.UnicodeSplit"/>
        public static (Output Values, Output RowSplits) UnicodeSplit(
            Operand input,
            string inputEncoding,
            string errors = "replace",
            int replacementChar = 0xFFFD,
            string? name = null) =>
            Graph.UnicodeSplit(input, inputEncoding, errors, replacementChar, name);

        /// <inheritdoc cref="GraphOps.UnicodeTranscode"/>
        public static Output UnicodeTranscode(
            Operand input,
            string inputEncoding,
            string outputEncoding,
            string errors = "replace",
            int replacementChar = 0xFFFD,
            bool replaceControlCharacters = false,
            string? name = null) =>
            Graph.UnicodeTranscode(input, inputEncoding, outputEncoding, errors, replacementChar, replaceControlCharacters, name);

        /// <inheritdoc cref="GraphOps.UnsortedSegmentJoin"/>
        public static Output UnsortedSegmentJoin(Operand inputs, Operand segmentIds, Operand numSegments, string separator = "", string? name = null) =>
            Graph.UnsortedSegmentJoin(inputs, segmentIds, numSegments, separator, name);

        /// <inheritdoc cref="GraphOps.StringUpper"/>
        public static Output Upper(Operand input, string encoding = "", string? name = null) => Graph.StringUpper(input, encoding, name);
    }
}
