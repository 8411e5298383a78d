using System.Globalization;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist.Tests.Golden;

/// <summary>A graph frozen by TensorFlow, with the inputs it was run on and what came out.</summary>
internal sealed class TensorFlowGraphCase(string folder)
{
    // Values were written with eight decimals.
    private const double Rounding = 1e-6;
    private const double Relative = 1e-5;

    /// <summary>Cases whose numbers depend on what TensorFlow's threads did first: only shape and type are compared. Other random numbers are the same bits.</summary>
    private static readonly Dictionary<string, string> _disordered = new(StringComparer.Ordinal)
    {
        ["multinomial/logits/sample/rank2"] = "its loop drew for the second row before the first: with the turns changed, our numbers are TensorFlow's",
    };

    public string Name => Path.GetRelativePath(SharedFiles.Path("fixtures/expected/dl4j-tf-graphs"), folder).Replace('\\', '/');

    public static IEnumerable<TensorFlowGraphCase> All() =>
        SharedFiles.Enumerate("fixtures/expected/dl4j-tf-graphs", "frozen_model.pb").Select(static p => new TensorFlowGraphCase(Path.GetDirectoryName(p)!));

    /// <summary>Runs the graph.</summary>
    /// <param name="missing">Operation types for which nothing is known here.</param>
    /// <param name="rewrite">What to make of the graph first, given what is fed and fetched; null for nothing.</param>
    /// <returns>The first thing that is wrong; null where all is right.</returns>
    public string? Check(ISet<string> missing, Func<GraphDef, string[], string[], GraphDef>? rewrite = null)
    {
        var graph = new Graph();
        GraphDef graphDef = MessageFile.Read<GraphDef>(Path.Combine(folder, "frozen_model.pb"));
        string[] fetched = [.. Files(".prediction.csv").Select(static f => f.Name).Distinct()];
        graph.ImportGraphDef(rewrite is null ? graphDef : rewrite(graphDef, [.. Files(".placeholder.csv").Select(static f => f.Name)], fetched), "");
        Dictionary<string, string> types = Types();
        var feeds = new FeedDict();
        var fed = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string name, int index, string path) in Files(".placeholder.csv"))
        {
            // Rewriting takes away what no output needs.
            if (rewrite is not null && !graph.TryGetOperation(name, out _))
                continue;
            Output placeholder = graph.GetTensorByName($"{name}:{index}");
            feeds.Add(placeholder, Read(path, placeholder.DType));
            fed.Add(name);
        }

        var absent = new SortedSet<string>(StringComparer.Ordinal);
        (string Name, int Index, string Path)[] predictions = [.. Files(".prediction.csv")];
        foreach ((string name, int index, _) in predictions)
            absent.UnionWith(Runnable.MissingTypes(graph.GetOperationByName(name), fed));
        if (absent.Count > 0)
        {
            missing.UnionWith(absent);
            return $"missing operations: {string.Join(", ", absent)}";
        }

        using var session = new Session(graph);
        foreach ((string name, int index, string path) in predictions)
        {
            Output output = graph.GetTensorByName($"{name}:{index}");
            if (types.TryGetValue($"{name}.{index}", out string? dtype) && output.DType.Name() != dtype)
                return $"{output.Name} is {output.DType.Name()} instead of {dtype}";
            Tensor expected = Read(path, output.DType);
            Tensor actual = session.Run(output, feeds);
            string? fault = _disordered.ContainsKey(Name) ? FormDifference(expected, actual) : ValueDifference(expected, actual);
            if (fault is not null)
                return $"{output.Name}: {fault}";
        }

        return null;
    }

    // A node may be listed twice; some folders have no list.
    private Dictionary<string, string> Types()
    {
        var types = new Dictionary<string, string>(StringComparer.Ordinal);
        string path = Path.Combine(folder, "dtypes");
        foreach (string[] words in File.Exists(path) ? File.ReadLines(path).Select(static l => l.Split(' ')) : [])
        {
            if (words.Length == 2)
                types[words[0].Replace("____", "/", StringComparison.Ordinal)] = words[1];
        }

        return types;
    }

    private static string? FormDifference(Tensor expected, Tensor actual) =>
        expected.DType == actual.DType && expected.Shape.Equals(actual.Shape) ? null : $"{actual.DType.Name()} {actual.Shape} instead of {expected.DType.Name()} {expected.Shape}";

    private static string? ValueDifference(Tensor expected, Tensor actual)
    {
        if (!expected.DType.IsFloating() || !expected.Shape.Equals(actual.Shape))
            return Closeness.Difference(expected, actual, 0, 0);
        for (int i = 0; i < expected.Count; i++)
        {
            double e = expected.ItemAt<double>(i), a = actual.ItemAt<double>(i);
            if (!e.Equals(a) && !(Math.Abs(e - a) <= Rounding + (Relative * Math.Abs(e))))
                return string.Create(CultureInfo.InvariantCulture, $"element {i} of {expected.Shape} is {a:R} instead of {e:R}");
        }

        return null;
    }

    // Operation names with a slash are subfolders; a number before the ending says which output.
    private IEnumerable<(string Name, int Index, string Path)> Files(string ending)
    {
        foreach (string path in Directory.EnumerateFiles(folder, "*" + ending, SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string name = Path.GetRelativePath(folder, path).Replace('\\', '/')[..^ending.Length].Replace("____", "/", StringComparison.Ordinal);
            int dot = name.LastIndexOf('.');
            yield return dot > 0 && int.TryParse(name.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                ? (name[..dot], index, path)
                : (name, 0, path);
        }
    }

    private static Tensor Read(string path, DType dtype)
    {
        long[] shape = [.. Lines(path[..^".csv".Length] + ".shape").Select(static l => long.Parse(l, CultureInfo.InvariantCulture))];
        string[] texts = [.. Lines(path)];
        // A scalar's shape was written as that of an empty vector.
        if (shape is [0] && texts.Length == 1)
            shape = [];
        if (dtype == DType.String)
            return Tensor.OfStrings(shape, [.. texts.Select(System.Text.Encoding.UTF8.GetBytes)]);
        double[] values = [.. texts.Select(Parse)];
        return dtype switch
        {
            DType.Bool => Tensor.Of<bool>(shape, [.. values.Select(static v => v != 0)]),
            DType.Float32 => Tensor.Of<float>(shape, [.. values.Select(static v => (float)v)]),
            DType.Int32 => Tensor.Of<int>(shape, [.. values.Select(static v => (int)v)]),
            DType.Int64 => Tensor.Of<long>(shape, [.. values.Select(static v => (long)v)]),
            _ => TensorCasts.Convert(Tensor.Of<double>(shape, values), dtype, path),
        };
    }

    private static double Parse(string text) => text switch
    {
        "True" or "true" => 1,
        "False" or "false" => 0,
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        "nan" => double.NaN,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    private static IEnumerable<string> Lines(string path) => File.ReadLines(path).Select(static l => l.Trim()).Where(static l => l.Length > 0);
}
