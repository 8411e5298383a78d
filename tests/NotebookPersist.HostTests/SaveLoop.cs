using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace NotebookPersist.HostTests;

/// <summary>Starts the process that saves, to be killed or to fail.</summary>
internal static class SaveLoop
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Lets it save in a loop and kills it.</summary>
    /// <param name="folder">Where it saves.</param>
    /// <param name="mode">How.</param>
    /// <param name="step">Its first step.</param>
    /// <param name="delay">From when it is ready.</param>
    /// <param name="enough">It lives on until this is true, half a minute at most: a busy machine may give it no time before.</param>
    public static async Task KillAfterAsync(string folder, string mode, float step, TimeSpan delay, Func<bool>? enough = null)
    {
        using Process process = Start(folder, mode, step);
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync());
        await Task.Delay(delay);
        for (long end = Environment.TickCount64 + (long)Patience.TotalMilliseconds; enough?.Invoke() == false && Environment.TickCount64 < end;)
            await Task.Delay(10);
        Assert.False(process.HasExited, "The process ended before it was killed.");
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Lets it end by itself.</summary>
    /// <returns>Its exit code and what it said.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(string folder, string mode, float step, string how)
    {
        using Process process = Start(folder, mode, step, how);
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output.Trim());
    }

    private static Process Start(string folder, string mode, float step, params string[] how)
    {
        string[] arguments = [Tool.Output("NotebookPersist.SaveLoop", "NotebookPersist.SaveLoop.dll"), folder, step.ToString(CultureInfo.InvariantCulture), mode, .. how];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true };

        // Many short processes: what makes long ones faster only costs them time.
        start.Environment["DOTNET_TieredPGO"] = "0";
        return Process.Start(start)!;
    }
}
