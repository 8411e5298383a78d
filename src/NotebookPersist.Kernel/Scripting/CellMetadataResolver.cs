using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>Finds what cells refer to with <c>#r</c>, and what referred assemblies refer to in turn.</summary>
/// <remarks>
/// The compiler asks for every assembly that any of its references names: those that the host runs with it gets mapped, and a file is read again only
/// after it has changed, however often the code around it is compiled. Thread safety: all members may be called from any thread.
/// </remarks>
internal sealed class CellMetadataResolver(string baseDirectory) : MetadataReferenceResolver
{
    private readonly ScriptMetadataResolver _files = ScriptMetadataResolver.Default.WithBaseDirectory(baseDirectory);
    private readonly ConcurrentDictionary<(string, string?, MetadataReferenceProperties), ImmutableArray<(PortableExecutableReference Reference, DateTime Written)>> _found = new();

    public override bool ResolveMissingAssemblies => true;

    public override PortableExecutableReference? ResolveMissingAssembly(MetadataReference definition, AssemblyIdentity referenceIdentity)
    {
        if (FrameworkReferences.Host.TryGetValue(referenceIdentity.Name, out var path))
            return HostAssemblies.Reference(path);
        return _files.ResolveMissingAssembly(definition, referenceIdentity);
    }

    public override ImmutableArray<PortableExecutableReference> ResolveReference(string reference, string? baseFilePath, MetadataReferenceProperties properties)
    {
        var key = (reference, baseFilePath, properties);
        if (_found.TryGetValue(key, out var before) && before.All(static f => f.Reference.FilePath is { } path && File.GetLastWriteTimeUtc(path) == f.Written))
            return [.. before.Select(static f => f.Reference)];
        var found = _files.ResolveReference(reference, baseFilePath, properties);
        if (!found.IsEmpty)
            _found[key] = [.. found.Select(static r => (r, r.FilePath is { } path ? File.GetLastWriteTimeUtc(path) : default))];
        return found;
    }

    public override bool Equals(object? other) => other is CellMetadataResolver { _files: var files } && files.Equals(_files);

    public override int GetHashCode() => _files.GetHashCode();
}
