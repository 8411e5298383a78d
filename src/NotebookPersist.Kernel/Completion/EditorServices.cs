using System.Composition.Hosting;
using System.Reflection;
using System.Reflection.Metadata;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Host.Mef;
using NotebookPersist.Kernel.Scripting;

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
        MefHostServices.Create(new ContainerConfiguration().WithParts(MefHostServices.DefaultAssemblies.Distinct().SelectMany(Parts)).CreateContainer());

    // To look through the metadata is a matter of milliseconds; to load the fifteen thousand types of these assemblies takes more than a second, and memory for good.
    private static IEnumerable<Type> Parts(Assembly assembly)
    {
        var metadata = (AssemblyMetadata)HostAssemblies.Reference(assembly.Location).GetMetadata();
        MetadataReader reader = metadata.GetModules()[0].GetMetadataReader();
        return [.. reader.TypeDefinitions.Where(t => IsWanted(reader, t)).Select(t => assembly.GetType(FullName(reader, t), throwOnError: true)!)]; // It throws otherwise.
    }

    private static bool IsWanted(MetadataReader reader, TypeDefinitionHandle handle)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        if (LeftOut.Contains(reader.GetString(type.Name)))
            return false;
        return type.GetCustomAttributes().Any(a => IsExport(reader, a)) || type.GetProperties().Any(p => reader.GetPropertyDefinition(p).GetCustomAttributes().Any(a => IsExport(reader, a)));
    }

    private static bool IsExport(MetadataReader reader, CustomAttributeHandle handle)
    {
        CustomAttribute attribute = reader.GetCustomAttribute(handle);
        StringHandle name = default;
        if (attribute.Constructor.Kind == HandleKind.MethodDefinition)
            name = reader.GetTypeDefinition(reader.GetMethodDefinition((MethodDefinitionHandle)attribute.Constructor).GetDeclaringType()).Name;
        else if (reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent is { Kind: HandleKind.TypeReference } type)
            name = reader.GetTypeReference((TypeReferenceHandle)type).Name;
        return reader.StringComparer.StartsWith(name, "Export");
    }

    private static string FullName(MetadataReader reader, TypeDefinitionHandle handle)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        string name = reader.GetString(type.Name);
        if (type.GetDeclaringType() is { IsNil: false } outer)
            return $"{FullName(reader, outer)}+{name}";
        return type.Namespace.IsNil ? name : $"{reader.GetString(type.Namespace)}.{name}";
    }
}
