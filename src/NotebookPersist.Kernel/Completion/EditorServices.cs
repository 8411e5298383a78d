using System.Composition.Hosting;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.Host.Mef;

namespace NotebookPersist.Kernel.Completion;

/// <summary>The compiler's editor services, without those that a cell has no use for.</summary>
internal static class EditorServices
{
    // What they offer cannot simply be put in: types of namespaces that are not imported need a using line, operators and conversions replace the dot,
    // snippets have places to fill in, and their costs are more than half of an answer.
    private static readonly string[] LeftOut =
    [
        "TypeImportCompletionProvider", "ExtensionMemberImportCompletionProvider", "UnnamedSymbolCompletionProvider", "CSharpSnippetCompletionProvider",
        "SnippetCompletionProvider", "DeclarationNameCompletionProvider", "InternalsVisibleToCompletionProvider",
    ];

    /// <summary>The services. Each call makes new ones.</summary>
    public static MefHostServices Create() =>
        MefHostServices.Create(new ContainerConfiguration().WithParts(MefHostServices.DefaultAssemblies.Distinct().SelectMany(static a => a.GetTypes()).Where(IsWanted)).CreateContainer());

    private static bool IsWanted(Type type) => !type.IsSubclassOf(typeof(CompletionProvider)) || !LeftOut.Contains(type.Name);
}
