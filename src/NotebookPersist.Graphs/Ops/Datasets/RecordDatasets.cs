using System.IO.Compression;
using System.Text;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Records;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist;

/// <summary>The records of files, one after another.</summary>
internal abstract class RecordDatasetOp(string signature) : DatasetOp(signature)
{
    /// <summary>A dataset of the strings in files.</summary>
    protected static Dataset Read(KernelContext c, Func<string, IEnumerable<byte[]>> open)
    {
        if (c.Input(0).Rank > 1)
            throw c.InvalidArgument("`filenames` must be a scalar or a vector.");
        string[] paths = [.. c.Input(0).Strings.ToArray().Select(Encoding.UTF8.GetString)];
        return new Dataset(run =>
        {
            IEnumerator<byte[]> records = paths.SelectMany(open).GetEnumerator();
            return () => Next(records, run);
        });
    }

    /// <summary>Opens a file that may be compressed, as an input says.</summary>
    protected static Func<string, Stream> Opening(KernelContext c, int input)
    {
        string compression = Encoding.UTF8.GetString(c.Input(input).Strings[0]);
        return compression switch
        {
            "" => RegularFile.OpenRead,
            "GZIP" => static path => new GZipStream(RegularFile.OpenRead(path), CompressionMode.Decompress),
            "ZLIB" => static path => new ZLibStream(RegularFile.OpenRead(path), CompressionMode.Decompress),
            _ => throw c.InvalidArgument($"Unsupported compression_type: {compression}. It can be GZIP, ZLIB or empty."),
        };
    }

    private static Tensor[]? Next(IEnumerator<byte[]> records, DatasetRun run)
    {
        run.Cancellation.ThrowIfCancellationRequested();
        try
        {
            return records.MoveNext() ? [Tensor.OfStrings(Shape.Scalar, [records.Current])] : null;
        }
        catch (CheckpointFormatException damage)
        {
            throw new KernelException(RunErrorCode.DataLoss, damage.Message, damage);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new KernelException(RunErrorCode.NotFound, $"A file of the dataset cannot be read: {fault.Message}", fault);
        }
    }
}

internal sealed class TFRecordDatasetOp() : RecordDatasetOp("TFRecordDataset(filenames: string, compression_type: string, buffer_size: int64) -> (handle: variant); stateful")
{
    protected override Dataset Make(KernelContext c)
    {
        if (c.Input(1).Strings[0].Length > 0)
            throw new KernelException(RunErrorCode.Unimplemented, "TFRecordDataset reads files that are not compressed; leave compression_type empty.");
        return Read(c, static path => RecordReader.Read(path));
    }
}

internal sealed class TextLineDatasetOp() : RecordDatasetOp("TextLineDataset(filenames: string, compression_type: string, buffer_size: int64) -> (handle: variant); stateful")
{
    protected override Dataset Make(KernelContext c)
    {
        Func<string, Stream> open = Opening(c, 1);
        return Read(c, path => Lines(open, path));
    }

    private static IEnumerable<byte[]> Lines(Func<string, Stream> open, string path)
    {
        using StreamReader file = new(open(path), Encoding.Latin1);
        var line = new List<byte>();
        // Only line feeds end a line; carriage returns are left out wherever they are.
        int c;
        while ((c = file.Read()) >= 0)
        {
            if (c == '\n')
            {
                yield return [.. line];
                line.Clear();
            }
            else if (c != '\r')
            {
                line.Add((byte)c);
            }
        }

        if (line.Count > 0)
            yield return [.. line];
    }
}

internal abstract class FixedLengthBase(string signature) : RecordDatasetOp(signature)
{
    protected override Dataset Make(KernelContext c)
    {
        (long header, long record, long footer) = (Long(c, 1), Long(c, 2), Long(c, 3));
        if (header < 0 || record <= 0 || footer < 0 || record > Array.MaxLength)
            throw c.InvalidArgument($"`header_bytes` and `footer_bytes` must be >= 0 and `record_bytes` > 0, got {header}, {footer} and {record}.");
        Func<string, Stream> open = c.InputCount > 5 ? Opening(c, 5) : RegularFile.OpenRead;
        return Read(c, path => Records(open, path, header, (int)record, footer));
    }

    private static IEnumerable<byte[]> Records(Func<string, Stream> open, string path, long header, int record, long footer)
    {
        using Stream file = open(path);
        using var whole = new MemoryStream();
        file.CopyTo(whole);
        long length = whole.Length - header - footer;
        if (length < 0 || length % record != 0)
            throw new IOException($"Excess bytes found in file '{path}': {length} bytes between header and footer are no multiple of {record}.");
        for (long at = header; at < header + length; at += record)
            yield return whole.GetBuffer().AsSpan((int)at, record).ToArray();
    }
}

internal sealed class FixedLengthRecordDatasetOp() : FixedLengthBase(
    "FixedLengthRecordDataset(filenames: string, header_bytes: int64, record_bytes: int64, footer_bytes: int64, buffer_size: int64) -> (handle: variant); stateful");

internal sealed class FixedLengthRecordDatasetV2Op() : FixedLengthBase(
    "FixedLengthRecordDatasetV2(filenames: string, header_bytes: int64, record_bytes: int64, footer_bytes: int64, buffer_size: int64, compression_type: string) -> (handle: variant); stateful");
