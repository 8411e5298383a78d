using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NotebookPersist.Kernel.Scripting;

namespace NotebookPersist.Kernel.Completion;

/// <summary>The names in a cell, as far as they matter to what is typed after it.</summary>
/// <param name="Declared">Names that later cells can see, and perhaps a few that they cannot.</param>
/// <param name="Mentioned">All names, the declared ones among them.</param>
/// <param name="HasHead">Whether it has usings or directives: what can only stand at the head of a file, or means the rest of it.</param>
internal sealed record CellNames(HashSet<string> Declared, HashSet<string> Mentioned, bool HasHead)
{
    /// <summary>Whether later cells can see nothing of it. Most cells of a long session only compute or show.</summary>
    public bool AreInvisible => Declared.Count == 0 && !HasHead;

    public static CellNames Of(string code)
    {
        CompilationUnitSyntax root = (CompilationUnitSyntax)CSharpSyntaxTree.ParseText(code, ScriptEngine.ParseOptions).GetRoot();
        HashSet<string> declared = [.. root.DescendantNodes(static n => n is not (BaseTypeDeclarationSyntax or BlockSyntax)).SelectMany(NamesOf)];
        HashSet<string> mentioned = [.. root.DescendantTokens().Where(static t => t.IsKind(SyntaxKind.IdentifierToken)).Select(static t => t.ValueText)];
        return new CellNames(declared, mentioned, root.ContainsDirectives || root.Usings.Count > 0 || root.Externs.Count > 0 || root.AttributeLists.Count > 0);
    }

    // Also expressions declare: out variables, patterns and deconstructions have designations.
    private static IEnumerable<string> NamesOf(SyntaxNode node) => node switch
    {
        VariableDeclaratorSyntax variable => [variable.Identifier.ValueText],
        SingleVariableDesignationSyntax variable => [variable.Identifier.ValueText],
        BaseTypeDeclarationSyntax type => [type.Identifier.ValueText],
        DelegateDeclarationSyntax type => [type.Identifier.ValueText],
        MethodDeclarationSyntax method => [method.Identifier.ValueText],
        LocalFunctionStatementSyntax method => [method.Identifier.ValueText],
        PropertyDeclarationSyntax property => [property.Identifier.ValueText],
        EventDeclarationSyntax happening => [happening.Identifier.ValueText],
        MemberDeclarationSyntax and not (GlobalStatementSyntax or BaseFieldDeclarationSyntax) => ["?"], // Such as indexers and operators have no name but are there.
        _ => [],
    };
}
