using Microsoft.CodeAnalysis;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>The assemblies of the running framework that every cell can use.</summary>
internal static class FrameworkReferences
{
    /// <summary>All assemblies that the host runs with, by simple name.</summary>
    public static IReadOnlyDictionary<string, string> Host { get; } = Trusted().DistinctBy(Path.GetFileNameWithoutExtension, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(p => Path.GetFileNameWithoutExtension(p), p => p, StringComparer.OrdinalIgnoreCase);

    /// <summary>Those of the framework that declare types, and what they refer to.</summary>
    /// <remarks>
    /// The compiler looks for some types in each of its references, cell by cell. More than a third of the framework's assemblies only say where types of
    /// older releases went: they are found by name when a library refers to one.
    /// </remarks>
    /// <exception cref="IOException">One cannot be read.</exception>
    /// <exception cref="BadImageFormatException">One is no assembly.</exception>
    public static IReadOnlyList<PortableExecutableReference> Declaring()
    {
        var all = Host.Where(static a => IsFrameworks(a.Value)).ToDictionary(static a => a.Key, static a => HostAssemblies.Reference(a.Value), StringComparer.OrdinalIgnoreCase);
        var left = new Queue<string>(all.Where(static a => HostAssemblies.DeclaresTypes(a.Value)).Select(static a => a.Key));
        var needed = left.ToHashSet(StringComparer.OrdinalIgnoreCase);
        while (left.TryDequeue(out var name))
        {
            foreach (var referred in HostAssemblies.Referred(all[name]))
            {
                if (all.ContainsKey(referred) && needed.Add(referred))
                    left.Enqueue(referred);
            }
        }

        return [.. all.Where(a => needed.Contains(a.Key)).Select(static a => a.Value)];
    }

    /// <summary>Whether a file, or its name, is that of an assembly of the framework.</summary>
    public static bool IsFrameworks(string path)
        => Path.GetFileName(path) is var file && (file.StartsWith("System.", StringComparison.Ordinal) || file is "netstandard.dll" or "mscorlib.dll" or "Microsoft.CSharp.dll");

    private static string[] Trusted()
        => AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") is string list
            ? list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            : throw new InvalidOperationException("Cannot list the framework's assemblies: the host does not publish TRUSTED_PLATFORM_ASSEMBLIES.");
}
