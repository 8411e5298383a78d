using Xunit;

namespace NotebookPersist.HostTests.Jupyter;

/// <summary>A test with the classic notebook in a browser. Skipped, with the reason, where one of them is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (!File.Exists(NotebookPage.Browser) || !File.Exists(NotebookPage.Server))
            Skip = "Runs the classic notebook in a browser. On Debian: apt-get install jupyter-notebook chromium.";
    }
}
