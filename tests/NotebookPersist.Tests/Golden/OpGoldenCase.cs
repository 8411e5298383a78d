using System.Globalization;
using System.Text;
using NotebookPersist.Formats.Npy;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Protos;

namespace NotebookPersist.Tests.Golden;

/// <summary>One folder of operations that TensorFlow 1.15.5 ran: the graph, what was fed and what came out.</summary>
/// <remarks>
/// Follows the folder's script from the point where the graph is written: <c>writefeeds</c>, <c>feedsas P</c> (feed the files),
/// <c>feed NAME DTYPE SHAPE vals:V</c>, <c>run TARGETS</c>, <c>dump FETCHES</c> and <c>dumpas P FETCHES</c> (compare with the files).
/// </remarks>
internal sealed class OpGoldenCase : IDisposable
{
    private readonly string _folder;
    private readonly Graph _graph = new();
    private readonly Session _session;
    private readonly HashSet<Operation> _stale = [];
    private readonly Dictionary<string, Tensor> _feeds = new(StringComparer.Ordinal);

    public OpGoldenCase(string name)
    {
        _folder = SharedFiles.Path($"golden-tf115/ops/{name}");
        _graph.ImportGraphDef(MessageFile.Read<GraphDef>(Path.Combine(_folder, "graph.pb")), "");
        _session = new Session(_graph);
    }

    public int Total { get; private set; }

    public int Runnable { get; private set; }

    public int Matched { get; private set; }

    public List<string> Faults { get; } = [];

    public SortedSet<string> Missing { get; } = new(StringComparer.Ordinal);

    public void Run()
    {
        bool started = false;
        foreach (string line in File.ReadLines(Path.Combine(_folder, "script.txt")))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            started |= words is ["writegraph", ..];
            if (!started)
                continue;
            switch (words)
            {
                case ["writefeeds"]:
                    ReadFeeds("in_");
                    break;
                case ["feedsas", string prefix]:
                    ReadFeeds(prefix + "_");
                    break;
                case ["feed", string name, "bool", "[]", string value]:
                    _feeds[name] = value == "vals:1";
                    break;
                case ["run", .. string[] targets]:
                    RunTargets(targets);
                    break;
                case ["dump", .. string[] fetches]:
                    Compare("out_", fetches);
                    break;
                case ["dumpas", string prefix, .. string[] fetches]:
                    Compare(prefix + "_", fetches);
                    break;
            }
        }
    }

    public void Dispose() => _session.Dispose();

    private HashSet<string> Fed => [.. _feeds.Keys];

    private bool CanRun(Operation operation)
    {
        IReadOnlyCollection<string> missing = Golden.Runnable.MissingTypes(operation, Fed);
        Missing.UnionWith(missing);
        return missing.Count == 0;
    }

    private FeedDict FeedDict()
    {
        var feeds = new FeedDict();
        foreach ((string name, Tensor value) in _feeds)
            feeds.Add(name + ":0", value);
        return feeds;
    }

    private void ReadFeeds(string prefix)
    {
        foreach (string path in Directory.EnumerateFiles(_folder, prefix + "*"))
        {
            string name = Unescape(Path.GetFileNameWithoutExtension(path)[prefix.Length..]);
            if (_graph.TryGetOperation(name, out Operation? placeholder))
                _feeds[name] = Read(path, placeholder[0].DType, placeholder[0].Shape);
        }
    }

    private void RunTargets(string[] targets)
    {
        ILookup<bool, Operation> known = targets.Select(_graph.GetOperationByName).ToLookup(CanRun);
        Operation[] operations = [.. known[true]];
        // Variables that a step left out would have changed are compared no more.
        _stale.UnionWith(known[false].SelectMany(static o => o.Inputs).Select(static i => i.Operation));
        if (operations.Length == 0)
            return;
        try
        {
            _session.Run([.. operations.Select(static o => (Fetch)o)], FeedDict());
        }
        catch (RunException e)
        {
            Faults.Add($"run: {e.Message}");
        }
    }

    private void Compare(string prefix, string[] fetches)
    {
        foreach (string fetch in fetches)
        {
            Total++;
            string[] parts = fetch.Split(':');
            Operation operation = _graph.GetOperationByName(parts[0]);
            if (!CanRun(operation) || _stale.Contains(operation))
                continue;
            Runnable++;
            Output output = operation[parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0];
            string? fault = Compare(output, Path.Combine(_folder, prefix + Escape(fetch)));
            if (fault is null)
                Matched++;
            else
                Faults.Add($"{prefix}{fetch} ({output.Operation.Type}): {fault}");
        }
    }

    private string? Compare(Output output, string path)
    {
        Tensor actual;
        try
        {
            actual = _session.Run(output, FeedDict());
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or NotSupportedException)
        {
            return $"{e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}";
        }

        Tensor expected = Read(File.Exists(path + ".npy") ? path + ".npy" : path + ".txt", output.DType, actual.Shape);
        return Closeness.Difference(Exempted(output, expected, actual), actual, Tolerance(output), output.DType == DType.Float64 ? 1e-13 : 1e-6);
    }

    // Random numbers are the same bits; the rest depends on the order of additions and on the machine's exp and log.
    private double Tolerance(Output output) => Path.GetFileName(_folder) == "random" ? 0 : output.DType switch
    {
        DType.Float64 => 1e-9,
        DType.Float16 => 2e-3,
        DType.BFloat16 => 1e-2,
        _ => 1e-5,
    };

    // Not to match: the square root of infinity, a fault of that build, and what became of denormal numbers, which its threads round to zero.
    private Tensor Exempted(Output output, Tensor expected, Tensor actual)
    {
        if (output.Operation.Inputs.Count == 0 || !_feeds.TryGetValue(output.Operation.Inputs[0].Operation.Name, out Tensor? input)
            || expected.DType != DType.Float32 || input.DType != DType.Float32 || !expected.Shape.Equals(input.Shape) || !expected.Shape.Equals(actual.Shape))
            return expected;
        Tensor exempted = expected.Clone();
        for (int i = 0; i < exempted.Count; i++)
        {
            float x = input.Data<float>()[i];
            if (float.IsSubnormal(x) || (output.Operation.Type == "Sqrt" && float.IsPositiveInfinity(x)))
                exempted.MutableData<float>()[i] = actual.Data<float>()[i];
        }

        return exempted;
    }

    private static Tensor Read(string path, DType dtype, Shape shape)
    {
        if (dtype == DType.String)
        {
            byte[][] texts = [.. File.ReadLines(path, Encoding.Latin1).Select(static l => UnescapeText(l[(l.IndexOf(' ', StringComparison.Ordinal) + 1)..]))];
            return Tensor.OfStrings(shape.IsFullyKnown && shape.ElementCount == texts.Length ? shape : [texts.Length], texts);
        }

        Tensor tensor = NpyFile.Read(path);
        return tensor.DType != dtype && tensor.DType.Size() == dtype.Size() ? tensor.Reinterpreted(dtype) : tensor;
    }

    private static byte[] UnescapeText(string text)
    {
        var bytes = new List<byte>();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
                bytes.Add((byte)text[i]);
            else if (text[++i] == 'x')
                bytes.Add(byte.Parse(text.AsSpan((i += 2) - 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            else
                bytes.Add((byte)(text[i] == 'n' ? '\n' : text[i]));
        }

        return [.. bytes];
    }

    private static string Escape(string name) => string.Concat(name.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-' ? c.ToString() : $"%{(int)c:x2}"));

    private static string Unescape(string name) => Uri.UnescapeDataString(name);
}
