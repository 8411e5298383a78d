using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>Says what to write instead where the compiler's own words do not.</summary>
internal static partial class CompilationHint
{
    private const string OfCollections = "Of a collection say what is in it: tf.GetCollection<Variable>(…), <Output> or <Operation>.";

    // Things that are C# in a file and not in a cell.
    private static readonly Dictionary<string, string> ById = new(StringComparer.Ordinal)
    {
        ["CS7021"] = "A cell has no namespaces: declare the types directly.",
        ["CS8345"] = "A variable of a cell lives on the heap and cannot be a Span: use it inside a function.",
        ["CS9283"] = "A cell cannot hold an extension block: write 'static int Twice(this int x) => …' at the top level of the cell.",
        ["CS9054"] = "A cell cannot hold file-local types: leave out 'file'.",
        ["CS7010"] = "Write what it names in quotes: '#r \"nuget: NAME\"', '#r \"path.dll\"' or '#load \"file.csx\"'.",
        ["CS0120"] = "A class in a cell cannot see the variables of cells: pass the value to its constructor or method.",
    };

    /// <summary>A sentence on an error; null where there is nothing to add.</summary>
    /// <param name="error">The error.</param>
    /// <param name="text">The line that it is in; null where that is in another file.</param>
    /// <param name="sources">The code of all cells so far, by name.</param>
    /// <param name="cell">The name of the cell with the error.</param>
    public static string? Of(Diagnostic error, string? text, IReadOnlyDictionary<string, string> sources, string cell) => error.Id switch
    {
        "CS1002" when text is not null && UsingDeclaration().IsMatch(text) =>
            "A cell cannot hold a using declaration: write 'using (var x = …) { … }', or 'var x = …;' where later cells use it.",
        "CS1525" or "CS1002" when text is not null && NotebookMagic().IsMatch(text) =>
            "Lines that begin with '%' or '!' are magics of IPython: here they begin with '#!', and '#!lsmagic' lists them.",
        "CS1024" when text is not null => DirectiveHint.Of(text),
        "CS0103" or "CS0246" when NameIn(error) is { } name => PythonNames.OfWord(name) ?? OfCell(name, sources, cell),
        "CS1503" when error.GetMessage(null) is var message && message.Contains("'string' to 'NotebookPersist.DType'", StringComparison.Ordinal) =>
            "Element types are tf.Float32, tf.Int64, tf.String and so on.",
        "CS1503" when error.GetMessage(null).Contains("'method group'", StringComparison.Ordinal) => "Write 'x => f(x)': a function with optional parameters does not stand for one with fewer.",
        "CS1503" when error.GetMessage(null).Contains("'System.Collections.Generic.IReadOnlyList<object>'", StringComparison.Ordinal) => OfCollections,
        "CS1061" when error.GetMessage(null).StartsWith("'object' ", StringComparison.Ordinal)
            && error.Location.SourceTree?.ToString().Contains("GetCollection(", StringComparison.Ordinal) == true => OfCollections,
        "CS1061" when error.GetMessage(null).StartsWith("'IReadOnlyList<Output>' ", StringComparison.Ordinal) && NodeOf(error) is SimpleNameSyntax { Identifier.ValueText: "H" or "h" or "C" or "c" } =>
            "A state is a list: of an LSTM cell state[0] is c, state[1] is h.",
        "CS1593" when error.GetMessage(null).Contains("LayerActivation", StringComparison.Ordinal) => "Write '(x, name) => …'.",
        "CS0117" when NodeOf(error) is SimpleNameSyntax { Parent: MemberAccessExpressionSyntax access } name && access.Expression.ToString() is ("tf" or "tf.SavedModel") =>
            PythonNames.OfModule(name.Identifier.ValueText),
        "CS0144" when error.GetMessage(null).Contains("IReadOnlyDictionary<", StringComparison.Ordinal) => "Write 'new Dictionary<…> { … }' with its types.",
        "CS0037" when error.GetMessage(null).Contains("'Operand'", StringComparison.Ordinal) => "Write 'default' for None.",
        "CS0019" when error.GetMessage(null).Contains("'Tensor'", StringComparison.Ordinal) => "A tensor is a value: take '(float)t' of a scalar, 't.ToArray<float>()' of others, and reckon with that.",
        "CS1955" when NodeOf(error)?.FirstAncestorOrSelf<InvocationExpressionSyntax>() is { ArgumentList.Arguments.Count: 0 } => "It is a value, not a method: leave out the brackets.",
        "CS1955" => "It is an object, not a function: call one of its methods.",
        _ => ById.GetValueOrDefault(error.Id),
    };

    // A name of a cell that did not compile, or has not run, is not known to the cells below. The longer of two names of cells is the later one.
    private static string? OfCell(string name, IReadOnlyDictionary<string, string> sources, string cell) =>
        sources.Where(s => s.Key != cell && s.Value.Contains(name, StringComparison.Ordinal) && Declares(s.Value, name)).Select(static s => s.Key)
            .OrderBy(static k => k.Length).ThenBy(static k => k, StringComparer.Ordinal).LastOrDefault() is { } other
            ? $"'{name}' is declared in {other}: if that did not compile, mend and run it first."
            : null;

    // At its top level: what a block, a loop or a type holds is known nowhere else.
    private static bool Declares(string code, string name) => CSharpSyntaxTree.ParseText(code, ScriptEngine.ParseOptions).GetRoot()
        .DescendantNodes(static n => n is not (BlockSyntax or LambdaExpressionSyntax or TypeDeclarationSyntax or ForStatementSyntax or CommonForEachStatementSyntax or UsingStatementSyntax))
        .Any(n => n switch
        {
            VariableDeclaratorSyntax variable => variable.Identifier.ValueText == name,
            SingleVariableDesignationSyntax variable => variable.Identifier.ValueText == name,
            MethodDeclarationSyntax method => method.Identifier.ValueText == name,
            LocalFunctionStatementSyntax function => function.Identifier.ValueText == name,
            BaseTypeDeclarationSyntax type => type.Identifier.ValueText == name,
            _ => false,
        });

    private static string? NameIn(Diagnostic error) => NodeOf(error) is SimpleNameSyntax name ? name.Identifier.ValueText : null;

    private static SyntaxNode? NodeOf(Diagnostic error) => error.Location.SourceTree?.GetRoot().FindNode(error.Location.SourceSpan, getInnermostNodeForTie: true);

    [GeneratedRegex(@"^(%%?[a-z]|![a-z]+\s+\S)")]
    private static partial Regex NotebookMagic();

    [GeneratedRegex(@"^\s*(await\s+)?using\s+[^(]")]
    private static partial Regex UsingDeclaration();
}
