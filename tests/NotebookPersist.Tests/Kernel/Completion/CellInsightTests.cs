using NotebookPersist.Kernel;
using NotebookPersist.Kernel.Completion;
using NotebookPersist.Kernel.Scripting;
using NotebookPersist.Tests.Tutorials;
using Xunit;

namespace NotebookPersist.Tests.Kernel.Completion;

[Collection(DefaultGraphCollection.Name)]
public sealed class CellInsightTests : IDisposable
{
    private readonly NotebookHost _host = new();
    private readonly TemporaryFolder _folder = new();

    public CellInsightTests() => tf.ResetDefaultGraph();

    public void Dispose()
    {
        _host.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("tf.Placeh|", "Placeholder")]
    [InlineData("new Sav|", "Saver")]
    [InlineData("Console.WriteL|", "WriteLine")]
    [InlineData("numbers.Whe|", "Where")]
    [InlineData("var s = shared.|", "Length")]
    [InlineData("fore|", "foreach")]
    [InlineData("#!lsmagic\nnumbers.Cou|", "Count")]
    public async Task Members_types_keywords_and_names_of_earlier_cells_are_completed(string typed, string expected)
    {
        await Run("var numbers = new List<int> { 1 };");
        await Run("string shared = \"text\"; class Local { }");
        Assert.Contains(expected, Texts(await Complete(typed)));
    }

    [Fact]
    public async Task Steps_of_a_series_of_checkpoints_are_completed_and_restored()
    {
        await Run("var v = tf.Variable(1f, name: \"v\"); var session = new Session(); session.Run(v.Initializer);");
        foreach (int step in (int[])[5, 20, 100])
        {
            await Run($"session.Run(v.Assign({step}f));");
            await Run($"#!save \"{_folder.Path}/model\" --step {step}");
        }

        Assert.Equal(["100", "20", "5"], Texts(await Complete($"#!restore {_folder.Path}/model --step |")));
        Assert.Equal(["20"], Texts(await Complete($"#!restore {_folder.Path}/model --step 2|")));
        await Run($"#!restore \"{_folder.Path}/model\" --step 20");
        await Run("if ((float)session.Run(v) != 20f) throw new InvalidOperationException(\"other values\");");
    }

