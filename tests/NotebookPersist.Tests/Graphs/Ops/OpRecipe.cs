using System.Globalization;
using System.Numerics;
using System.Text;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist.Tests.Graphs.Ops;

/// <summary>One line of op-recipes.txt: inputs and attributes with which an operation runs, whatever its element types.</summary>
internal sealed class OpRecipe
{
    private static readonly double[] Pattern = [1, 3, 5, 2, 4];

    /// <summary>What stands for "any type".</summary>
    private static readonly DType[] AllTypes =
    [
        DType.Float32, DType.Float64, DType.Float16, DType.BFloat16, DType.Int8, DType.UInt8, DType.Int16, DType.UInt16, DType.Int32, DType.UInt32, DType.Int64, DType.UInt64,
        DType.Bool, DType.String, DType.Complex64, DType.Complex128,
    ];

    private readonly (Shape Shape, string[] Values)[] _inputs;
    private readonly Dictionary<string, string> _attributes;
    private readonly string[] _remarks;

    public OpRecipe(string line)
    {
        string[] parts = line.Split('|');
        Op = OpRegistry.BuiltIn.TryGet(parts[0].Trim(), out Op? op) ? op : throw new FormatException($"'{parts[0]}' is no operation.");
        _inputs = [.. Words(parts[1]).Select(static w => w.Split(':', 2)).Select(static w => (Sizes(w[0]), w.Length > 1 ? w[1].Split(',') : []))];
        _attributes = Words(parts[2]).Select(static w => w.Split('=', 2)).ToDictionary(static w => w[0], static w => w[1], StringComparer.Ordinal);
        _remarks = parts.Length > 3 ? Words(parts[3]) : [];
    }

    private OpRecipe(Op op)
    {
        Op = op;
        Shape shape = [2, 3];
        _inputs = [.. op.Signature.Inputs.Select(_ => (shape, Array.Empty<string>()))];
        _attributes = [];
        _remarks = [];
        IsPlain = op.Signature is { Outputs: [{ TypeAttr: "T" }], Attrs: [{ Name: "T" }, ..] };
    }

    public Op Op { get; }

    public IReadOnlyList<Shape> Shapes => [.. _inputs.Select(static i => i.Shape)];

    /// <summary>True for operations that are known by their signature alone: all inputs and outputs are of one type and shape.</summary>
    public bool IsPlain { get; }

    public bool IsFormOnly => _remarks.Contains("form");

    /// <summary>All recipes: those of the file, and of operations whose inputs are of one type and need nothing else.</summary>
    public static IEnumerable<OpRecipe> All()
    {
        OpRecipe[] written = [.. RepositoryFiles.Lines("tests/golden/op-recipes.txt").Where(static l => l.Length > 0 && l[0] != '#').Select(static l => new OpRecipe(l))];
        HashSet<string> names = [.. written.Select(static r => r.Op.Signature.Name)];
        return written.Concat(OpRegistry.BuiltIn.All.Where(o => !names.Contains(o.Signature.Name) && IsKnown(o)).Select(static o => new OpRecipe(o)));
    }

    private static bool IsKnown(Op op) => op.Signature is { Inputs.Count: > 0 } s && !op.IsControlFlow
        && s.Inputs.Concat(s.Outputs).All(static a => !a.IsList && !a.IsReference && a.Type is not (DType.Resource or DType.Variant))
        && s.Inputs.All(static a => a.TypeAttr == "T")
        && s.Attrs.All(static a => a.Kind == AttrKind.Type || a.Default is not null);

