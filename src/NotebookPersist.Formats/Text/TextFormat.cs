using Google.Protobuf;

namespace NotebookPersist.Formats.Text;

/// <summary>How numbers with a fraction are printed.</summary>
public enum TextDialect
{
    /// <summary>As TensorFlow's Python code does: shortest text of the 64-bit value, always with a point or an exponent.</summary>
    Python,

    /// <summary>As TensorFlow's C++ code does: six (or nine) significant digits, no point on whole numbers.</summary>
    Cpp,
}

/// <summary>Protobuf's text format: <c>.pbtxt</c> graphs and the <c>checkpoint</c> state file.</summary>
/// <remarks>
/// Google.Protobuf has none for C#; this one works over its descriptors, so it knows every message of <c>protos/</c>.
/// Source: protobuf's text format language specification; the printed layout is that of TensorFlow's files.
/// </remarks>
public static class TextFormat
{
    /// <summary>How deep messages may nest, as in protobuf's own parsers.</summary>
    public const int MaxDepth = 100;

    /// <summary>Parses a message.</summary>
    /// <typeparam name="T">The message's type.</typeparam>
    /// <param name="utf8">The text.</param>
    /// <param name="path">Where it came from, for messages.</param>
    /// <param name="skipUnknownFields">Whether fields that the message does not have are passed over; else they are an error.</param>
    /// <param name="skipped">Receives each field that is passed over, as often as it occurs; null not to tell.</param>
    /// <exception cref="CheckpointFormatException">The text does not parse; the message tells line and column, what was found and what was expected.</exception>
    public static T Parse<T>(ReadOnlyMemory<byte> utf8, string path = "text", bool skipUnknownFields = false, ICollection<string>? skipped = null)
        where T : IMessage, new()
    {
        T message = new();
        new TextParser(utf8, path, message.Descriptor.FullName, skipUnknownFields, skipped).ParseInto(message);
        return message;
    }

    /// <summary>Prints a message, one field a line, map entries in the order of their keys, ending in a line feed.</summary>
    /// <param name="message">What to print. Fields that the message does not know are left out.</param>
    /// <param name="dialect">How numbers with a fraction are printed.</param>
    public static string Print(IMessage message, TextDialect dialect = TextDialect.Python)
    {
        ArgumentNullException.ThrowIfNull(message);
        return new TextPrinter(dialect).Print(message);
    }
}
