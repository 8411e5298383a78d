using System.Reflection;
using System.Runtime.Loader;

namespace NotebookPersist.Interactive;

/// <summary>Lets the charts do with the FSharp.Core that the host has loaded.</summary>
/// <remarks>
/// The chart library asks for version 10.1 and uses nothing that 10.0 lacks. The last hosts bring 10.0 for themselves, a process takes
/// one version only, and the runtime accepts an older one only from here.
/// </remarks>
internal static class HostFSharpCore
{
    private const string Core = "FSharp.Core";

    /// <summary>Accepts it from now on; to be called before anything asks for another, since a load that has failed is not tried again.</summary>
    public static void Accept()
    {
        AssemblyLoadContext.Default.Resolving -= Resolve;
        AssemblyLoadContext.Default.Resolving += Resolve;
    }

    // Without a version any will do: the host's own is found, and where it has none the package's.
    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName asked) =>
        asked is { Name: Core, Version: not null } ? context.LoadFromAssemblyName(new AssemblyName(Core)) : null;
}
