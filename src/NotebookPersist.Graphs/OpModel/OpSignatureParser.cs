using System.Globalization;
using Google.Protobuf;
using NotebookPersist.Protos;

namespace NotebookPersist.Graphs.OpModel;

/// <summary>Reads the one-line grammar of <see cref="OpSignature"/>.</summary>
internal sealed class OpSignatureParser(string text)
{
    private int _at;

    public OpSignature Parse()
    {
        string name = Word();
        List<ArgSignature> inputs = Args();
        Expect("->");
        List<ArgSignature> outputs = Args();
        var attrs = new List<AttrSignature>();
        var typeAttrs = inputs.Concat(outputs).Select(static a => a.TypeAttr ?? a.TypeListAttr).ToHashSet(StringComparer.Ordinal);
        if (Try("where"))
        {
            do
                attrs.Add(Attr(typeAttrs));
            while (Try(","));
        }

        var flags = new HashSet<string>(StringComparer.Ordinal);
        if (Try(";"))
        {
            do
                flags.Add(Flag());
            while (Try(","));
        }

        SkipSpace();
        if (_at != text.Length)
            throw Fault("the end");
        return new OpSignature(name, [.. inputs.Select(a => Resolve(a, attrs))], [.. outputs.Select(a => Resolve(a, attrs))], attrs, flags);
    }

    private List<ArgSignature> Args()
    {
        var args = new List<ArgSignature>();
        Expect("(");
        while (!Try(")"))
        {
            if (args.Count > 0)
                Expect(",");
            args.Add(Arg());
        }

        return args;
    }

    private ArgSignature Arg()
    {
        string name = Word();
        Expect(":");
        if (Try("["))
        {
            string list = Word();
            Expect("]");
            return new ArgSignature(name, DType.Invalid, null, null, list, false);
        }

        string? number = null;
        bool reference = Try("ref(");
        string type = Word();
        if (!reference && Try("*"))
        {
            number = type;
            reference = Try("ref(");
            type = Word();
        }

        if (reference)
            Expect(")");
        var arg = new ArgSignature(name, DType.Invalid, type, number, null, reference);
        if (!Try("+"))
            return arg;
        int at = _at;
        string later = Word();
        if (!DTypes.TryParse(later, out _))
            return arg with { LaterTypeAttr = later };
        _at = at;
        return arg with { LaterTypes = Kind(isType: true).Types };
    }

    // A type name and an attribute name look alike until the attributes are known.
    private static ArgSignature Resolve(ArgSignature arg, List<AttrSignature> attrs) =>
        arg.TypeAttr is null || attrs.Exists(a => a.Name == arg.TypeAttr) ? arg
        : DTypes.TryParse(arg.TypeAttr, out DType type) ? arg with { Type = type, TypeAttr = null }
        : throw new FormatException($"'{arg.TypeAttr}' is neither an element type nor an attribute.");

    private AttrSignature Attr(HashSet<string?> typeAttrs)
    {
        string name = Word();
        Expect(":");
        bool isList = Try("list(");
        (AttrKind kind, List<DType> types, List<string> strings) = Kind(typeAttrs.Contains(name));
        // Behind a plus sign stands what only later releases allow.
        (_, List<DType> laterTypes, List<string> laterStrings) = Try("+") ? Kind(isType: true) : (kind, [], []);
        if (isList)
            Expect(")");
        long? minimum = Try(">=") ? long.Parse(Token(), CultureInfo.InvariantCulture) : null;
        AttrValue? value = Try("=") ? Default(kind, isList) : null;
        return new AttrSignature(name, kind, isList, value, types, strings, minimum) { LaterTypes = laterTypes, LaterStrings = laterStrings };
    }

    private (AttrKind Kind, List<DType> Types, List<string> Strings) Kind(bool isType)
    {
        var types = new List<DType>();
        var strings = new List<string>();
        if (Peek() == '\'')
        {
            do
                strings.Add(Quoted());
            while (Try("|"));
            return (AttrKind.String, types, strings);
        }

        var words = new List<string>();
        do
            words.Add(Word());
        while (Try("|"));
        // "float" and "string" are kinds by themselves, and element types among alternatives or where an argument's type is named so.
        if (words.Count == 1 && Enum.TryParse(words[0], ignoreCase: true, out AttrKind kind) && !(isType && kind is (AttrKind.Float or AttrKind.String)))
            return (kind, types, strings);
        foreach (string word in words)
            types.Add(DTypes.TryParse(word, out DType type) ? type : throw Fault($"an element type instead of '{word}'"));
        return (AttrKind.Type, types, strings);
    }

