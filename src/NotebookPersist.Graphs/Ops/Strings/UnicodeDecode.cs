using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal sealed class UnicodeTranscodeOp() : StringMapOp("UnicodeTranscode(input: string) -> (output: string) where input_encoding: string, output_encoding: 'UTF-8' | 'UTF-16-BE' | 'UTF-32-BE', errors: 'strict' | 'replace' | 'ignore' = 'replace', replacement_char: int = 65533, replace_control_characters: bool = false")
{
    protected override Func<byte[], byte[]> Map(KernelContext c)
    {
        var unicode = new UnicodeText(c);
        (string from, string to) = (c.Attributes.String("input_encoding"), c.Attributes.String("output_encoding"));
        return text => unicode.Encode(unicode.Decode(text, from).Select(static p => p.CodePoint), to);
    }
}

/// <summary>Splits strings into code points, as the parts of a ragged matrix.</summary>
internal abstract class UnicodeDecodingOp(string signature) : UndifferentiatedOp(signature, "strings are no continuous values")
{
    public override void InferShapes(ShapeContext c)
    {
        c.Output(0, [c.Input(0).IsFullyKnown ? c.Input(0).ElementCount + 1 : -1]);
        for (int i = 1; i < c.OutputCount; i++)
            c.Output(i, [-1]);
    }

    public override void Compute(KernelContext c)
    {
        var unicode = new UnicodeText(c);
        string encoding = c.Attributes.String("input_encoding");
        ReadOnlySpan<byte[]> texts = c.Input(0).Strings;
        long[] splits = new long[texts.Length + 1];
        var points = new List<(int CodePoint, int Start)>();
        for (int i = 0; i < texts.Length; i++)
        {
            points.AddRange(unicode.Decode(texts[i], encoding));
            splits[i + 1] = points.Count;
        }

        IntVectors.Write(splits, c.AllocateOutput(0, [splits.Length]));
        Span<int> values = c.AllocateOutput(1, [points.Count]).MutableData<int>();
        for (int i = 0; i < values.Length; i++)
            values[i] = points[i].CodePoint;
        if (c.Operation.Outputs.Count > 2)
            IntVectors.Write([.. points.Select(static p => (long)p.Start)], c.AllocateOutput(2, [points.Count]));
    }
}

internal sealed class UnicodeDecodeOp() : UnicodeDecodingOp("UnicodeDecode(input: string) -> (row_splits: Tsplits, char_values: int32) where input_encoding: string, errors: 'strict' | 'replace' | 'ignore' = 'replace', replacement_char: int = 65533, replace_control_characters: bool = false, Tsplits: int32 | int64 = int64");

internal sealed class UnicodeDecodeWithOffsetsOp() : UnicodeDecodingOp("UnicodeDecodeWithOffsets(input: string) -> (row_splits: Tsplits, char_values: int32, char_to_byte_starts: int64) where input_encoding: string, errors: 'strict' | 'replace' | 'ignore' = 'replace', replacement_char: int = 65533, replace_control_characters: bool = false, Tsplits: int32 | int64 = int64");

internal sealed class UnicodeEncodeOp() : UndifferentiatedOp("UnicodeEncode(input_values: int32, input_splits: Tsplits) -> (output: string) where errors: 'ignore' | 'replace' | 'strict' = 'replace', output_encoding: 'UTF-8' | 'UTF-16-BE' | 'UTF-32-BE', replacement_char: int = 65533, Tsplits: int32 | int64 = int64", "strings are no continuous values")
{
    public override void InferShapes(ShapeContext c)
    {
        long splits = c.WithRank(1, 1)[0];
        c.Output(0, [splits < 0 ? -1 : splits - 1]);
    }

    public override void Compute(KernelContext c)
    {
        var unicode = new UnicodeText(c);
        int[] values = c.Input(0).ToArray<int>();
        long[] splits = IntVectors.Read(c.Input(1));
        if (splits.Length == 0 || splits[0] != 0 || splits[^1] != values.Length)
            throw c.InvalidArgument($"The splits must run from 0 to the number of values, {values.Length}");
        byte[][] texts = new byte[splits.Length - 1][];
        for (int i = 0; i < texts.Length; i++)
        {
            if (splits[i] > splits[i + 1])
                throw c.InvalidArgument("Values in input_splits must be equal or in ascending order.");
            texts[i] = unicode.Encode(values[(int)splits[i]..(int)splits[i + 1]], c.Attributes.String("output_encoding"));
        }

        c.Output(0, Tensor.OfStrings([texts.Length], texts));
    }
}
