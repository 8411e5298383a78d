using NotebookPersist.Formats;
using NotebookPersist.Formats.Files;
using Xunit;

namespace NotebookPersist.Tests.Persistence.Freezing;

[Collection("Disk")]
public sealed class FailingDiskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Bytes_that_the_disk_changed_are_found_before_the_file_has_its_name()
    {
        if (OperatingSystem.IsWindows())
            return;
        var graph = new Graph();
        graph.Identity(graph.Variable(new[] { 1f, 2f }, name: "w").Value, "y");
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        Disk.Before = static (call, path) =>
        {
            if (call != DiskCall.Flush || !path.Contains("model.pb.tempstate", StringComparison.Ordinal))
                return;
            // Another process, which does not ask for a lock, as a failing disk does not.
            using var process = System.Diagnostics.Process.Start("sh", ["-c", $"printf 'Z' | dd of='{path}' bs=1 seek=20 conv=notrunc 2>/dev/null"]);
            process.WaitForExit();
        };
        try
        {
            Assert.ThrowsAny<CheckpointFormatException>(() => GraphFreezer.FreezeToFile(session, _folder["model.pb"], new FreezeOptions { OutputNames = ["y"] }));
        }
        finally
        {
            Disk.Before = null;
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }
}
