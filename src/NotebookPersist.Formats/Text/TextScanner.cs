using System.Globalization;
using System.Text;
using Google.Protobuf;

namespace NotebookPersist.Formats.Text;

/// <summary>What a piece of text is.</summary>
internal enum TokenKind
{
    /// <summary>The text has ended.</summary>
    End,

    /// <summary>A name: letters, digits and underscores.</summary>
    Name,

    /// <summary>A number without its sign.</summary>
    Number,

    /// <summary>A quoted string.</summary>
    Quoted,

    /// <summary>Any other single character.</summary>
    Symbol,
}

/// <summary>Cuts protobuf text into tokens. Works on bytes, so that bytes fields keep what is between their quotes.</summary>
internal sealed class TextScanner
{
    private readonly ReadOnlyMemory<byte> _text;
    private readonly string _path;
    private readonly string _what;
    private int _end;

    /// <summary>Starts before the first token; the first <see cref="Next"/> has been called.</summary>
    public TextScanner(ReadOnlyMemory<byte> text, string path, string what)
    {
        (_text, _path, _what) = (text, path, what);
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        _end = text.Span.StartsWith(mark) ? mark.Length : 0;
        Next();
    }

    /// <summary>What the present token is.</summary>
    public TokenKind Kind { get; private set; }

    /// <summary>Where the present token starts. Unit: bytes.</summary>
    public int Start { get; private set; }

    /// <summary>The present token's text.</summary>
    public string Text => Encoding.UTF8.GetString(Raw);

    private ReadOnlySpan<byte> Raw => _text.Span[Start.._end];

    /// <summary>Whether the present token is this character.</summary>
    public bool Is(char symbol) => Kind == TokenKind.Symbol && _text.Span[Start] == symbol;

    /// <summary>Passes over this character if it is the present token.</summary>
    public bool TryTake(char symbol)
    {
        if (!Is(symbol))
            return false;
        Next();
        return true;
    }

    /// <summary>Passes over this character.</summary>
    public void Take(char symbol)
    {
        if (!TryTake(symbol))
            throw Unexpected($"'{symbol}'");
    }

    /// <summary>Goes to the next token.</summary>
    public void Next()
    {
        ReadOnlySpan<byte> text = _text.Span;
        Start = SkipBlank(text, _end);
        _end = Start;
        if (Start == text.Length)
        {
            Kind = TokenKind.End;
            return;
        }

        byte first = text[Start];
        if (char.IsAsciiLetter((char)first) || first == '_')
        {
            Kind = TokenKind.Name;
            while (_end < text.Length && IsNamePart(text[_end]))
                _end++;
        }
        else if (char.IsAsciiDigit((char)first) || (first == '.' && Start + 1 < text.Length && char.IsAsciiDigit((char)text[Start + 1])))
        {
            Kind = TokenKind.Number;
            ScanNumber(text);
        }
        else if (first is (byte)'"' or (byte)'\'')
        {
            Kind = TokenKind.Quoted;
            ScanQuoted(text, first);
        }
        else
        {
            Kind = TokenKind.Symbol;
            _end++;
        }
    }

    /// <summary>Takes a name.</summary>
    public string TakeName(string expected)
    {
        if (Kind != TokenKind.Name)
            throw Unexpected(expected);
        string name = Text;
        Next();
        return name;
    }

    /// <summary>Takes one quoted string or several beside each other, which count as one.</summary>
    public ByteString TakeQuoted()
    {
        if (Kind != TokenKind.Quoted)
            throw Unexpected("a quoted string");
        byte[] first = Unescape();
        Next();
        if (Kind != TokenKind.Quoted)
            return UnsafeByteOperations.UnsafeWrap(first);
        List<byte> all = [.. first];
        while (Kind == TokenKind.Quoted)
        {
            all.AddRange(Unescape());
            Next();
        }

        return UnsafeByteOperations.UnsafeWrap(all.ToArray());
    }

    /// <summary>The exception for a present token that is not what it should be.</summary>
    public CheckpointFormatException Unexpected(string expected)
    {
        string found = Kind == TokenKind.End ? "the end of the text" : $"'{Shorten(Text)}'";
        return FailAt(Start, $"found {found}, expected {expected}");
    }

