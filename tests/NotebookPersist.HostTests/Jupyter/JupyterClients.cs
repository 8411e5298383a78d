using System.Diagnostics;

namespace NotebookPersist.HostTests.Jupyter;

/// <summary>Jupyter's own programs, in folders of their own, with the kernel installed there.</summary>
public sealed class JupyterClients : IDisposable
{
    /// <summary>The interpreter that Debian's packages are installed for.</summary>
    public const string Python = "/usr/bin/python3";

    /// <summary>The name that the kernel is installed under.</summary>
    public const string KernelName = "notebookpersist";

    /// <summary>Where clients work, and where everything they write goes.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("notebookpersist-jupyter-").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>Makes the kernel known.</summary>
    internal async Task InstallAsync()
    {
        ToolResult installed = await Tool.RunAsync(Folder, "kernel", "install", "--prefix", Folder);
        if (installed.ExitCode != 0)
            throw new InvalidOperationException(installed.Error);
    }

    /// <summary>Runs a Python program.</summary>
    /// <param name="arguments">Its words.</param>
    /// <param name="input">What is typed into it.</param>
    internal async Task<ToolResult> RunAsync(string[] arguments, string input = "")
    {
        using Process process = Start(arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return new ToolResult(process.ExitCode, await output, await error);
    }

    /// <summary>Starts a Python program whose streams are read and written here.</summary>
    internal Process Start(string[] arguments) => Process.Start(new ProcessStartInfo(Python, arguments)
    {
        WorkingDirectory = Folder,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment =
        {
            ["JUPYTER_PATH"] = Path.Combine(Folder, "share", "jupyter"),
            ["JUPYTER_DATA_DIR"] = Path.Combine(Folder, "data"),
            ["JUPYTER_CONFIG_DIR"] = Path.Combine(Folder, "config"),
            ["JUPYTER_RUNTIME_DIR"] = Path.Combine(Folder, "runtime"),
            ["KERNEL_NAME"] = KernelName,
            ["PYTHONWARNINGS"] = "ignore",
        },
    })!; // A file was given.

    /// <summary>A program that lies beside the tests.</summary>
    internal static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "Jupyter", name);
}
