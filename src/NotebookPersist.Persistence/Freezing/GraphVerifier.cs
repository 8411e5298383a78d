using System.Globalization;
using NotebookPersist.Graphs.Functions;
using NotebookPersist.Graphs.OpModel;
using NotebookPersist.Protos;

namespace NotebookPersist.Persistence;

/// <summary>Runs an original and the graph read back from its file on the same feed.</summary>
internal static class GraphVerifier
{
    private static readonly string[] RandomTypes = ["Random", "Multinomial", "TruncatedNormal", "ParameterizedTruncatedNormal"];

    // Outputs that random numbers seldom change, as the largest of many, are told from others by that many runs.
    private const int MoreRuns = 8;

    // Types that change something that outlives the run, beside those that take a variable by reference.
    private static readonly string[] ChangingTypes = ["Assign", "Apply", "Scatter", "SparseApply", "ResourceApply", "ResourceScatter", "ResourceSparse", "Queue", "Iterator", "Reader", "Save", "Write"];

    /// <summary>Compares two graphs.</summary>
    /// <param name="original">Runs the original.</param>
    /// <param name="stored">What was read back.</param>
    /// <param name="inputs">Names of tensors that are fed beside the placeholders.</param>
    /// <param name="outputs">Names of operations, all of whose outputs are compared.</param>
    /// <param name="options">Feed and tolerance.</param>
    /// <param name="tolerance">Where the options tell none.</param>
    /// <param name="cancellation">Stops the runs.</param>
    /// <exception cref="RunException">The original fails on a feed that was given, or the new graph on one that suits the original.</exception>
    /// <exception cref="ArgumentException">A feed that was given does not fit the original.</exception>
    /// <exception cref="GraphException">The stored graph is not well formed.</exception>
    public static GraphVerification Verify(
        Session original, GraphDef stored, IReadOnlyList<string> inputs, IReadOnlyList<string> outputs, VerifyOptions options, double tolerance, CancellationToken cancellation)
    {
        tolerance = options.Tolerance ?? tolerance;
        if (!options.IsWanted)
            return new GraphVerification(VerificationOutcome.NotWanted, tolerance, [], [], "", []);
        var graph = new Graph();
        graph.ImportGraphDef(stored, name: "");
        using Session session = original.Beside(graph);
        LendVariables(original, session);
        var pairs = new List<(Output Original, Output Stored)>();
        foreach (string name in outputs)
        {
            // A rewritten node may have fewer outputs, of which only the first is ever used.
            Operation before = original.Graph.GetOperationByName(name), after = graph.GetOperationByName(name);
            pairs.AddRange(before.Outputs.Zip(after.Outputs));
        }

        if (pairs.Count == 0)
            return None($"no output has a value to compare: {string.Join(", ", outputs)}.");
        Dictionary<string, Tensor> given = Given(options.Feed);
        foreach (string name in given.Keys.Where(n => Find(original.Graph, n) is null))
            throw new ArgumentException($"Cannot feed '{name}': the graph has no such tensor.{NearNames.Hint(name[..name.LastIndexOf(':')], original.Graph.Operations.Select(static o => o.Name))}");
        HashSet<string> fed = [.. given.Keys, .. inputs.Where(i => Find(original.Graph, i) is not null), .. graph.Operations.Where(static o => IsPlaceholder(o.Type)).SelectMany(static o => o.Outputs).Select(static o => o.Name)];
        HashSet<Operation> behind = Behind(pairs.Select(static p => p.Original), fed);
        HashSet<Operation> varying;
        try
        {
            if (FunctionBody.WithCalled(behind).FirstOrDefault(ChangesState) is { } changing)
                return None($"running '{changing.Name}' ({changing.Type}), which an output needs, would change the session.");
            varying = [.. behind.Where(IsRandom)];
        }
        catch (KernelException fault)
        {
            return None($"a function that an output calls cannot be looked into: {fault.Message}");
        }

        bool[] mayVary = [.. pairs.Select(p => Behind([p.Original], fed).Any(varying.Contains))];
        string[] random = [.. varying.Select(static o => o.Name).Order(StringComparer.Ordinal)];

        // Placeholders that only the original needs are fed too: it was not cut.
        Output[] wanted = [.. fed.Where(n => !given.ContainsKey(n)).Select(n => Find(original.Graph, n)).OfType<Output>()
            .Concat(behind.Where(static o => IsPlaceholder(o.Type)).SelectMany(static o => o.Outputs))];
        if (wanted.FirstOrDefault(static o => !MadeFeed.CanMake(o.DType)) is { } strange)
            return None($"no {strange.DType.Name()} values can be made for input '{strange.Name}'; give a feed.");
        GraphVerification verdict = Compare(original, session, pairs, mayVary, given, wanted, tolerance, cancellation);
        return verdict.Outputs.Any(static o => !o.IsReproducible) || verdict.Outputs.Count == 0 ? verdict with { RandomOperations = random } : verdict;

        GraphVerification None(string reason) => new(VerificationOutcome.NotVerified, tolerance, [], [], reason, []);
    }

