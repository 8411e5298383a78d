using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>Knows what is called otherwise in C#: <c>global_variables_initializer</c> is <c>GlobalVariablesInitializer</c>.</summary>
internal static class PythonNames
{
    // How many letters of a misspelt name may differ, side by side.
    private const int MostWrongLetters = 2;

    // Names that TensorFlow itself has given up, and those that cannot be the same here; in lower case, without underscores.
    private static readonly Dictionary<string, string> Others = new(StringComparer.Ordinal)
    {
        ["mul"] = "Multiply",
        ["sub"] = "Subtract",
        ["neg"] = "Negative",
        ["pack"] = "Stack",
        ["unpack"] = "Unstack",
        ["select"] = "Where",
        ["batchmatmul"] = "MatMul",
        ["initializeallvariables"] = "GlobalVariablesInitializer",
        ["initializelocalvariables"] = "LocalVariablesInitializer",
        ["initializevariables"] = "VariablesInitializer",
        ["allvariables"] = "GlobalVariables",
        ["scalarsummary"] = "Summary.Scalar",
        ["histogramsummary"] = "Summary.Histogram",
        ["mergeallsummaries"] = "Summary.MergeAll",
        ["l1regularizer"] = "Contrib.Layers.L1Regularizer",
        ["l2regularizer"] = "Contrib.Layers.L2Regularizer",
        ["xavierinitializer"] = "GlorotUniformInitializer",
        ["ndims"] = "Rank",
        ["dtype"] = "DType",
        ["size"] = "Count",
        ["serializetostring"] = "ToByteArray",
        ["finalize"] = "FinalizeGraph",
    };

