using Microsoft.CodeAnalysis;
using NotebookPersist.Kernel.Scripting;

namespace NotebookPersist.Kernel.Completion;

/// <summary>Assemblies with the documentation that lies beside them, for hovering.</summary>
/// <remarks>
/// The framework's documentation comes with the SDK, beside its reference assemblies, which then stand for the framework; where there is no SDK the
/// assemblies that run are taken, without documentation.
/// </remarks>
internal static class DocumentedReferences
{
    private const string PackName = "Microsoft.NETCore.App.Ref";

    public static IEnumerable<MetadataReference> Of(IReadOnlyList<string> paths)
    {
        Dictionary<string, string> pack = FrameworkPack();
        HashSet<string> framework = [.. FrameworkReferences.Paths];
        if (pack.Count == 0)
            return paths.Select(With);

        // What the pack does not have is an implementation detail of the framework, or none of the framework.
        return pack.Values.Concat(paths.Where(path => !framework.Contains(path) && !pack.ContainsKey(Path.GetFileName(path)))).Select(With);
    }

    private static MetadataReference With(string path)
    {
        string documentation = Path.ChangeExtension(path, ".xml");
        return MetadataReference.CreateFromFile(path, documentation: File.Exists(documentation) ? XmlDocumentationProvider.CreateFromFile(documentation) : null);
    }

    // SDKs keep packs beside the runtime: ROOT/packs/NAME/VERSION/ref/net10.0 and ROOT/shared/Microsoft.NETCore.App/VERSION.
    private static Dictionary<string, string> FrameworkPack()
    {
        if (Path.GetDirectoryName(typeof(object).Assembly.Location) is not { Length: > 0 } runtime)
            return [];
        string packs = Path.GetFullPath(Path.Combine(runtime, "..", "..", "..", "packs", PackName));
        if (!Directory.Exists(packs))
            return [];
        string target = Path.Combine("ref", $"net{Environment.Version.Major}.{Environment.Version.Minor}");
        string? folder = Directory.EnumerateDirectories(packs)
            .Where(static p => Version.TryParse(Path.GetFileName(p).Split('-')[0], out _))
            .OrderByDescending(static p => Version.Parse(Path.GetFileName(p).Split('-')[0]))
            .Select(p => Path.Combine(p, target))
            .FirstOrDefault(Directory.Exists);
        return folder is null ? [] : Directory.EnumerateFiles(folder, "*.dll").ToDictionary(static p => Path.GetFileName(p)!, StringComparer.OrdinalIgnoreCase);
    }
}