    /// <summary>The exception for a problem at a place.</summary>
    public CheckpointFormatException FailAt(int offset, string problem)
    {
        ReadOnlySpan<byte> before = _text.Span[..offset];
        int line = before.Count((byte)'\n') + 1;
        int lineStart = before.LastIndexOf((byte)'\n') + 1;
        int column = Encoding.UTF8.GetCharCount(before[lineStart..]) + 1;
        return new CheckpointFormatException(
            string.Create(CultureInfo.InvariantCulture, $"Cannot parse '{_path}' as {_what}: line {line}, column {column}: {problem}."),
            CheckpointFault.BadText,
            _path,
            offset);
    }

    private static string Shorten(string text) => text.Length > 40 ? text[..40] + "..." : text;

    private static bool IsNamePart(byte b) => char.IsAsciiLetterOrDigit((char)b) || b == '_';

    private static int SkipBlank(ReadOnlySpan<byte> text, int position)
    {
        while (position < text.Length)
        {
            if (text[position] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\v' or (byte)'\f')
            {
                position++;
            }
            else if (text[position] == '#')
            {
                int length = text[position..].IndexOf((byte)'\n');
                position = length < 0 ? text.Length : position + length;
            }
            else
            {
                break;
            }
        }

        return position;
    }

    private void ScanNumber(ReadOnlySpan<byte> text)
    {
        bool hexadecimal = text[Start] == '0' && Start + 1 < text.Length && (text[Start + 1] | 0x20) == 'x';
        while (_end < text.Length)
        {
            byte b = text[_end];
            bool exponentSign = b is (byte)'+' or (byte)'-' && !hexadecimal && (text[_end - 1] | 0x20) == 'e';
            if (!IsNamePart(b) && b != '.' && !exponentSign)
                break;
            _end++;
        }
    }

    private void ScanQuoted(ReadOnlySpan<byte> text, byte quote)
    {
        for (_end++; _end < text.Length && text[_end] != '\n'; _end++)
        {
            if (text[_end] == quote)
            {
                _end++;
                return;
            }

            if (text[_end] == '\\')
                _end++;
        }

        throw FailAt(Start, "a quoted string does not end on its line");
    }

    private byte[] Unescape()
    {
        ReadOnlySpan<byte> inner = Raw[1..^1];
        if (inner.IndexOf((byte)'\\') < 0)
            return inner.ToArray();
        List<byte> bytes = new(inner.Length);
        for (int i = 0; i < inner.Length;)
        {
            if (inner[i] != '\\')
            {
                bytes.Add(inner[i++]);
                continue;
            }

            i = UnescapeOne(inner, i + 1, bytes);
        }

        return [.. bytes];
    }

    private int UnescapeOne(ReadOnlySpan<byte> inner, int i, List<byte> bytes)
    {
        int start = Start + i;
        byte kind = inner[i++];
        switch (kind)
        {
            case >= (byte)'0' and <= (byte)'7':
                i--;
                uint octal = TakeDigits(inner, ref i, 3, 8);
                bytes.Add(octal <= 0xFF ? (byte)octal : throw FailAt(start, "an octal escape is above \\377"));
                break;
            case (byte)'x' or (byte)'X':
                if (i == inner.Length || !char.IsAsciiHexDigit((char)inner[i]))
                    throw FailAt(start, "a \\x escape has no digits");
                bytes.Add((byte)TakeDigits(inner, ref i, 2, 16));
                break;
            case (byte)'u' or (byte)'U':
                int from = i;
                int count = kind == 'u' ? 4 : 8;
                uint value = TakeDigits(inner, ref i, count, 16);
                if (i - from != count || !Rune.IsValid(value))
                    throw FailAt(start, "a \\u escape is no character");
                Span<byte> utf8 = stackalloc byte[4];
                bytes.AddRange(utf8[..new Rune(value).EncodeToUtf8(utf8)]);
                break;
            default:
                int index = "abfnrtv\\'\"?".IndexOf((char)kind, StringComparison.Ordinal);
                if (index < 0)
                    throw FailAt(start, $"the escape '\\{(char)kind}' means nothing");
                bytes.Add((byte)"\a\b\f\n\r\t\v\\'\"?"[index]);
                break;
        }

        return i;
    }

    private static uint TakeDigits(ReadOnlySpan<byte> inner, ref int i, int max, uint radix)
    {
        uint value = 0;
        for (int taken = 0; taken < max && i < inner.Length; taken++, i++)
        {
            char c = (char)inner[i];
            if (!char.IsAsciiHexDigit(c))
                break;
            uint digit = uint.Parse([c], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            if (digit >= radix)
                break;
            value = (value * radix) + digit;
        }

        return value;
    }
}
