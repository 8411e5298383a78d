using System.Text.Json;
using Xunit;

namespace NotebookPersist.HostTests;

/// <summary>What the tool says where it is called wrongly, and what it refuses to overwrite.</summary>
public sealed class ToolUsageTests(RunNotebook notebook) : IClassFixture<RunNotebook>
{
    private readonly string _folder = notebook.Folder;

    [Theory]
    [InlineData("There is no command 'inspct'. Did you mean 'inspect'?", "inspct", "model/ckpt")]
    [InlineData("'inspect' has no option '--jsn'. Did you mean '--json'?", "inspect", "model/ckpt", "--jsn")]
    [InlineData("'diff' needs <b>.", "diff", "model/ckpt")]
    [InlineData("'inspect' takes no 'two': it is one word too many.", "inspect", "model/ckpt", "two")]
    [InlineData("<path> is empty.", "inspect", "")]
    [InlineData("--timeout expects a number of seconds; 'abc' was given.", "run", "model.ipynb", "--timeout", "abc")]
    [InlineData("--age expects a whole number of minutes; 'x' was given.", "doctor", "model/ckpt", "--age", "x")]
    [InlineData("--output takes a file that ends in .ipynb or .dib; 'out.txt' was given.", "run", "model.ipynb", "-o", "out.txt")]
    [InlineData("--html takes a file that ends in .html or .htm; 'out.pdf' was given.", "run", "model.ipynb", "--html", "out.pdf")]
    [InlineData("--output: 'model.ipynb/x.ipynb' cannot be written", "run", "model.ipynb", "-o", "model.ipynb/x.ipynb")]
    [InlineData("a notebook's name ends in .ipynb or .dib", "run", "model/ckpt/model.ckpt.meta")]
    [InlineData("'model' is a folder. Give a notebook", "run", "model")]
    [InlineData("the notebook declares it as double", "run", "model.ipynb", "-p", "w=abc")]
    [InlineData("names a folder. Add a file name", "unfreeze", "x.pb", "uf/")]
    [InlineData("is the source itself", "convert", "model/ckpt", "model/ckpt/model.ckpt", "--to", "v2")]
    [InlineData("is there already. Give another name, or --force", "convert", "model/ckpt", "model/ckpt/model.ckpt.meta", "--to", "npz")]
    [InlineData("whose name would be that of another kind of file", "convert", "model/ckpt", "x.npz", "--to", "v2")]
    [InlineData("v2, v1, safetensors", "convert", "model/ckpt", "x.jpg")]
    public async Task A_wrong_call_is_told_in_one_line_and_ends_with_2(string expected, params string[] arguments)
    {
        ToolResult result = await Tool.RunAsync(_folder, arguments);
        Assert.True(result.ExitCode == 2, $"{result.ExitCode}: {result.Error}");
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("(Parameter", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_of_a_command_can_be_asked_for_in_both_ways()
    {
        ToolResult help = await Tool.RunAsync(_folder, "help", "inspect");
        Assert.Equal(0, help.ExitCode);
        Assert.Equal((await Tool.RunAsync(_folder, "inspect", "--help")).Output, help.Output);
        Assert.Contains("--tensor", help.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_one_tensor_only_that_is_listed()
    {
        JsonElement json = JsonDocument.Parse((await Tool.RunAsync(_folder, "inspect", "model/ckpt", "--json", "--tensor", "W1")).Output).RootElement;
        Assert.Equal("checkpoint-v2", json.GetProperty("kind").GetString());
        Assert.Equal("W1", Assert.Single(json.GetProperty("tensors").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal(5f, json.GetProperty("values")[0].GetSingle());
    }

    [Fact]
    public async Task A_target_is_replaced_with_force()
    {
        Assert.Equal(0, (await Tool.RunAsync(_folder, "convert", "model/ckpt", "again.npz")).ExitCode);
        Assert.Equal(2, (await Tool.RunAsync(_folder, "convert", "model/ckpt", "again.npz")).ExitCode);
        Assert.Equal(0, (await Tool.RunAsync(_folder, "convert", "model/ckpt", "again.npz", "--force")).ExitCode);
        Assert.Equal(0, (await Tool.RunAsync(_folder, "doctor", "again.npz")).ExitCode);
        await File.WriteAllBytesAsync(Path.Combine(_folder, "cat.jpg"), [0xFF, 0xD8, 0xFF, 0xE0]);
        ToolResult image = await Tool.RunAsync(_folder, "doctor", "cat.jpg");
        Assert.Equal(2, image.ExitCode);
        Assert.Contains("it is a JPEG image", image.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_compile_errors_are_told_at_once()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "wrong.dib"), "#!csharp\nvar a = tf.float32;\nint b = \"x\";\n");
        ToolResult run = await Tool.RunAsync(_folder, "run", "wrong.dib");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Did you mean 'tf.Float32'?", run.Error, StringComparison.Ordinal);
        Assert.Contains("error CS0029", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_of_operations_and_signatures_steer_no_terminal()
    {
        byte[] node = [.. Field(1, "a\u001b[31m"u8), .. Field(2, "Op\u0007"u8), .. Field(3, "in\n"u8)];
        byte[] info = Field(1, "t\u001b:0"u8);
        byte[] signature = [.. Field(1, [.. Field(1, "k\u0001"u8), .. Field(2, info)]), .. Field(3, "m\u0002"u8)];
        byte[] meta = [.. Field(2, Field(1, node)), .. Field(5, [.. Field(1, "s\u0003"u8), .. Field(2, signature)])];
        await File.WriteAllBytesAsync(Path.Combine(_folder, "odd.meta"), meta);
        ToolResult result = await Tool.RunAsync(_folder, "inspect", "odd.meta");
        Assert.Contains("a\\x1b[31m  Op\\x07(in\\x0a)", result.Output, StringComparison.Ordinal);
        Assert.Contains("signature s\\x03: k\\x01 = t\\x1b:0 -> ", result.Output, StringComparison.Ordinal);
        Assert.Contains("(m\\x02)", result.Output, StringComparison.Ordinal);
        ToolResult missing = await Tool.RunAsync(_folder, "inspect", "no\u001b[31m.pb");
        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("no\\x1b[31m.pb", missing.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(result.Output + missing.Error, static c => char.IsControl(c) && !char.IsWhiteSpace(c));
    }

    [Fact]
    public async Task What_cells_print_and_show_can_be_shown()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "print.dib"), "#!csharp\nConsole.WriteLine(\"printed\" + 1);\nnew[] { \"shown\" + 2 }\n");
        ToolResult run = await Tool.RunAsync(_folder, "run", "print.dib", "--show");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("printed1", run.Output, StringComparison.Ordinal);
        Assert.Contains("shown2", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("printed1", (await Tool.RunAsync(_folder, "run", "print.dib")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_save_that_a_cell_left_running_and_that_fails_fails_the_run()
    {
        string cells = """
            #!csharp
            var w = tf.Variable(1f, name: "w");
            var session = new Session();
            session.Run(tf.GlobalVariablesInitializer());
            var saver = new Saver();
            Directory.CreateDirectory("taken-1.index");
            _ = saver.SaveAsync(session, "taken", globalStep: 1);
            """;
        await File.WriteAllTextAsync(Path.Combine(_folder, "late.dib"), cells);
        ToolResult run = await Tool.RunAsync(_folder, "run", "late.dib");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("A save in the background failed: ", run.Error, StringComparison.Ordinal);
    }

    // A field of bytes in protobuf's wire format, shorter than 128.
    private static byte[] Field(int number, ReadOnlySpan<byte> bytes) => [(byte)((number << 3) | 2), (byte)bytes.Length, .. bytes];
}
