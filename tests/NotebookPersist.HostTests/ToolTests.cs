using System.Text.Json;
using Xunit;

namespace NotebookPersist.HostTests;

/// <summary>A folder with a notebook that was run by the tool, and the model that it saved.</summary>
public sealed class RunNotebook : IAsyncLifetime
{
    internal const string Source = """
        {"cells":[{"cell_type":"code","execution_count":null,"id":"a","metadata":{"tags":["parameters"]},"outputs":[],"source":["var w = 5.0;"]},
        {"cell_type":"code","execution_count":null,"id":"b","metadata":{},"outputs":[],"source":[
        "var x = tf.Placeholder(tf.Float32, shape: [1], name: \"input_holder\");\n",
        "var W1 = tf.Variable(tf.Constant(w, shape: [1]), name: \"W1\");\n",
        "var B1 = tf.Variable(tf.Constant(1.0, shape: [1]), name: \"B1\");\n",
        "tf.Greater(x * W1 + B1, 50, name: \"predictions\");\n",
        "var session = new Session();\n",
        "session.Run(tf.GlobalVariablesInitializer());"]},
        {"cell_type":"code","execution_count":null,"id":"c","metadata":{},"outputs":[],"source":["#!save model/ckpt/model.ckpt"]}],
        "metadata":{"kernelspec":{"display_name":"C# (NotebookPersist)","language":"C#","name":"notebookpersist"}},"nbformat":4,"nbformat_minor":5}
        """;

    internal string Folder { get; } = Directory.CreateTempSubdirectory("notebookpersist-").FullName;

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "model.ipynb"), Source);
        ToolResult run = await Tool.RunAsync(Folder, "run", "model.ipynb", "-o", "out.ipynb", "--html", "out.html");
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }
}

/// <summary>The tool's commands, exit codes and messages.</summary>
public sealed class ToolTests(RunNotebook notebook) : IClassFixture<RunNotebook>
{
    private readonly string _folder = notebook.Folder;

    [Fact]
    public async Task Run_writes_the_executed_notebook_and_a_page()
    {
        using JsonDocument notebook = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "out.ipynb")));
        Assert.Contains("model/ckpt/model.ckpt", notebook.RootElement.GetProperty("cells")[2].GetProperty("outputs").GetRawText(), StringComparison.Ordinal);
        Assert.Contains("input_holder", await File.ReadAllTextAsync(Path.Combine(_folder, "out.html")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_lists_tensors_and_operations_as_json()
    {
        ToolResult checkpoint = await Tool.RunAsync(_folder, "inspect", "model/ckpt", "--json", "--verify", "--tensor", "W1");
        Assert.True(checkpoint.ExitCode == 0, checkpoint.Error);
        JsonElement json = JsonDocument.Parse(checkpoint.Output).RootElement;
        Assert.Equal("checkpoint-v2", json.GetProperty("kind").GetString());
        Assert.Equal(["W1"], json.GetProperty("tensors").EnumerateArray().Select(static t => t.GetProperty("name").GetString()));
        Assert.All(json.GetProperty("tensors").EnumerateArray(), static t => Assert.True(t.GetProperty("ok").GetBoolean()));
        Assert.Equal(5f, json.GetProperty("values")[0].GetSingle());

        JsonElement meta = JsonDocument.Parse((await Tool.RunAsync(_folder, "inspect", "model/ckpt/model.ckpt.meta", "--json")).Output).RootElement;
        Assert.Equal("metagraph", meta.GetProperty("kind").GetString());
        Assert.Equal(27, meta.GetProperty("operations").GetArrayLength());
        Assert.Equal(["W1:0", "B1:0"], meta.GetProperty("collections").GetProperty("variables").EnumerateArray().Select(static v => v.GetString()));
    }

    [Fact]
    public async Task Freeze_and_predict_give_the_same_answer_as_the_checkpoint()
    {
        ToolResult freeze = await Tool.RunAsync(_folder, "freeze", "model/ckpt", "--output-node-names", "predictions");
        Assert.True(freeze.ExitCode == 0, freeze.Error);
        Assert.Contains("9 ops in the final graph.", freeze.Output, StringComparison.Ordinal);
        foreach (string model in new[] { "model/pb/frozen_model.pb", "model/ckpt", "model/ckpt/model.ckpt.meta" })
        {
            ToolResult predict = await Tool.RunAsync(_folder, "predict", model, "--feed", "input_holder:0=10", "--fetch", "predictions", "--json");
            Assert.True(predict.ExitCode == 0, predict.Error);
            JsonElement fetched = JsonDocument.Parse(predict.Output).RootElement.GetProperty("fetches").GetProperty("predictions:0");
            Assert.Equal("bool", fetched.GetProperty("dtype").GetString());
            Assert.True(fetched.GetProperty("values")[0].GetBoolean());
        }
    }

    [Fact]
    public async Task Parameters_replace_values_of_the_notebook()
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, "parameters")).FullName;
        File.Copy(Path.Combine(_folder, "model.ipynb"), Path.Combine(folder, "model.ipynb"));
        Assert.Equal(0, (await Tool.RunAsync(folder, "run", "model.ipynb", "-p", "w=2.5")).ExitCode);
        ToolResult inspect = await Tool.RunAsync(folder, "inspect", "model/ckpt", "--json", "--tensor", "W1");
        Assert.Equal(2.5f, JsonDocument.Parse(inspect.Output).RootElement.GetProperty("values")[0].GetSingle());
    }

    [Fact]
    public async Task A_failing_cell_ends_the_run_with_its_number_and_line()
    {
        string broken = RunNotebook.Source.Replace("var session = new Session();", "var session = new Sesion();", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(_folder, "broken.ipynb"), broken);
        ToolResult run = await Tool.RunAsync(_folder, "run", "broken.ipynb", "-o", "broken-out.ipynb");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("2", run.Error, StringComparison.Ordinal);
        Assert.Contains("Sesion", run.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder, "broken-out.ipynb")));
    }

    [Theory]
    [InlineData(2, "freeze")]
    [InlineData(2, "inspect")]
    [InlineData(2, "nosuchcommand")]
    [InlineData(2, "predict", "model/ckpt", "--feed", "input_holder", "--fetch", "predictions")]
    [InlineData(2, "predict", "model/ckpt", "--feed", "input_holder={}", "--fetch", "predictions")]
    [InlineData(1, "inspect", "nothing-here")]
    [InlineData(1, "freeze", "nothing-here")]
    [InlineData(1, "freeze", "model/ckpt", "--output-node-names", "prediction", "-o", "never.pb")]
    [InlineData(1, "predict", "model/ckpt", "--fetch", "predictions")]
    [InlineData(1, "run", "nothing-here.ipynb")]
    public async Task A_mistake_gives_one_clear_message_and_its_exit_code(int exitCode, params string[] arguments)
    {
        ToolResult result = await Tool.RunAsync(_folder, arguments);
        Assert.Equal(exitCode, result.ExitCode);
        Assert.StartsWith("notebookpersist: ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "never.pb")));
    }
}
