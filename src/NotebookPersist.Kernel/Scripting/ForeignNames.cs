using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.DotNet.Interactive.Formatting;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>Names that cells of .NET Interactive can use and cells here cannot, and what to write in their place.</summary>
/// <remarks>Source: the public types of dotnet/interactive.</remarks>
internal static class ForeignNames
{
    private const string Tree = "this notebook has one kernel, and none to send commands to. Write the code in a cell; '#!import FILE' runs the cells of a file, 'Cancellation' tells that the cell is to stop";
    private const string Formula = "show it as Markdown: \"$x^2$\".DisplayAs(\"text/markdown\")";
    private const string Extension = "nothing extends this kernel while it runs. Load a library by '#r \"nuget: NAME\"' and call it";

    // Of a name that no namespace here has, of a member of Kernel, and of a namespace below Microsoft.DotNet.Interactive.
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["Kernel"] = Tree,
        ["Root"] = Tree,
        ["Current"] = Tree,
        ["CompositeKernel"] = Tree,
        ["CSharpKernel"] = Tree,
        ["KernelInvocationContext"] = "show values with 'Display(x)', and watch 'Cancellation' to stop early",
        ["SubmitCode"] = Tree,
        ["SendEditableCode"] = Tree,
        ["KernelCommand"] = Tree,
        ["Commands"] = Tree,
        ["Events"] = Tree,
        ["Connection"] = Tree,
        ["Directives"] = Extension,
        ["IKernelExtension"] = Extension,
        ["KernelActionDirective"] = Extension,
        ["GetPasswordAsync"] = "ask with 'ReadPassword(\"…\")'",
        ["GetInputsAsync"] = "ask for each with 'ReadLine(\"…\")'",
        ["InputDescription"] = "ask with 'ReadLine(\"…\")'",
        ["DisplayedValue"] = "what 'display' gives back is a 'DisplayHandle'; write 'var'",
        ["DataExplorer"] = "show the items with 'items.DisplayTable()'",
        ["LaTeXString"] = Formula,
        ["MathString"] = Formula,
    };

    // Of these alone nobody knows where they come from.
    private static readonly HashSet<string> Common = ["Root", "Current", "Commands", "Events", "Connection", "Directives"];

    // There to be used, behind a line that notebooks begin with.
    private static readonly HashSet<string> Tags = [.. typeof(PocketViewTags).GetProperties().Select(static p => p.Name)];
    private static readonly HashSet<string> Formatting = [.. typeof(Formatter).Assembly.GetExportedTypes().Where(static t => t.Namespace == typeof(Formatter).Namespace && !t.IsGenericType).Select(static t => t.Name)];

    /// <summary>What to write in the place of a name that the compiler does not know; null where it is none of these.</summary>
    public static string? Advice(Diagnostic error)
    {
        // An unknown name, an unknown type, an unknown part of a namespace, an unknown member of a type.
        if (error.Id is not ("CS0103" or "CS0246" or "CS0234" or "CS0117") || error.Location.SourceTree is not { } tree)
            return null;
        if (tree.GetRoot().FindNode(error.Location.SourceSpan, getInnermostNodeForTie: true) is not { } node)
            return null;
        var name = node switch
        {
            QualifiedNameSyntax { Right: SimpleNameSyntax right } => right,
            MemberAccessExpressionSyntax { Name: var member } => member,
            SimpleNameSyntax simple => simple,
            _ => null,
        };
        if (name?.Identifier.ValueText is not { } text)
            return null;
        if (error.Id is "CS0117" or "CS0234")
            return IsForeign(name) && Names.TryGetValue(text, out var advice) ? Told(text, advice) : null;
        if (Names.TryGetValue(text, out var instead) && (!Common.Contains(text) || IsForeign(name)))
            return Told(text, instead);
        if (Formatting.Contains(text))
            return $"add the line 'using {typeof(Formatter).Namespace};'.";
        return error.Id == "CS0103" && text.Length > 1 && Tags.Contains(text) ? $"for the HTML element add the line 'using static {typeof(PocketViewTags).FullName};'." : null;
    }

    private static string Told(string name, string advice) => $"'{name}' of .NET Interactive is not offered here: {advice}.";

    // Kernel.Root, Microsoft.DotNet.Interactive.Commands, but no Root of anything else.
    private static bool IsForeign(SimpleNameSyntax name) => name.Parent switch
    {
        MemberAccessExpressionSyntax { Expression: var of } => of.ToString() is "Kernel" or "Microsoft.DotNet.Interactive" or "Microsoft.DotNet.Interactive.Kernel",
        QualifiedNameSyntax { Left: var of } => of.ToString() == "Microsoft.DotNet.Interactive",
        _ => false,
    };
}
