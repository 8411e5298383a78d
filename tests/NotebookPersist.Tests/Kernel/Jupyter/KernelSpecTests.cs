using System.Text.Json.Nodes;
using NotebookPersist.Kernel.Jupyter;
using NotebookPersist.Kernels.Images;
using Xunit;

namespace NotebookPersist.Tests.Kernel.Jupyter;

public sealed class KernelSpecTests
{
    [Fact]
    public void Installing_writes_a_specification_that_starts_the_tool_and_uninstalling_removes_it()
    {
        var prefix = Directory.CreateTempSubdirectory("notebookpersist-").FullName;
        var tool = Path.Combine(prefix, "tool.dll");
        File.WriteAllBytes(tool, []);
        var folder = KernelSpec.Install(tool, prefix);

        Assert.Equal(Path.Combine(prefix, "share", "jupyter", "kernels", "notebookpersist"), folder);
        var spec = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "kernel.json")))!;
        Assert.Equal([KernelSpec.Dotnet, tool, "kernel", "run", "{connection_file}"], spec["argv"]!.AsArray().Select(a => (string?)a));
        Assert.Equal(("C# (NotebookPersist)", "C#", "message"), ((string?)spec["display_name"], (string?)spec["language"], (string?)spec["interrupt_mode"]));
        Assert.Equal("0", (string?)spec["env"]!["DOTNET_TieredPGO"]);
        foreach (var (logo, width) in ((string, int)[])[("logo-32x32.png", 32), ("logo-64x64.png", 64)])
        {
            var picture = PngReader.Read(File.ReadAllBytes(Path.Combine(folder, logo)));
            Assert.Equal((width, width, 4), (picture.Width, picture.Height, picture.Channels));
        }

        Assert.StartsWith("<svg", File.ReadAllText(Path.Combine(folder, "logo-svg.svg")), StringComparison.Ordinal);
        Assert.Equal(folder, KernelSpec.Uninstall(prefix));
        Assert.Null(KernelSpec.Uninstall(prefix));
        Assert.Throws<FileNotFoundException>(() => KernelSpec.Install(tool + "x", prefix));
    }

    [Fact]
    public void A_tool_that_brings_its_own_runtime_is_started_by_its_own_name()
    {
        var prefix = Directory.CreateTempSubdirectory("notebookpersist-").FullName;
        foreach (var file in (string[])["tool.dll", Path.GetFileName(typeof(object).Assembly.Location), OperatingSystem.IsWindows() ? "tool.exe" : "tool"])
            File.WriteAllBytes(Path.Combine(prefix, file), []);
        var folder = KernelSpec.Install(Path.Combine(prefix, "tool.dll"), prefix);
        var spec = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "kernel.json")))!;
        Assert.Equal([Path.Combine(prefix, OperatingSystem.IsWindows() ? "tool.exe" : "tool"), "kernel", "run", "{connection_file}"], spec["argv"]!.AsArray().Select(a => (string?)a));
        Directory.Delete(prefix, recursive: true);
    }

    [Fact]
    public void Uninstalling_leaves_files_that_are_not_ours()
    {
        var prefix = Directory.CreateTempSubdirectory("notebookpersist-").FullName;
        var tool = Path.Combine(prefix, "tool.dll");
        File.WriteAllBytes(tool, []);
        var folder = KernelSpec.Install(tool, prefix);
        var notes = Path.Combine(folder, "notes.txt");
        File.WriteAllText(notes, "mine");
        KernelSpec.Uninstall(prefix);
        Assert.Equal([notes], Directory.GetFileSystemEntries(folder));
        Directory.Delete(prefix, recursive: true);
    }

    [Fact]
    public void Other_names_can_be_chosen_but_not_those_of_other_kernels()
    {
        var prefix = Directory.CreateTempSubdirectory("notebookpersist-").FullName;
        var tool = Path.Combine(prefix, "tool.dll");
        File.WriteAllBytes(tool, []);
        Assert.Equal(".net-csharp", Path.GetFileName(KernelSpec.Install(tool, prefix, ".net-csharp")));
        KernelSpec.Install(tool, prefix, ".net-csharp"); // Installed again it is replaced.
        Assert.NotNull(KernelSpec.Uninstall(prefix, ".net-csharp"));
        Assert.Throws<ArgumentException>(() => KernelSpec.Install(tool, prefix, "../x"));

        var stranger = Directory.CreateDirectory(Path.Combine(prefix, "share", "jupyter", "kernels", "python3")).FullName;
        File.WriteAllText(Path.Combine(stranger, "kernel.json"), """{"argv":["python3","-m","ipykernel_launcher","-f","{connection_file}"]}""");
        Assert.Contains("another program", Assert.Throws<IOException>(() => KernelSpec.Install(tool, prefix, "python3")).Message, StringComparison.Ordinal);
        Assert.Throws<IOException>(() => KernelSpec.Uninstall(prefix, "python3"));
    }

    [Fact]
    public void A_connection_file_is_read_and_what_is_none_is_refused()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("notebookpersist-").FullName, "c.json");
        const string json = """{"shell_port":1,"iopub_port":2,"stdin_port":3,"control_port":4,"hb_port":5,"ip":"127.0.0.1","key":"k","transport":"tcp","signature_scheme":"hmac-sha256","kernel_name":"x"}""";
        File.WriteAllText(path, json);
        Assert.Equal("tcp://127.0.0.1:4", ConnectionFile.Load(path).EndpointOf(ConnectionFile.Load(path).ControlPort));
        File.WriteAllText(path, json.Replace("hmac-sha256", "md5", StringComparison.Ordinal));
        Assert.Throws<IOException>(() => ConnectionFile.Load(path));
        File.WriteAllText(path, "{}");
        Assert.Throws<IOException>(() => ConnectionFile.Load(path));
    }
}