    private AttrValue Default(AttrKind kind, bool isList)
    {
        if (!isList)
            return Scalar(kind);
        var list = new AttrValue.Types.ListValue();
        Expect("[");
        while (!Try("]"))
        {
            AttrValue item = Scalar(kind);
            switch (kind)
            {
                case AttrKind.String:
                    list.S.Add(item.S);
                    break;
                case AttrKind.Int:
                    list.I.Add(item.I);
                    break;
                case AttrKind.Float:
                    list.F.Add(item.F);
                    break;
                case AttrKind.Bool:
                    list.B.Add(item.B);
                    break;
                case AttrKind.Type:
                    list.Type.Add(item.Type);
                    break;
                case AttrKind.Shape:
                    list.Shape.Add(item.Shape);
                    break;
                default:
                    throw Fault("a list that can have defaults");
            }

            Try(",");
        }

        return new AttrValue { List = list };
    }

    private static float Float(string token) => token switch
    {
        "inf" => float.PositiveInfinity,
        "-inf" => float.NegativeInfinity,
        _ => float.Parse(token, CultureInfo.InvariantCulture),
    };

    private AttrValue Scalar(AttrKind kind)
    {
        switch (kind)
        {
            case AttrKind.String:
                return new AttrValue { S = ByteString.CopyFromUtf8(Quoted()) };
            case AttrKind.Int:
                return new AttrValue { I = long.Parse(Token(), CultureInfo.InvariantCulture) };
            case AttrKind.Float:
                return new AttrValue { F = Float(Token()) };
            case AttrKind.Bool:
                return new AttrValue { B = bool.Parse(Token()) };
            case AttrKind.Type:
                return new AttrValue { Type = DTypes.TryParse(Token(), out DType type) ? (DataType)type : throw Fault("an element type") };
            case AttrKind.Shape:
                return new AttrValue { Shape = ShapeLiteral() };
            case AttrKind.Func:
                return new AttrValue { Func = new NameAttrList { Name = Quoted() } };
            case AttrKind.Tensor:
                return new AttrValue { Tensor = TensorLiteral() };
            default:
                throw Fault("a kind that can have a default");
        }
    }

    private TensorShapeProto ShapeLiteral()
    {
        var shape = new TensorShapeProto();
        if (Try("?"))
        {
            shape.UnknownRank = true;
            return shape;
        }

        Expect("[");
        while (!Try("]"))
        {
            shape.Dim.Add(new TensorShapeProto.Types.Dim { Size = long.Parse(Token(), CultureInfo.InvariantCulture) });
            Try(",");
        }

        return shape;
    }

    // A vector of small integers, the only form of which there is one: uint8 [255, 0, 0, 255].
    private TensorProto TensorLiteral()
    {
        string word = Word();
        var tensor = new TensorProto { Dtype = DTypes.TryParse(word, out DType type) ? (DataType)type : throw Fault("an element type") };
        Expect("[");
        while (!Try("]"))
        {
            tensor.IntVal.Add(int.Parse(Token(), CultureInfo.InvariantCulture));
            Try(",");
        }

        tensor.TensorShape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dim { Size = tensor.IntVal.Count } } };
        return tensor;
    }

    private string Flag()
    {
        string flag = Word();
        return flag is "stateful" or "commutative" or "aggregate" or "allows_uninitialized_input" ? flag : throw Fault("a flag");
    }

    private char Peek()
    {
        SkipSpace();
        return _at < text.Length ? text[_at] : '\0';
    }

    private string Word()
    {
        SkipSpace();
        int start = _at;
        while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] == '_'))
            _at++;
        return _at > start ? text[start.._at] : throw Fault("a name");
    }

    private string Token()
    {
        SkipSpace();
        int start = _at;
        while (_at < text.Length && !char.IsWhiteSpace(text[_at]) && text[_at] is not (',' or ']' or ';'))
            _at++;
        return _at > start ? text[start.._at] : throw Fault("a value");
    }

    private string Quoted()
    {
        Expect("'");
        int end = text.IndexOf('\'', _at);
        if (end < 0)
            throw Fault("a closing quote");
        string value = text[_at..end];
        _at = end + 1;
        return value;
    }

    private bool Try(string token)
    {
        SkipSpace();
        if (!text.AsSpan(_at).StartsWith(token, StringComparison.Ordinal))
            return false;
        _at += token.Length;
        return true;
    }

    private void Expect(string token)
    {
        if (!Try(token))
            throw Fault($"'{token}'");
    }

    private void SkipSpace()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
            _at++;
    }

    private FormatException Fault(string expected) => new($"Operation signature '{text}' has no {expected} at position {_at}.");
}
