namespace NotebookPersist.Kernel.Scripting;

/// <summary>The assemblies of the running framework that every cell can use.</summary>
internal static class FrameworkReferences
{
    /// <summary>All assemblies that the host runs with, by simple name.</summary>
    public static IReadOnlyDictionary<string, string> Host { get; } = Trusted().DistinctBy(Path.GetFileNameWithoutExtension, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(p => Path.GetFileNameWithoutExtension(p), p => p, StringComparer.OrdinalIgnoreCase);

    /// <summary>The files of those that belong to the framework.</summary>
    public static IReadOnlyList<string> Paths { get; } = [.. Host.Values.Where(IsFrameworks)];

    /// <summary>Whether a file, or its name, is that of an assembly of the framework.</summary>
    public static bool IsFrameworks(string path)
        => Path.GetFileName(path) is var file && (file.StartsWith("System.", StringComparison.Ordinal) || file is "netstandard.dll" or "mscorlib.dll" or "Microsoft.CSharp.dll");

    private static string[] Trusted()
        => AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") is string list
            ? list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            : throw new InvalidOperationException("Cannot list the framework's assemblies: the host does not publish TRUSTED_PLATFORM_ASSEMBLIES.");
}
