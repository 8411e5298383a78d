using System.Collections;
using System.Globalization;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Enum = System.Enum;

namespace NotebookPersist.Formats.Text;

/// <summary>Prints one message in protobuf's text format.</summary>
internal sealed class TextPrinter(TextDialect dialect)
{
    private readonly StringBuilder _text = new();
    private int _indent;

    /// <summary>The text, ending in a line feed unless the message is empty.</summary>
    public string Print(IMessage message)
    {
        PrintFields(message);
        return _text.ToString();
    }

    // Protobuf's collections hold no nulls, and a field that is set has a value.
    private void PrintFields(IMessage message)
    {
        if (dialect == TextDialect.Python && message is Any any && TryPrintExpanded(any))
            return;
        foreach (FieldDescriptor field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            object? value = field.Accessor.GetValue(message);
            if (field.IsMap)
            {
                PrintMap(field, (IDictionary)value!);
            }
            else if (field.IsRepeated)
            {
                foreach (object? item in (IList)value!)
                    PrintField(field, item!);
            }
            else if (IsSet(field, message, value))
            {
                PrintField(field, value!);
            }
        }
    }

    /// <summary>Whether a field that is not repeated is there, or has another value than its default where that cannot be told.</summary>
    public static bool IsSet(FieldDescriptor field, IMessage message, object? value)
    {
        if (field.HasPresence)
            return field.Accessor.HasValue(message);
        return value switch
        {
            string text => text.Length > 0,
            ByteString bytes => !bytes.IsEmpty,
            bool flag => flag,
            float number => BitConverter.SingleToInt32Bits(number) != 0,
            double number => BitConverter.DoubleToInt64Bits(number) != 0,
            Enum => Convert.ToInt32(value, CultureInfo.InvariantCulture) != 0,
            null => false,
            _ => Convert.ToDecimal(value, CultureInfo.InvariantCulture) != 0,
        };
    }

    private void PrintMap(FieldDescriptor field, IDictionary map)
    {
        FieldDescriptor key = field.MessageType.FindFieldByNumber(1);
        FieldDescriptor value = field.MessageType.FindFieldByNumber(2);
        List<DictionaryEntry> entries = new(map.Count);
        for (IDictionaryEnumerator item = map.GetEnumerator(); item.MoveNext();)
            entries.Add(item.Entry);
        entries.Sort(static (a, b) => a.Key is string left && b.Key is string right
            ? Coding.ByteOrder.Instance.Compare(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right))
            : Comparer.DefaultInvariant.Compare(a.Key, b.Key));
        foreach (DictionaryEntry entry in entries)
        {
            OpenMessage(field.Name);
            PrintField(key, entry.Key);
            PrintField(value, entry.Value!); // Maps hold no nulls.
            CloseMessage();
        }
    }

    private void PrintField(FieldDescriptor field, object value)
    {
        if (value is IMessage message)
        {
            OpenMessage(field.Name);
            PrintFields(message);
            CloseMessage();
            return;
        }

        Indent().Append(field.Name).Append(": ");
        PrintScalar(field, value);
        _text.Append('\n');
    }

    private void PrintScalar(FieldDescriptor field, object value)
    {
        switch (value)
        {
            case string text:
                PrintQuoted(Encoding.UTF8.GetBytes(text));
                break;
            case ByteString bytes:
                PrintQuoted(bytes.Span);
                break;
            case bool flag:
                _text.Append(flag ? "true" : "false");
                break;
            case float number:
                _text.Append(dialect == TextDialect.Python ? FloatText.Python(number) : FloatText.Cpp(number));
                break;
            case double number:
                _text.Append(dialect == TextDialect.Python ? FloatText.Python(number) : FloatText.Cpp(number));
                break;
            case Enum:
                int enumNumber = Convert.ToInt32(value, CultureInfo.InvariantCulture);
                EnumValueDescriptor? known = field.EnumType.FindValueByNumber(enumNumber);
                _text.Append(known?.Name ?? enumNumber.ToString(CultureInfo.InvariantCulture));
                break;
            default:
                _text.Append(CultureInfo.InvariantCulture, $"{value}");
                break;
        }
    }

    private void PrintQuoted(ReadOnlySpan<byte> bytes)
    {
        _text.Append('"');
        foreach (byte b in bytes)
        {
            switch (b)
            {
                case (byte)'\n':
                    _text.Append("\\n");
                    break;
                case (byte)'\r':
                    _text.Append("\\r");
                    break;
                case (byte)'\t':
                    _text.Append("\\t");
                    break;
                case (byte)'"' or (byte)'\'' or (byte)'\\':
                    _text.Append('\\').Append((char)b);
                    break;
                case >= 0x20 and < 0x7F:
                    _text.Append((char)b);
                    break;
                default:
                    _text.Append('\\').Append((char)('0' + (b >> 6))).Append((char)('0' + (b >> 3 & 7))).Append((char)('0' + (b & 7)));
                    break;
            }
        }

        _text.Append('"');
    }

    // Python names a type that it knows and prints its fields; C++ prints the bytes. Here only where the bytes come back from the fields.
    private bool TryPrintExpanded(Any any)
    {
        string name = any.TypeUrl[(any.TypeUrl.LastIndexOf('/') + 1)..];
        if (name.Length == any.TypeUrl.Length || !TextTypes.All.TryGetValue(name, out MessageDescriptor? type))
            return false;
        if (TryUnpack(type, any.Value) is not { } inner)
            return false;
        OpenMessage($"[{any.TypeUrl}]");
        PrintFields(inner);
        CloseMessage();
        return true;
    }

    // Null for bytes that text would change: damaged ones, unknown fields, maps in an order of their own.
    private static IMessage? TryUnpack(MessageDescriptor type, ByteString value)
    {
        try
        {
            IMessage inner = type.Parser.ParseFrom(value);
            IMessage again = type.Parser.ParseFrom(ByteString.Empty);
            byte[] text = Encoding.UTF8.GetBytes(new TextPrinter(TextDialect.Python).Print(inner));
            new TextParser(text, type.FullName, type.FullName, skipUnknownFields: false).ParseInto(again);
            return again.ToByteString() == value ? inner : null;
        }
        catch (Exception changed) when (changed is InvalidProtocolBufferException or CheckpointFormatException)
        {
            return null;
        }
    }

    private void OpenMessage(string name)
    {
        Indent().Append(name).Append(" {\n");
        _indent++;
    }

    private void CloseMessage()
    {
        _indent--;
        Indent().Append("}\n");
    }

    private StringBuilder Indent() => _text.Append(' ', 2 * _indent);
}