    private static GraphVerification Compare(
        Session original,
        Session stored,
        List<(Output Original, Output Stored)> pairs,
        bool[] mayVary,
        Dictionary<string, Tensor> given,
        Output[] wanted,
        double tolerance,
        CancellationToken cancellation)
    {
        string problem = "an input is too large to make values for; give a feed.";
        foreach (IReadOnlyDictionary<string, Tensor> made in MadeFeed.For(wanted))
        {
            Tensor?[] expected, again;
            try
            {
                expected = RunOriginal();
                again = mayVary.Contains(true) ? RunOriginal() : expected;
            }
            catch (Exception fault) when (given.Count == 0 && fault is RunException or ArgumentException)
            {
                problem = $"the original does not run on the feed that was made for it ({Told(made)}): {fault.Message.ReplaceLineEndings(" ")}{(wanted.Length > 0 ? " Give a feed." : "")}";
                continue;
            }

            Tensor?[] actual = stored.Run([.. pairs.Select(static p => (Fetch)p.Stored)], Feeds(stored.Graph, given, made), cancellation);
            // A branch with random numbers that is not taken, as dropout's while a model predicts, changes nothing. Outputs have values.
            OutputComparison[] outputs = [.. pairs.Select((p, i) => OutputValues.Compare(p.Original.Name, expected[i]!, actual[i]!, !mayVary[i] || AreSame(expected[i]!, again[i]!)))];
            for (int run = 0; run < MoreRuns && outputs.Where((o, i) => mayVary[i] && !o.Fits(tolerance)).Any(); run++)
            {
                again = RunOriginal();
                outputs = [.. outputs.Select((o, i) => mayVary[i] && !AreSame(expected[i]!, again[i]!) ? OutputValues.Compare(o.Name, expected[i]!, actual[i]!, false) : o)];
            }

            if (Array.TrueForAll(outputs, static o => !o.IsReproducible) && mayVary.Contains(true))
                return new GraphVerification(VerificationOutcome.NotVerified, tolerance, [], [], "every output comes from random numbers.", []);
            VerificationFeed[] feeds =
            [
                .. given.Select(static f => new VerificationFeed(f.Key, f.Value.DType, f.Value.Shape, IsMade: false)),
                .. made.Select(static f => new VerificationFeed(f.Key, f.Value.DType, f.Value.Shape, IsMade: true)),
            ];
            OutputComparison? worst = outputs.Where(o => !o.Fits(tolerance)).MaxBy(static o => o.Relative);
            return worst is null
                ? new GraphVerification(VerificationOutcome.Verified, tolerance, outputs, feeds, "", [])
                : new GraphVerification(VerificationOutcome.Different, tolerance, outputs, feeds, Told(worst, tolerance), []);

            Tensor?[] RunOriginal() => original.Run([.. pairs.Select(static p => (Fetch)p.Original)], Feeds(original.Graph, given, made), cancellation);
        }

        return new GraphVerification(VerificationOutcome.NotVerified, tolerance, [], [], problem, []);
    }

