using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>Splits each string at a separator, as the parts of a sparse value with one dimension more.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Strings of any known rank from 1 on.</param>
    /// <param name="sep">Separates as a whole, so that empty pieces are kept; empty splits at runs of white space.</param>
    /// <param name="maxsplit">At most so many splits of each string; -1 for any number.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>Positions, pieces and shape of the sparse value.</returns>
    /// <exception cref="ArgumentException">The rank is 0 or not known.</exception>
    /// <remarks>Source: TensorFlow 1's <c>tf.strings.split</c>, op "StringSplitV2".</remarks>
    public static (Output Indices, Output Values, Output DenseShape) StringSplit(this Graph graph, Operand input, Operand sep, int maxsplit, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "StringSplit");
        Output texts = graph.Convert(input, DType.String, "input");
        int rank = KnownRank(texts, nameof(input));
        Operation split = graph.AddOperation<StringSplitV2Op>(
            null, new AttributeList { { "maxsplit", (long)maxsplit } }, rank == 1 ? texts : graph.Reshape(texts, new[] { -1 }), sep.IsMissing ? "" : sep);
        if (rank == 1)
            return (split[0], split[1], split[2]);

        // The number of a string in the flat vector becomes its place.
        Output shape = graph.Shape(texts, DType.Int64);
        Output places = graph.Transpose(graph.UnravelIndex(split[0][.., 0], shape));
        return (graph.Concat([places, split[0][.., 1..]], 1), split[1], graph.Concat([shape, split[2][1..]], 0));
    }

    /// <summary>Splits each string into its bytes.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">A string or a vector of strings.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>All bytes one after the other, and where those of each string begin and the last one's end. Shape: [bytes], [strings + 1].</returns>
    /// <exception cref="ArgumentException">The rank is another one, or not known.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.strings.bytes_split</c>; its ragged value is given as values and row splits.</remarks>
    public static (Output Values, Output RowSplits) BytesSplit(this Graph graph, Operand input, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "StringsByteSplit");
        Output texts = graph.Convert(input, DType.String, "input");
        if (texts.Shape.Rank is not (0 or 1))
            throw new ArgumentException($"input must be a string or a vector of strings; '{texts.Name}' has shape {texts.Shape.ToPythonString()}.", nameof(input));
        (Output indices, Output values, Output shape) = graph.StringSplit(texts.Shape.Rank == 0 ? graph.Stack([texts]) : texts, "", skipEmpty: false);
        Output rows = indices[.., 0];
        Output lengths = graph.UnsortedSegmentSum(graph.OnesLike(rows), rows, shape[0]);
        return (values, graph.Concat([new long[] { 0 }, graph.Cumsum(lengths, 0)], 0));
    }

    /// <summary>Joins the strings of each segment.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="inputs">Strings.</param>
    /// <param name="segmentIds">Segment of each; negative ones are left out. Shape: the leading dimensions of the strings.</param>
    /// <param name="numSegments">How many segments there are. Shape: [].</param>
    /// <param name="separator">What stands between strings.</param>
    /// <param name="name">Node name.</param>
    /// <returns>Shape: [segments, ...].</returns>
    /// <remarks>Source: TensorFlow op "UnsortedSegmentJoin".</remarks>
    public static Output UnsortedSegmentJoin(this Graph graph, Operand inputs, Operand segmentIds, Operand numSegments, string separator = "", string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Add<UnsortedSegmentJoinOp>(name, new AttributeList { { "separator", separator } }, inputs, segmentIds, numSegments);
    }

    /// <summary>Joins each few strings in a row that stand side by side.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="data">Strings. Shape: [..., n], of known rank.</param>
    /// <param name="ngramWidths">How many strings are joined; more than one number gives all of the first, then all of the second.</param>
    /// <param name="separator">What stands between strings.</param>
    /// <param name="padValues">What stands left and right of a row; null for nothing.</param>
    /// <param name="paddingWidth">How many of these at most; by default one less than the width.</param>
    /// <param name="preserveShortSequences">Whether a row that is too short is joined as a whole.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>Shape: [..., number of joined strings].</returns>
    /// <exception cref="ArgumentException">A width is less than 1, the padding makes no sense, or the rank is 0 or not known.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.strings.ngrams</c>, op "StringNGrams".</remarks>
    public static Output Ngrams(
        this Graph graph,
        Operand data,
        IReadOnlyList<int> ngramWidths,
        string separator = " ",
        (string Left, string Right)? padValues = null,
        int? paddingWidth = null,
        bool preserveShortSequences = false,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(ngramWidths);
        if (ngramWidths.Any(static w => w < 1))
            throw new ArgumentException($"All ngram_widths must be greater than 0. Got {string.Join(", ", ngramWidths)}.", nameof(ngramWidths));
        if (paddingWidth is < 1)
            throw new ArgumentException("padding_width must be greater than 0.", nameof(paddingWidth));
        if (paddingWidth is not null && padValues is null)
            throw new ArgumentException("pad_values must be provided if padding_width is set.", nameof(padValues));
        using NameScope scope = graph.NameScope(name ?? "StringNGrams");
        Output words = graph.Convert(data, DType.String, "data");
        int rank = KnownRank(words, nameof(data));
        Output shape = graph.Shape(words, DType.Int64);
        Operation grams = graph.AddOperation<StringNGramsOp>(
            null,
            new AttributeList
            {
                { "separator", separator },
                { "ngram_widths", ngramWidths },
                { "left_pad", padValues?.Left ?? "" },
                { "right_pad", padValues?.Right ?? "" },
                { "pad_width", (long)(padValues is null ? 0 : paddingWidth ?? -1) },
                { "preserve_short_sequences", preserveShortSequences },
            },
            graph.Reshape(words, new[] { -1 }),
            EvenSplits(shape));
        return rank == 1 ? grams[0] : graph.Reshape(grams[0], graph.Concat([shape[..^1], new long[] { -1 }], 0));
    }

    // Where the rows of a value that has none of other lengths begin and end.
    private static Output EvenSplits(Output shape)
    {
        Graph graph = shape.Graph;
        Output rows = graph.ReduceProd(shape[..^1]);
        return graph.Range(graph.Constant(0L), rows + 1L, graph.Constant(1L)) * shape[^1];
    }

    private static int KnownRank(Output strings, string argument) => strings.Shape.Rank >= 1
        ? strings.Shape.Rank
        : throw new ArgumentException($"A value of known rank, at least 1, is needed; '{strings.Name}' has shape {strings.Shape.ToPythonString()}.", argument);
}
