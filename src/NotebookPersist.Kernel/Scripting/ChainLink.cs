using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Scripting;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>A submission that later ones build on: what it declares, and which names its text uses.</summary>
/// <param name="Script">The compiled cell.</param>
/// <param name="Place">Where the object stands that holds its variables; 0 where it has none.</param>
/// <param name="Committed">Its code.</param>
/// <param name="Outline">What the text says.</param>
internal sealed record ChainLink(Script<object> Script, int Place, CommittedCode Committed, ChainOutline Outline)
{
    private static readonly SymbolDisplayFormat TypeFormat =
        SymbolDisplayFormat.FullyQualifiedFormat.AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    /// <summary>Whether its code is <see cref="Fields"/>.</summary>
    public bool IsReduced => Outline is { HasOnlyVariables: true, Used.Count: 0 };

    /// <summary>The same with <see cref="Fields"/> for its code; itself where there are none.</summary>
    public ChainLink Reduced() => Fields() is { } fields
        ? this with { Committed = new CommittedCode(string.Concat(fields.Select(static f => f.Code)), []), Outline = Outline.WithoutUses() }
        : this;

    /// <summary>The same variables declared with their types and nothing else, so that nothing before them is needed to understand them; null where that cannot be written.</summary>
    public IReadOnlyList<(string Name, string Code)>? Fields()
    {
        if (!Outline.HasOnlyVariables || Script.GetCompilation().ScriptClass is not { } type)
            return null;
        var fields = new List<(string, string)>();
        foreach (var field in type.GetMembers().OfType<IFieldSymbol>().Where(static f => f is { CanBeReferencedByName: true, IsImplicitlyDeclared: false }))
        {
            if (field.IsStatic || field.IsConst || field.IsReadOnly || field.IsVolatile || !IsOutside(field.Type))
                return null;
            fields.Add((field.Name, $"{field.Type.ToDisplayString(TypeFormat)} @{field.Name};\n"));
        }

        return fields.Count == 0 ? null : fields;
    }

    // Types of cells can only be named where the cell that declares them is in the chain, those without a name nowhere.
    private static bool IsOutside(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => IsOutside(array.ElementType),
        IDynamicTypeSymbol => true,
        INamedTypeSymbol { TypeKind: not TypeKind.Error, IsAnonymousType: false, DeclaredAccessibility: Accessibility.Public } named =>
            named.ContainingAssembly is not { IsInteractive: true } && (named.ContainingType is null || IsOutside(named.ContainingType)) && named.TypeArguments.All(IsOutside),
        _ => false,
    };
}

/// <summary>What the text of a submission declares and uses.</summary>
internal sealed class ChainOutline
{
    private ChainOutline(IReadOnlyCollection<(string Name, string Key)> declared, IReadOnlySet<string> hidden, IReadOnlySet<string> used, bool isPinned, bool hasOnlyVariables)
    {
        Declared = declared;
        Hidden = hidden;
        Used = used;
        IsPinned = isPinned;
        HasOnlyVariables = hasOnlyVariables;
    }

    /// <summary>The simple name of each declaration, and the key under which a later one takes its place: methods are told apart by their parameters.</summary>
    public IReadOnlyCollection<(string Name, string Key)> Declared { get; }

    /// <summary>The names that mean what the text itself declares, whatever came before: variables and types, not methods, which earlier ones may overload.</summary>
    public IReadOnlySet<string> Hidden { get; }

    /// <summary>Every identifier of the text.</summary>
    public IReadOnlySet<string> Used { get; }

    /// <summary>Whether it must stay whatever comes later.</summary>
    public bool IsPinned { get; }

    /// <summary>Whether it declares variables and nothing else.</summary>
    public bool HasOnlyVariables { get; }

    /// <summary>Whether nothing of it can be named later.</summary>
    public bool IsEmpty => Declared.Count == 0 && !IsPinned;

    /// <summary>Reads the texts of a submission.</summary>
    public static ChainOutline Of(Compilation compilation, bool bringsReferences)
    {
        var declared = new HashSet<(string Name, string Key)>();
        var hidden = new HashSet<string>(StringComparer.Ordinal);
        var used = new HashSet<string>(StringComparer.Ordinal);
        var isPinned = bringsReferences;
        var hasOnlyVariables = true;
        foreach (var tree in compilation.SyntaxTrees)
        {
            var root = (CompilationUnitSyntax)tree.GetRoot();
            isPinned |= root.ContainsDirectives || root.Externs.Count > 0 || root.AttributeLists.Count > 0;
            hasOnlyVariables &= root.Usings.Count == 0;
            foreach (var directive in root.Usings)
                declared.Add(("", directive.WithoutTrivia().ToString()));
            foreach (var member in root.Members)
            {
                var isVariable = member is FieldDeclarationSyntax { Modifiers.Count: 0 } or GlobalStatementSyntax;
                hasOnlyVariables &= isVariable;
                if (!Add(member, declared))
                    isPinned = true;
            }

            hidden.UnionWith(declared.Where(static d => !d.Key.EndsWith(')')).Select(static d => d.Name));

            foreach (var name in root.DescendantNodes().OfType<SingleVariableDesignationSyntax>())
                declared.Add((name.Identifier.ValueText, name.Identifier.ValueText));
            foreach (var token in root.DescendantTokens().Where(static t => t.IsKind(SyntaxKind.IdentifierToken)))
                used.Add(token.ValueText);
        }

        return new ChainOutline(declared, hidden, used, isPinned, hasOnlyVariables && !isPinned);
    }

    /// <summary>The same declarations in a text that uses no name.</summary>
    public ChainOutline WithoutUses() => new(Declared, Hidden, new HashSet<string>(), IsPinned, HasOnlyVariables);

    private static bool Add(MemberDeclarationSyntax member, HashSet<(string, string)> declared)
    {
        switch (member)
        {
            case GlobalStatementSyntax:
                return true;
            case BaseFieldDeclarationSyntax fields:
                foreach (var variable in fields.Declaration.Variables)
                    declared.Add((variable.Identifier.ValueText, variable.Identifier.ValueText));
                return true;
            case PropertyDeclarationSyntax property:
                declared.Add((property.Identifier.ValueText, property.Identifier.ValueText));
                return true;
            case MethodDeclarationSyntax method:
                var parameters = method.ParameterList.Parameters.Select(static p => $"{p.Modifiers} {p.Type?.WithoutTrivia()}");
                declared.Add((method.Identifier.ValueText, $"{method.Identifier.ValueText}`{method.Arity}({string.Join(",", parameters)})"));
                return true;
            case TypeDeclarationSyntax type:
                declared.Add((type.Identifier.ValueText, $"{type.Identifier.ValueText}`{type.Arity}:type"));
                return true;
            case EnumDeclarationSyntax type:
                declared.Add((type.Identifier.ValueText, $"{type.Identifier.ValueText}`0:type"));
                return true;
            case DelegateDeclarationSyntax type:
                declared.Add((type.Identifier.ValueText, $"{type.Identifier.ValueText}`{type.Arity}:type"));
                return true;
            default:
                return false;
        }
    }
}
