using System.Runtime;

namespace NotebookPersist.Tool;

/// <summary>Remembers what the start of a command had to compile, so that the next start has it compiled on another processor beforehand.</summary>
/// <remarks>
/// Code that was compiled ahead of time holds no instances of other libraries' generic types: the C# compiler needs thousands of them before the first cell. The
/// runtime keeps the list, checks that it belongs to the same binaries, and goes without where it does not or where it cannot be read or written.
/// </remarks>
internal static class StartProfile
{
    /// <summary>Begins with the list of a command, and a new one.</summary>
    /// <param name="arguments">The program's.</param>
    public static void Begin(IReadOnlyList<string> arguments)
    {
        if (arguments is not [("kernel" or "run") and var command, ..] || Folder() is not { } folder)
            return;
        try
        {
            Directory.CreateDirectory(folder);
            ProfileOptimization.SetProfileRoot(folder);
            ProfileOptimization.StartProfile(command);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is only slower without.
        }
    }

    /// <summary>Ends the list before the process ends: what comes now is no start any more.</summary>
    public static void End() => ProfileOptimization.StartProfile(null!);

    // Null where there is no home.
    private static string? Folder()
    {
        if (OperatingSystem.IsWindows())
            return Beneath(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData));
        if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { } cache && Path.IsPathFullyQualified(cache))
            return Beneath(cache);
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return Path.IsPathFullyQualified(home) ? Beneath(Path.Combine(home, OperatingSystem.IsMacOS() ? "Library/Caches" : ".cache")) : null;

        static string Beneath(string folder) => Path.Combine(folder, "notebookpersist");
    }
}
