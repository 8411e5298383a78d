using System.Text;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

internal sealed class StringNGramsOp() : UndifferentiatedOp("StringNGrams(data: string, data_splits: Tsplits) -> (ngrams: string, ngrams_splits: Tsplits) where separator: string, ngram_widths: list(int) >= 0, left_pad: string, right_pad: string, pad_width: int, preserve_short_sequences: bool, Tsplits: int32 | int64 = int64", "strings are no continuous values")
{
    public override void InferShapes(ShapeContext c)
    {
        c.WithRank(0, 1);
        c.Output(0, [-1]);
        c.Output(1, c.WithRank(1, 1));
    }

    public override void Compute(KernelContext c)
    {
        int[] widths = [.. c.Attributes.Ints("ngram_widths").Select(static w => (int)w)];
        if (widths.Any(static w => w <= 0))
            throw c.InvalidArgument("ngram_widths must contain positive values");
        ReadOnlySpan<byte[]> data = c.Input(0).Strings;
        long[] splits = IntVectors.Read(c.Input(1));
        foreach (long split in splits)
        {
            if (split < 0 || split > data.Length)
                throw c.InvalidArgument($"Invalid split value {split}, must be in [0,{data.Length}]");
        }

        var grams = new List<byte[]>();
        long[] starts = new long[splits.Length];
        for (int i = 0; data.Length > 0 && i + 1 < splits.Length; i++)
        {
            byte[][] words = splits[i] <= splits[i + 1] ? data[(int)splits[i]..(int)splits[i + 1]].ToArray() : throw c.InvalidArgument($"Invalid split value {splits[i + 1]}, must be at least {splits[i]}");
            int before = grams.Count;
            foreach (int width in widths)
                Make(c, words, width, grams);
            long pad = c.Attributes.Int("pad_width");
            if (c.Attributes.Bool("preserve_short_sequences") && grams.Count == before && words.Length > 0)
            {
                if (pad < 0)
                    throw c.InvalidArgument($"Pad width should be >= 0 when preserve_short_sequences is True and ngram_widths are not provided, got {pad}");
                Make(c, words, (int)(words.Length + (2 * pad)), grams);
            }

            starts[i + 1] = grams.Count;
        }

        c.Output(0, Tensor.OfStrings([grams.Count], [.. grams]));
        IntVectors.Write(starts, c.AllocateOutput(1, c.Input(1).Shape));
    }

    private static void Make(KernelContext c, byte[][] words, int width, List<byte[]> grams)
    {
        long asked = c.Attributes.Int("pad_width");
        int pad = (int)Math.Min(asked < 0 ? width - 1 : asked, width - 1);
        int count = Math.Max(0, words.Length + (2 * pad) - width + 1);
        byte[] left = Encoding.UTF8.GetBytes(c.Attributes.String("left_pad"));
        byte[] right = Encoding.UTF8.GetBytes(c.Attributes.String("right_pad"));
        byte[] separator = Encoding.UTF8.GetBytes(c.Attributes.String("separator"));
        for (int i = 0; i < count; i++)
        {
            using var gram = new MemoryStream();
            for (int k = 0; k < width; k++)
            {
                int word = i + k - pad;
                if (k > 0)
                    gram.Write(separator);
                gram.Write(word < 0 ? left : word >= words.Length ? right : words[word]);
            }

            grams.Add(gram.ToArray());
        }
    }
}