    // Variables that stay variables have the values of the original while both run.
    private static void LendVariables(Session original, Session stored)
    {
        foreach (Operation variable in stored.Graph.Operations.Where(static o => o.Type is "Variable" or "VariableV2" or "VarHandleOp"))
        {
            string shared = variable.Attributes.String("shared_name"), container = variable.Attributes.String("container");
            string name = shared.Length > 0 ? shared : variable.Name;
            if (original.Variables.Find(name, container)?.Value is { } value)
                stored.Variables.Get(container, name, value.DType, value.Shape).Adopt(value);
        }
    }

    private static Dictionary<string, Tensor> Given(FeedDict? feed)
    {
        var given = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach ((FeedKey key, Tensor value) in feed ?? new FeedDict())
            given[key.ToString().Contains(':', StringComparison.Ordinal) ? key.ToString() : key + ":0"] = value;
        return given;
    }

    private static FeedDict Feeds(Graph graph, Dictionary<string, Tensor> given, IReadOnlyDictionary<string, Tensor> made)
    {
        var feeds = new FeedDict();
        foreach ((string name, Tensor value) in given.Concat(made))
        {
            // What was cut away takes no feed; a name that neither graph has is told by the original.
            if (Find(graph, name) is { } output)
                feeds[output] = value;
        }

        return feeds;
    }

    private static Output? Find(Graph graph, string name)
    {
        int colon = name.LastIndexOf(':');
        return graph.TryGetOperation(name[..colon], out Operation? operation)
            && int.TryParse(name.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < operation.Outputs.Count
                ? operation[index]
                : null;
    }

    private static HashSet<Operation> Behind(IEnumerable<Output> outputs, HashSet<string> fed)
    {
        var seen = new HashSet<Operation>();
        var stack = new Stack<Operation>(outputs.Where(o => !fed.Contains(o.Name)).Select(static o => o.Operation));
        while (stack.TryPop(out Operation? operation))
        {
            if (!seen.Add(operation))
                continue;
            foreach (Operation source in operation.Inputs.Where(i => !fed.Contains(i.Name)).Select(static i => i.Operation).Concat(operation.ControlInputs))
                stack.Push(source);
        }

        return seen;
    }

    private static bool AreSame(Tensor left, Tensor right) =>
        OutputValues.Compare("", left, right, isReproducible: true) is { Problem: null, DifferingCount: 0, IsReproducible: true };

    private static bool IsPlaceholder(string type) => type is "Placeholder" or "PlaceholderV2";

    private static bool IsRandom(Operation operation) => FunctionBody.WithCalled([operation])
        .Any(static o => Array.Exists(RandomTypes, t => o.Type.StartsWith(t, StringComparison.Ordinal)));

    private static bool ChangesState(Operation operation) =>
        operation.Signature.Inputs.Any(static i => i.IsReference) && operation.Type is not ("RefSwitch" or "RefMerge" or "RefEnter" or "RefIdentity" or "IsVariableInitialized")
        || Array.Exists(ChangingTypes, t => operation.Type.StartsWith(t, StringComparison.Ordinal));

    private static string Told(IReadOnlyDictionary<string, Tensor> made) =>
        made.Count == 0 ? "nothing to feed" : string.Join(", ", made.Select(static f => $"{f.Key} {f.Value.DType.Name()} {f.Value.Shape}"));

    private static string Told(OutputComparison output, double tolerance) => output.Problem is { } problem
        ? $"output '{output.Name}': {problem}."
        : string.Create(CultureInfo.InvariantCulture, $"output '{output.Name}' differs by {output.Absolute:G4}, {output.Relative:G3} of its largest value; the tolerance is {tolerance:G3}.");
}