    [Fact]
    public async Task Paths_of_scripts_and_assemblies_are_completed_in_directives()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "lib"));
        foreach (string name in (string[])["script.csx", "code.cs", "notes.txt", "lib.dll"])
            File.WriteAllText(Path.Combine(_folder.Path, name), "");
        string[] Of(params string[] names) => [.. names.Select(n => $"{_folder.Path}/{n}")];
        Assert.Equal(Of("code.cs", "lib/", "script.csx"), Texts(await Complete($"#load \"{_folder.Path}/|")));
        Assert.Equal(Of("script.csx"), Texts(await Complete($"int a = 1;\n#load \"{_folder.Path}/sc|")));
        Assert.Equal(Of("lib.dll", "lib/"), Texts(await Complete($"#r \"{_folder.Path}/|")));
    }

    [Fact]
    public async Task Later_declarations_hide_earlier_ones_and_nothing_is_left_after_a_reset()
    {
        await Run("int value = 1;");
        await Run("string value = \"now text\";");
        Assert.Contains("ToUpper", Texts(await Complete("value.ToUp|")));
        _host.Engine.Reset();
        await _host.Engine.Ready;
        Assert.DoesNotContain("value", Texts(await Complete("valu|")));
    }

    [Fact]
    public async Task Cells_that_end_in_expressions_and_names_that_expressions_declare_are_known()
    {
        await Run("int first = 1;\nfirst");
        await Run("int.TryParse(\"1\", out var parsed)");
        await Run("var (left, right) = (\"text\", 2);");
        await Run("first + 1 // nothing to see");
        await Run("int Twice(int n) => 2 * n;");
        Assert.Contains("CompareTo", Texts(await Complete("first.Comp|")));
        Assert.Contains("CompareTo", Texts(await Complete("parsed.Comp|")));
        Assert.Contains("ToUpper", Texts(await Complete("left.ToUp|")));
        Assert.Contains("int Twice(int n)", (await Describe("Twice(|"))!.PlainText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_declared_again_does_not_change_what_earlier_cells_meant_by_it()
    {
        await Run("string source = \"text\";");
        await Run("using System.Text;");
        await Run("var copy = source;");
        await Run("int source = 1;");
        Assert.Contains("ToUpper", Texts(await Complete("copy.ToUp|")));
        Assert.Contains("CompareTo", Texts(await Complete("source.Comp|")));
        Assert.DoesNotContain("ToUpper", Texts(await Complete("source.ToUp|")));
        Assert.Contains("StringBuilder", Texts(await Complete("StringBui|")));
    }

    [Fact]
    public async Task What_is_offered_can_be_put_in_as_it_is()
    {
        await Run("var x = new List<int>();");
        Assert.DoesNotContain("StringBuilder", Texts(await Complete("StringBui|"))); // Its namespace is not imported.
        Assert.All(Texts(await Complete("x.|")), static text => Assert.Matches("^[A-Za-z]", text));
    }

    [Fact]
    public async Task Documentation_of_the_framework_is_found_in_whatever_file_it_lies()
    {
        Assert.Contains("Represents the empty string", (await Describe("string.Emp|ty"))!.PlainText, StringComparison.Ordinal);
        Assert.Contains("Adds the elements", (await Describe("new List<int>().AddRan|ge"))!.PlainText, StringComparison.Ordinal);
        Assert.Contains("Filters a sequence", (await Describe("new List<int>().Whe|re"))!.PlainText, StringComparison.Ordinal);
        Assert.Contains("val2: The second of two", (await Describe("Math.Max(1, |"))!.PlainText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_of_the_graph_are_completed_inside_strings()
    {
        await Run("var x = tf.Placeholder(tf.Float32, [1], name: \"input/x\"); var w = tf.Variable(1f, name: \"layer/w\");");
        Assert.Equal(["input/x:0"], Texts(await Complete("Graph.Default.GetTensorByName(\"inp|")));
        Assert.Equal(["input/x:0"], Texts(await Complete("Graph.Default.GetTensorByName(\"inp|\")")));
        Assert.Contains("layer/w", Texts(await Complete("Graph.Default.GetOperationByName(\"lay|\")")));
        Assert.Equal(["input/x:0"], Texts(await Complete("var f = new FeedDict { [\"|\"] = 1f };")));
        Assert.Empty((await Complete("Console.WriteLine(\"inp|\");")).Items);
    }

    [Fact]
    public async Task Magics_are_completed_with_their_parameters_paths_and_checkpoints()
    {
        await Run("var w = tf.Variable(1f, name: \"layer/w\"); var session = new Session(); session.Run(tf.GlobalVariablesInitializer());");
        string prefix = _folder["model.ckpt"];
        await Run($"#!save {prefix} --step 7");
        Assert.Equal(["#!restore"], Texts(await Complete("#!rest|")));
        Assert.Contains("--dry-run", Texts(await Complete("#!restore a --d|")));
        Assert.Equal([prefix + "-7", prefix + "-7.meta"], Texts(await Complete($"#!restore {_folder["mod"]}|")));
        Assert.Equal(["layer/w"], Texts(await Complete("#!restore a --vars lay|")));
        Assert.Equal(["session"], Texts(await Complete("#!restore a --session s|")));
        Assert.Empty((await Complete("#!nosuch a|")).Items);
        Assert.Contains("--partial", (await Describe("#!resto|re a"))!.PlainText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_of_magics_are_completed_also_at_the_end_of_the_cell()
    {
        await Run("var numbers = new[] { 1 }; var session = new Session();");
        await Run("#!value --name text\nx");
        Assert.Contains("session", Texts(await Complete("#!save model --session |")));
        Assert.Contains("session", Texts(await Complete("#!save model --session=|")));
        Assert.Equal(["csharp", "fsharp", "value"], Texts(await Complete("#!share --from |")));
        Assert.Equal(["numbers"], Texts(await Complete("#!share --from csharp nu|")));
        Assert.Equal(["@csharp:numbers"], Texts(await Complete("#!set --name q --value @csharp:nu|")));
        Assert.Equal(["@value:text"], Texts(await Complete("#!set --name q --value @v|")));
    }

    [Fact]
    public async Task Names_of_parameters_are_completed_with_their_colon()
    {
        await Run("int Twice(int n, string label = \"a\") => 2 * n; class Person { public string Name; public int Age { get; set; } }");
        Assert.Equal(["label:", "n:"], Texts(await Complete("Twice(|")).Where(static t => t.EndsWith(':')).Order());
        Assert.Contains("label:", Texts(await Complete("Twice(1, la|")));
        Assert.Contains("name:", Texts(await Complete("tf.Placeholder(tf.Float32, na|")));
        Assert.Equal(["Age", "Name"], Texts(await Complete("new Person { |")));
        Assert.Contains("Person", Texts(await Complete("var p = new |")));
    }

    [Fact]
    public async Task Positions_hold_in_cells_whose_lines_end_as_on_Windows()
    {
        await Run("var numbers = new List<int> { 1 };");
        Assert.Contains("Count", Texts(await Complete("#!time\r\nint a = 1;\r\nnumbers.Cou|nt")));
        Assert.Equal(["#!save"], Texts(await Complete("int a = 1;\r\n#!sav|\r\n1")));
        Assert.Contains("List<int>", (await Describe("int a = 1;\r\n\r\nnum|bers"))!.PlainText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Packages_on_the_machine_are_completed_with_their_versions()
    {
        foreach (string version in (string[])["9.0.0", "10.0.0", "10.0.0-beta"])
            Directory.CreateDirectory(Path.Combine(_folder.Path, "some.package", version));
        Directory.CreateDirectory(Path.Combine(_folder.Path, "some.other"));
        foreach (string version in (string[])["9.0.0", "10.0.0", "10.0.0-beta"])
            await File.WriteAllTextAsync(Path.Combine(_folder.Path, "some.package", version, "some.package.nuspec"), "<package><metadata><id>Some.Package</id></metadata></package>");
        Assert.Equal(["some.other", "Some.Package"], Texts(PackageCompletion.Of(" SOME", 20, _folder.Path)));
        CellCompletion versions = PackageCompletion.Of("Some.Package, 1", 20, _folder.Path);
        Assert.Equal(["10.0.0", "10.0.0-beta"], Texts(versions));
        Assert.Equal(19, versions.Start);
        Assert.Equal(["10.0.0", "10.0.0-beta", "9.0.0"], Texts(PackageCompletion.Of("some.package,", 20, _folder.Path)));
        Assert.Empty(PackageCompletion.Of(" no.such, ", 20, _folder.Path).Items);
        Assert.Contains("xunit", Texts(await Complete("int a = 1;\n#r \"nuget: xuni|")));
    }

    [Fact]
    public async Task Paths_and_names_in_lists_are_completed_inside_strings()
    {
        await Run("var x = tf.Placeholder(tf.Float32, [1], name: \"input/x\"); var session = new Session();");
        Assert.Contains("input/x:0", Texts(await Complete("session.Run([\"inp|\"])")));
        Assert.Contains("input/x:0", Texts(await Complete("session.Run(new[] { \"a:0\", \"inp| })")));
        Assert.Equal(["input/x:0"], Texts(await Complete("Graph.Default.GetTensorByName(@\"|\")")));
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "model 1.index"), "");
        Assert.Equal([$"{_folder.Path}/model 1"], Texts(await Complete($"new Saver().Restore(session, \"{_folder.Path}/mod|")));
        Assert.Equal([$"{_folder.Path}/model 1"], Texts(await Complete($"File.ReadAllText(@\"{_folder.Path}/mod|\")")));
    }

    [Fact]
    public async Task Signatures_tell_documentation_that_is_taken_over_and_details_the_code_of_cells()
    {
        Assert.Contains("A value that each run must be fed with.", (await Describe("tf.Placeholder(|"))!.PlainText, StringComparison.Ordinal);
        await Run("int Twice(int n) => 2 * n; var kept = Twice(4);");
        string code = (await _host.Insight.DescribeAsync("Twice", 3, isDetailed: true))!.PlainText;
        Assert.EndsWith("int Twice(int n) => 2 * n;", code, StringComparison.Ordinal);
        Assert.EndsWith("var kept = Twice(4);", (await _host.Insight.DescribeAsync("kept", 3, isDetailed: true))!.PlainText, StringComparison.Ordinal);
        Assert.DoesNotContain("=>", (await _host.Insight.DescribeAsync("Twice", 3))!.PlainText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hovering_tells_documentation_and_value()
    {
        await Run("int answer = 42;");
        string variable = (await Describe("ans|wer"))!.PlainText;
        Assert.Contains("int answer", variable, StringComparison.Ordinal);
        Assert.EndsWith("answer = 42", variable, StringComparison.Ordinal);
        Assert.Contains("checkpoint", (await Describe("new Sav|er()"))!.PlainText, StringComparison.OrdinalIgnoreCase);
        Assert.Null(await Describe("  |  "));
    }

    [Fact]
    public async Task Inside_a_call_its_overloads_are_told_with_the_parameter_that_comes()
    {
        CellDescription overloads = (await Describe("Math.Max(1, |"))!;
        Assert.Contains("int Math.Max(int val1, int val2)", overloads.PlainText, StringComparison.Ordinal);
        Assert.Contains("double Math.Max(double val1, double val2)", overloads.PlainText, StringComparison.Ordinal);
        Assert.Contains("Session", (await Describe("new Session(|"))!.PlainText, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Texts(CellCompletion completion) => completion.Items.Select(static i => i.Text);

    private Task<CellCompletion> Complete(string marked) => _host.Insight.CompleteAsync(marked.Replace("|", "", StringComparison.Ordinal), marked.IndexOf('|', StringComparison.Ordinal));

    private Task<CellDescription?> Describe(string marked) => _host.Insight.DescribeAsync(marked.Replace("|", "", StringComparison.Ordinal), marked.IndexOf('|', StringComparison.Ordinal));

    private async Task Run(string code)
    {
        CellResult result = await _host.Cells.RunAsync(new CellRequest(code), new CellOutputList());
        Assert.True(result.Status == CellStatus.Succeeded, result.Error?.Message);
    }
}
