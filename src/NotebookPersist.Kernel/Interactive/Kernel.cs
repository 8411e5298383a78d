using Microsoft.AspNetCore.Html;
using NotebookPersist.Kernel.Scripting;

namespace Microsoft.DotNet.Interactive;

/// <summary>What cells of .NET Interactive name without a prefix, so that they run as they are: <c>display(x)</c>, <c>HTML("…")</c>.</summary>
/// <remarks>Source: the static members of the class of this name in dotnet/interactive. Thread safety: may be called from any thread that the cell started.</remarks>
#pragma warning disable IDE1006, CA1709 // The names are those that the cells have.
public static class Kernel
{
    private static readonly CellContext Running = new(static () => null);

    /// <summary>Shows a value below the running cell at once.</summary>
    /// <param name="value">The value; formatted as the cell's last expression would be.</param>
    /// <param name="mimeTypes">The forms to show, such as "text/html"; by default the richest.</param>
    /// <returns>A handle that can replace what is shown.</returns>
    public static DisplayHandle display(object? value, params string[] mimeTypes) => Running.Display(value, mimeTypes);

    /// <summary>Text that is shown as HTML rather than as text.</summary>
    /// <param name="content">The HTML; not encoded.</param>
    public static IHtmlContent HTML(string content) => new HtmlString(content);

    /// <summary>Runs JavaScript in the page.</summary>
    /// <param name="scriptContent">The script.</param>
    public static void Javascript(string scriptContent) => Running.DisplayAs(scriptContent, "application/javascript");

    /// <summary>Adds style rules to the page.</summary>
    /// <param name="content">The rules.</param>
    public static void CSS(string content) => Running.DisplayAs($"<style>{content}</style>", "text/html");

    /// <summary>Asks the person at the keyboard for a line.</summary>
    /// <param name="prompt">The text beside the input field.</param>
    /// <param name="typeHint">"password" for a line that is not shown while it is typed.</param>
    /// <exception cref="IOException">Nobody can type where the notebook runs.</exception>
    public static Task<string> GetInputAsync(string prompt = "", string typeHint = "text") =>
        Task.FromResult(typeHint == "password" ? Running.ReadPassword(prompt) : Running.ReadLine(prompt));
}
