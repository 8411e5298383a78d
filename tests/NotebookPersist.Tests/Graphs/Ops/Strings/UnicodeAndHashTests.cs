using System.Text;
using NotebookPersist.Graphs.OpModel;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Strings;

public sealed class UnicodeAndHashTests : IDisposable
{
    private readonly OpRuns _ops = new();

    public void Dispose() => _ops.Dispose();

    [Fact]
    public void Keyed_hashes_are_SipHash()
    {
        // The vector of the SipHash paper, appendix A: key 00..0f, text 00..0e.
        byte[] text = [.. Enumerable.Range(0, 15).Select(static i => (byte)i)];
        Assert.Equal(0xa129ca6149be45e5UL, StringHashes.Sip(text, 0x0706050403020100, 0x0f0e0d0c0b0a0908));
    }

    [Fact]
    public void Buckets_are_those_of_TensorFlow()
    {
        // Expected values of TensorFlow's own unit test of these operations.
        string[] texts = ["a", "b", "c"];
        Assert.Equal([8, 0, 7], _ops.Run("StringToHashBucket", new() { { "num_buckets", 10 } }, texts)[0].ToArray<long>());
        Assert.Equal([4, 2, 8], _ops.Session.Run(_ops.Graph.StringToHashBucketStrong(texts, 10, [98765, 132])).ToArray<long>());
    }

    [Fact]
    public void Code_points_come_and_go()
    {
        Tensor[] decoded = _ops.Run("UnicodeDecodeWithOffsets", new() { { "input_encoding", "UTF-8" } }, new[] { "Hé", "😊" });
        Assert.Equal([0, 2, 3], decoded[0].ToArray<long>());
        Assert.Equal(['H', 'é', 0x1F60A], decoded[1].ToArray<int>());
        Assert.Equal([0, 1, 0], decoded[2].ToArray<long>());
        Tensor encoded = _ops.Run("UnicodeEncode", new() { { "output_encoding", "UTF-16-BE" } }, new[] { 'H', 'é', 0x1F60A }, OpRuns.Longs(0, 2, 3))[0];
        Assert.Equal(Encoding.BigEndianUnicode.GetBytes("Hé"), encoded.Strings[0]);
        Assert.Equal(Encoding.BigEndianUnicode.GetBytes("😊"), encoded.Strings[1]);
    }

    [Fact]
    public void Damaged_text_is_replaced_left_out_or_refused()
    {
        Tensor damaged = Tensor.OfStrings([1], [[0x61, 0xFF, 0x62]]);
        AttributeList With(string errors) => new() { { "input_encoding", "UTF-8" }, { "output_encoding", "UTF-8" }, { "errors", errors } };
        Assert.Equal(["a\uFFFDb"], OpRuns.Texts(_ops.Run("UnicodeTranscode", With("replace"), damaged)[0]));
        Assert.Equal(["ab"], OpRuns.Texts(_ops.Run("UnicodeTranscode", With("ignore"), damaged)[0]));
        Operation strict = _ops.Add("UnicodeTranscode", With("strict"), damaged);
        Assert.Contains("Invalid formatting", Assert.Throws<RunException>(() => _ops.Run(strict)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ngrams_are_padded_at_both_ends()
    {
        var attributes = new AttributeList
        {
            { "separator", "|" }, { "ngram_widths", new List<long> { 3 } }, { "left_pad", "LP" }, { "right_pad", "RP" }, { "pad_width", -1 }, { "preserve_short_sequences", false },
        };
        Tensor[] grams = _ops.Run("StringNGrams", attributes, new[] { "a", "b", "c", "e" }, OpRuns.Longs(0, 3, 4));
        Assert.Equal(["LP|LP|a", "LP|a|b", "a|b|c", "b|c|RP", "c|RP|RP", "LP|LP|e", "LP|e|RP", "e|RP|RP"], OpRuns.Texts(grams[0]));
        Assert.Equal([0, 5, 8], grams[1].ToArray<long>());
    }

    [Fact]
    public void Values_stand_in_texts_in_nested_brackets()
    {
        Output text = _ops.Graph.StringFormat("first {}, then {}", [new[,] { { 0, 1 }, { 2, 3 } }, new[] { "a" }]);
        Assert.Equal(["first [[0 1]\n [2 3]], then [\"a\"]"], OpRuns.Texts(_ops.Session.Run(text)));
        Output cut = _ops.Graph.StringFormat("{}", [Enumerable.Range(0, 10).ToArray()], summarize: 2);
        Assert.Equal(["[0 1 ... 8 9]"], OpRuns.Texts(_ops.Session.Run(cut)));
    }

    [Fact]
    public void Strings_of_a_segment_are_joined()
    {
        Tensor joined = _ops.Run("UnsortedSegmentJoin", new() { { "separator", ":" } }, new[] { "this", "a", "test", "is" }, new[] { 0, 1, 1, 0 }, 3)[0];
        Assert.Equal(["this:is", "a:test", ""], OpRuns.Texts(joined));
    }
}
