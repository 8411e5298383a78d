using System.Globalization;
using System.Text;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Records;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>Reads records out of the files that a queue names, one after another.</summary>
/// <remarks>Thread safety: one run reads at a time; others wait.</remarks>
internal sealed class SessionReader(Func<string, IEnumerable<(string Key, byte[] Value)>> open) : IDisposable
{
    private readonly Lock _gate = new();
    private IEnumerator<(string Key, byte[] Value)>? _current;

    public long RecordsProduced { get; private set; }

    public long WorkUnitsCompleted { get; private set; }

    /// <summary>The next records of the file being read, or of the next one that has any.</summary>
    /// <param name="most">At most so many, at least one.</param>
    /// <param name="queue">Gives file names.</param>
    /// <param name="cancellation">Ends the waiting for a name.</param>
    public List<(string Key, byte[] Value)> Read(long most, SessionQueue queue, CancellationToken cancellation)
    {
        lock (_gate)
        {
            var records = new List<(string Key, byte[] Value)>();
            while (records.Count < most)
            {
                if (_current is null)
                {
                    // What was read so far is given before another file is waited for.
                    if (records.Count > 0)
                        break;
                    Tensor name = queue.Dequeue(1, fewer: false, cancellation)[0][0];
                    _current = open(Encoding.UTF8.GetString(name.Strings[0])).GetEnumerator();
                }

                if (_current.MoveNext())
                {
                    records.Add(_current.Current);
                    RecordsProduced++;
                    continue;
                }

                _current.Dispose();
                _current = null;
                WorkUnitsCompleted++;
            }

            return records;
        }
    }

    /// <summary>Forgets the file being read and all counts.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _current?.Dispose();
            _current = null;
            (RecordsProduced, WorkUnitsCompleted) = (0, 0);
        }
    }

    public void Dispose() => Reset();
}

/// <summary>Makes a reader.</summary>
internal abstract class ReaderOp(string signature) : UndifferentiatedOp(signature, "files are no continuous values")
{
    public override void InferShapes(ShapeContext c) => c.Output(0, c.Operation.Outputs[0].DType == DType.Resource ? Shape.Scalar : OfTwo);

    public override void Compute(KernelContext c)
    {
        (string container, string name) = ReferenceHandles.NameOf(c);
        Func<string, IEnumerable<(string Key, byte[] Value)>> open = Opening(c);
        ReferenceHandles.Output(c, container, name, c.Resource(container, name, () => new SessionReader(open)));
    }

    private static Shape OfTwo => [2];

    /// <summary>How the records of a file are found.</summary>
    protected abstract Func<string, IEnumerable<(string Key, byte[] Value)>> Opening(KernelContext c);

    protected static string Numbered(string path, long number) => string.Create(CultureInfo.InvariantCulture, $"{path}:{number}");
}

internal abstract class TextLineReaderBase(string signature) : ReaderOp(signature)
{
    protected override Func<string, IEnumerable<(string Key, byte[] Value)>> Opening(KernelContext c)
    {
        long skipped = c.Attributes.Int("skip_header_lines");
        return path => Lines(path, skipped);
    }

    private static IEnumerable<(string Key, byte[] Value)> Lines(string path, long skipped)
    {
        using StreamReader file = new(path, Encoding.Latin1);
        var line = new List<byte>();
        long number = 1;
        // Only line feeds end a line; carriage returns are left out wherever they are.
        for (int c = file.Read(); c >= 0; c = file.Read())
        {
            if (c == '\n')
            {
                if (number > skipped)
                    yield return (Numbered(path, number), [.. line]);
                line.Clear();
                number++;
            }
            else if (c != '\r')
            {
                line.Add((byte)c);
            }
        }

        if (line.Count > 0 && number > skipped)
            yield return (Numbered(path, number), [.. line]);
    }
}

internal sealed class TextLineReaderOp() : TextLineReaderBase("TextLineReader() -> (reader_handle: ref(string)) where skip_header_lines: int = 0, container: string = '', shared_name: string = ''; stateful");

internal sealed class TextLineReaderV2Op() : TextLineReaderBase("TextLineReaderV2() -> (reader_handle: resource) where skip_header_lines: int = 0, container: string = '', shared_name: string = ''; stateful");

internal abstract class WholeFileReaderBase(string signature) : ReaderOp(signature)
{
    protected override Func<string, IEnumerable<(string Key, byte[] Value)>> Opening(KernelContext c) => static path => [(path, RegularFile.ReadAllBytes(path))];
}

internal sealed class WholeFileReaderOp() : WholeFileReaderBase("WholeFileReader() -> (reader_handle: ref(string)) where container: string = '', shared_name: string = ''; stateful");

