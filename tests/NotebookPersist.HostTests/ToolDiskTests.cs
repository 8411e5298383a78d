using Xunit;

namespace NotebookPersist.HostTests;

/// <summary>The tool on a disk without room, and saves in the background when it ends.</summary>
public sealed class ToolDiskTests(RunNotebook notebook) : IClassFixture<RunNotebook>
{
    private const int DiskByteCount = 1 << 20;
    private const int Page = 4096;

    private readonly string _folder = notebook.Folder;

    [RootTheory]
    [InlineData("freeze", "model/ckpt", "--output-node-names", "predictions", "-o", "DISK/frozen.pb")]
    [InlineData("convert", "model/ckpt", "DISK/copy")]
    [InlineData("convert", "model/ckpt", "DISK/copy", "--to", "v1")]
    [InlineData("convert", "model/ckpt", "DISK/copy.safetensors")]
    [InlineData("convert", "model/ckpt", "DISK/copy.npz")]
    [InlineData("convert", "model/ckpt/model.ckpt.meta", "DISK/graph.pbtxt")]
    [InlineData("optimize", "model/frozen.pb", "--outputs", "predictions", "-o", "DISK/optimized.pb")]
    [InlineData("unfreeze", "model/frozen.pb", "DISK/thawed", "--names", "W1,B1")]
    [InlineData("run", "model.ipynb", "-o", "DISK/out.ipynb")]
    [InlineData("run", "model.ipynb", "--html", "DISK/out.html")]
    public async Task A_full_disk_gives_one_clear_error_and_leaves_nothing_behind(params string[] arguments)
    {
        ToolResult frozen = await Tool.RunAsync(_folder, "freeze", "model/ckpt", "--output-node-names", "predictions", "-o", "model/frozen.pb");
        Assert.True(frozen.ExitCode == 0, frozen.Error);
        using SmallDisk disk = SmallDisk.Mount(DiskByteCount);
        string[] onDisk = [.. arguments.Select(a => a.Replace("DISK", disk.Path, StringComparison.Ordinal))];
        foreach (int left in new[] { 0, Page })
        {
            // The second time there is room for the first of several files.
            disk.Fill(left);
            ToolResult result = await Tool.RunAsync(_folder, onDisk);
            disk.Empty();
            string[] files = Directory.GetFiles(disk.Path);
            if (left > 0 && result.ExitCode == 0)
            {
                Assert.NotEmpty(files);
                return;
            }

            Assert.Equal(1, result.ExitCode);
            Assert.StartsWith("notebookpersist: ", result.Error, StringComparison.Ordinal);
            Assert.Contains(disk.Path, result.Error, StringComparison.Ordinal);
            Assert.Matches("the disk is full|there is no room", result.Error);
            Assert.Single(result.Error.TrimEnd().Split('\n'));
            Assert.Empty(files);
        }
    }

    [Fact]
    public async Task The_end_of_a_run_waits_for_a_save_in_the_background()
    {
        string folder = Write("waits", "model/ckpt/model.ckpt");
        ToolResult run = await Tool.RunAsync(folder, "run", "model.ipynb", "-o", "out.ipynb");

        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        ToolResult inspect = await Tool.RunAsync(folder, "inspect", "model/ckpt", "--json", "--verify");
        Assert.True(inspect.ExitCode == 0, inspect.Error);
        Assert.Contains("\"large\"", inspect.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetFiles(Path.Combine(folder, "model/ckpt")), static f => f.Contains(".tempstate", StringComparison.Ordinal));

        // The document tells how it ended, not how it began.
        string document = await File.ReadAllTextAsync(Path.Combine(folder, "out.ipynb"));
        Assert.Contains("model.ckpt", document, StringComparison.Ordinal);
        Assert.DoesNotContain(" in the background", document, StringComparison.Ordinal);
    }

    [RootTheory]
    [InlineData("")]
    [InlineData("throw new System.Exception(\\\"after\\\");")]
    public async Task A_save_in_the_background_that_fails_is_told_at_the_end_of_a_run(string last)
    {
        using SmallDisk disk = SmallDisk.Mount(DiskByteCount);
        string folder = Write("fails" + last.Length, disk.Path + "/model.ckpt", last);
        ToolResult run = await Tool.RunAsync(folder, "run", "model.ipynb", "-o", "out.ipynb");

        Assert.Equal(1, run.ExitCode);
        Assert.Matches("notebookpersist: A save in the background failed: .*(the disk is full|there is no room)", run.Error);
        Assert.Contains(disk.Path, run.Error, StringComparison.Ordinal);
        Assert.Equal(last.Length == 0 ? 1 : 2, run.Error.TrimEnd().Split("notebookpersist: ").Length - 1);
        Assert.Empty(Directory.GetFiles(disk.Path));
        Assert.True(File.Exists(Path.Combine(folder, "out.ipynb")));
    }

    // 4 MB: more than the small disk holds.
    private string Write(string name, string prefix, string last = "")
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        string source = RunNotebook.Source
            .Replace("var session = ", "var large = tf.Variable(tf.Zeros([1000, 1000]), name: \\\"large\\\"); var session = ", StringComparison.Ordinal)
            .Replace("#!save model/ckpt/model.ckpt", "#!save --async " + prefix + (last.Length > 0 ? "\\n" + last : ""), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder, "model.ipynb"), source);
        return folder;
    }
}
