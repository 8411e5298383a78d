using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.QuickInfo;
using Microsoft.CodeAnalysis.Tags;
using Microsoft.CodeAnalysis.Text;
using NotebookPersist.Kernel.Scripting;

namespace NotebookPersist.Kernel.Completion;

/// <summary>Completion, hover and signature help for C#.</summary>
internal sealed class CodeInsight(CellWorkspace workspace, ScriptEngine engine)
{
    // More are of no use to anybody, and each takes its part of the message.
    private const int MostOverloads = 12;

    private static readonly SymbolDisplayFormat Signature = SymbolDisplayFormat.MinimallyQualifiedFormat
        .WithParameterOptions(SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeParamsRefOut | SymbolDisplayParameterOptions.IncludeDefaultValue)
        .WithMemberOptions(SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeContainingType);

    public async Task<CellCompletion> CompleteAsync(string code, int position, CancellationToken cancellation)
    {
        Document document = await workspace.OpenAsync(code, cancellation).ConfigureAwait(false);
        CompletionService service = CompletionService.GetService(document)!; // C# has one.
        CompletionList list = await service.GetCompletionsAsync(document, position, cancellationToken: cancellation).ConfigureAwait(false);
        if (list.ItemsList.Count == 0)
            return CellCompletion.None(position);
        TextSpan span = list.Span;
        string typed = code[span.Start..position];

        // On an empty line everything could stand; what the notebook has made itself is what a user looks for there.
        string before = code[..span.Start].TrimEnd(' ');
        bool isMember = before.EndsWith('.') || before.EndsWith(" new", StringComparison.Ordinal) || before == "new";
        if (typed.Length == 0 && !isMember && list.ItemsList.Any(static item => item.Tags.Contains(WellKnownTags.Keyword)))
        {
            // Within a call, its parameters besides.
            CellCompletion own = CellCompletion.OfNames(code, span.Start, position, engine.Variables.Select(static v => v.Name), "variable");
            return own with { Items = [.. list.ItemsList.Where(IsNamedArgument).Select(static item => new CompletionItem(TextOf(item), KindOf(item))).Concat(own.Items)] };
        }

        // Who types capitals rightly means them; who does not gets what fits otherwise.
        StringComparison comparison = list.ItemsList.Any(item => item.FilterText.StartsWith(typed, StringComparison.Ordinal)) ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        return new CellCompletion(span.Start, position, [.. list.ItemsList
            .Where(item => item.FilterText.StartsWith(typed, comparison) && !item.Tags.Contains(WellKnownTags.Snippet))
            .Select(static item => new CompletionItem(TextOf(item), KindOf(item)))
            .Where(static item => item.Text.Length > 0)
            .DistinctBy(static item => item.Text)
            .OrderBy(static item => item.Text, StringComparer.OrdinalIgnoreCase)
            .Take(CellCompletion.MostItems)]);
    }

    private static bool IsNamedArgument(Microsoft.CodeAnalysis.Completion.CompletionItem item) => item.DisplayTextSuffix == ":";

    // The brackets behind a generic type are no text to put in.
    private static string TextOf(Microsoft.CodeAnalysis.Completion.CompletionItem item) => IsNamedArgument(item) ? item.DisplayText + item.DisplayTextSuffix : item.DisplayText;

    // A method and an extension method of one name are one item, and whose kind it has differs from process to process.
    private static string KindOf(Microsoft.CodeAnalysis.Completion.CompletionItem item) => item.Tags.FirstOrDefault() switch
    {
        WellKnownTags.ExtensionMethod => "method",
        { } kind => kind.ToLowerInvariant(),
        null => "",
    };

