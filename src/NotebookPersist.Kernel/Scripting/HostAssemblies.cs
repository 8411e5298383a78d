using System.Collections.Concurrent;
using System.IO.MemoryMappedFiles;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Microsoft.CodeAnalysis;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>References to the assemblies that this process runs with, for the compiler and for completion.</summary>
/// <remarks>
/// The compiler's own way copies each file into memory, machine code included: 60 MB of the framework alone, and again whenever somebody asks for the
/// same file. Here a file's metadata is mapped, so that only what is looked at takes memory, and there is one reference a file in the whole process: the
/// compilers of all engines then share their symbols too. Only for files that nobody writes to while the process runs. Thread safety: all members may be
/// called from any thread.
/// </remarks>
internal static class HostAssemblies
{
    private static readonly ConcurrentDictionary<string, Lazy<PortableExecutableReference>> Known = new(StringComparer.Ordinal);

    /// <summary>The reference to a file, always the same.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="BadImageFormatException">It is no assembly.</exception>
    public static PortableExecutableReference Reference(string path) => Known.GetOrAdd(path, static p => new Lazy<PortableExecutableReference>(() => Map(p))).Value;

    /// <summary>Whether the assembly has types of its own.</summary>
    public static bool DeclaresTypes(PortableExecutableReference assembly) =>
        Reader(assembly).TypeDefinitions.Count > 1; // The first holds what belongs to no type.

    /// <summary>The simple names of the assemblies that it refers to.</summary>
    public static IEnumerable<string> Referred(PortableExecutableReference assembly)
    {
        var reader = Reader(assembly);
        return reader.AssemblyReferences.Select(r => reader.GetString(reader.GetAssemblyReference(r).Name));
    }

    private static MetadataReader Reader(PortableExecutableReference assembly) => ((AssemblyMetadata)assembly.GetMetadata()).GetModules()[0].GetMetadataReader();

    private static PortableExecutableReference Map(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 4096);
        using var headers = new PEReader(stream, PEStreamOptions.LeaveOpen);
        var (start, size) = (headers.PEHeaders.MetadataStartOffset, headers.PEHeaders.MetadataSize);
        if (!headers.HasMetadata || start < 0 || size <= 0 || start > stream.Length - size)
            throw new BadImageFormatException($"'{path}' is no .NET assembly.", path);

        // A mapping stays when the file that it was made from is closed. It ends with the process: compilations look into it for as long as they live.
        using var file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        var view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        var module = ModuleMetadata.CreateFromMetadata(view.SafeMemoryMappedViewHandle.DangerousGetHandle() + start, size, view.Dispose);
        return AssemblyMetadata.Create(module).GetReference(DocumentationFiles.For(path), filePath: path, display: path);
    }
}