    /// <summary>The element types with which the values are computed that those of all others must equal.</summary>
    public Dictionary<string, DType> Basis() => Op.Signature.Attrs.Where(static a => a is { Kind: AttrKind.Type, IsList: false }).ToDictionary(
        static a => a.Name,
        a =>
        {
            if (_attributes.TryGetValue(a.Name, out string? given))
                return TypeOf(given);
            DType[] wanted = [DType.Float64, DType.Float32, DType.Int64, DType.Int32];
            DType[] allowed = a.AllowedTypes.Count > 0 ? [.. a.AllowedTypes] : AllTypes;
            if (_remarks.Contains("paired"))
                return a.AllowedTypes[1];
            return a.Default is { } d && !Op.Signature.Inputs.Any(i => i.TypeAttr == a.Name && !a.AllowedTypes.SequenceEqual([DType.Int32, DType.Int64])) ? (DType)d.Type : wanted.Concat(allowed).First(allowed.Contains);
        },
        StringComparer.Ordinal);

    /// <summary>All choices that differ from the basis in one type.</summary>
    public IEnumerable<(string Attr, DType Type, bool Refused)> Variations()
    {
        foreach (AttrSignature attr in Op.Signature.Attrs.Where(static a => a is { Kind: AttrKind.Type, IsList: false }))
        {
            foreach (DType type in attr.AllowedTypes.Count > 0 ? attr.AllowedTypes.Concat(attr.LaterTypes) : AllTypes)
            {
                if (type is not (DType.Variant or DType.Resource))
                    yield return (attr.Name, type, _remarks.Contains("-" + type.SignatureName()));
            }
        }
    }

    /// <summary>True where a type is listed as refused.</summary>
    public bool Refuses(DType type) => _remarks.Contains("-" + type.SignatureName());

    /// <summary>The basis with one type changed, and with it those that must change too.</summary>
    public Dictionary<string, DType> With(string attr, DType type)
    {
        Dictionary<string, DType> types = Basis();
        types[attr] = type;
        foreach (AttrSignature other in _remarks.Contains("paired") ? Op.Signature.Attrs.Where(static a => a.Kind == AttrKind.Type) : [])
            types[other.Name] = other.AllowedTypes[Op.Signature.FindAttr(attr)!.AllowedTypes.ToList().IndexOf(type)];
        return types;
    }

    /// <summary>Runs the operation.</summary>
    /// <param name="types">Element types.</param>
    /// <param name="isFed">Inputs are fed, and their shapes not known when the graph is built; else constants.</param>
    /// <param name="resize">What to make of each input's shape; null for nothing.</param>
    /// <exception cref="FormatException">A result is not what the shape rule said.</exception>
    public Tensor[] Run(Dictionary<string, DType> types, bool isFed = false, Func<Shape, int, Shape>? resize = null)
    {
        var graph = new Graph();
        var feeds = new FeedDict();
        var attributes = new AttributeList();
        foreach (AttrSignature attr in Op.Signature.Attrs)
        {
            if (types.TryGetValue(attr.Name, out DType type))
                attributes.Add(attr.Name, type);
            else if (_attributes.TryGetValue(attr.Name, out string? text))
                Add(attributes, attr, text);
        }

        var operands = new List<Operand>();
        IReadOnlyList<ArgSignature> args = Op.Signature.Inputs;
        int lists = args.Count(static a => a.IsList);
        int length = lists == 0 ? 0 : (_inputs.Length - (args.Count - lists)) / lists;
        foreach (ArgSignature arg in args)
        {
            for (int i = 0; i < (arg.IsList ? length : 1); i++)
            {
                (Shape shape, string[] values) = _inputs[operands.Count];
                Tensor value = Make(arg.TypeAttr is null ? arg.Type : types[arg.TypeAttr], resize?.Invoke(shape, operands.Count) ?? shape, values);
                Output input = isFed ? graph.Placeholder(value.DType, Shape.Unknown) : graph.Constant(value);
                if (isFed)
                    feeds.Add(input, value);
                operands.Add(input);
            }
        }

        Operation operation = graph.AddOperation(Op, Op.Signature.Name.TrimStart('_'), attributes, [.. operands]);
        using var session = new Session(graph);
        Tensor[] results = [.. session.Run([.. operation.Outputs.Select(static o => (Fetch)o)], feeds).Select(static t => t!)];
        for (int i = 0; i < results.Length; i++)
        {
            if (results[i].DType != operation.Outputs[i].DType || !operation.Outputs[i].Shape.IsCompatibleWith(results[i].Shape))
                throw new FormatException($"output {i} is {results[i].DType.Name()} {results[i].Shape} where {operation.Outputs[i].DType.Name()} {operation.Outputs[i].Shape} was announced");
        }

        return results;
    }

