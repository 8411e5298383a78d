using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NotebookPersist.Kernel.Scripting;

namespace NotebookPersist.Kernel.Completion;

/// <summary>A string that names something of a graph: the argument of a method, or the key of a feed.</summary>
/// <param name="Method">The method that takes it; "feed" for a key.</param>
/// <param name="Start">Where the name begins in the cell.</param>
internal sealed record NameLiteral(string Method, int Start)
{
    /// <summary>What stands for keys of feeds.</summary>
    public const string Feed = "feed";

    // Methods whose text is a file, a folder or a checkpoint.
    private static readonly HashSet<string> OfPaths = new(StringComparer.Ordinal)
    {
        "AppendAllText", "Exists", "EnumerateFiles", "GetFiles", "ImportMetaGraph", "LatestCheckpoint", "Load", "LoadSavedModel", "OpenRead", "PlanRestore", "ReadAllBytes", "ReadAllLines",
        "ReadAllText", "ReadLines", "Restore", "RestoreAsync", "Save", "SaveAsync", "WriteAllBytes", "WriteAllLines", "WriteAllText",
    };

    /// <summary>Whether it is a path.</summary>
    public bool IsPath => OfPaths.Contains(Method);

    /// <summary>What the name is of, in one word.</summary>
    public string Kind => Method.Contains("Operation", StringComparison.Ordinal) ? "operation" : Method.Contains("Variable", StringComparison.Ordinal) ? "variable" : "tensor";

    /// <summary>The literal at a place; null where there is none, or nobody knows what it names.</summary>
    public static NameLiteral? At(string code, int position)
    {
        SyntaxNode root = CSharpSyntaxTree.ParseText(code, ScriptEngine.ParseOptions).GetRoot();
        SyntaxToken token = root.FindToken(Math.Max(position - 1, 0));

        // The quote may not be closed yet; behind a closed one the string is over.
        if (!token.IsKind(SyntaxKind.StringLiteralToken) || position <= token.SpanStart + token.Text.IndexOf('"', StringComparison.Ordinal) || (position >= token.Span.End && IsClosed(token)))
            return null;
        if (token.Parent is not LiteralExpressionSyntax literal || MethodOf(literal) is not { } method)
            return null;
        return new NameLiteral(method, token.SpanStart + token.Text.IndexOf('"', StringComparison.Ordinal) + 1);
    }

    private static bool IsClosed(SyntaxToken token) => token.Text.TrimStart('@').Length > 1 && token.Text[^1] == '"';

    private static string? MethodOf(SyntaxNode literal) => literal.Parent switch
    {
        // Several fetches.
        ExpressionElementSyntax { Parent: CollectionExpressionSyntax list } => MethodOf(list),
        InitializerExpressionSyntax { Parent: ImplicitArrayCreationExpressionSyntax or ArrayCreationExpressionSyntax } list => MethodOf(list.Parent!), // It has just been seen.
        ArgumentSyntax { Parent: ArgumentListSyntax { Parent: InvocationExpressionSyntax call } } => call.Expression switch
        {
            MemberAccessExpressionSyntax member => member.Name.Identifier.Text,
            IdentifierNameSyntax name => name.Identifier.Text,
            _ => null,
        },
        ArgumentSyntax { Parent: BracketedArgumentListSyntax { Parent: ImplicitElementAccessSyntax } } => Feed,
        _ => null,
    };
}
