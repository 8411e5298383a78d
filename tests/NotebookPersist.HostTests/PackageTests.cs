using System.Diagnostics;
using System.IO.Compression;
using System.Reflection;
using System.Xml.Linq;
using Xunit;

namespace NotebookPersist.HostTests;

/// <summary>The NuGet package that .NET Interactive loads.</summary>
public sealed class PackageTests
{
    private static readonly string[] Layers = ["Execution", "Formats", "Graphs", "Interactive", "Notebooks", "Persistence", "Tensors"];

    [Fact]
    public async Task One_package_holds_all_libraries_with_documentation_and_the_script()
    {
        string folder = Directory.CreateTempSubdirectory("notebookpersist-").FullName;
        try
        {
            using ZipArchive package = ZipFile.OpenRead(await PackAsync(folder));
            string[] entries = [.. package.Entries.Select(static e => e.FullName)];
            Assert.Equal(
                Layers.SelectMany(static l => new[] { $"lib/net10.0/NotebookPersist.{l}.dll", $"lib/net10.0/NotebookPersist.{l}.xml" }),
                entries.Where(static e => e.StartsWith("lib/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
            Assert.Equal(["interactive-extensions/dotnet/extension.dib"], entries.Where(static e => e.StartsWith("interactive-extensions/", StringComparison.Ordinal)));
            Assert.Contains("README.md", entries);
            Assert.Contains("logo-64x64.png", entries);
            Check(Metadata(package));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Check(XElement metadata)
    {
        string? Value(string name) => metadata.Elements().SingleOrDefault(e => e.Name.LocalName == name)?.Value;
        Assert.Equal("NotebookPersist", Value("id"));
        Assert.Equal("Apache-2.0", Value("license"));
        Assert.Equal("README.md", Value("readme"));
        Assert.Equal("logo-64x64.png", Value("icon"));
        Assert.Contains("polyglot-notebooks", Value("tags"), StringComparison.Ordinal);
        Assert.NotEqual("Package Description", Value("description"));

        string[] needed = [.. metadata.Descendants().Where(static e => e.Name.LocalName == "dependency").Select(static e => e.Attribute("id")!.Value)];
        Assert.Contains("Google.Protobuf", needed);
        Assert.Contains("Snappier", needed);
        Assert.Contains("System.IO.Hashing", needed);
        Assert.Contains("System.Numerics.Tensors", needed);
        Assert.Contains("Microsoft.DotNet.Interactive.Formatting", needed);
        Assert.Contains("Plotly.NET.CSharp", needed);
        Assert.DoesNotContain(needed, static n => n.StartsWith("NotebookPersist", StringComparison.Ordinal));
    }

    private static XElement Metadata(ZipArchive package)
    {
        using Stream stream = package.GetEntry("NotebookPersist.nuspec")!.Open();
        return XDocument.Load(stream).Root!.Elements().Single(static e => e.Name.LocalName == "metadata");
    }

    private static async Task<string> PackAsync(string folder)
    {
        string configuration = typeof(Tool).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(static a => a.Key == "Configuration").Value!;
        var start = new ProcessStartInfo("dotnet", ["pack", "src/NotebookPersist.Interactive", "--no-build", "-c", configuration, "-o", folder])
        {
            WorkingDirectory = Tool.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await output + await error);
        return Assert.Single(Directory.GetFiles(folder, "*.nupkg"));
    }
}
