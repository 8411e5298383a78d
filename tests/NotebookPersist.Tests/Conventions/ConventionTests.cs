using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using NotebookPersist.Graphs.OpModel;
using Xunit;

namespace NotebookPersist.Tests.Conventions;

public sealed partial class ConventionTests
{
    private const int MostLines = 600;

    // Each layer knows those before it; the two hosts do not know each other.
    private static readonly string[][] Layers =
        [["Tensors"], ["Formats"], ["Graphs"], ["Execution"], ["Persistence"], ["Notebooks"], ["Kernel", "Interactive"], ["FSharp"], ["Tool"]];

    [Fact]
    public void Projects_know_only_the_layers_below()
    {
        var faults = new List<string>();
        foreach (string path in RepositoryFiles.Sources("src", "*.csproj"))
        {
            string project = Layer(path);
            int level = Array.FindIndex(Layers, l => l.Contains(project));
            Assert.True(level >= 0, $"Project '{project}' is in no layer.");
            foreach (string reference in XDocument.Load(Path.Combine(RepositoryFiles.Root, path)).Descendants("ProjectReference").Select(static r => r.Attribute("Include")!.Value))
            {
                if (!Layers[..level].Any(l => l.Contains(Layer(reference.Replace('\\', '/')))))
                    faults.Add($"{project} refers to {Layer(reference)}");
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void The_top_level_holds_what_the_design_names_and_nothing_else()
    {
        string[] named = ["Directory.Build.props", "Directory.Packages.props", "NotebookPersist.sln", "README.md", "global.json", "notebooks", "protos", "src", "tests"];
        IEnumerable<string> found = Directory.EnumerateFileSystemEntries(RepositoryFiles.Root).Select(Path.GetFileName).OfType<string>()
            .Where(static n => !n.StartsWith('.') && n != "artifacts");
        Assert.Empty(found.Except(named));
    }

    [Fact]
    public void No_source_file_is_longer_than_a_reader_can_follow()
    {
        string[] tooLong = [.. RepositoryFiles.Sources("src", "*.cs").Concat(RepositoryFiles.Sources("tests", "*.cs"))
            .Select(static p => (Path: p, Lines: RepositoryFiles.Lines(p).Count()))
            .Where(static f => f.Lines > MostLines)
            .Select(static f => $"{f.Path}: {f.Lines} lines")];
        Assert.Empty(tooLong);
    }

    [Fact]
    public void No_type_is_named_for_what_it_vaguely_does()
    {
        string[] vague = [.. ProductAssemblies().SelectMany(static a => a.GetTypes())
            .Where(static t => t.Namespace?.StartsWith("NotebookPersist", StringComparison.Ordinal) == true && t.Namespace != "NotebookPersist.Protos")
            // The facade spells TensorFlow's own module names, such as tf.graph_util.
            .Where(static t => t.DeclaringType?.Name != "tf" && VagueName().IsMatch(t.Name))
            .Select(static t => t.FullName!)];
        Assert.Empty(vague);
    }

    [Fact]
    public void Unsafe_code_stays_in_the_tensors()
    {
        string[] elsewhere = [.. RepositoryFiles.Sources("src", "*.cs").Concat(RepositoryFiles.Sources("src", "*.csproj"))
            .Where(static p => Layer(p) != "Tensors")
            .Where(static p => UnsafeCode().IsMatch(File.ReadAllText(Path.Combine(RepositoryFiles.Root, p))))];
        Assert.Empty(elsewhere);
    }

    [Fact]
    public void Files_that_somebody_names_are_opened_where_pipes_and_devices_are_refused()
    {
        Dictionary<string, string> allowed = new(StringComparer.Ordinal)
        {
            ["src/NotebookPersist.Formats/Files/RegularFile.cs"] = "refuses them",
            ["src/NotebookPersist.Formats/Files/AtomicFile.cs"] = "opens its own temporary file",
            ["src/NotebookPersist.Formats/Files/AtomicFolder.cs"] = "copies files of a folder that the library wrote",
            ["src/NotebookPersist.Formats/Files/Disk.cs"] = "makes a new file",
            ["src/NotebookPersist.Formats/Bundles/BundleWriter.cs"] = "joins its own temporary files",
            ["src/NotebookPersist.Graphs/Ops/Datasets/RecordDatasets.cs"] = "to be changed",
        };
        string[] found = [.. RepositoryFiles.Sources("src", "*.cs").Where(static p => RawRead().IsMatch(File.ReadAllText(Path.Combine(RepositoryFiles.Root, p))))];
        Assert.Empty(found.Except(allowed.Keys));
    }

    [Fact]
    public void Every_operation_says_whether_it_has_a_gradient()
    {
        string[] silent = [.. OpRegistry.BuiltIn.All
            .Where(static o => !o.Gradient.IsDifferentiable && string.IsNullOrWhiteSpace(o.Gradient.Reason))
            .Select(static o => o.Signature.Name)];
        Assert.Empty(silent);
    }

    private static IEnumerable<Assembly> ProductAssemblies() => Directory
        .EnumerateFiles(AppContext.BaseDirectory, "NotebookPersist.*.dll")
        .Where(static p => !Path.GetFileName(p).Contains("Tests", StringComparison.Ordinal))
        .Select(static p => Assembly.Load(Path.GetFileNameWithoutExtension(p)));

    private static string Layer(string path) => LayerName().Match(path).Groups[1].Value;

    [GeneratedRegex(@"NotebookPersist\.(\w+)/")]
    private static partial Regex LayerName();

    [GeneratedRegex(@"\bFile\.(Open|OpenRead|OpenText|OpenHandle|ReadAllBytes|ReadAllText|ReadAllLines|ReadLines)(Async)?\(")]
    private static partial Regex RawRead();

    [GeneratedRegex(@"Helper|Util|Manager|Impl$|Info$")]
    private static partial Regex VagueName();

    [GeneratedRegex(@"^\s*[^/\s].*\bunsafe\b\s+(class|struct|static|void|partial|delegate|\{)|^\s*unsafe\s*$|AllowUnsafeBlocks>true", RegexOptions.Multiline)]
    private static partial Regex UnsafeCode();
}
