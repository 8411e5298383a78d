using Google.Protobuf;
using NotebookPersist.Formats;
using NotebookPersist.Formats.Records;
using NotebookPersist.Protos;

namespace NotebookPersist.Persistence;

/// <summary>Reads event files.</summary>
/// <remarks>Thread safety: pure. Source: TensorFlow's <c>tf.train.summary_iterator</c>.</remarks>
public static class EventFile
{
    /// <summary>The events of a file, one after the other; a last one that is still being written ends them.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="CheckpointFormatException">A checksum is wrong, or a record holds no event.</exception>
    public static IEnumerable<Event> Read(string path) => RecordReader.Read(path, allowOpenEnd: true).Select((data, i) => Parse(path, data, i));

    private static Event Parse(string path, byte[] data, int index)
    {
        try
        {
            return Event.Parser.ParseFrom(data);
        }
        catch (InvalidProtocolBufferException damage)
        {
            throw new CheckpointFormatException($"Record {index:N0} of '{path}' holds no event: {damage.Message}", CheckpointFault.BadMessage, path, innerException: damage);
        }
    }
}
