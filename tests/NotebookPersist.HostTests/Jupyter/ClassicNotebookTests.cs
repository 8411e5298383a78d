using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Xunit;

namespace NotebookPersist.HostTests.Jupyter;

/// <summary>What a user does in Jupyter's classic page.</summary>
public sealed class ClassicNotebookTests : IDisposable
{
    private readonly JupyterClients _clients = new();

    public void Dispose() => _clients.Dispose();

    [BrowserFact]
    public async Task A_user_types_runs_completes_answers_interrupts_and_restarts()
    {
        await _clients.InstallAsync();
        await File.WriteAllTextAsync(Path.Combine(_clients.Folder, "a.ipynb"), Empty());
        await using NotebookPage notebook = await NotebookPage.OpenAsync(_clients, "a.ipynb");
        IPage page = notebook.Page;

        await notebook.RunAsync(0, "var answer = 6;");
        await notebook.RunAsync(1, "answer * 7");
        await notebook.WaitForOutputAsync(1, ".output_result", "42");

        // Completion: the list has what can follow, and the first letter narrows it.
        await notebook.TypeAsync(2, "Console.Wri");
        await page.Keyboard.PressAsync("Tab");
        await page.Locator(".completions option", new PageLocatorOptions { HasText = "WriteLine" }).WaitForAsync();
        await page.Keyboard.PressAsync("Escape");

        await notebook.RunAsync(2, "Console.Write(1); Console.Error.Write(2); ReadLine(\"name: \")");
        await page.Locator("input.raw_input").FillAsync("Ada");
        await page.Keyboard.PressAsync("Enter");
        await notebook.WaitForOutputAsync(2, ".output_result", "Ada");
        await notebook.WaitForOutputAsync(2, ".output_stderr", "2");

        await notebook.RunAsync(3, "tf.Constant(new float[,] { { 1, 2 }, { 3, 4 } }); Graph.Default");
        await notebook.WaitForOutputAsync(3, ".output_html svg", "Const");
        await notebook.RunAsync(4, "(Tensor)new float[] { 1, 2, float.NaN }");
        await notebook.WaitForOutputAsync(4, ".output_html", "NaN");
        await SavePictureAsync(page);

        // The page shows a star while the cell runs; the button stops it.
        await notebook.RunAsync(5, "answer = 7; Console.WriteLine(\"on\"); while (true) { }");
        await notebook.WaitForOutputAsync(5, ".output_stdout", "on");
        await notebook.Cells.Nth(5).Locator(".input_prompt", new LocatorLocatorOptions { HasText = "*" }).WaitForAsync();
        await notebook.ClickAsync("interrupt-kernel");
        await notebook.WaitForOutputAsync(5, ".output_error", "Interrupted");
        await notebook.RunAsync(6, "answer > 6");
        await notebook.WaitForOutputAsync(6, ".output_result", "True");

        await notebook.ClickAsync("confirm-restart-kernel");
        await page.Locator(".modal-footer .btn-danger").ClickAsync();
        await page.Locator(".modal-footer").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Detached });
        await notebook.WaitForKernelAsync();
        await notebook.RunAsync(7, "answer");
        await notebook.WaitForOutputAsync(7, ".output_error", "answer");
        Assert.Empty(notebook.Faults);
    }

    private static string Empty() => new JsonObject
    {
        ["nbformat"] = 4,
        ["nbformat_minor"] = 5,
        ["metadata"] = new JsonObject { ["kernelspec"] = new JsonObject { ["name"] = JupyterClients.KernelName, ["display_name"] = "C#", ["language"] = "C#" } },
        ["cells"] = new JsonArray(),
    }.ToJsonString();

    private static Task SavePictureAsync(IPage page)
    {
        string folder = Path.Combine(Tool.Root, "artifacts", "pictures");
        Directory.CreateDirectory(folder);
        return page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, "classic-notebook.png") });
    }
}
