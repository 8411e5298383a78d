using System.Reflection;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>What a script engine offers to its cells.</summary>
public sealed record ScriptEngineOptions
{
    /// <summary>The namespaces that every engine imports.</summary>
    public static IReadOnlyList<string> DefaultImports { get; } =
    [
        "System", "System.IO", "System.Linq", "System.Collections.Generic", "System.Threading", "System.Threading.Tasks",
    ];

    /// <summary>Namespaces, and classes for static imports, that cells use without a using line. Default: <see cref="DefaultImports"/>.</summary>
    public IReadOnlyList<string> Imports { get; init; } = DefaultImports;

    /// <summary>Names of single types that cells use without a using line, with the full name of each. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Aliases { get; init; } = new Dictionary<string, string>();

    /// <summary>Assemblies that cells can use besides the framework's own.</summary>
    public IReadOnlyList<Assembly> References { get; init; } = [];

    /// <summary>The folder that <c>#r</c> and <c>#load</c> start from. Default: the current directory.</summary>
    public string BaseDirectory { get; init; } = Environment.CurrentDirectory;

    /// <summary>Where <c>#r "nuget: …"</c> looks for packages; empty for the machine's own NuGet configuration.</summary>
    public IReadOnlyList<string> PackageSources { get; init; } = [];

    /// <summary>Packages whose assemblies are among <see cref="References"/>, with their versions: <c>#r "nuget: …"</c> of them restores nothing. Default: none.</summary>
    public IReadOnlyDictionary<string, string> ProvidedPackages { get; init; } = new Dictionary<string, string>();

    /// <summary>The stack of the thread that runs cells. Unit: bytes. Default: 8 MiB, as a program has: the more there is, the longer it takes until recursion without end is told.</summary>
    public int StackByteCount { get; init; } = 8 << 20;

    /// <summary>Whether the code of a cell is unloaded when nothing can reach it any more. Default: it stays until the process ends, as sessions of a few hundred cells can afford.</summary>
    public bool UnloadsCode { get; init; }

    /// <summary>At how many cells that declare something those that no later cell can need are forgotten.</summary>
    internal int FirstTrim { get; init; } = 50;
}
