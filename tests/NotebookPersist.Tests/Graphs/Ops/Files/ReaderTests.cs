using System.Text;
using NotebookPersist.Formats.Records;
using NotebookPersist.Graphs.OpModel;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Files;

public sealed class ReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly OpRuns _runs = new();

    public void Dispose()
    {
        _runs.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Lines_come_file_by_file_with_their_numbers_and_without_the_header()
    {
        string[] files = [Write("a.txt", "head\r\none\ntwo"), Write("b.txt", "head\nthree\n")];
        (Output reader, Output queue) = Make("TextLineReaderV2", new AttributeList { { "skip_header_lines", 1 } }, files);
        Operation read = _runs.Add("ReaderReadV2", null, reader, queue);

        Assert.Equal([$"{files[0]}:2", "one"], Texts(read));
        Assert.Equal([$"{files[0]}:3", "two"], Texts(read));
        Assert.Equal([$"{files[1]}:2", "three"], Texts(read));
        Assert.Equal(3, _runs.Run("ReaderNumRecordsProducedV2", null, reader)[0].Item<long>());
        Assert.Equal(1, _runs.Run("ReaderNumWorkUnitsCompletedV2", null, reader)[0].Item<long>());
        var fault = Assert.Throws<RunException>(() => Texts(read));
        Assert.Contains("is closed and has insufficient elements", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_records_are_read_at_once_but_not_beyond_a_file()
    {
        string[] files = [Write("a.bin", "HHaabbccF"), Write("b.bin", "HHddF")];
        (Output reader, Output queue) = Make("FixedLengthRecordReaderV2", new AttributeList { { "header_bytes", 2 }, { "record_bytes", 2 }, { "footer_bytes", 1 } }, files);
        Operation read = _runs.Add("ReaderReadUpToV2", null, reader, queue, 5L);

        Assert.Equal(["aa", "bb", "cc"], OpRuns.Texts(_runs.Run(read)[1]));
        Tensor[] rest = _runs.Run(read);
        Assert.Equal([$"{files[1]}:0"], OpRuns.Texts(rest[0]));
        Assert.Equal(["dd"], OpRuns.Texts(rest[1]));
    }

    [Fact]
    public void Records_are_named_by_where_they_begin()
    {
        string path = Path.Combine(_folder.Path, "r.tfrecord");
        using (FileStream file = File.Create(path))
        {
            var writer = new RecordWriter(file);
            writer.Write("first"u8);
            writer.Write("second"u8);
        }

        (Output reader, Output queue) = Make("TFRecordReaderV2", null, path);
        Operation read = _runs.Add("ReaderReadV2", null, reader, queue);
        Assert.Equal([$"{path}:0", "first"], Texts(read));
        Assert.Equal([$"{path}:21", "second"], Texts(read));
    }

    [Fact]
    public void Whole_files_and_names_themselves_are_read_and_a_reader_begins_anew()
    {
        string path = Write("whole.txt", "all\nof it");
        (Output reader, Output queue) = Make("WholeFileReaderV2", null, path, path);
        Operation read = _runs.Add("ReaderReadV2", null, reader, queue);
        Assert.Equal([path, "all\nof it"], Texts(read));
        _runs.Session.Run([_runs.Add("ReaderResetV2", null, reader)]);
        Assert.Equal(0, _runs.Run("ReaderNumRecordsProducedV2", null, reader)[0].Item<long>());
        Assert.Equal([path, "all\nof it"], Texts(read));

        (Output names, Output more) = Make("IdentityReaderV2", null, "x");
        Assert.Equal(["x", "x"], Texts(_runs.Add("ReaderReadV2", null, names, more)));
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        string path = Path.Combine(_folder.Path, "missing");
        (Output reader, Output queue) = Make("WholeFileReaderV2", null, path);
        var fault = Assert.Throws<RunException>(() => _runs.Run("ReaderReadV2", null, reader, queue));
        Assert.Contains(path, fault.Message, StringComparison.Ordinal);
        Assert.Equal(RunErrorCode.NotFound, fault.Code);
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder.Path, name);
        File.WriteAllText(path, text);
        return path;
    }

    private (Output Reader, Output Queue) Make(string type, AttributeList? attributes, params string[] files)
    {
        Output queue = _runs.Add("FIFOQueueV2", new AttributeList { { "component_types", new[] { DType.String } } })[0];
        Output names = _runs.Graph.Constant(Tensor.OfStrings([files.Length], [.. files.Select(Encoding.UTF8.GetBytes)]));
        _runs.Session.Run([_runs.Add("QueueEnqueueManyV2", null, queue, names)]);
        _runs.Session.Run([_runs.Add("QueueCloseV2", null, queue)]);
        return (_runs.Add(type, attributes)[0], queue);
    }

    private string[] Texts(Operation read) => [.. _runs.Run(read).SelectMany(OpRuns.Texts)];
}
