using System.Diagnostics;
using Xunit;

namespace NotebookPersist.HostTests.Jupyter;

/// <summary>A test with Jupyter's own programs. Skipped, with the reason, where they are not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class JupyterFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> IsThere = new(HasModules);

    public JupyterFactAttribute()
    {
        if (!IsThere.Value)
            Skip = "Runs Jupyter's clients. On Debian: apt-get install jupyter-nbconvert python3-nbclient jupyter-console python3-jupyter-kernel-test.";
    }

    private static bool HasModules()
    {
        if (!File.Exists(JupyterClients.Python))
            return false;
        using Process process = Process.Start(new ProcessStartInfo(JupyterClients.Python, ["-c", "import jupyter_kernel_test, nbclient, nbconvert, jupyter_console"]) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
