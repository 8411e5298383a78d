using System.Globalization;
using NotebookPersist.Formats;
using NotebookPersist.Persistence;
using NotebookPersist.Protos;
using NotebookPersist.Tests.Formats;
using Xunit;

namespace NotebookPersist.Tests.Persistence.Summaries;

/// <summary>Event files against a reader that shares no code with ours, and the messages against their rules.</summary>
public sealed class SummaryWriterTests
{
    [PythonFact]
    public void An_independent_reader_finds_what_a_run_summed_up()
    {
        using var folder = new TemporaryFolder();
        var graph = new Graph();
        Output x = graph.Placeholder(DType.Float32, Shape.Scalar, "x");
        using (graph.NameScope("train"))
            SummaryFunctions.Scalar("my loss", x);
        SummaryFunctions.Scalar("rate", x * 2, family: "opt");
        SummaryFunctions.Histogram("h", graph.Constant(new float[] { -1, 0, 0, 0.5f, 2e20f }));
        SummaryFunctions.Image("img", graph.Constant(new float[,,,] { { { { 0 }, { 0.5f } }, { { 1 }, { float.NaN } } } }), maxOutputs: 1);
        SummaryFunctions.Image("neg", graph.Constant(new float[,,,] { { { { -1, 0, 0.5f } } }, { { { 0, 0, 0 } } } }));
        SummaryFunctions.Audio("clip", graph.Constant(new float[,] { { 0, 0.5f, -1, 2 } }), 8000, 1);
        SummaryFunctions.Text("note", graph.Constant("hello"));
        Output merged = SummaryFunctions.MergeAll(graph)!;
        string path;
        using (var session = new Session(graph))
        using (var writer = new SummaryWriter(folder["log"], graph))
        {
            path = writer.Path;
            writer.AddSummary(session.Run(merged, new() { [x] = 0.25f }), 7);
            writer.AddSummary(session.Run(merged, new() { [x] = 0.5f }), 8);
            writer.AddRunMetadata(new RunMetadata(), "step 8", 8);
            Assert.Throws<ArgumentException>(() => writer.AddRunMetadata(new RunMetadata(), "step 8", 9));
        }

        Assert.Matches(@"^events\.out\.tfevents\.\d{10}\..+", Path.GetFileName(path));
        string[] lines = Python.Run("read_events.py", [path]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("version brain.Event:2", lines[0]);
        Assert.StartsWith("graph 0 x train/my_loss/tags train/my_loss ", lines[1], StringComparison.Ordinal);
        Assert.Equal("meta 0", lines[2]);
        Assert.Equal("scalar 7 train/my_loss 0.25", lines[3]);
        Assert.Equal("scalar 7 opt/opt/rate 0.5", lines[4]);
        string[] histogram = lines[5].Split(' ');
        Assert.Equal(["histogram", "7", "h", "-1.0"], histogram[..4]);
        Assert.Equal(5.0, double.Parse(histogram[5], CultureInfo.InvariantCulture));
        Assert.Equal(4, histogram[(Array.IndexOf(histogram, "|") + 1)..].Length);
        Assert.Equal("image 7 img/image 2 2 1 0 127 255 255", lines[6]);
        Assert.Equal("image 7 neg/image/0 1 1 3 1 128 191", lines[7]);
        Assert.Equal("image 7 neg/image/1 1 1 3 0 0 0", lines[8]);
        string[] audio = lines[9].Split(' ');
        Assert.Equal(["audio", "7", "clip/audio", "8000.0", "1", "4"], audio[..6]);
        Assert.Equal(
            "524946462c00000057415645666d7420" + "10000000" + "0100" + "0100" + "401f0000" + "803e0000" + "0200" + "1000" + "64617461" + "08000000" + "0000" + "0040" + "0080" + "ff7f",
            audio[6]);
        Assert.Equal(["tensor 7 note hello", "metadata 7 note text"], lines[10..12]);
        Assert.Equal("scalar 8 train/my_loss 0.5", lines[12]);
        Assert.DoesNotContain(lines, static l => l.StartsWith("metadata 8", StringComparison.Ordinal));
        Assert.Equal("run 8 step 8", lines[^1]);
        Assert.Equal(lines.Count(static l => l.StartsWith("scalar", StringComparison.Ordinal)), EventFile.Read(path).Sum(static e => e.Summary?.Value.Count(static v => v.Tag is "train/my_loss" or "opt/opt/rate") ?? 0));
    }

    // Limits follow from TensorFlow's rule: 1e-12 times 1.1 again and again, in double.
    [Fact]
    public void Histograms_have_TensorFlows_buckets()
    {
        var limits = new List<double>();
        for (double limit = 1e-12; limit < 1e20; limit *= 1.1)
            limits.Add(limit);
        Assert.Equal(774, limits.Count);
        double[] values = [0.3, 0.3, 7, -7, 1e-13];
        HistogramProto histogram = Histograms.Of(values);
        Assert.Equal((-7.0, 7.0, 5.0), (histogram.Min, histogram.Max, histogram.Num));
        Assert.Equal(values.Sum(), histogram.Sum);
        Assert.Equal(values.Sum(static v => v * v), histogram.SumSquares);
        Dictionary<double, double> counts = histogram.BucketLimit.Zip(histogram.Bucket).Where(static b => b.Second > 0).ToDictionary(static b => b.First, static b => b.Second);
        Assert.Equal(4, counts.Count);
        Assert.Equal(2, counts[limits.First(static l => l > 0.3)]);
        Assert.Equal(1, counts[limits.First(static l => l > 7)]);
        Assert.Equal(1, counts[-limits.Last(static l => l < 7)]);
        Assert.Equal(1, counts[1e-12]);
        Assert.Equal(double.MaxValue, histogram.BucketLimit[^1]);

        // Runs of empty buckets are one.
        Assert.DoesNotContain(histogram.Bucket.Zip(histogram.Bucket.Skip(1)), static b => b is (0, 0));
        HistogramProto empty = Histograms.Of([]);
        Assert.Equal((double.MaxValue, 0.0), (empty.BucketLimit.Single(), empty.Bucket.Single()));
    }

    [Fact]
    public void Values_that_are_not_finite_and_tags_that_are_twice_fail_the_run()
    {
        var graph = new Graph();
        Output histogram = SummaryFunctions.Histogram("h", graph.Constant(new float[] { 1, float.NaN }));
        Output one = SummaryFunctions.Scalar("a", graph.Constant(1f));
        Output twice = SummaryFunctions.Merge([one, one]);
        using var session = new Session(graph);
        Assert.Contains("Nan in summary histogram for: h", Assert.Throws<RunException>(() => session.Run(histogram)).Message, StringComparison.Ordinal);
        Assert.Contains("Duplicate tag a found in summary inputs", Assert.Throws<RunException>(() => session.Run(twice)).Message, StringComparison.Ordinal);
        Assert.Null(SummaryFunctions.MergeAll(new Graph()));
        Assert.Throws<ArgumentException>(() => SummaryFunctions.Text("t", graph.Constant(1f)));
    }

    [Fact]
    public void A_file_that_is_still_written_is_read_to_its_last_whole_event()
    {
        using var folder = new TemporaryFolder();
        using var writer = new SummaryWriter(folder.Path);
        using var second = new SummaryWriter(folder.Path);
        Assert.NotEqual(writer.Path, second.Path);
        writer.AddSummary(new Summary { Value = { new Summary.Types.Value { Tag = "a", SimpleValue = 1 } } }, 1);
        writer.Flush();
        Assert.Equal(2, EventFile.Read(writer.Path).Count());
        writer.Close();
        Assert.Throws<ObjectDisposedException>(() => writer.AddSummary(new Summary(), 2));
        string first = writer.Path;
        writer.Reopen();
        Assert.NotEqual(first, writer.Path);
        File.WriteAllBytes(folder["cut"], File.ReadAllBytes(first)[..^3]);
        Assert.Single(EventFile.Read(folder["cut"]));
        byte[] damaged = File.ReadAllBytes(first);
        damaged[^6] ^= 1;
        File.WriteAllBytes(folder["damaged"], damaged);
        Assert.Equal(CheckpointFault.ChecksumMismatch, Assert.Throws<CheckpointFormatException>(() => EventFile.Read(folder["damaged"]).Count()).Fault);
    }
}
