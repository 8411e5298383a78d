using System.IO.Compression;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NotebookPersist.Kernel.Scripting;
using Xunit;

namespace NotebookPersist.Tests.Kernel.Scripting;

public sealed class PackageReferencesTests : IDisposable
{
    private readonly string _source = Directory.CreateTempSubdirectory("notebookpersist-").FullName;
    private readonly ScriptEngine _engine;
    private readonly CellOutputList _shown = new();

    public PackageReferencesTests() => _engine = new ScriptEngine(new ScriptEngineOptions { PackageSources = [_source] });

    public void Dispose() => _engine.Dispose();

    [Fact]
    public async Task A_package_of_a_local_source_is_restored_and_used_in_the_same_cell_and_later()
    {
        Pack("NotebookPersist.Sample.Greeting", "NotebookPersist.Sample.Greeting", "1.0.0.0", "public static class Greeting { public static string Of(string s) => \"Hello, \" + s; }");
        var result = await RunAsync("#r \"nuget: NotebookPersist.Sample.Greeting, 1.0.0\"\nvar g = Greeting.Of(\"Ada\");\ng");

        Assert.True(result.Status == CellStatus.Succeeded, result.Error?.Message);
        Assert.Equal("Hello, Ada", result.Value);
        Assert.Equal("Hello, Eva", (await RunAsync("Greeting.Of(\"Eva\")")).Value);
        Assert.Equal(CellStatus.Succeeded, (await RunAsync("#r \"nuget: NotebookPersist.Sample.Greeting, 1.0.0\"")).Status);
        Assert.Contains("already uses 1.0.0", (await RunAsync("\n#r \"nuget: NotebookPersist.Sample.Greeting, 2.0.0\"")).Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_package_that_would_replace_an_assembly_of_the_host_is_refused_in_words()
    {
        Pack("NotebookPersist.Sample.Conflict", "NetMQ", "99.0.0.0", "public static class Mine { }");
        var result = await RunAsync("#r \"nuget: NotebookPersist.Sample.Conflict, 1.0.0\"\n1");

        Assert.Equal(CellStatus.Rejected, result.Status);
        Assert.Contains("already runs 'NetMQ'", result.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync("1 + 1")).Value);
    }

    [Fact]
    public async Task A_package_that_is_nowhere_is_named_with_the_line_and_the_next_cell_runs()
    {
        var result = await RunAsync("// first\n#r \"nuget: NotebookPersist.Sample.Nowhere, 1.0.0\"\n1");

        Assert.Equal((CellStatus.Rejected, 2), (result.Status, result.Error!.Line!.Value));
        Assert.Contains("NotebookPersist.Sample.Nowhere", result.Error.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync("1 + 1")).Value);
    }

    [Fact]
    public async Task A_directive_that_cannot_be_read_says_how_to_write_it()
        => Assert.Contains("Write #r", (await RunAsync("#r \"nuget: a b c\"")).Error!.Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_package_that_the_host_has_itself_is_there_without_a_restore_and_in_no_other_version()
    {
        using var engine = new ScriptEngine(new ScriptEngineOptions
        {
            PackageSources = [_source],
            ProvidedPackages = new Dictionary<string, string> { ["NotebookPersist.Sample.Provided"] = "1.2.3" },
        });
        Assert.Equal(2, (await engine.RunAsync("#r \"nuget: NotebookPersist.Sample.Provided\"\nusing System.Text;\n1 + 1", _shown)).Value);
        Assert.Equal(3, (await engine.RunAsync("#r \"nuget: notebookpersist.sample.provided, 1.2.3\"\n1 + 2", _shown)).Value);
        Assert.Equal(4, (await engine.RunAsync("#r \"nuget: NotebookPersist.Sample.Provided, 1.*\"\n1 + 3", _shown)).Value);

        CellResult refused = await engine.RunAsync("\n#r \"nuget: NotebookPersist.Sample.Provided, 2.0.0\"", _shown);
        Assert.Equal((CellStatus.Rejected, 2), (refused.Status, refused.Error!.Line!.Value));
        Assert.Equal(
            "Cannot use 'NotebookPersist.Sample.Provided' 2.0.0: this notebook host is 'NotebookPersist.Sample.Provided' 1.2.3 itself. "
            + "Write #r \"nuget: NotebookPersist.Sample.Provided\".",
            refused.Error.Message);
    }

    [Fact]
    public async Task A_source_of_a_failed_restore_is_forgotten_and_a_relative_one_starts_from_the_base_directory()
    {
        using var engine = new ScriptEngine(new ScriptEngineOptions { PackageSources = [_source], BaseDirectory = _source });
        const string package = "#r \"nuget: NotebookPersist.Sample.Nowhere, 1.0.0\"";
        CellResult mistyped = await engine.RunAsync("#i \"nuget:/nowhere/mistyped\"\n" + package, _shown);
        Assert.Contains("/nowhere/mistyped", mistyped.Error!.Message, StringComparison.Ordinal);

        CellResult relative = await engine.RunAsync("#i \"nuget:missing\"\n" + package, _shown);
        Assert.Contains(Path.Combine(_source, "missing"), relative.Error!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("mistyped", relative.Error.Message, StringComparison.Ordinal);
    }

    private Task<CellResult> RunAsync(string code) => _engine.RunAsync(code, _shown);

    private void Pack(string id, string assemblyName, string version, string code)
    {
        var tree = CSharpSyntaxTree.ParseText($"[assembly: System.Reflection.AssemblyVersion(\"{version}\")]\n{code}");
        var compilation = CSharpCompilation.Create(
            assemblyName, [tree], [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)], new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using var zip = ZipFile.Open(Path.Combine(_source, $"{id}.1.0.0.nupkg"), ZipArchiveMode.Create);
        using (var spec = new StreamWriter(zip.CreateEntry($"{id}.nuspec").Open()))
        {
            spec.Write($"""
                <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"><metadata><id>{id}</id><version>1.0.0</version>
                <authors>tests</authors><description>A sample.</description></metadata></package>
                """);
        }

        using var assembly = new MemoryStream();
        Assert.True(compilation.Emit(assembly).Success);
        using var entry = zip.CreateEntry($"lib/net{Environment.Version.Major}.0/{assemblyName}.dll").Open();
        assembly.WriteTo(entry);
    }
}
