using System.Diagnostics;
using NotebookPersist.Formats.Files;
using NotebookPersist.Kernel.Documents;
using Xunit;

namespace NotebookPersist.Tests.Formats.Files;

/// <summary>Paths that lead to pipes and devices: nothing waits for their other end or reads them without end.</summary>
public sealed class RegularFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_and_links_to_them_are_read()
    {
        File.WriteAllBytes(_folder["f"], [1, 2, 3]);
        File.CreateSymbolicLink(_folder["link"], _folder["f"]);
        Assert.Equal([1, 2, 3], RegularFile.ReadAllBytes(_folder["link"]));
        using FileStream file = RegularFile.OpenRead(_folder["f"]);
        Assert.Equal(3, file.Length);
        Assert.Throws<FileNotFoundException>(() => RegularFile.ReadAllBytes(_folder["none"]));
    }

    [Fact]
    public void A_pipe_is_refused_by_every_reader()
    {
        if (!OperatingSystem.IsLinux())
            return; // Elsewhere a path's type is not asked for.
        foreach (string name in new[] { "plain", "a.pb", "a.meta", "a.npz", "a.npy", "a.safetensors", "b.index", "n.ipynb", "checkpoint" })
            MakePipe(_folder[name]);
        foreach (string name in new[] { "plain", "a.pb", "a.meta", "a.npz", "a.npy", "a.safetensors", "b" })
            Assert.Contains("is a pipe and no file", Assert.ThrowsAny<IOException>(() => ModelInspection.Of(_folder[name])).Message, StringComparison.Ordinal);
        Assert.Contains("is a pipe and no file", Assert.ThrowsAny<IOException>(() => NotebookDocument.Load(_folder["n.ipynb"])).Message, StringComparison.Ordinal);
        File.CreateSymbolicLink(_folder["link.pb"], _folder["a.pb"]);
        Assert.ThrowsAny<IOException>(() => ModelInspection.Of(_folder["link.pb"]));
    }

    [Fact]
    public void A_device_without_end_is_refused()
    {
        if (!OperatingSystem.IsLinux())
            return; // Elsewhere a path's type is not asked for.
        Assert.Contains("is a device and no file", Assert.ThrowsAny<IOException>(() => ModelInspection.Of("/dev/zero")).Message, StringComparison.Ordinal);
    }

    private static void MakePipe(string path)
    {
        using Process made = Process.Start("mkfifo", [path]);
        made.WaitForExit();
        Assert.Equal(0, made.ExitCode);
    }
}