    // Parts of TensorFlow that are not here, and what does their work.
    private static readonly Dictionary<string, string> Modules = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Data"] = "There is no tf.Data: make batches in C# and feed them, 'new() { [x] = batch }'.",
        ["FeatureColumn"] = "There are no feature columns: feed numbers, and use tf.OneHot and tf.Nn.EmbeddingLookup for categories.",
        ["Estimator"] = "There are no estimators: write the loop with session.Run.",
        ["Gfile"] = "There is no tf.Gfile: use File, Directory and Path.",
        ["PythonIo"] = "There is no tf.PythonIo: tf.ReadFile and tf.DecodeRaw read files in a graph, File reads them in C#.",
        ["PyFunc"] = "There is no tf.PyFunc: run what comes before, work on the values in C#, and feed the result.",
        ["GraphDef"] = "Write 'GraphDef' without 'tf.'.",
        ["Test"] = "There is no tf.Test: everything runs on the processor.",
        ["Logging"] = "There is no tf.Logging: nothing is logged.",
        ["App"] = "There is no tf.App: write the code of main as cells.",
        ["Flags"] = "There is no tf.Flags: a cell tagged 'parameters' holds what a run may set.",
        ["SignatureDefUtils"] = "Its functions are in 'tf.SavedModel' itself.",
        ["Utils"] = "Its functions are in 'tf.SavedModel' itself.",
        ["ControlFlowOps"] = "Its functions are in 'tf' itself.",
        ["Coordinator"] = "There are no queue runners: feed batches, 'new() { [x] = batch }'.",
        ["StartQueueRunners"] = "There are no queue runners: feed batches, 'new() { [x] = batch }'.",
        ["StringInputProducer"] = "There are no queue runners: read files in C# and feed batches.",
        ["Batch"] = "There are no queue runners: make batches in C# and feed them.",
        ["ShuffleBatch"] = "There are no queue runners: make batches in C# and feed them.",
        ["RegisterGradient"] = "Gradients are not replaced: write y + tf.StopGradient(z - y), whose value is z and whose gradient is that of y.",
        ["CustomGradient"] = "Gradients are not replaced: write y + tf.StopGradient(z - y), whose value is z and whose gradient is that of y.",
    };

    // Parameters that TensorFlow has given up, those that are words of C#, and those that are called for what they are here.
    private static readonly Dictionary<string, string> OldParameters = new(StringComparer.Ordinal)
    {
        ["reductionindices"] = "axis",
        ["dim"] = "axis",
        ["dimension"] = "axis",
        ["concatdim"] = "axis",
        ["splitdim"] = "axis",
        ["seqdim"] = "seqAxis",
        ["batchdim"] = "batchAxis",
        ["targets"] = "labels",
        ["params"] = "parameters",
        ["ref"] = "variable",
        ["feeds"] = "feedDict",
        ["session"] = "sess",
        ["sess"] = "session",
        ["filters"] = "filter",
        ["input"] = "value",
        ["fn1"] = "trueFn",
        ["fn2"] = "falseFn",
    };

    // What Python has of itself, and what stands for it in a cell.
    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        ["None"] = "Write 'null'.",
        ["True"] = "Write 'true'.",
        ["False"] = "Write 'false'.",
        ["print"] = "Write 'Console.WriteLine(…)', or the value alone, without ';', as the last line.",
        ["display"] = "Write 'Display(…)'.",
        ["len"] = "Write '.Length' of an array, '.Count' of a list.",
        ["range"] = "Write 'for (int i = 0; i < n; i++)' or 'Enumerable.Range(0, n)'.",
        ["np"] = "There is no NumPy here: write arrays, such as 'new float[2, 3]', or tensors.",
        ["plt"] = "Write 'Charts.Histogram(…)', 'Charts.Line(…)' and others, or Plotly.NET's own 'Chart'.",
        ["math"] = "Write 'Math' or 'MathF'.",
        ["random"] = "Write 'new Random(seed)'.",
        ["InteractiveSession"] = "Write 'tf.InteractiveSession()'.",
        ["os"] = "Write 'File', 'Directory' or 'Path'.",
        ["self"] = "Write 'this'.",
    };

    /// <summary>What does the work of a part of TensorFlow that is not here; null for another name.</summary>
    public static string? OfModule(string name) => Modules.GetValueOrDefault(name);

    /// <summary>What to write for a word of Python; null for another.</summary>
    public static string? OfWord(string word) => Words.GetValueOrDefault(word);

    /// <summary>The member that was meant where a type has none of the name in the code; null where there is none, or the error is another.</summary>
    public static string? Meant(Diagnostic error, Compilation compilation)
    {
        if (error.Id == "CS1739")
            return Parameter(error, compilation);

        // No such member; of a value, no such member or extension.
        if (error.Id is not ("CS0117" or "CS1061" or "CS0122")
            || error.Location.SourceTree is not { } tree
            || tree.GetRoot().FindNode(error.Location.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<MemberAccessExpressionSyntax>() is not { } access)
        {
            return null;
        }

        var model = compilation.GetSemanticModel(tree);
        var type = model.GetSymbolInfo(access.Expression).Symbol as INamedTypeSymbol ?? model.GetTypeInfo(access.Expression).Type;
        var name = access.Name.Identifier.ValueText;
        if (type is null)
            return null;
        if (name == "Graph" && type.Name == "tf")
            return "new Graph()";
        var meant = type.GetMembers().FirstOrDefault(m => m.Name != name && IsSame(m.Name, name))?.Name
            ?? Other(name, type)
            ?? Near(name, type.GetMembers().Where(static m => m is { DeclaredAccessibility: Accessibility.Public, CanBeReferencedByName: true }).Select(static m => m.Name));
        return meant is null ? null : $"{access.Expression}.{meant}";
    }

    private static string? Other(string name, ITypeSymbol type)
    {
        if (!Others.TryGetValue(Plain(name), out var other))
            return null;
        return type.GetMembers(other.Split('.')[0]).IsEmpty ? null : other;
    }

    // What begins and ends as the name does, but for a few letters.
    private static string? Near(string name, IEnumerable<string> candidates) =>
        candidates.Distinct().Where(c => c.Length > 0 && name.Length > 0 && c[0] == name[0] && WrongLetters(name, c) <= Math.Min(MostWrongLetters, name.Length / 3)).MinBy(c => WrongLetters(name, c));

    private static int WrongLetters(string name, string candidate)
    {
        var begin = 0;
        var shortest = Math.Min(name.Length, candidate.Length);
        while (begin < shortest && name[begin] == candidate[begin])
            begin++;
        var end = 0;
        while (end < shortest - begin && name[^(end + 1)] == candidate[^(end + 1)])
            end++;
        return Math.Max(name.Length, candidate.Length) - begin - end;
    }

    // var_list is varList: of a call, no overload has a parameter of that name.
    private static string? Parameter(Diagnostic error, Compilation compilation)
    {
        if (error.Location.SourceTree is not { } tree
            || tree.GetRoot().FindNode(error.Location.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<ArgumentSyntax>() is not { NameColon: { } given, Parent.Parent: { } call })
        {
            return null;
        }

        var name = given.Name.Identifier.ValueText;
        var parameters = compilation.GetSemanticModel(tree).GetSymbolInfo(call).CandidateSymbols
            .OfType<IMethodSymbol>()
            .SelectMany(static m => m.Parameters)
            .Select(static p => p.Name)
            .ToArray();
        var meant = Array.Find(parameters, p => p != name && IsSame(p, name))
            ?? (OldParameters.TryGetValue(Plain(name), out var now) && parameters.Contains(now) ? now : null)
            ?? Near(name, parameters);
        return meant is null ? null : meant + ":";
    }

    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    private static bool IsSame(string name, string pythonName) => string.Equals(name, pythonName.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
}