internal sealed class WholeFileReaderV2Op() : WholeFileReaderBase("WholeFileReaderV2() -> (reader_handle: resource) where container: string = '', shared_name: string = ''; stateful");

internal abstract class IdentityReaderBase(string signature) : ReaderOp(signature)
{
    protected override Func<string, IEnumerable<(string Key, byte[] Value)>> Opening(KernelContext c) => static text => [(text, Encoding.UTF8.GetBytes(text))];
}

internal sealed class IdentityReaderOp() : IdentityReaderBase("IdentityReader() -> (reader_handle: ref(string)) where container: string = '', shared_name: string = ''; stateful");

internal sealed class IdentityReaderV2Op() : IdentityReaderBase("IdentityReaderV2() -> (reader_handle: resource) where container: string = '', shared_name: string = ''; stateful");

internal abstract class FixedLengthRecordReaderBase(string signature) : ReaderOp(signature)
{
    protected override Func<string, IEnumerable<(string Key, byte[] Value)>> Opening(KernelContext c)
    {
        (long header, long record, long footer, long hop) = (c.Attributes.Int("header_bytes"), c.Attributes.Int("record_bytes"), c.Attributes.Int("footer_bytes"), c.Attributes.Int("hop_bytes"));
        if (header < 0 || record <= 0 || footer < 0 || hop < 0 || record > Array.MaxLength)
            throw c.InvalidArgument($"header_bytes, footer_bytes and hop_bytes must be >= 0 and record_bytes > 0, got {header}, {footer}, {hop} and {record}");
        if (c.Attributes.Contains("encoding") && c.Attributes.String("encoding").Length > 0)
            throw c.InvalidArgument($"Unsupported encoding {c.Attributes.String("encoding")}: only files that are not compressed are read");
        return path => Records(path, header, record, footer, hop == 0 ? record : hop);
    }

    private static IEnumerable<(string Key, byte[] Value)> Records(string path, long header, long record, long footer, long hop)
    {
        using FileStream file = RegularFile.OpenRead(path);
        long number = 0;
        for (long at = header; at + record <= file.Length - footer; at += hop)
        {
            byte[] bytes = new byte[record];
            file.Position = at;
            file.ReadExactly(bytes);
            yield return (Numbered(path, number++), bytes);
        }
    }
}

internal sealed class FixedLengthRecordReaderOp() : FixedLengthRecordReaderBase(
    "FixedLengthRecordReader() "
    + "-> (reader_handle: ref(string)) "
    + "where header_bytes: int = 0, record_bytes: int, footer_bytes: int = 0, hop_bytes: int = 0, container: string = '', shared_name: string = ''; stateful");

internal sealed class FixedLengthRecordReaderV2Op() : FixedLengthRecordReaderBase(
    "FixedLengthRecordReaderV2() "
    + "-> (reader_handle: resource) "
    + "where header_bytes: int = 0, record_bytes: int, footer_bytes: int = 0, hop_bytes: int = 0, container: string = '', shared_name: string = '', "
    + "encoding: string = ''; stateful");

internal abstract class RecordReaderBase(string signature) : ReaderOp(signature)
{
    // Length, its checksum and that of the bytes. Unit: bytes.
    private const int Frame = 16;

    protected override Func<string, IEnumerable<(string Key, byte[] Value)>> Opening(KernelContext c)
    {
        string compression = c.Attributes.String("compression_type");
        return compression.Length == 0 ? Records : throw c.InvalidArgument($"Unsupported compression_type:{compression}: only files that are not compressed are read");
    }

    private static IEnumerable<(string Key, byte[] Value)> Records(string path)
    {
        long offset = 0;
        foreach (byte[] record in RecordReader.Read(path))
        {
            yield return (Numbered(path, offset), record);
            offset += record.Length + Frame;
        }
    }
}

internal sealed class TFRecordReaderOp() : RecordReaderBase("TFRecordReader() -> (reader_handle: ref(string)) where container: string = '', shared_name: string = '', compression_type: string = ''; stateful");

internal sealed class TFRecordReaderV2Op() : RecordReaderBase("TFRecordReaderV2() -> (reader_handle: resource) where container: string = '', shared_name: string = '', compression_type: string = ''; stateful");

/// <summary>An operation on a reader.</summary>
internal abstract class ReaderUsingOp(string signature) : UndifferentiatedOp(signature, "files are no continuous values")
{
    // Each run reads on.
    public override bool IsPure => false;

