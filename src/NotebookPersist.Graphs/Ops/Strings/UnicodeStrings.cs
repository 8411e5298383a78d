using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

public static partial class GraphOps
{
    /// <summary>The same text in another encoding.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Strings.</param>
    /// <param name="inputEncoding">Their encoding, such as UTF-8 or ISO-8859-1.</param>
    /// <param name="outputEncoding">UTF-8, UTF-16-BE or UTF-32-BE.</param>
    /// <param name="errors">What becomes of bytes that are no text: replace, ignore or strict.</param>
    /// <param name="replacementChar">The code point that replaces them.</param>
    /// <param name="replaceControlCharacters">Whether control characters are taken for such too.</param>
    /// <param name="name">Node name.</param>
    /// <remarks>Source: TensorFlow op "UnicodeTranscode".</remarks>
    public static Output UnicodeTranscode(
        this Graph graph,
        Operand input,
        string inputEncoding,
        string outputEncoding,
        string errors = "replace",
        int replacementChar = 0xFFFD,
        bool replaceControlCharacters = false,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        AttributeList attributes = Decoding(inputEncoding, errors, replacementChar, replaceControlCharacters);
        attributes.Add("output_encoding", outputEncoding);
        return graph.Add<UnicodeTranscodeOp>(name, attributes, input);
    }

    /// <summary>The code points of each string.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Strings, taken as one row of strings where there are more dimensions.</param>
    /// <param name="inputEncoding">Their encoding, such as UTF-8.</param>
    /// <param name="errors">What becomes of bytes that are no text: replace, ignore or strict.</param>
    /// <param name="replacementChar">The code point that replaces them.</param>
    /// <param name="replaceControlCharacters">Whether control characters are taken for such too.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>All code points one after the other, and where those of each string begin and the last one's end. Shape: [points], [strings + 1]. DType: int32, int64.</returns>
    /// <remarks>Source: TensorFlow's <c>tf.strings.unicode_decode</c>, op "UnicodeDecode"; its ragged value is given as values and row splits.</remarks>
    public static (Output Values, Output RowSplits) UnicodeDecode(
        this Graph graph,
        Operand input,
        string inputEncoding,
        string errors = "replace",
        int replacementChar = 0xFFFD,
        bool replaceControlCharacters = false,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "UnicodeDecode");
        Output flat = graph.Reshape(graph.Convert(input, DType.String, "input"), new[] { -1 });
        Operation decoded = graph.AddOperation<UnicodeDecodeOp>(null, Decoding(inputEncoding, errors, replacementChar, replaceControlCharacters), flat);
        return (decoded[1], decoded[0]);
    }

    /// <summary>Strings of code points.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Code points: a string for each row. Shape: [..., n], of known rank. DType: int32.</param>
    /// <param name="outputEncoding">UTF-8, UTF-16-BE or UTF-32-BE.</param>
    /// <param name="errors">What becomes of numbers that are no code points: replace, ignore or strict.</param>
    /// <param name="replacementChar">The code point that replaces them.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>Shape: [...].</returns>
    /// <exception cref="ArgumentException">The rank is 0 or not known.</exception>
    /// <remarks>Source: TensorFlow's <c>tf.strings.unicode_encode</c>, op "UnicodeEncode".</remarks>
    public static Output UnicodeEncode(this Graph graph, Operand input, string outputEncoding, string errors = "replace", int replacementChar = 0xFFFD, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "UnicodeEncode");
        Output points = graph.Convert(input, DType.Int32, "input");
        int rank = KnownRank(points, nameof(input));
        Output shape = graph.Shape(points, DType.Int64);
        Output texts = Encoded(graph, graph.Reshape(points, new[] { -1 }), EvenSplits(shape), outputEncoding, errors, replacementChar);
        if (rank == 2)
            return texts;
        texts = graph.Reshape(texts, shape[..^1]);
        texts.SetShape(points.Shape.Dimensions[..^1].ToArray());
        return texts;
    }

    /// <summary>Strings of code points in rows of their own lengths.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="ragged">Code points and where the rows begin and end, as <see cref="UnicodeDecode"/> gives them.</param>
    /// <param name="outputEncoding">UTF-8, UTF-16-BE or UTF-32-BE.</param>
    /// <param name="errors">What becomes of numbers that are no code points: replace, ignore or strict.</param>
    /// <param name="replacementChar">The code point that replaces them.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>Shape: [rows].</returns>
    /// <remarks>Source: TensorFlow's <c>tf.strings.unicode_encode</c> of a ragged value.</remarks>
    public static Output UnicodeEncode(
        this Graph graph, (Output Values, Output RowSplits) ragged, string outputEncoding, string errors = "replace", int replacementChar = 0xFFFD, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "UnicodeEncode");
        return Encoded(graph, ragged.Values, ragged.RowSplits, outputEncoding, errors, replacementChar);
    }

    /// <summary>The characters of each string, as strings.</summary>
    /// <param name="graph">The graph to build in.</param>
    /// <param name="input">Strings, taken as one row of strings where there are more dimensions.</param>
    /// <param name="inputEncoding">Their encoding, and that of the characters: UTF-8, UTF-16-BE or UTF-32-BE.</param>
    /// <param name="errors">What becomes of bytes that are no text: replace, ignore or strict.</param>
    /// <param name="replacementChar">The code point that replaces them.</param>
    /// <param name="name">Name scope.</param>
    /// <returns>All characters one after the other, and where those of each string begin and the last one's end. Shape: [characters], [strings + 1].</returns>
    /// <remarks>Source: TensorFlow's <c>tf.strings.unicode_split</c>; its ragged value is given as values and row splits.</remarks>
    public static (Output Values, Output RowSplits) UnicodeSplit(
        this Graph graph, Operand input, string inputEncoding, string errors = "replace", int replacementChar = 0xFFFD, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using NameScope scope = graph.NameScope(name ?? "UnicodeSplit");
        (Output points, Output splits) = graph.UnicodeDecode(input, inputEncoding, errors, replacementChar);
        return (graph.UnicodeEncode(graph.ExpandDims(points, -1), inputEncoding, errors, replacementChar), splits);
    }

    private static AttributeList Decoding(string inputEncoding, string errors, int replacementChar, bool replaceControlCharacters) => new()
    {
        { "input_encoding", inputEncoding },
        { "errors", errors },
        { "replacement_char", (long)replacementChar },
        { "replace_control_characters", replaceControlCharacters },
    };

    private static Output Encoded(Graph graph, Output points, Output splits, string outputEncoding, string errors, int replacementChar) => graph.Add<UnicodeEncodeOp>(
        null, new AttributeList { { "output_encoding", outputEncoding }, { "errors", errors }, { "replacement_char", (long)replacementChar } }, points, splits);
}