    public async Task<CellDescription?> DescribeAsync(string code, int position, bool isDetailed, CancellationToken cancellation)
    {
        Document document = await workspace.OpenAsync(code, cancellation).ConfigureAwait(false);
        SyntaxNode root = (await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false))!; // C# has trees.
        if (CallAround(root, position) is { } call)
        {
            SemanticModel model = (await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false))!; // and models.
            if (Overloads(model, call, position) is { } overloads)
                return overloads;
        }

        QuickInfoItem? info = await QuickInfoService.GetService(document)!.GetQuickInfoAsync(document, position, cancellation).ConfigureAwait(false);
        info ??= position > 0 ? await QuickInfoService.GetService(document)!.GetQuickInfoAsync(document, position - 1, cancellation).ConfigureAwait(false) : null;
        if (info is null || Of(info, code) is not { } description)
            return null;
        return isDetailed && await SourceAsync(document, info.Span, cancellation).ConfigureAwait(false) is { } source
            ? new CellDescription($"{description.PlainText}\n\n{source}", $"{description.Markdown}\n\n```csharp\n{source}\n```")
            : description;
    }

    // Only cells have code here; libraries are known by their documentation.
    private static async Task<string?> SourceAsync(Document document, TextSpan span, CancellationToken cancellation)
    {
        SyntaxNode node = (await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false))!.FindNode(span, getInnermostNodeForTie: true); // C# has trees
        SemanticModel model = (await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false))!; // and models.
        SymbolInfo info = model.GetSymbolInfo(node, cancellation);
        ISymbol? symbol = info.Symbol ?? info.CandidateSymbols.FirstOrDefault() ?? model.GetDeclaredSymbol(node, cancellation); // Of a method that is not called there are only candidates.
        if (symbol is not (IMethodSymbol or INamedTypeSymbol or IFieldSymbol or IPropertySymbol) || symbol.DeclaringSyntaxReferences.FirstOrDefault() is not { } reference)
            return null;
        SyntaxNode declaration = await reference.GetSyntaxAsync(cancellation).ConfigureAwait(false);
        return (declaration is VariableDeclaratorSyntax { Parent.Parent: { } whole } ? whole : declaration).ToString().ReplaceLineEndings("\n");
    }

    private CellDescription? Of(QuickInfoItem info, string code)
    {
        string name = code[info.Span.Start..Math.Min(info.Span.End, code.Length)];
        string[] sections = [.. info.Sections.Select(static s => string.Concat(s.TaggedParts.Select(static p => p.Text)).Trim().ReplaceLineEndings("\n")).Where(static t => t.Length > 0)];
        if (sections.Length == 0)
            return null;
        List<string> plain = [.. sections];
        List<string> markdown = [$"```csharp\n{sections[0]}\n```", .. sections.Skip(1)];
        if (engine.Variables.FirstOrDefault(v => v.Name == name) is { } variable)
        {
            string value = ValueBundle.Of(variable.Value)["text/plain"];
            plain.Add($"{name} = {value}");
            markdown.Add($"```\n{name} = {value}\n```");
        }

        return new CellDescription(string.Join("\n\n", plain), string.Join("\n\n", markdown));
    }

    /// <summary>The call whose argument list a place is in, but on none of its names.</summary>
    private static BaseArgumentListSyntax? CallAround(SyntaxNode root, int position)
    {
        SyntaxToken token = root.FindToken(Math.Max(position - 1, 0));
        if (!token.IsKind(SyntaxKind.OpenParenToken) && !token.IsKind(SyntaxKind.CommaToken))
            return null;
        return token.Parent as ArgumentListSyntax;
    }

    private static CellDescription? Overloads(SemanticModel model, BaseArgumentListSyntax list, int position)
    {
        ImmutableArray<ISymbol> members = list.Parent switch
        {
            InvocationExpressionSyntax call => model.GetMemberGroup(call.Expression),
            ObjectCreationExpressionSyntax creation => model.GetSymbolInfo(creation.Type).Symbol is INamedTypeSymbol type ? [.. type.InstanceConstructors] : [],
            _ => [],
        };
        if (members.IsEmpty)
            return null;
        int active = list.Arguments.GetSeparators().Count(s => s.SpanStart < position);
        var plain = new StringBuilder();
        var markdown = new StringBuilder();
        foreach (IMethodSymbol method in members.OfType<IMethodSymbol>().OrderBy(static m => m.Parameters.Length).Take(MostOverloads))
        {
            string signature = method.ToDisplayString(Signature);
            plain.AppendLine(signature);
            markdown.AppendLine($"```csharp\n{signature}\n```");
            if (DocumentationText.Of(method, active, model.Compilation) is { Length: > 0 } text)
            {
                plain.AppendLine("  " + text.ReplaceLineEndings("\n  "));
                markdown.AppendLine(text).AppendLine();
            }
        }

        return new CellDescription(plain.ToString().TrimEnd(), markdown.ToString().TrimEnd());
    }
}
