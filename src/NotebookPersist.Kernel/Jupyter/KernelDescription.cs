using System.Reflection;
using System.Text.Json.Nodes;
using NotebookPersist.Kernel.Documents;

namespace NotebookPersist.Kernel.Jupyter;

/// <summary>What the kernel says of itself.</summary>
internal static class KernelDescription
{
    /// <summary>The version of the protocol that the kernel speaks.</summary>
    public const string ProtocolVersion = "5.3";

    /// <summary>The answer to a kernel_info_request.</summary>
    public static JsonObject Reply()
    {
        var version = typeof(KernelDescription).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
        var language = NotebookLanguages.Info();
        language["version"] = "14.0";
        language["codemirror_mode"] = "text/x-csharp";
        return ReplyContent.Ok(
            ("protocol_version", ProtocolVersion),
            ("implementation", "NotebookPersist"),
            ("implementation_version", version),
            ("banner", $"NotebookPersist {version}: C# on .NET {Environment.Version}"),
            ("language_info", language),
            ("debugger", false),
            ("help_links", new JsonArray(
                new JsonObject { ["text"] = "C# reference", ["url"] = "https://learn.microsoft.com/dotnet/csharp/" },
                new JsonObject { ["text"] = "TensorFlow 1.15 API", ["url"] = "https://github.com/tensorflow/docs/tree/r1.15/site/en/api_docs" })));
    }

    /// <summary>The answer to a debug_request. Source: the debug adapter protocol's response.</summary>
    public static JsonObject NoDebugger(JupyterMessage request) => new()
    {
        ["type"] = "response",
        ["request_seq"] = request.ContentNumber("seq") ?? 0,
        ["success"] = false,
        ["command"] = request.ContentText("command") ?? "",
        ["message"] = "This kernel has no debugger.",
    };
}