    public override void InferShapes(ShapeContext c)
    {
        for (int i = 0; i < c.OutputCount; i++)
            c.Output(i, Shape.Scalar);
    }

    protected static SessionReader Reader(KernelContext c) => ReferenceHandles.Find<SessionReader>(c, 0, "reader");

    protected static List<(string Key, byte[] Value)> Read(KernelContext c, long most)
    {
        try
        {
            return Reader(c).Read(most, QueueUsingOp.Queue(c, 1), c.Workers.Cancellation);
        }
        catch (CheckpointFormatException damage)
        {
            throw new KernelException(RunErrorCode.DataLoss, damage.Message, damage);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new KernelException(RunErrorCode.NotFound, $"A file that the queue names cannot be read: {fault.Message}", fault);
        }
    }

    protected static void Output(KernelContext c, int index, Shape shape, IEnumerable<byte[]> texts) => c.Output(index, Tensor.OfStrings(shape, [.. texts]));
}

internal abstract class ReaderReadBase(string signature) : ReaderUsingOp(signature)
{
    public override void Compute(KernelContext c)
    {
        List<(string Key, byte[] Value)> records = Read(c, 1);
        Output(c, 0, Shape.Scalar, records.Select(static r => Encoding.UTF8.GetBytes(r.Key)));
        Output(c, 1, Shape.Scalar, records.Select(static r => r.Value));
    }
}

internal sealed class ReaderReadOp() : ReaderReadBase("ReaderRead(reader_handle: ref(string), queue_handle: ref(string)) -> (key: string, value: string)");

internal sealed class ReaderReadV2Op() : ReaderReadBase("ReaderReadV2(reader_handle: resource, queue_handle: resource) -> (key: string, value: string); stateful");

internal abstract class ReaderReadUpToBase(string signature) : ReaderUsingOp(signature)
{
    public override void InferShapes(ShapeContext c)
    {
        c.Output(0, Shape.OfRank(1));
        c.Output(1, Shape.OfRank(1));
    }

    public override void Compute(KernelContext c)
    {
        long most = c.Input(2).Rank == 0 ? c.Input(2).Item<long>() : throw c.InvalidArgument($"num_records must be a scalar, got {c.Input(2).Shape}");
        if (most <= 0)
            throw c.InvalidArgument($"num_records must be positive, got {most}");
        List<(string Key, byte[] Value)> records = Read(c, most);
        Output(c, 0, Shape.Create([records.Count]), records.Select(static r => Encoding.UTF8.GetBytes(r.Key)));
        Output(c, 1, Shape.Create([records.Count]), records.Select(static r => r.Value));
    }
}

internal sealed class ReaderReadUpToOp() : ReaderReadUpToBase("ReaderReadUpTo(reader_handle: ref(string), queue_handle: ref(string), num_records: int64) -> (keys: string, values: string)");

internal sealed class ReaderReadUpToV2Op() : ReaderReadUpToBase("ReaderReadUpToV2(reader_handle: resource, queue_handle: resource, num_records: int64) -> (keys: string, values: string); stateful");

internal abstract class ReaderCountOp(string signature, Func<SessionReader, long> count) : ReaderUsingOp(signature)
{
    public override void Compute(KernelContext c) => c.AllocateOutput(0, Shape.Scalar).MutableData<long>()[0] = count(Reader(c));
}

internal sealed class ReaderNumRecordsProducedOp() : ReaderCountOp("ReaderNumRecordsProduced(reader_handle: ref(string)) -> (records_produced: int64)", static r => r.RecordsProduced);

internal sealed class ReaderNumRecordsProducedV2Op() : ReaderCountOp("ReaderNumRecordsProducedV2(reader_handle: resource) -> (records_produced: int64); stateful", static r => r.RecordsProduced);

internal sealed class ReaderNumWorkUnitsCompletedOp() : ReaderCountOp("ReaderNumWorkUnitsCompleted(reader_handle: ref(string)) -> (units_completed: int64)", static r => r.WorkUnitsCompleted);

internal sealed class ReaderNumWorkUnitsCompletedV2Op() : ReaderCountOp("ReaderNumWorkUnitsCompletedV2(reader_handle: resource) -> (units_completed: int64); stateful", static r => r.WorkUnitsCompleted);

internal abstract class ReaderResetBase(string signature) : ReaderUsingOp(signature)
{
    public override void Compute(KernelContext c) => Reader(c).Reset();
}

internal sealed class ReaderResetOp() : ReaderResetBase("ReaderReset(reader_handle: ref(string)) -> ()");

internal sealed class ReaderResetV2Op() : ReaderResetBase("ReaderResetV2(reader_handle: resource) -> (); stateful");