    private static void Add(AttributeList attributes, AttrSignature attr, string text)
    {
        string[] words = text.Split(',');
        switch (attr.Kind)
        {
            case AttrKind.Int when attr.IsList:
                attributes.Add(attr.Name, words.Select(static w => long.Parse(w, CultureInfo.InvariantCulture)));
                break;
            case AttrKind.Int:
                attributes.Add(attr.Name, long.Parse(text, CultureInfo.InvariantCulture));
                break;
            case AttrKind.Float when attr.IsList:
                attributes.Add(attr.Name, words.Select(static w => float.Parse(w, CultureInfo.InvariantCulture)));
                break;
            case AttrKind.Float:
                attributes.Add(attr.Name, float.Parse(text, CultureInfo.InvariantCulture));
                break;
            case AttrKind.Bool:
                attributes.Add(attr.Name, text == "true");
                break;
            case AttrKind.Shape:
                attributes.Add(attr.Name, (Shape)words.Select(static w => long.Parse(w, CultureInfo.InvariantCulture)).ToArray());
                break;
            case AttrKind.String when attr.IsList:
                attributes.Add(attr.Name, words);
                break;
            case AttrKind.String:
                attributes.Add(attr.Name, text);
                break;
            case AttrKind.Type when attr.IsList:
                attributes.Add(attr.Name, words.Select(TypeOf));
                break;
            default:
                throw new FormatException($"Attributes of kind {attr.Kind} are not written in recipes.");
        }
    }

    private static Tensor Make(DType type, Shape shape, string[] values)
    {
        int count = checked((int)shape.ElementCount);
        if (type == DType.String)
            return Tensor.OfStrings(shape, [.. Enumerable.Range(0, count).Select(i => Encoding.UTF8.GetBytes(values.Length > 0 ? values[i] : Pattern[i % 5].ToString(CultureInfo.InvariantCulture)))]);
        double[] numbers = [.. Enumerable.Range(0, count).Select(i => values.Length > 0 ? double.Parse(values[i], CultureInfo.InvariantCulture) : Pattern[i % 5])];
        return type switch
        {
            DType.Bool => Tensor.Of<bool>(shape, [.. numbers.Select(static n => n != 0)]),
            DType.Complex64 => Tensor.Of<Complex64>(shape, [.. numbers.Select(static n => new Complex64((float)n, 0))]),
            DType.Complex128 => Tensor.Of<Complex>(shape, [.. numbers.Select(static n => new Complex(n, 0))]),
            DType.QInt8 => TensorCasts.Convert(Tensor.Of<double>(shape, numbers), DType.Int8, "input").Reinterpreted(type),
            DType.QUInt8 => TensorCasts.Convert(Tensor.Of<double>(shape, numbers), DType.UInt8, "input").Reinterpreted(type),
            DType.QInt16 => TensorCasts.Convert(Tensor.Of<double>(shape, numbers), DType.Int16, "input").Reinterpreted(type),
            DType.QUInt16 => TensorCasts.Convert(Tensor.Of<double>(shape, numbers), DType.UInt16, "input").Reinterpreted(type),
            DType.QInt32 => TensorCasts.Convert(Tensor.Of<double>(shape, numbers), DType.Int32, "input").Reinterpreted(type),
            _ => TensorCasts.Convert(Tensor.Of<double>(shape, numbers), type, "input"),
        };
    }

    private static DType TypeOf(string name) => DTypes.TryParse(name, out DType type) ? type : throw new FormatException($"'{name}' is no element type.");

    private static Shape Sizes(string text) =>
        text.Trim('[', ']').Split(',', StringSplitOptions.RemoveEmptyEntries).Select(static s => long.Parse(s, CultureInfo.InvariantCulture)).ToArray();

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
