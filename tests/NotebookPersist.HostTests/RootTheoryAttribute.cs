using Xunit;

namespace NotebookPersist.HostTests;

/// <summary>A test that mounts a disk or acts as another user. Skipped, with the reason, where the process may not.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootTheoryAttribute : TheoryAttribute
{
    public RootTheoryAttribute()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            Skip = "Mounts a small disk or saves as another user, which only root on Linux may do.";
    }
}
