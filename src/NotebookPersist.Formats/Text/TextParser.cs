using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;

// message := field*
// field   := name ":"? ( "{" message "}" | "<" message ">" )      a message; the colon may be left out
//          | name ":" scalar  |  name ":"? "[" value { "," value } "]"
//          | "[" type-url "]" ":"? "{" message "}"                 an expanded Any
//            and then an optional "," or ";"
// scalar  := quoted+ | "-"? number | "-"? name                      strings beside each other are one string
// A map field is a repeated message of key and value. Comments run from # to the end of the line.

namespace NotebookPersist.Formats.Text;

/// <summary>Parses protobuf's text format into messages by their descriptors.</summary>
internal sealed class TextParser
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // The machine's own NaN, which .NET names, has its sign set; that of texts has not.
    private static readonly double PositiveNaN = BitConverter.UInt64BitsToDouble(0x7FF8_0000_0000_0000);

    private readonly TextScanner _scanner;
    private readonly bool _skipUnknownFields;
    private readonly ICollection<string>? _skipped;
    private int _depth;

    /// <summary>Starts at the beginning of the text.</summary>
    public TextParser(ReadOnlyMemory<byte> utf8, string path, string what, bool skipUnknownFields, ICollection<string>? skipped = null)
    {
        _scanner = new TextScanner(utf8, path, what);
        _skipUnknownFields = skipUnknownFields;
        _skipped = skipped;
    }

    /// <summary>Adds the fields of the whole text to a message.</summary>
    public void ParseInto(IMessage message)
    {
        while (_scanner.Kind != TokenKind.End)
            ParseField(message);
    }

    private void ParseField(IMessage message)
    {
        int start = _scanner.Start;
        if (_scanner.Is('['))
        {
            ParseExpandedAny(message, start);
            return;
        }

        if (_scanner.Kind == TokenKind.Number && _skipUnknownFields)
        {
            // Printers put unknown fields under their numbers.
            _skipped?.Add($"{message.Descriptor.FullName} field {_scanner.Text}");
            _scanner.Next();
            SkipValue();
            TakeSeparator();
            return;
        }

        string name = _scanner.TakeName($"a field of {message.Descriptor.FullName}");
        FieldDescriptor? field = message.Descriptor.FindFieldByName(name);
        if (field is null)
        {
            if (!_skipUnknownFields)
                throw _scanner.FailAt(start, $"found '{name}', expected a field of {message.Descriptor.FullName}");
            _skipped?.Add($"{message.Descriptor.FullName} field {name}");
            SkipValue();
        }
        else if (field.FieldType is FieldType.Message or FieldType.Group)
        {
            _scanner.TryTake(':');
            ParseListOf(field, start, () => ParseMessageValue(message, field, start));
        }
        else
        {
            _scanner.Take(':');
            ParseListOf(field, start, () => SetScalar(message, field));
        }

        TakeSeparator();
    }

    private void ParseListOf(FieldDescriptor field, int start, Action parseOne)
    {
        if (!_scanner.TryTake('['))
        {
            parseOne();
            return;
        }

        if (!field.IsRepeated)
            throw _scanner.FailAt(start, $"found a list, expected one value: '{field.Name}' is not repeated");
        if (_scanner.TryTake(']'))
            return;
        do
        {
            parseOne();
        }
        while (_scanner.TryTake(','));
        _scanner.Take(']');
    }

    private void TakeSeparator()
    {
        if (!_scanner.TryTake(','))
            _scanner.TryTake(';');
    }

    private char OpenMessage()
    {
        char close = _scanner.Is('<') ? '>' : '}';
        if (++_depth > TextFormat.MaxDepth)
            throw _scanner.FailAt(_scanner.Start, $"messages nest deeper than {TextFormat.MaxDepth}");
        if (!_scanner.TryTake('<'))
            _scanner.Take('{');
        return close;
    }

    private void ParseBody(Action parseOne)
    {
        char close = OpenMessage();
        while (!_scanner.Is(close))
        {
            if (_scanner.Kind == TokenKind.End)
                throw _scanner.Unexpected($"'{close}'");
            parseOne();
        }

        _scanner.Take(close);
        _depth--;
    }

    private void ParseMessageValue(IMessage message, FieldDescriptor field, int start)
    {
        if (field.IsMap)
        {
            ParseMapEntry(message, field);
            return;
        }

        IMessage value;
        if (field.IsRepeated)
        {
            value = NewMessage(field.MessageType);
            ParseBody(() => ParseField(value));
            ((IList)field.Accessor.GetValue(message)).Add(value);
            return;
        }

        RequireUnset(message, field, start);
        value = NewMessage(field.MessageType);
        ParseBody(() => ParseField(value));
        field.Accessor.SetValue(message, value);
    }

    private void ParseMapEntry(IMessage message, FieldDescriptor field)
    {
        FieldDescriptor keyField = field.MessageType.FindFieldByNumber(1);
        FieldDescriptor valueField = field.MessageType.FindFieldByNumber(2);
        object? key = null, value = null;
        ParseBody(() =>
        {
            int start = _scanner.Start;
            string name = _scanner.TakeName("'key' or 'value'");
            switch (name)
            {
                case "key":
                    _scanner.Take(':');
                    key = ParseScalar(keyField);
                    break;
                case "value" when valueField.FieldType == FieldType.Message:
                    _scanner.TryTake(':');
                    IMessage inner = NewMessage(valueField.MessageType);
                    ParseBody(() => ParseField(inner));
                    value = inner;
                    break;
                case "value":
                    _scanner.Take(':');
                    value = ParseScalar(valueField);
                    break;
                default:
                    if (!_skipUnknownFields)
                        throw _scanner.FailAt(start, $"found '{name}', expected 'key' or 'value'");
                    _skipped?.Add($"{field.MessageType.FullName} field {name}");
                    SkipValue();
                    break;
            }

            TakeSeparator();
        });

        // A part that was left out has its default, as in the binary form.
        ((IDictionary)field.Accessor.GetValue(message))[key ?? Default(keyField)] = value ?? Default(valueField);
    }

    private void SetScalar(IMessage message, FieldDescriptor field)
    {
        int start = _scanner.Start;
        object value = ParseScalar(field);
        if (field.IsRepeated)
        {
            ((IList)field.Accessor.GetValue(message)).Add(value);
            return;
        }

        RequireUnset(message, field, start);
        field.Accessor.SetValue(message, value);
    }

    private void RequireUnset(IMessage message, FieldDescriptor field, int start)
    {
        OneofDescriptor? oneof = field.RealContainingOneof;
        FieldDescriptor? set = oneof is not null ? oneof.Accessor.GetCaseFieldDescriptor(message)
            : TextPrinter.IsSet(field, message, field.Accessor.GetValue(message)) ? field : null;
        if (set is not null)
            throw _scanner.FailAt(start, set == field ? $"'{field.Name}' is given twice" : $"'{field.Name}' is given beside '{set.Name}', which excludes it");
    }

    private object ParseScalar(FieldDescriptor field)
    {
        int start = _scanner.Start;
        switch (field.FieldType)
        {
            case FieldType.String:
                ByteString utf8 = _scanner.TakeQuoted();
                try
                {
                    return StrictUtf8.GetString(utf8.Span);
                }
                catch (DecoderFallbackException)
                {
                    throw _scanner.FailAt(start, $"the text of '{field.Name}' is not UTF-8");
                }

            case FieldType.Bytes:
                return _scanner.TakeQuoted();
            case FieldType.Bool:
                return ParseBool();
            case FieldType.Enum:
                return ParseEnum(field);
            case FieldType.Float:
                return (float)ParseFloating(single: true);
            case FieldType.Double:
                return ParseFloating(single: false);
            case FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32:
                return (int)ParseInteger(int.MinValue, int.MaxValue);
            case FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64:
                return (long)ParseInteger(long.MinValue, long.MaxValue);
            case FieldType.UInt32 or FieldType.Fixed32:
                return (uint)ParseInteger(uint.MinValue, uint.MaxValue);
            default:
                return (ulong)ParseInteger(ulong.MinValue, ulong.MaxValue);
        }
    }

    private bool ParseBool()
    {
        bool? value = _scanner.Kind is TokenKind.Name or TokenKind.Number
            ? _scanner.Text switch
            {
                "true" or "True" or "t" or "1" => true,
                "false" or "False" or "f" or "0" => false,
                _ => null,
            }
            : null;
        if (value is null)
            throw _scanner.Unexpected("true or false");
        _scanner.Next();
        return value.Value;
    }

    private int ParseEnum(FieldDescriptor field)
    {
        // Open enums: a number beyond the known ones is kept.
        if (_scanner.Kind != TokenKind.Name)
            return (int)ParseInteger(int.MinValue, int.MaxValue);
        EnumValueDescriptor? value = field.EnumType.FindValueByName(_scanner.Text);
        if (value is null)
            throw _scanner.Unexpected($"a value of {field.EnumType.FullName}");
        _scanner.Next();
        return value.Number;
    }

    private BigInteger ParseInteger(BigInteger min, BigInteger max)
    {
        int start = _scanner.Start;
        bool negative = _scanner.TryTake('-');
        if (_scanner.Kind != TokenKind.Number)
            throw _scanner.Unexpected("an integer");
        string text = _scanner.Text;
        BigInteger value = 0;

        // 22 octal digits hold 64 bits.
        bool valid = text.Length <= 24;
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            valid = valid && BigInteger.TryParse("0" + text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value) && text.Length > 2;
        else if (text.Length > 1 && text[0] == '0')
            valid = valid && TryParseOctal(text, out value);
        else
            valid = valid && BigInteger.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        value = negative ? -value : value;
        if (!valid || value < min || value > max)
            throw _scanner.FailAt(start, $"found '{(negative ? "-" : "")}{text}', expected an integer from {min} to {max}");
        _scanner.Next();
        return value;
    }

    private static bool TryParseOctal(string text, out BigInteger value)
    {
        value = 0;
        foreach (char c in text)
        {
            if (c is < '0' or > '7')
                return false;
            value = (value * 8) + (c - '0');
        }

        return true;
    }

    private double ParseFloating(bool single)
    {
        bool negative = _scanner.TryTake('-');
        double? value = null;
        if (_scanner.Kind == TokenKind.Name)
        {
            value = _scanner.Text.ToUpperInvariant() switch
            {
                "INF" or "INFINITY" or "INFF" => double.PositiveInfinity,
                "NAN" or "NANF" => PositiveNaN,
                _ => null,
            };
        }
        else if (_scanner.Kind == TokenKind.Number)
        {
            // Rounded once: a 32-bit number read by way of 64 bits can end one step off.
            string text = _scanner.Text.TrimEnd('f', 'F');
            if (single && float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float narrow))
                value = narrow;
            else if (!single && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double wide))
                value = wide;
        }

        if (value is null)
            throw _scanner.Unexpected("a number");
        _scanner.Next();
        return negative ? -value.Value : value.Value;
    }

    private void ParseExpandedAny(IMessage message, int start)
    {
        _scanner.Take('[');
        StringBuilder url = new();
        while (!_scanner.Is(']'))
        {
            if (_scanner.Kind == TokenKind.End)
                throw _scanner.Unexpected("']'");
            url.Append(_scanner.Text);
            _scanner.Next();
        }

        _scanner.Take(']');
        string typeName = url.ToString();
        typeName = typeName[(typeName.LastIndexOf('/') + 1)..];
        MessageDescriptor? type = message is Google.Protobuf.WellKnownTypes.Any ? FindType(typeName) : null;
        if (type is null)
        {
            if (!_skipUnknownFields)
                throw _scanner.FailAt(start, $"found '[{url}]', expected a field of {message.Descriptor.FullName}");
            _skipped?.Add($"{message.Descriptor.FullName} field [{url}]");
            SkipValue();
        }
        else
        {
            _scanner.TryTake(':');
            IMessage inner = NewMessage(type);
            ParseBody(() => ParseField(inner));
            Google.Protobuf.WellKnownTypes.Any any = (Google.Protobuf.WellKnownTypes.Any)message;
            any.TypeUrl = url.ToString();
            any.Value = inner.ToByteString();
        }

        TakeSeparator();
    }

    private static MessageDescriptor? FindType(string fullName)
        => TextTypes.All.GetValueOrDefault(fullName);

    private void SkipValue()
    {
        bool colon = _scanner.TryTake(':');
        if (_scanner.Is('{') || _scanner.Is('<'))
        {
            ParseBody(SkipField);
        }
        else if (_scanner.TryTake('['))
        {
            if (!_scanner.TryTake(']'))
            {
                do
                {
                    if (_scanner.Is('{') || _scanner.Is('<'))
                        ParseBody(SkipField);
                    else
                        SkipScalar();
                }
                while (_scanner.TryTake(','));
                _scanner.Take(']');
            }
        }
        else if (colon)
        {
            SkipScalar();
        }
        else
        {
            throw _scanner.Unexpected("':' or '{'");
        }
    }

    private void SkipField()
    {
        if (_scanner.TryTake('['))
        {
            while (!_scanner.Is(']') && _scanner.Kind != TokenKind.End)
                _scanner.Next();
            _scanner.Take(']');
        }
        else if (_scanner.Kind == TokenKind.Number)
        {
            _scanner.Next();
        }
        else
        {
            _scanner.TakeName("a field");
        }

        SkipValue();
        TakeSeparator();
    }

    private void SkipScalar()
    {
        if (_scanner.Kind == TokenKind.Quoted)
        {
            _scanner.TakeQuoted();
            return;
        }

        _scanner.TryTake('-');
        if (_scanner.Kind is not (TokenKind.Name or TokenKind.Number))
            throw _scanner.Unexpected("a value");
        _scanner.Next();
    }

    private static IMessage NewMessage(MessageDescriptor type) => type.Parser.ParseFrom(ByteString.Empty);

    private static object Default(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.String => "",
        FieldType.Bytes => ByteString.Empty,
        FieldType.Bool => false,
        FieldType.Message => NewMessage(field.MessageType),
        FieldType.Float => 0f,
        FieldType.Double => 0d,
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => 0L,
        FieldType.UInt32 or FieldType.Fixed32 => 0u,
        FieldType.UInt64 or FieldType.Fixed64 => 0ul,
        _ => 0,
    };
}
