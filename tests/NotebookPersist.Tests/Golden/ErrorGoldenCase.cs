using System.Globalization;
using NotebookPersist.Graphs.OpModel;

namespace NotebookPersist.Tests.Golden;

/// <summary>The runs that TensorFlow 1.15.5 refused: what was built and fed, and what it said.</summary>
/// <remarks>
/// Follows the script: <c>node NAME OP INPUTS</c>, <c>const NAME DTYPE SHAPE SPEC</c>, <c>feed NAME DTYPE SHAPE SPEC</c>, <c>clearfeeds</c> and
/// <c>expecterr FETCH</c>. The folder has no graph file, for the script builds all of it.
/// </remarks>
internal sealed class ErrorGoldenCase : IDisposable
{
    private readonly Graph _graph = new();
    private readonly Session _session;
    private readonly Dictionary<string, Tensor> _feeds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _expected;

    public ErrorGoldenCase()
    {
        _session = new Session(_graph);
        _expected = File.ReadAllText(SharedFiles.Path("golden-tf115/ops/errors/values.txt"))
            .Split("error for ", StringSplitOptions.RemoveEmptyEntries)
            .ToDictionary(static e => e[..e.IndexOf(':', StringComparison.Ordinal)], static e => e[(e.IndexOf(':', StringComparison.Ordinal) + 2)..].TrimEnd());
    }

    /// <summary>What was fetched, what TensorFlow said to it, and what was said here; null where nothing went wrong.</summary>
    public List<(string Fetch, string Expected, Exception? Actual)> Errors { get; } = [];

    public void Run()
    {
        foreach (string line in File.ReadLines(SharedFiles.Path("golden-tf115/ops/errors/script.txt")))
        {
            switch (line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                case ["node", string name, string type, .. string[] rest]:
                    AddNode(name, type, rest);
                    break;
                case ["const", string name, string dtype, string shape, string spec]:
                    _graph.Constant(Value(dtype, shape, spec), name: name);
                    break;
                case ["feed", string name, string dtype, string shape, string spec]:
                    _feeds[name + ":0"] = Value(dtype, shape, spec);
                    break;
                case ["clearfeeds"]:
                    _feeds.Clear();
                    break;
                case ["expecterr", string fetch]:
                    Errors.Add((fetch, _expected[fetch], Fault(fetch)));
                    break;
            }
        }
    }

    public void Dispose() => _session.Dispose();

    private Exception? Fault(string fetch)
    {
        var feeds = new FeedDict();
        foreach ((string name, Tensor value) in _feeds)
            feeds.Add(name, value);
        try
        {
            _session.Run(fetch + ":0", feeds);
            return null;
        }
        catch (Exception e) when (e is RunException or ArgumentException)
        {
            return e;
        }
    }

    private void AddNode(string name, string type, string[] words)
    {
        var attributes = new AttributeList();
        foreach (string[] pair in words.Where(static w => w.Contains('=', StringComparison.Ordinal)).Select(static w => w.Split('=', 2)))
            AddAttribute(attributes, pair[0], pair[1]);
        Operand[] inputs = [.. words.Where(static w => !w.Contains('=', StringComparison.Ordinal)).SelectMany(static w => w.Trim('[', ']').Split(','))
            .Where(static w => !w.StartsWith('^')).Select(w => (Operand)_graph.GetTensorByName(w + ":0"))];
        using IDisposable control = _graph.ControlDependencies([.. words.Where(static w => w.StartsWith('^')).Select(w => _graph.GetOperationByName(w[1..]))]);
        _graph.AddOperation(type, name, attributes, inputs);
    }

    private static void AddAttribute(AttributeList attributes, string key, string value)
    {
        switch (key)
        {
            case "dtype":
                attributes.Add(key, TypeOf(value));
                break;
            case "shape":
                attributes.Add(key, ShapeOf(value));
                break;
            case "message":
                attributes.Add(key, value);
                break;
            default:
                attributes.Add(key, long.Parse(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static Tensor Value(string dtype, string shapeText, string spec)
    {
        Shape shape = ShapeOf(shapeText);
        string[] words = spec.Split(':');
        if (words[0] == "strs")
            return Tensor.OfStrings(shape, [.. words[1].Split(',').Select(static s => System.Text.Encoding.UTF8.GetBytes(s.Replace("\\s", " ", StringComparison.Ordinal)))]);
        double[] values = new double[shape.ElementCount];
        string[] listed = words[1].Split(',');
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = words[0] switch
            {
                "lin" => Number(words[1]) + (Number(words[2]) * i),
                "vals" => Number(listed[i % listed.Length]),
                _ => Hashed(uint.Parse(words[1], CultureInfo.InvariantCulture), (uint)i),
            };
        }

        return dtype == "bool" ? Tensor.Of<bool>(shape, Array.ConvertAll(values, static v => v != 0)) : TensorCasts.Convert(Tensor.Of<double>(shape, values), TypeOf(dtype), spec);
    }

    // The generator that the reference files were made with.
    private static double Hashed(uint seed, uint position)
    {
        uint x = unchecked((seed * 2654435761) + (position * 40503) + 12345);
        x ^= x >> 16;
        x = unchecked(x * 0x45d9f3b);
        x ^= x >> 16;
        return ((x % 2000001) - 1e6) / 1e6;
    }

    private static double Number(string text) => text == "nan" ? double.NaN : double.Parse(text, CultureInfo.InvariantCulture);

    private static DType TypeOf(string name) => name switch
    {
        "float" => DType.Float32,
        "int32" => DType.Int32,
        "bool" => DType.Bool,
        "string" => DType.String,
        _ => throw new FormatException($"The script uses element type '{name}'."),
    };

    private static Shape ShapeOf(string text) =>
        text.Trim('[', ']').Split(',', StringSplitOptions.RemoveEmptyEntries).Select(static s => long.Parse(s, CultureInfo.InvariantCulture)).ToArray();
}
