using System.Buffers;
using System.Text;
using Google.Protobuf;
using NotebookPersist.Formats.Files;
using NotebookPersist.Formats.Text;
using NotebookPersist.Protos;

namespace NotebookPersist.Formats.Protobuf;

/// <summary>Files of one message: <c>.meta</c>, <c>.pb</c>, <c>.pbtxt</c>, <c>saved_model.pb</c>.</summary>
public static class MessageFile
{
    // Enough to meet a tag or length that no text holds: the first node's name is followed by one.
    private const int SniffedByteCount = 4096;

    private const int WrittenAtOnce = 1 << 16;

    // More would stay with whoever lends it for too long. Unit: bytes.
    private const int MostLent = 1 << 24;

    /// <summary>Reads a message in binary or text form, whichever the file holds.</summary>
    /// <typeparam name="T">The message's type, e.g. <c>GraphDef</c>.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="skipUnknownFields">For text: whether fields of later releases are passed over. In binary form they are kept, without meaning.</param>
    /// <param name="unknown">Receives each such field, as often as it occurs; null not to look for them.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="CheckpointFormatException">The file does not parse as that message.</exception>
    public static T Read<T>(string path, bool skipUnknownFields = true, ICollection<string>? unknown = null)
        where T : IMessage, new()
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FileInfo file = new(path);
        if (file.Exists && file.Length > Array.MaxLength)
        {
            throw new CheckpointFormatException(
                $"Cannot read '{path}': a message cannot be larger than 2 GiB; the file has {file.Length} bytes.", CheckpointFault.LimitExceeded, path);
        }

        byte[] bytes = RegularFile.ReadAllBytes(path);
        if (IsText(bytes))
            return TextFormat.Parse<T>(bytes, path, skipUnknownFields, unknown);
        T message = Parse<T>(bytes, path);
        if (unknown is not null)
            UnknownFields.Collect(bytes, message.Descriptor, path, unknown);
        return message;
    }

    /// <summary>Reads a meta graph, binary or text, to be imported: the nodes of a large one come apart from it and take less memory than messages do.</summary>
    /// <param name="path">The file.</param>
    /// <param name="nodes">The nodes in order; null where the meta graph has them.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="CheckpointFormatException">The file does not parse as a meta graph.</exception>
    internal static MetaGraphDef ReadMetaGraph(string path, out StoredNode[]? nodes)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using (FileStream file = RegularFile.OpenRead(path))
        {
            // A large array that lives no longer than this costs a collection of everything.
            int byteCount = file.Length <= MostLent ? (int)file.Length : 0;
            byte[] bytes = ArrayPool<byte>.Shared.Rent(byteCount);
            try
            {
                if (file.ReadAtLeast(bytes.AsSpan(0, byteCount), byteCount, throwOnEndOfStream: false) == byteCount
                    && !IsText(bytes.AsSpan(0, byteCount))
                    && LargeGraphParser.TryParse(bytes, byteCount, path, out MetaGraphDef? meta, out nodes))
                    return meta;
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(bytes);
            }
        }

        nodes = null;
        return Read<MetaGraphDef>(path);
    }

    /// <summary>Writes a message in binary or text form, replacing the old file at once.</summary>
    /// <param name="path">The file.</param>
    /// <param name="message">What to write.</param>
    /// <param name="asText">Whether as text.</param>
    /// <param name="durable">False to leave it to the system when the bytes reach the disk.</param>
    /// <exception cref="IOException">The file cannot be written; what was there before is unchanged.</exception>
    public static void Write(string path, IMessage message, bool asText = false, bool durable = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(message);
        if (asText)
        {
            AtomicFile.WriteAllBytes(path, Encoding.UTF8.GetBytes(TextFormat.Print(message)), durable);
            return;
        }

        using AtomicFile file = Prepare(path, message, durable);
        file.Commit();
    }

    /// <summary>Writes the binary form of a message that appears under its name when it is committed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="message">What to write.</param>
    /// <param name="durable">False to leave it to the system when the bytes reach the disk.</param>
    /// <exception cref="IOException">The file cannot be written; nothing is left of it.</exception>
    public static AtomicFile Prepare(string path, IMessage message, bool durable = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(message);
        AtomicFile file = AtomicFile.Create(path, message.CalculateSize(), durable);
        try
        {
            Write(file.Stream, message);
            file.Flush();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Writes the binary form of a message piece by piece: large values go from where they are to the stream.</summary>
    /// <param name="stream">Takes the bytes; stays open.</param>
    /// <param name="message">What to write.</param>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static void Write(Stream stream, IMessage message)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(message);
        using CodedOutputStream output = new(stream, WrittenAtOnce, leaveOpen: true);
        message.WriteTo(output);
    }

    /// <summary>Parses the binary form of a message.</summary>
    /// <param name="bytes">The whole message. Nobody may change them afterwards.</param>
    /// <param name="path">Where they came from, for messages.</param>
    /// <exception cref="CheckpointFormatException">The bytes do not parse as that message.</exception>
    public static T Parse<T>(byte[] bytes, string path)
        where T : IMessage, new()
    {
        ArgumentNullException.ThrowIfNull(bytes);
        if (LargeGraphParser.TryParse(bytes, path, out T? large))
            return large;
        T message = new();
        // Depth is limited to 100: structured values and control flow of real graphs stay far below.
        CodedInputStream input = new(bytes);
        try
        {
            message.MergeFrom(input);
            // It stops in silence where a group ends that has not begun.
            if (!input.IsAtEnd)
                throw new CheckpointFormatException($"Cannot read '{path}' as {message.Descriptor.FullName}: a group that has not begun ends before byte {input.Position}.", CheckpointFault.BadMessage, path, input.Position);
            return message;
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new CheckpointFormatException(
                $"Cannot read '{path}' as {message.Descriptor.FullName}, near byte {input.Position}: {e.Message}",
                CheckpointFault.BadMessage,
                path,
                input.Position,
                e);
        }
    }

    /// <summary>Whether a file holds text rather than a binary message.</summary>
    public static bool IsTextFile(string path)
    {
        using FileStream file = RegularFile.OpenRead(path);
        var start = new byte[SniffedByteCount];
        return IsText(start.AsSpan(0, file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)));
    }

    /// <summary>Whether bytes are text rather than a binary message: no control characters but blanks near the beginning.</summary>
    /// <remarks>A message without bytes is binary. Text that only holds comments is text.</remarks>
    internal static bool IsText(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> start = bytes[..Math.Min(bytes.Length, SniffedByteCount)];
        foreach (byte b in start)
        {
            if (b < 0x20 && b is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f' or (byte)'\v'))
                return false;
        }

        // The first byte of a binary message is the tag of a low field number, which in text could only be a blank.
        if (start.IsEmpty || start[0] >= 0x20)
            return !start.IsEmpty;
        return start.TrimStart(" \t\r\n"u8) is [byte first, ..] && (char.IsAsciiLetter((char)first) || first is (byte)'#' or (byte)'[');
    }
}
